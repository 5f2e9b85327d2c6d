import type { OfferPassed, PastCall } from '../../contract/console.ts'
import type { E164, GroupNumberId } from '../../core/configuration/types.ts'
import type { Instant } from '../../core/time.ts'

/** One call of the agent's, over: made, taken, or gone by. */
export type CallRow = { readonly key: string; readonly at: Instant } & (
  { readonly kind: 'past'; readonly call: PastCall } | { readonly kind: 'passed'; readonly call: OfferPassed }
)

/** Newest first. */
export function callRows(past: readonly PastCall[], passed: readonly OfferPassed[]): readonly CallRow[] {
  return [
    ...past.map((call): CallRow => ({ kind: 'past', key: call.id, at: call.at, call })),
    ...passed.map((call): CallRow => ({ kind: 'passed', key: call.offer, at: call.at, call })),
  ].toSorted((one, other) => other.at - one.at)
}

/** Whom to call to ring back, and through which group number it came; undefined: hidden. */
export function ringBack(row: CallRow): { readonly to: string; readonly group?: GroupNumberId } | undefined {
  if (row.kind === 'passed')
    return row.call.from === undefined ? undefined : { to: row.call.from, group: row.call.group }
  const { colleague, number, dialled, group } = row.call
  const to: string | E164 | undefined = colleague ?? number ?? dialled
  return to === undefined ? undefined : { to, ...(group !== undefined && { group }) }
}
