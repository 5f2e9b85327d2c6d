import { parseConfiguration } from '../../../../src/core/configuration/parse.ts'
import type { Edit } from '../../../../src/core/configuration/edits/edit-schema.ts'
import { parseEdits } from '../../../../src/core/configuration/edits/apply-edits.ts'
import type { Configuration } from '../../../../src/core/configuration/types.ts'

const noHours = { mon: [], tue: [], wed: [], thu: [], fri: [], sat: [], sun: [] }
export const officeDays = (...intervals: readonly { from: string; to: string }[]) => ({ ...noHours, mon: intervals })

const spoken = { language: 'sv', transcript: '', seconds: 4, origin: 'recorded' }
const message = (id: string, kind: string, rest: object = {}) => ({
  id,
  name: id,
  kind,
  ...spoken,
  file: `audio/${id}.wav`,
  sha256: 'a'.repeat(64),
  ...rest,
})
const agent = (id: string, firstName: string, phone: string, agreement = 'main') => ({
  id,
  firstName,
  lastName: 'Ek',
  phone,
  agreement,
  answersAt: 'softphone',
})

/** Support and sales, which help each other out; every kind of reference is there once. */
export function office(): Configuration {
  const parsed = parseConfiguration({
    schemaVersion: 1,
    company: { name: 'Exempel AB', timeZone: 'Europe/Stockholm', language: 'sv', country: 'SE' },
    agreements: [
      { id: 'main', name: 'Huvudavtal' },
      { id: 'north', name: 'Norr', parent: 'main' },
    ],
    agents: [
      agent('anna', 'Anna', '+46701740605'),
      agent('bo', 'Bo', '+46701740606'),
      agent('cia', 'Cia', '+46701740607', 'north'),
    ],
    groupNumbers: [
      {
        id: 'support',
        number: '+46122260980',
        name: 'Support',
        agreement: 'main',
        members: [{ agent: 'anna' }, { agent: 'bo', level: 2 }],
        schedules: [
          { id: 'ordinary', name: 'Ordinarie', week: officeDays({ from: '08:00', to: '16:00' }), welcome: 'hello' },
          { id: 'summer', name: 'Sommar', week: officeDays({ from: '09:00', to: '15:00' }) },
        ],
        activeSchedule: 'ordinary',
        exceptions: [
          {
            id: 'eve',
            name: 'Julafton',
            effect: 'closed',
            from: '2026-12-24T00:00',
            to: '2026-12-25T00:00',
            message: 'shut',
            action: { do: 'group', to: 'sales' },
          },
        ],
        override: {
          effect: 'closed',
          until: '2026-11-20T12:00',
          message: 'shut',
          action: { do: 'group', to: 'sales' },
        },
        messages: { welcome: 'hello', closed: 'shut', comfort: null, music: ['tune'] },
        settings: { ringSeconds: 25, whenFull: { do: 'group', to: 'sales' } },
      },
      {
        id: 'sales',
        number: '+46122260990',
        name: 'Försäljning',
        agreement: 'north',
        members: [{ agent: 'bo' }],
        schedules: [{ id: 'ordinary', name: 'Alltid', week: officeDays({ from: '07:00', to: '19:00' }) }],
        activeSchedule: 'ordinary',
        exceptions: [],
        messages: { music: [] },
        settings: {},
      },
    ],
    messages: [
      message('hello', 'welcome'),
      message('shut', 'closed'),
      message('tune', 'music'),
      message('pitch', 'welcome', { groupNumber: 'sales' }),
      message('ours', 'closed', { origin: 'prerecorded' }),
    ],
  })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problem))
  return parsed.value
}

/** Edits as the console sends them. */
export function edits(...given: { type: Edit['type']; [key: string]: unknown }[]): readonly Edit[] {
  const parsed = parseEdits(given)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problem))
  return parsed.value
}
