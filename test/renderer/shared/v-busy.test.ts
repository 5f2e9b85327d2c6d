import { mount } from '@vue/test-utils'
import { expect, test, vi } from 'vitest'
import { defineComponent, h, ref, withDirectives } from 'vue'
import { vBusy } from '../../../src/renderer/shared/v-busy.ts'

/** A form with one button, busy or not. */
function form() {
  const busy = ref(false)
  const [pressed, sent] = [vi.fn<() => void>(), vi.fn<(event: Event) => void>((event) => event.preventDefault())]
  const shown = mount(
    defineComponent(
      () => () =>
        h('form', { onSubmit: sent }, withDirectives(h('button', { onClick: pressed }), [[vBusy, busy.value]])),
    ),
    { attachTo: document.body },
  )
  return { busy, pressed, sent, button: shown.get('button') }
}

test('a busy button can be reached, says that it is not to be used, and does nothing', async () => {
  const { busy, pressed, sent, button } = form()
  button.element.focus()
  await button.trigger('click')
  expect(sent).toHaveBeenCalledTimes(1)
  busy.value = true
  await Promise.resolve()
  expect(button.attributes('aria-disabled')).toBe('true')
  expect(document.activeElement).toBe(button.element)
  await button.trigger('click')
  expect([pressed, sent].map(({ mock }) => mock.calls.length)).toEqual([1, 1])
})

test('when it is over the button works again', async () => {
  const { busy, pressed, button } = form()
  busy.value = true
  await Promise.resolve()
  busy.value = false
  await Promise.resolve()
  expect(button.attributes('aria-disabled')).toBeUndefined()
  await button.trigger('click')
  expect(pressed).toHaveBeenCalledTimes(1)
})
