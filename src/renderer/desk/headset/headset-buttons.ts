import { bitOf, lampReports, type Lamp, type Layout } from './telephony-reports.ts'

/** What the telephone is doing, as a headset can show it. */
export interface PhoneState {
  readonly ringing: boolean
  readonly inCall: boolean
  readonly muted: boolean
  readonly held: boolean
}

export type HeadsetAct = 'answer' | 'hangUp' | 'reject' | 'mute' | 'unmute' | 'hold'

export interface HeadsetButtons {
  /** An input report, as it came. */
  report(id: number, data: DataView): void
  /** Shows it on the headset's lamps, and takes what its buttons then mean from it. */
  show(state: PhoneState): void
}

interface ButtonParts {
  readonly layout: Layout
  readonly send: (report: number, data: Uint8Array) => void
  readonly act: (act: HeadsetAct) => void
}

/**
 * A headset's buttons and lamps beside a telephone.
 *
 * Its hook is a switch that also follows the lamp "off hook": what it says after we lit or put out the lamp is an echo, and only what
 * differs from the telephone's own state is somebody's wish. Its mute is a switch on some and a press on most.
 */
export function openHeadsetButtons({ layout, send, act }: ButtonParts): HeadsetButtons {
  const { buttons } = layout
  let state: PhoneState = { ringing: false, inCall: false, muted: false, held: false }
  let shown = ''
  const before = new Map<string, boolean>()

  function report(id: number, data: DataView) {
    for (const name of ['hook', 'mute', 'hold', 'reject'] as const) {
      const field = buttons[name]
      const now = bitOf(field, id, data)
      if (now === undefined || field === undefined) continue
      const was = before.get(name) ?? false
      before.set(name, now)
      if (name === 'hook') hook(now, was, field.absolute)
      else if (now && !was) pressed(name)
      // Each report of a relative control is a press of its own, whether or not it is told that it was let go.
      if (!field.absolute) before.set(name, false)
    }
  }

  function hook(now: boolean, was: boolean, absolute: boolean) {
    if (!absolute) {
      if (now) act(state.ringing ? 'answer' : 'hangUp')
      return
    }
    if (now === was) return
    if (now && state.ringing) act('answer')
    else if (!now && state.inCall) act('hangUp')
  }

  function pressed(name: 'mute' | 'hold' | 'reject') {
    if (name === 'reject') {
      if (state.ringing) act('reject')
      else if (state.inCall) act('hangUp')
    } else if (!state.inCall) return
    else if (name === 'hold') act('hold')
    else act(state.muted ? 'unmute' : 'mute')
  }

  function show(next: PhoneState) {
    state = next
    const lit = new Set<Lamp>()
    if (next.ringing && !next.inCall) lit.add('ring')
    if (next.inCall) lit.add('offHook')
    if (next.muted) lit.add('mute')
    if (next.held) lit.add('hold')
    const now = [...lit].join()
    if (now === shown) return
    shown = now
    // The hook follows the lamp: what it says of that is no press.
    before.set('hook', next.inCall)
    for (const [id, data] of lampReports(layout, lit)) send(id, data)
  }

  return { report, show }
}
