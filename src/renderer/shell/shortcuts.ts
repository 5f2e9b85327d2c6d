export type Shortcut =
  'answer' | 'reject' | 'mute' | 'hold' | 'keypad' | 'hangUp' | 'pause' | 'dial' | 'note' | 'threeWay' | 'help'

/** By `KeyboardEvent.code` with Alt, or the bare key: letters alone belong to the fields. */
export const shortcutKeys: Readonly<Record<Shortcut, string>> = {
  answer: 'Enter',
  reject: 'Esc',
  mute: 'Alt M',
  hold: 'Alt P',
  keypad: 'Alt K',
  hangUp: 'Alt L',
  pause: 'Alt A',
  dial: 'Alt N',
  note: 'Alt T',
  threeWay: 'Alt G',
  help: '?',
}

/** The shortcut that a key press means; none while it is held down, so that one press is one act. */
export function shortcutOf(event: KeyboardEvent): Shortcut | undefined {
  if (event.repeat || event.ctrlKey || event.metaKey || event.shiftKey) return undefined
  if (event.altKey) return byCode[event.code]
  if (event.key === 'Enter') return 'answer'
  return event.key === 'Escape' ? 'reject' : undefined
}

const byCode: Readonly<Record<string, Shortcut>> = {
  KeyM: 'mute',
  KeyP: 'hold',
  KeyK: 'keypad',
  KeyL: 'hangUp',
  KeyA: 'pause',
  KeyN: 'dial',
  KeyT: 'note',
  KeyG: 'threeWay',
}
