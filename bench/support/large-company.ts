import { parseConfiguration } from '../../src/core/configuration/parse.ts'
import type { Configuration } from '../../src/core/configuration/types.ts'

export interface Size {
  readonly agents: number
  readonly groupNumbers: number
  /** Over all group numbers. */
  readonly exceptions: number
}

const week = {
  mon: [
    { from: '08:00', to: '12:00' },
    { from: '13:00', to: '17:00' },
  ],
  tue: [{ from: '08:00', to: '17:00' }],
  wed: [{ from: '08:00', to: '17:00' }],
  thu: [{ from: '08:00', to: '17:00' }],
  fri: [{ from: '08:00', to: '15:00' }],
  sat: [],
  sun: [],
}
const digits = (value: number, length: number) => String(value).padStart(length, '0')
const two = (value: number) => digits(value, 2)

/** A made-up company of a given size: every agent in five group numbers, exceptions spread over 2026 and 2027. */
export function largeCompany({ agents, groupNumbers, exceptions }: Size): Configuration {
  const perGroup = Math.ceil(exceptions / groupNumbers)
  const memberships = Math.min(agents, Math.ceil((agents * 5) / groupNumbers))
  const parsed = parseConfiguration({
    schemaVersion: 1,
    company: { name: 'Stora Exempelbolaget', timeZone: 'Europe/Stockholm', language: 'sv', country: 'SE' },
    agreements: [
      { id: 'main', name: 'Huvudavtal' },
      ...counted(10, (at) => ({ id: `sub-${at}`, name: `Underavtal ${at}`, parent: 'main' })),
    ],
    agents: counted(agents, (at) => ({
      id: `agent-${at}`,
      firstName: `Förnamn ${at}`,
      lastName: `Efternamn ${at}`,
      phone: `+4670${digits(at, 7)}`,
      agreement: `sub-${at % 10}`,
      answersAt: 'softphone',
    })),
    groupNumbers: counted(groupNumbers, (at) => ({
      id: `group-${at}`,
      number: `+468${digits(at, 7)}`,
      name: `Gruppnummer ${at}`,
      agreement: `sub-${at % 10}`,
      members: counted(memberships, (member) => ({ agent: `agent-${(at * memberships + member) % agents}` })),
      schedules: [{ id: 'usual', name: 'Ordinarie', week }],
      activeSchedule: 'usual',
      exceptions: counted(perGroup, (exception) => ({
        id: `exception-${exception}`,
        name: `Avvikelse ${exception}`,
        effect: exception % 3 === 0 ? 'open' : 'closed',
        from: `${2026 + (exception % 2)}-${two(1 + (exception % 12))}-${two(1 + (at % 27))}T08:00`,
        to: `${2026 + (exception % 2)}-${two(1 + (exception % 12))}-${two(1 + (at % 27))}T12:00`,
      })),
      messages: { music: [] },
      settings: {},
    })),
    messages: [],
  })
  if (parsed.ok) return parsed.value
  throw new Error(`the made-up company is none: ${JSON.stringify(parsed.problem.slice(0, 3))}`)
}

const counted = <Item>(count: number, make: (at: number) => Item) => Array.from({ length: count }, (_, at) => make(at))
