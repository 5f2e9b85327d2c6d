import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { AuditRead } from '../../../../src/contract/administration.ts'
import { auditSaidSchema, type AuditSaid } from '../../../../src/contract/audit.ts'
import type { Locale } from '../../../../src/renderer/i18n/i18n.ts'
import HistoryPage from '../../../../src/renderer/supervisor/history/HistoryPage.vue'
import { openConsolePage } from '../../support/console-page.ts'
import { keptVersions } from '../../support/kept-versions.ts'
import { agentLive, anna, at, groupLive, liveOf, sales, support } from '../../support/live.ts'

const live = liveOf({
  groups: [groupLive(), groupLive({ group: sales, name: 'Order' })],
  agents: [agentLive()],
})

type Kind = AuditSaid['kind']
type Case = readonly [said: AuditSaid, swedish: string, english: string]

/** A caller's number is shown as everywhere else. */
const caller = '+46812345678'
const cases: readonly Case[] = [
  [
    { kind: 'accountPut', values: { account: 'Bo', roles: ['admin', 'reviewer'], supervises: [] } },
    'Kontot Bo: Huvudadministratör, Granskare',
    'Account Bo: Main administrator, Reviewer',
  ],
  [
    { kind: 'accountPut', values: { account: 'Bo', roles: ['agent'], agent: anna, supervises: [support, 'gone'] } },
    'Kontot Bo: Agent; svarar som Anna Lindqvist; administrerar Kundtjänst, gone',
    'Account Bo: Agent; answers as Anna Lindqvist; supervises Kundtjänst, gone',
  ],
  [{ kind: 'accountRemoved', values: { account: 'Bo' } }, 'Kontot Bo togs bort', 'Account Bo was removed'],
  [{ kind: 'accountInvited', values: { account: 'Bo' } }, 'Kontot Bo bjöds in', 'Account Bo was invited'],
  [
    { kind: 'accountSignedOut', values: { account: 'Bo' } },
    'Kontot Bo loggades ut från tjänsten',
    'Account Bo was signed out of the service',
  ],
  [{ kind: 'pinSet', values: { account: 'Bo' } }, 'Kontot Bo: pinkod vald', 'Account Bo: PIN set'],
  [{ kind: 'pinRemoved', values: { account: 'Bo' } }, 'Kontot Bo: pinkod borttagen', 'Account Bo: PIN removed'],
  [{ kind: 'pinUnlocked', values: { account: 'Bo' } }, 'Kontot Bo: pinkod upplåst', 'Account Bo: PIN unlocked'],
  [
    { kind: 'pinLocked', values: { accounts: ['Bo', 'Cia'] } },
    'Kontot Bo, Cia: pinkod låst efter för många fel',
    'Account Bo, Cia: PIN locked after too many wrong ones',
  ],
  [
    { kind: 'callerPageOpened', values: {} },
    'Sidan /caller öppnades för andra datorer',
    'The page /caller was opened to other computers',
  ],
  [
    { kind: 'callerPageClosed', values: {} },
    'Sidan /caller stängdes för andra datorer',
    'The page /caller was closed to other computers',
  ],
  [
    { kind: 'configurationChanged', values: { revision: '7', summary: 'Kundtjänst: {Ringtid} @ 25 s | 40 s' } },
    'Version 7: Kundtjänst: {Ringtid} @ 25 s | 40 s',
    'Version 7: Kundtjänst: {Ringtid} @ 25 s | 40 s',
  ],
  [{ kind: 'logIn', values: { agent: anna } }, 'Loggade in Anna Lindqvist', 'Logged Anna Lindqvist in'],
  [
    { kind: 'logIn', values: { agent: anna, group: support } },
    'Loggade in Anna Lindqvist i Kundtjänst',
    'Logged Anna Lindqvist in to Kundtjänst',
  ],
  [{ kind: 'logOut', values: { agent: 'gone' } }, 'Loggade ut gone', 'Logged gone out'],
  [
    { kind: 'logOut', values: { agent: anna, group: support } },
    'Loggade ut Anna Lindqvist från Kundtjänst',
    'Logged Anna Lindqvist out of Kundtjänst',
  ],
  [{ kind: 'pause', values: { agent: anna } }, 'Satte Anna Lindqvist på paus', 'Paused Anna Lindqvist'],
  [
    { kind: 'pause', values: { agent: anna, reason: 'meeting' } },
    'Satte Anna Lindqvist på paus (möte)',
    'Paused Anna Lindqvist (meeting)',
  ],
  [
    { kind: 'resume', values: { agent: anna } },
    'Avslutade pausen för Anna Lindqvist',
    'Ended the pause of Anna Lindqvist',
  ],
  [
    { kind: 'endWrapUp', values: { agent: anna } },
    'Avslutade efterarbetet för Anna Lindqvist',
    'Ended the wrap-up of Anna Lindqvist',
  ],
  [
    { kind: 'extendWrapUp', values: { agent: anna, seconds: '30' } },
    'Förlängde efterarbetet för Anna Lindqvist med 30 s',
    'Extended the wrap-up of Anna Lindqvist by 30 s',
  ],
  [
    { kind: 'hangUp', values: { agent: anna } },
    'Lade på samtalet för Anna Lindqvist',
    'Hung up the call of Anna Lindqvist',
  ],
  [
    { kind: 'callMoved', values: { caller, from: support, to: sales } },
    'Flyttade 08-123 456 78 från Kundtjänst till Order',
    'Moved 08-123 456 78 from Kundtjänst to Order',
  ],
  [
    { kind: 'callPrioritised', values: { group: support, priority: '10' } },
    'Gav dolt nummer i Kundtjänst prioritet 10',
    'Gave a hidden number in Kundtjänst priority 10',
  ],
  [
    { kind: 'monitored', values: { mode: 'whisper', agent: anna, group: support } },
    'Viskade: Anna Lindqvist i Kundtjänst',
    'Whispered: Anna Lindqvist in Kundtjänst',
  ],
  [
    { kind: 'voicemailRemoved', values: { caller, group: support, seconds: '7' } },
    'Tog bort röstmeddelande från 08-123 456 78 i Kundtjänst, 7 s',
    'Removed a voicemail from 08-123 456 78 in Kundtjänst, 7 s',
  ],
  [
    { kind: 'voicemailToGroup', values: { group: support, to: sales } },
    'Skickade röstmeddelande från dolt nummer i Kundtjänst vidare till Order',
    'Forwarded a voicemail from a hidden number in Kundtjänst to Order',
  ],
  [
    { kind: 'voicemailToAgent', values: { group: support, to: anna } },
    'Skickade röstmeddelande från dolt nummer i Kundtjänst vidare till agenten Anna Lindqvist',
    'Forwarded a voicemail from a hidden number in Kundtjänst to the agent Anna Lindqvist',
  ],
  [
    { kind: 'destinationsChanged', values: { opened: ['+47', '+45'], closed: ['+1'], removed: ['+7'] } },
    'Tillåtna nummer: +47, +45 öppnat; +1 spärrat; +7 borttaget',
    'Allowed numbers: +47, +45 opened; +1 closed; +7 removed',
  ],
  [
    { kind: 'destinationsChanged', values: { opened: [], closed: [], removed: [] } },
    'Tillåtna nummer: bara namn',
    'Allowed numbers: names only',
  ],
  [
    { kind: 'recordingRefused', values: { group: support, why: 'forbidden' } },
    'Inspelning per telefon för Kundtjänst blev inget meddelande: kontot har inte längre rätt till det',
    'A recording by telephone for Kundtjänst became no message: the account no longer has the right to',
  ],
]
const kinds = auditSaidSchema.options.map(({ shape }): Kind => shape.kind.value)

async function openLog(entries: readonly AuditRead[], locale: Locale = 'sv') {
  const service = keptVersions()
  service.log.push(...entries)
  const opened = await openConsolePage(HistoryPage, {}, { live, answer: service.answer }, locale)
  await opened.page.find('input[type=radio][value=audit]').setValue()
  await opened.settle()
  const said = () => opened.page.findAll('td.what').map((cell) => cell.text())
  async function seek(words: string) {
    await opened.page.findAll('input[type=search]')[1]?.setValue(words)
    await opened.settle()
  }
  return { ...opened, said, seek }
}

test('[A38] every kind is in the table of this test, and written by the service', () => {
  expect([...new Set(cases.map(([{ kind }]) => kind))].toSorted()).toEqual(kinds.toSorted())
  const files = readdirSync('src/service', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
  const source = files.map((file) => readFileSync(join('src/service', file), 'utf8')).join('\n')
  expect(kinds.filter((kind) => !source.includes(`'${kind}'`))).toEqual([])
})

test.each(['sv', 'en'] as const)('[A38] every kind is said in words, in %s', async (locale) => {
  const entries = cases.map(([said], index) => ({ at: at(-index), by: 'Eva', what: `entry ${String(index)}`, said }))
  const { said } = await openLog(entries.toReversed(), locale)
  expect(said()).toEqual(cases.map(([, swedish, english]) => (locale === 'sv' ? swedish : english)))
})

test('[A38] an entry without a kind, or of a kind unknown here, is shown as it was written', async () => {
  const unknown = { kind: 'moonLanding', values: {} } as unknown as AuditSaid
  const { said } = await openLog([
    { at: at(-2), by: 'Eva', what: 'account Bo: admin' },
    { at: at(-1), by: 'Eva', what: 'landed on the moon', said: unknown },
  ])
  expect(said()).toEqual(['landed on the moon', 'account Bo: admin'])
})

test('[A38] what is sought is found in the words shown, however far back', async () => {
  const old: AuditRead = {
    at: at(-5000),
    by: 'Eva',
    what: 'monitor listen anna in support, call 1',
    said: { kind: 'monitored', values: { mode: 'listen', agent: anna, group: support } },
  }
  const newer = Array.from({ length: 2500 }, (_, index) => ({ at: at(index - 4000), by: 'Eva', what: 'logIn bo' }))
  const { said, seek } = await openLog([old, ...newer])
  expect(said()).toHaveLength(200)
  await seek('LYSSNADE: anna lind')
  expect(said()).toEqual(['Lyssnade: Anna Lindqvist i Kundtjänst'])
  await seek('monitor listen')
  expect(said()).toEqual([])
})
