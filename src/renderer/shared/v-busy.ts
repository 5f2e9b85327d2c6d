import type { Directive } from 'vue'

/**
 * `v-busy="busy"` on a control: while what it began is under way it is marked as not to be used (`aria-disabled`), and pressing it
 * does nothing; neither does Enter in a form whose button it is. Not `disabled`, with which the browser takes the focus away.
 */
export const vBusy: Directive<HTMLElement, boolean> = {
  created(control, { value }) {
    mark(control, value)
    control.addEventListener('click', ignoreWhileBusy, { capture: true })
  },
  updated: (control, { value }) => mark(control, value),
}

function mark(control: HTMLElement, busy: boolean) {
  if (busy) control.setAttribute('aria-disabled', 'true')
  else control.removeAttribute('aria-disabled')
}

function ignoreWhileBusy(event: Event) {
  if (!(event.currentTarget instanceof HTMLElement) || event.currentTarget.getAttribute('aria-disabled') !== 'true')
    return
  event.preventDefault()
  event.stopImmediatePropagation()
}
