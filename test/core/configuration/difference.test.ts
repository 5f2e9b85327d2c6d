import { expect, test } from 'vitest'
import { difference } from '../../../src/core/configuration/difference.ts'
import { inWords, summaryInWords } from '../../../src/core/configuration/difference-in-words.ts'
import { applyEdits } from '../../../src/core/configuration/edits/apply-edits.ts'
import { edits, office, officeDays } from './edits/office.ts'

type Given = Parameters<typeof edits>

function changes(...given: Given) {
  const applied = applyEdits(office(), edits(...given))
  if (!applied.ok) throw new Error(JSON.stringify(applied.problem))
  return difference(office(), applied.value)
}

const evening = { id: 'evening', name: 'Kväll', week: officeDays({ from: '17:00', to: '21:00' }) }
const [ordinary] = office().groupNumbers[0]?.schedules ?? []

test.each<[string, Given, string[], string[]]>([
  [
    'settings, with their presets',
    [
      {
        type: 'setSettings',
        group: 'support',
        set: { strategy: 'ringAll', maxWaitSeconds: 0 },
        reset: ['ringSeconds'],
      },
    ],
    [
      'Support: Ringtid per agent 25 s → 20 s (förinställt)',
      'Support: Ringordning längst ledig (förinställt) → alla samtidigt',
      'Support: Längsta väntan 1200 s (förinställt) → ingen gräns',
    ],
    [
      'Support: Ring time per agent 25 s → 20 s (preset)',
      'Support: Ring strategy longest idle (preset) → all at once',
      'Support: Longest wait 1200 s (preset) → no limit',
    ],
  ],
  [
    'opening hours',
    [
      {
        type: 'putSchedule',
        group: 'support',
        schedule: {
          ...ordinary,
          week: officeDays({ from: '08:00', to: '12:00' }, { from: '13:00', to: '16:00' }),
          closed: null,
        },
      },
      { type: 'activateSchedule', group: 'support', schedule: 'summer' },
    ],
    [
      'Support, Ordinarie: måndag 08:00–16:00 → 08:00–12:00, 13:00–16:00',
      'Support, Ordinarie: Stängtmeddelande förinställt → tystnad',
      'Support: Aktivt schema ”Ordinarie” → ”Sommar”',
    ],
    [
      'Support, Ordinarie: Monday 08:00–16:00 → 08:00–12:00, 13:00–16:00',
      'Support, Ordinarie: Closed message preset → silence',
      'Support: Active schedule ”Ordinarie” → ”Sommar”',
    ],
  ],
  [
    'what is added and removed',
    [
      { type: 'putSchedule', group: 'support', schedule: evening },
      { type: 'removeException', group: 'support', exception: 'eve' },
      { type: 'addMembers', group: 'support', members: [{ agent: 'cia', level: 2 }] },
      { type: 'clearOverride', group: 'support' },
    ],
    [
      'Support: agent Cia Ek tillagd (nivå 2)',
      'Support: schema Kväll tillagt (måndag 17:00–21:00)',
      'Support: avvikelse Julafton borttagen',
      'Support: Öppna/stäng nu stängt, till 2026-11-20 12:00, ”shut”, till gruppnumret Försäljning → enligt öppettiderna',
    ],
    [
      'Support: agent Cia Ek added (level 2)',
      'Support: schedule Kväll added (Monday 17:00–21:00)',
      'Support: exception Julafton removed',
      'Support: Open/close now closed, until 2026-11-20 12:00, ”shut”, to the group number Försäljning → by the opening hours',
    ],
  ],
  [
    'agents, the company, messages and order',
    [
      { type: 'putCompany', company: { ...office().company, language: 'en' } },
      { type: 'putAgent', agent: { ...office().agents[0], agreement: 'north', wrapUpSeconds: 10, autoAnswer: true } },
      { type: 'setMembers', group: 'support', members: [{ agent: 'bo', level: 2 }, { agent: 'anna' }] },
      { type: 'setGroupMessages', group: 'support', set: { welcome: null, music: [] } },
      { type: 'removeAgreement', agreement: 'main', moveTo: 'north' },
    ],
    [
      'Språk i meddelanden svenska → engelska',
      'avtal Huvudavtal borttaget',
      'Norr: Huvudavtal ”Huvudavtal” → inget',
      'Anna Ek: Avtal ”Huvudavtal” → ”Norr”',
      'Anna Ek: Efterbehandling förinställt → 10 s',
      'Anna Ek: Svarar av sig självt nej → ja',
      'Bo Ek: Avtal ”Huvudavtal” → ”Norr”',
      'Support: Avtal ”Huvudavtal” → ”Norr”',
      'Support: ordningen på agenterna ändrad',
      'Support: Välkomstmeddelande ”hello” → tystnad',
      'Support: Musik under kötid ”tune” → förinställt',
    ],
    [
      'Language of messages Swedish → English',
      'agreement Huvudavtal removed',
      'Norr: Main agreement ”Huvudavtal” → none',
      'Anna Ek: Agreement ”Huvudavtal” → ”Norr”',
      'Anna Ek: Wrap-up preset → 10 s',
      'Anna Ek: Answers by itself no → yes',
      'Bo Ek: Agreement ”Huvudavtal” → ”Norr”',
      'Support: Agreement ”Huvudavtal” → ”Norr”',
      'Support: the order of the agents changed',
      'Support: Welcome message ”hello” → silence',
      'Support: Music on hold ”tune” → preset',
    ],
  ],
])('[A6] a difference says %s in both languages', (_, given, swedish, english) => {
  const found = changes(...given)
  expect(found.map((change) => inWords(change, 'sv'))).toEqual(swedish)
  expect(found.map((change) => inWords(change, 'en'))).toEqual(english)
})

test('[A6] a difference tells the place by ids and whose it is', () => {
  expect(changes({ type: 'activateSchedule', group: 'support', schedule: 'summer' })).toEqual([
    {
      path: ['groupNumbers', 'support', 'activeSchedule'],
      kind: 'changed',
      before: 'ordinary',
      after: 'summer',
      subjects: [{ kind: 'groupNumber', id: 'support', name: 'Support' }],
      names: { ordinary: 'Ordinarie', summer: 'Sommar' },
    },
  ])
})

test('[A6] the same document in another order of keys has no difference', () => {
  const { company, ...rest } = office()
  const { name, ...others } = company
  expect(difference(office(), { ...rest, company: { ...others, name } })).toEqual([])
})

test('[A6] a summary counts what does not fit', () => {
  const many = changes(
    ...Array.from({ length: 30 }, (_, index) => ({
      type: 'putException' as const,
      group: 'support',
      exception: {
        id: `day-${String(index)}`,
        name: `Dag ${String(index)}`,
        effect: 'closed',
        from: '2027-01-01T00:00',
        to: '2027-01-02T00:00',
      },
    })),
  )
  const summary = summaryInWords(many, 'sv', 200)
  expect(summary.length).toBeLessThanOrEqual(200)
  expect(summary).toMatch(/^Support: avvikelse Dag 0 tillagd \(.*\); Support: avvikelse Dag 1 .* och 28 till$/)
})

test('service numbers are told in words, and their preset as such', () => {
  const company = {
    ...office().company,
    serviceNumbers: { logIn: { short: '833', long: '+46771833833' as never }, record: { short: '845' } },
  }
  const made = changes({ type: 'putCompany', company })
  expect(made.map((change) => inWords(change, 'sv'))).toEqual([
    'Servicenummer förinställt → logga in 833 (+46771833833), spela in 845',
  ])
  const none = changes({ type: 'putCompany', company: { ...company, serviceNumbers: {} } })
  expect(none.map((change) => inWords(change, 'en'))).toEqual(['Service numbers preset → none'])
})
