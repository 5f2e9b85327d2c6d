import { defineStore } from 'pinia'
import { inject, onScopeDispose, shallowRef, type InjectionKey } from 'vue'
import type { Live, SignedIn, SoftphoneCredential } from '../../contract/console.ts'
import { createConnection, type ConnectionPorts, type Link } from './connection.ts'

export const connectionPortsKey: InjectionKey<ConnectionPorts> = Symbol('connection ports')

/** This window's copy of what is live. The truth is in the service; nothing here changes it. */
export const useConsoleStore = defineStore('console', () => {
  const ports = inject(connectionPortsKey)
  if (ports === undefined) throw new Error('the console store needs connection ports')

  const link = shallowRef<Link>({ state: 'ended', why: 'left' })
  const signedIn = shallowRef<SignedIn>()
  const softphone = shallowRef<SoftphoneCredential>()
  const live = shallowRef<Live>()
  const offset = shallowRef(0)

  const connection = createConnection(ports, {
    link(to) {
      link.value = to
      if (to.state !== 'ended') return
      signedIn.value = undefined
      softphone.value = undefined
      live.value = undefined
    },
    welcomed(who, credential) {
      signedIn.value = sameOrNew(signedIn.value, who)
      softphone.value = sameOrNew(softphone.value, credential)
    },
    live: (next) => (live.value = next),
    offset: (millis) => (offset.value = millis),
  })
  onScopeDispose(connection.close)

  return {
    link,
    signedIn,
    softphone,
    live,
    offset,
    /** By this machine's clock, as `link.retryAt` is. */
    machineNow: ports.now,
    open: connection.open,
    tryNow: connection.tryNow,
    check: connection.check,
    ask: connection.ask,
    close: connection.close,
  }
})

/** The old object where nothing changed, so that a reconnect does not restart the softphone. */
function sameOrNew<Value>(old: Value, given: Value): Value {
  return JSON.stringify(old) === JSON.stringify(given) ? old : given
}
