import type { CallQuality } from '../../../src/contract/call-records.ts'
import { done, ok } from '../../../src/core/result.ts'
import type { OfferId } from '../../../src/core/routing/messages.ts'
import type { SoundQuality } from '../../../src/renderer/desk/softphone/quality.ts'
import type {
  LineId,
  OpenSoftphone,
  Softphone,
  SoftphoneEvents,
} from '../../../src/renderer/desk/softphone/softphone.ts'

/** A softphone that does as the test says and keeps what it was told. `does`: in place of doing well. */
export function fakeSoftphone({
  quality,
  level = 0,
  does = {},
}: {
  readonly quality?: SoundQuality | undefined
  readonly level?: number
  readonly does?: Partial<Softphone> | undefined
} = {}) {
  const listeners: { [Name in keyof SoftphoneEvents]: Set<(told: SoftphoneEvents[Name]) => void> } = {
    registration: new Set(),
    ringing: new Set(),
    calls: new Set(),
    listening: new Set(),
    microphone: new Set(),
  }
  const state: { -readonly [Name in keyof SoftphoneEvents]: SoftphoneEvents[Name] } = {
    registration: { state: 'registered' },
    ringing: [],
    calls: [],
    listening: undefined,
    microphone: { state: 'ready', label: 'Jabra' },
  }
  const told: string[] = []
  let measured: CallQuality | undefined
  const phone: Softphone = {
    get registration() {
      return state.registration
    },
    get ringing() {
      return state.ringing
    },
    get calls() {
      return state.calls
    },
    get listening() {
      return state.listening
    },
    get microphone() {
      return state.microphone
    },
    level: () => level,
    quality: () => quality,
    measured: () => measured,
    answer: (offer: OfferId) => Promise.resolve(said(`answer ${offer}`)),
    reject: (offer: OfferId) => Promise.resolve(void said(`reject ${offer}`)),
    dial: (to, as) => {
      said(`dial ${to}${as === undefined ? '' : ` as ${as}`}`)
      return Promise.resolve(ok('dialled-1' as LineId))
    },
    hold: (line) => Promise.resolve(said(`hold ${line}`)),
    resume: (line) => Promise.resolve(said(`resume ${line}`)),
    useMicrophone: (device) => void said(`microphone ${device ?? 'system'}`),
    mute: (on) => void said(`mute ${String(on)}`),
    sendDigit: (digit) => void said(`digit ${digit}`),
    listenIn: () => Promise.resolve(void said('listenIn')),
    speakInto: (on) => void said(`speakInto ${String(on)}`),
    stopListening: () => Promise.resolve(void said('stopListening')),
    hangUp: (line) => Promise.resolve(void said(`hangUp ${line}`)),
    forget: (line) => void said(`forget ${line}`),
    on(name, listener) {
      listeners[name].add(listener)
      return () => void listeners[name].delete(listener)
    },
    dispose: () => Promise.resolve(void said('dispose')),
    ...does,
  }
  function said(words: string) {
    told.push(words)
    return done
  }

  const open: OpenSoftphone = () => phone
  return {
    open,
    told,
    measures: (quality: CallQuality) => void (measured = quality),
    set<Name extends keyof SoftphoneEvents>(name: Name, value: SoftphoneEvents[Name]) {
      state[name] = value
      for (const listener of listeners[name]) listener(value)
    },
  }
}
