import { onScopeDispose, watch } from 'vue'
import type { OfferId } from '../../core/routing/messages.ts'
import type { DeskCalls } from './desk-call.ts'

/** Milliseconds that the switch may take longer than the service to say that a ring is over. */
const patience = 2_000

/**
 * For the window, once: lets go of a ring that the service has offered and taken back, where the switch could not say so, since
 * it rang over a connection that is lost.
 */
export function useWithdrawnRings(calls: () => DeskCalls, dismiss: (offer: OfferId) => void): void {
  /** Those that the service has told of. */
  const offered = new Set<OfferId>()
  const withdrawn = new Map<OfferId, ReturnType<typeof setTimeout>>()

  watch(
    calls,
    ({ front, others }) => {
      const ringing = [front, ...others].filter((call) => call.kind === 'ringing')
      for (const { offer, until } of ringing) if (until !== undefined) offered.add(offer)
      const over = ringing.filter(({ offer, until }) => until === undefined && offered.has(offer))
      for (const { offer } of over)
        if (!withdrawn.has(offer)) withdrawn.set(offer, setTimeout(dismiss, patience, offer))
      for (const [offer, timer] of withdrawn) {
        if (over.some((each) => each.offer === offer)) continue
        clearTimeout(timer)
        withdrawn.delete(offer)
      }
      for (const offer of offered) if (!ringing.some((each) => each.offer === offer)) offered.delete(offer)
    },
    { immediate: true },
  )
  onScopeDispose(() => {
    for (const timer of withdrawn.values()) clearTimeout(timer)
  })
}
