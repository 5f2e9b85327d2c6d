import { onScopeDispose, watch } from 'vue'
import { useConsoleStore } from '../stores/console-store.ts'
import { useSoftphoneStore } from './softphone-store.ts'
import type { LineId, SoftphoneCall } from './softphone/softphone.ts'

/** Tells the service how each call has sounded, once, when it is over, or when the window goes in the middle of it. */
export function useSentQuality() {
  const service = useConsoleStore()
  const softphone = useSoftphoneStore()
  const sent = new Set<LineId>()

  function send({ line, call }: SoftphoneCall) {
    const quality = softphone.phone?.measured(line)
    if (sent.has(line) || call === undefined || quality === undefined) return
    sent.add(line)
    // Nobody waits for it, and nothing is done where it does not arrive.
    void service.ask({ type: 'measuredCall', call, quality })
  }

  watch(
    () => softphone.calls,
    (calls) => {
      for (const call of calls) if (call.state === 'ended') send(call)
      for (const line of sent) if (!calls.some((call) => call.line === line)) sent.delete(line)
    },
    // One that has ended is forgotten when the next begins.
    { flush: 'sync' },
  )
  const leave = () => {
    for (const call of softphone.calls) send(call)
  }
  window.addEventListener('pagehide', leave)
  onScopeDispose(() => window.removeEventListener('pagehide', leave))
}
