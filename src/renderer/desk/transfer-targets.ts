import type { GroupLive } from '../../contract/console.ts'
import type { AgentId, E164, GroupNumberId } from '../../core/configuration/types.ts'
import type { Shown } from '../shared/agent-state.ts'
import { readPhoneNumber } from '../shared/phone-field.ts'
import type { ColleagueRow } from './colleague-rows.ts'

/** Whom a call may be transferred to. */
export type TransferTo = { readonly agent: AgentId } | { readonly group: GroupNumberId } | { readonly number: E164 }

export interface TransferChoice {
  readonly to: TransferTo
  readonly name: string
  /** Of a colleague. */
  readonly shown?: Shown
  /** Of a group number. */
  readonly number?: E164
}

/** Colleagues, who can take the call first, then group numbers; with `typed`, those that have it in name or number. */
export function transferChoices(
  colleagues: readonly ColleagueRow[],
  groups: readonly GroupLive[],
  typed: string,
): readonly TransferChoice[] {
  const wanted = typed.trim().toLowerCase()
  const all: readonly TransferChoice[] = [
    ...colleagues.map(({ agent, shown }) => ({
      to: { agent: agent.agent },
      name: `${agent.firstName} ${agent.lastName}`.trim(),
      shown,
    })),
    ...groups.map(({ group, name, number }) => ({ to: { group }, name, number })),
  ]
  return all.filter(({ name }) => name.toLowerCase().includes(wanted))
}

/** What was typed, where it is a number; 112 is one. */
export function typedNumber(typed: string): E164 | undefined {
  const plain = typed.trim()
  return plain === '112' ? (plain as E164) : readPhoneNumber(plain)
}
