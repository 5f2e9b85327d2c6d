import { done } from '../../../src/core/result.ts'
import type { OfferId } from '../../../src/core/routing/messages.ts'
import type { OpenSoftphone, Softphone, SoftphoneEvents } from '../../../src/renderer/desk/softphone/softphone.ts'

/** A softphone that does as the test says and keeps what it was told. */
export function fakeSoftphone() {
  const listeners: { [Name in keyof SoftphoneEvents]: Set<(told: SoftphoneEvents[Name]) => void> } = {
    registration: new Set(),
    ringing: new Set(),
    call: new Set(),
    listening: new Set(),
    microphone: new Set(),
  }
  const state: { -readonly [Name in keyof SoftphoneEvents]: SoftphoneEvents[Name] } = {
    registration: { state: 'registered' },
    ringing: [],
    call: undefined,
    listening: undefined,
    microphone: { state: 'ready', label: 'Jabra' },
  }
  const told: string[] = []
  const phone: Softphone = {
    get registration() {
      return state.registration
    },
    get ringing() {
      return state.ringing
    },
    get call() {
      return state.call
    },
    get listening() {
      return state.listening
    },
    get microphone() {
      return state.microphone
    },
    level: () => 0,
    quality: () => undefined,
    answer: (offer: OfferId) => Promise.resolve(said(`answer ${offer}`)),
    reject: (offer: OfferId) => Promise.resolve(void said(`reject ${offer}`)),
    hold: () => Promise.resolve(said('hold')),
    resume: () => Promise.resolve(said('resume')),
    mute: (on) => void said(`mute ${String(on)}`),
    sendDigit: (digit) => void said(`digit ${digit}`),
    listenIn: () => Promise.resolve(void said('listenIn')),
    speakInto: (on) => void said(`speakInto ${String(on)}`),
    stopListening: () => Promise.resolve(void said('stopListening')),
    hangUp: () => Promise.resolve(void said('hangUp')),
    on(name, listener) {
      listeners[name].add(listener)
      return () => void listeners[name].delete(listener)
    },
    dispose: () => Promise.resolve(void said('dispose')),
  }
  function said(words: string) {
    told.push(words)
    return done
  }

  const open: OpenSoftphone = () => phone
  return {
    open,
    told,
    set<Name extends keyof SoftphoneEvents>(name: Name, value: SoftphoneEvents[Name]) {
      state[name] = value
      for (const listener of listeners[name]) listener(value)
    },
  }
}
