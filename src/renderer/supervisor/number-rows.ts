import type { GroupLive } from '../../contract/console.ts'
import type { Agreement, AgreementId, Configuration, GroupNumber } from '../../core/configuration/types.ts'
import { missingOf, type Missing } from './readiness.ts'

export interface NumberRow {
  readonly group: GroupNumber
  readonly live: GroupLive | undefined
  readonly missing: readonly Missing[]
}

export interface AgreementRows {
  readonly agreement: Agreement
  /** 0: a main agreement. */
  readonly depth: number
  readonly numbers: readonly NumberRow[]
}

/** Agreements in the order of the document, each followed by those under it, with their group numbers. */
export function agreementRows(
  { agreements, groupNumbers }: Pick<Configuration, 'agreements' | 'groupNumbers'>,
  live: Readonly<Record<string, GroupLive>>,
): readonly AgreementRows[] {
  const numbers = Map.groupBy(groupNumbers, ({ agreement }) => agreement)
  return agreementTree(agreements).map(({ agreement, depth }) => ({
    agreement,
    depth,
    numbers: (numbers.get(agreement.id) ?? []).map((group) => ({
      group,
      live: live[group.id],
      missing: missingOf(group),
    })),
  }))
}

/** Main agreements first to last, each followed by its sub-agreements. */
export function agreementTree(
  agreements: readonly Agreement[],
): readonly { readonly agreement: Agreement; readonly depth: number }[] {
  const known = new Set(agreements.map(({ id }) => id))
  const below = Map.groupBy(agreements, ({ parent }) =>
    parent !== undefined && known.has(parent) ? parent : undefined,
  )
  const under = (parent: AgreementId | undefined, depth: number): { agreement: Agreement; depth: number }[] =>
    (below.get(parent) ?? []).flatMap((agreement) => [{ agreement, depth }, ...under(agreement.id, depth + 1)])
  return under(undefined, 0)
}
