import type { E164 } from '../configuration/types.ts'
import type { Command } from '../routing/messages.ts'

/** Which numbers outside may be rung: one list for every forward, transfer, consultation and call-out. */
export type DestinationTable = readonly DestinationRule[]

export interface DestinationRule {
  /** The beginning of a number in E.164 form, such as `+46900`. */
  readonly prefix: string
  readonly open: boolean
  /** What these numbers are, in the administrator's words. */
  readonly name: string
}

/** How it was decided. `rule` absent: no prefix of the table fits, and what it does not name is closed. */
export interface DestinationVerdict {
  readonly open: boolean
  readonly rule?: DestinationRule
}

/**
 * Sweden is open but for its paid services (PTS, the Swedish numbering plan); the rest of the world is closed, and the
 * satellite and international paid services (ITU-T E.164.1) are named, so that they stay closed if more is opened.
 */
export const presetDestinations: DestinationTable = [
  { prefix: '+46', open: true, name: 'Sverige, fast och mobil' },
  { prefix: '+46118', open: false, name: 'Nummerupplysning' },
  { prefix: '+46900', open: false, name: 'Betalnummer 0900' },
  { prefix: '+46939', open: false, name: 'Betalnummer 0939' },
  { prefix: '+46944', open: false, name: 'Betalnummer 0944' },
  { prefix: '+4699', open: false, name: 'Massanrop 099' },
  { prefix: '+870', open: false, name: 'Satellit (Inmarsat)' },
  { prefix: '+881', open: false, name: 'Satellit' },
  { prefix: '+882', open: false, name: 'Internationella nät och satellit' },
  { prefix: '+883', open: false, name: 'Internationella nät' },
  { prefix: '+979', open: false, name: 'Internationella betalnummer' },
]

/** SOS: as dialled, and as the E.164 form that a converter makes of it. No table closes it. */
const emergency: ReadonlySet<string> = new Set(['112', '+112', '+46112'])

/** The longest prefix decides, whatever the order of the table. */
export function destinationVerdict(table: DestinationTable, number: string): DestinationVerdict {
  if (emergency.has(number)) return { open: true }
  const rule = table
    .filter(({ prefix }) => number.startsWith(prefix))
    .reduce<DestinationRule | undefined>(
      (longest, each) => (longest && longest.prefix.length >= each.prefix.length ? longest : each),
      undefined,
    )
  return rule ? { open: rule.open, rule } : { open: false }
}

/** The number outside that a command would ring; absent: none. */
export function numberRungBy(command: Command): E164 | undefined {
  if (command.type === 'forward' || command.type === 'callOut') return command.to
  if ((command.type === 'consult' || command.type === 'placeCall') && 'number' in command.to) return command.to.number
  return undefined
}
