import { ref, watch } from 'vue'
import type { CallAbout } from '../../../contract/call-records.ts'
import type { CallId } from '../../../core/routing/messages.ts'
import type { DeskCall } from '../desk-call.ts'
import { openOutside } from './open-outside.ts'

/** The calls whose page was opened last; all windows of this browser know them. */
const place = 'gruppnummer.pages-opened'
const remembered = 50

/**
 * Opens the page of a call when it rings or is answered, as its group number says, and never twice: neither in a window that is
 * loaded again nor in another one. `blocked`: the browser let no page open by itself, so that the link is pressed.
 */
export function useCallPage(
  front: () => DeskCall['kind'],
  call: () => CallId | undefined,
  about: () => CallAbout | undefined,
  isTelephoneHere: () => boolean,
) {
  const blocked = ref(false)

  watch(
    () => {
      const page = about()?.page
      const id = call()
      const isDue = front() === 'ongoing' || (front() === 'ringing' && page?.at === 'ringing')
      return page && id !== undefined && isDue && isTelephoneHere() ? { id, url: page.url } : undefined
    },
    async (due, before) => {
      if (due === undefined || due.id === before?.id) return
      blocked.value = false
      if (!claim(due.id)) return
      blocked.value = !(await openOutside(due.url))
    },
    { immediate: true },
  )

  return { blocked }
}

/** In a window that may keep nothing. */
let opened: readonly string[] = []

/** Whether this window is the first to open the call's page. */
function claim(id: CallId): boolean {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(place) ?? '[]')
    opened = Array.isArray(kept) ? kept.filter((each) => typeof each === 'string') : []
  } catch {
    // What was kept is no list, or nothing may be kept.
  }
  if (opened.includes(id)) return false
  opened = [...opened, id].slice(-remembered)
  try {
    localStorage.setItem(place, JSON.stringify(opened))
  } catch {
    // Remembered by this window alone.
  }
  return true
}
