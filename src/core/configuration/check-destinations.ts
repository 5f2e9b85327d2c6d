import { destinationVerdict, presetDestinations, type DestinationTable } from '../destinations/allowed-destination.ts'
import { bad, doubtful, type Finding, type Say } from './finding.ts'
import { actionsNamed } from './integrity.ts'
import type { Configuration } from './types.ts'

/**
 * What would ring a number outside that the table closes. `table` absent: the one of the service is not known here, and
 * the preset one is asked, which it may differ from.
 */
export function findClosedDestinations(
  { agents, groupNumbers }: Configuration,
  table?: DestinationTable,
): readonly Finding[] {
  const say: Say = table === undefined ? doubtful : bad
  const closed = (number: string) => {
    const verdict = destinationVerdict(table ?? presetDestinations, number)
    return verdict.open ? undefined : verdict
  }
  const because = (rule: ReturnType<typeof destinationVerdict>['rule']) =>
    rule === undefined
      ? { en: 'no prefix of the allowed destinations opens it', sv: 'inget prefix bland tillåtna nummer öppnar det' }
      : { en: `${rule.prefix} (${rule.name}) closes it`, sv: `${rule.prefix} (${rule.name}) spärrar det` }
  const found: Finding[] = []
  for (const [index, group] of groupNumbers.entries())
    for (const { path, action } of actionsNamed(group)) {
      const verdict = action.do === 'forward' ? closed(action.to) : undefined
      if (action.do !== 'forward' || verdict === undefined) continue
      const why = because(verdict.rule)
      found.push(
        say(['groupNumbers', index, ...path, 'to'], {
          en: `callers would be forwarded to ${action.to}, which may not be rung: ${why.en}; choose another number, or open it`,
          sv: `den som ringer skulle kopplas till ${action.to}, som inte får ringas: ${why.sv}; välj ett annat nummer eller öppna det`,
        }),
      )
    }
  for (const [index, { phone, answersAt }] of agents.entries()) {
    const verdict = answersAt === 'phone' ? closed(phone) : undefined
    if (verdict === undefined) continue
    const why = because(verdict.rule)
    found.push(
      say(['agents', index, 'phone'], {
        en: `the agent answers at ${phone}, which may not be rung: ${why.en}; choose another phone, or open it`,
        sv: `agenten svarar på ${phone}, som inte får ringas: ${why.sv}; välj en annan telefon eller öppna numret`,
      }),
    )
  }
  return found
}
