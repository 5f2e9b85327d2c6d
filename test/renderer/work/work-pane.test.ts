import { expect, test } from 'vitest'
import type { MissedCaller, Voicemail } from '../../../src/contract/work.ts'
import type { E164, GroupNumberId } from '../../../src/core/configuration/types.ts'
import WorkPane from '../../../src/renderer/work/WorkPane.vue'
import { missedRows } from '../../../src/renderer/work/work-rows.ts'
import { openConsolePage } from '../support/console-page.ts'
import { at, groupLive, liveOf, sales } from '../support/live.ts'
import { useSoftphoneStore } from '../../../src/renderer/desk/softphone-store.ts'
import { fakeSoftphone } from '../support/fake-softphone.ts'
import { button, expectNoFaults } from '../support/mount.ts'

const support = 'support' as GroupNumberId
const missed = (given: Partial<MissedCaller> = {}): MissedCaller => ({
  id: `${given.group ?? support} ${given.number ?? '+46701234567'}`,
  group: support,
  number: '+46701234567' as E164,
  tries: 1,
  first: at(-600),
  last: at(-600),
  why: 'abandoned',
  state: 'open',
  changed: at(-600),
  ...given,
})
const other = '+46812345678' as E164
const voicemail: Voicemail = { id: 'a1', group: support, from: other, at: at(-120), seconds: 34.4 }

function openPane(items: readonly MissedCaller[], voicemails: readonly Voicemail[] = [], locale: 'sv' | 'en' = 'sv') {
  const live = {
    ...liveOf({ groups: [groupLive(), groupLive({ group: sales, name: 'Försäljning' })] }),
    missed: Object.fromEntries(items.map((item) => [item.id, item])),
    voicemails: Object.fromEntries(voicemails.map((each) => [each.id, each])),
  }
  return openConsolePage(WorkPane, {}, { live, answer: () => null }, locale)
}

/** The menu is in the document, outside the pane. */
function choose(words: string) {
  const item = [...document.querySelectorAll<HTMLElement>('[role=menuitem]')].find(
    (one) => one.textContent.trim() === words,
  )
  if (!item) throw new Error(`no ${words} in ${document.body.textContent}`)
  item.click()
}

test('it says why it is empty', async () => {
  const { page } = await openPane([])
  expect(page.text()).toContain('Inga missade samtal: alla som har ringt har fått hjälp.')
  await expectNoFaults(page)
})

test('a row says who, why, how often, who has it and what was noted', async () => {
  const { page } = await openPane([
    missed({ tries: 3, owner: { account: 'account-2', name: 'Bo Ek' }, note: 'söker Karin', voicemail: true }),
  ])
  expect(page.text()).toContain('070-123 45 67')
  expect(page.text()).toContain('la på i kön · 3 försök · lämnade meddelande · Bo Ek · söker Karin · Kundtjänst')
  expect(page.text()).toContain('1 att ringa')
  await expectNoFaults(page)
})

test('what is to be done stands before what is done', () => {
  const rows = missedRows(
    {
      done: missed({ id: 'done', state: 'done', last: at(0), changed: at(0) }),
      old: missed({ id: 'old', last: at(-900) }),
      back: missed({ id: 'back', state: 'calledBack' }),
      new: missed({ id: 'new', last: at(-10) }),
      elsewhere: missed({ id: 'elsewhere', group: sales }),
    },
    {},
    new Set([support]),
  )
  expect(rows.map(({ item }) => item.id)).toEqual(['new', 'old', 'back', 'done'])
})

test('Enter on a row opens its menu; the number is copied, and the item is owned and called back', async () => {
  const copied: string[] = []
  Object.defineProperty(navigator, 'clipboard', {
    configurable: true,
    value: { writeText: (text: string) => Promise.resolve(void copied.push(text)) },
  })
  const { page, settle, asks } = await openPane([missed()])
  await page.find('.row').trigger('keydown', { key: 'Enter' })
  await settle()
  choose('Kopiera numret, markera uppringd')
  await settle()
  expect(copied).toEqual(['070-123 45 67'])
  expect(asks()).toContainEqual({
    type: 'missed',
    item: 'support +46701234567',
    own: true,
    mark: 'calledBack',
  })
})

test('with a telephone in the window it is one click: the number is called as the group number that was rung', async () => {
  const { page, settle, asks } = await openPane([missed()])
  const softphone = fakeSoftphone()
  const store = useSoftphoneStore()
  store.phone = softphone.open({} as never)
  store.registration = { state: 'registered' }
  await settle()
  await page.find('.row').trigger('keydown', { key: 'Enter' })
  await settle()
  choose('Ring upp')
  await settle()
  expect(softphone.told).toEqual(['dial +46701234567 as +46122260980'])
  expect(asks()).toContainEqual({ type: 'missed', item: 'support +46701234567', own: true })
})

test('a note is written and saved', async () => {
  const { page, settle, asks } = await openPane([missed({ note: 'förut' })])
  await page.find('.row').trigger('keydown', { key: 'Enter' })
  await settle()
  choose('Anteckna …')
  await settle()
  const field = document.querySelector('textarea')
  expect(field?.value).toBe('förut')
  if (field) field.value = 'ring efter tre'
  field?.dispatchEvent(new Event('input'))
  document.querySelector('form')?.dispatchEvent(new Event('submit', { cancelable: true }))
  await settle()
  expect(asks()).toContainEqual({ type: 'missed', item: 'support +46701234567', note: 'ring efter tre' })
})

test('messages are listed with caller and length, played, marked done and deleted, in English too', async () => {
  const { page, settle, asks } = await openPane([], [voicemail], 'en')
  await page.findAll('input[type=radio]')[1]?.setValue(true)
  await settle()
  expect(page.text()).toContain('08-123 456 78')
  expect(page.text()).toContain('0:34')
  await expectNoFaults(page)
  await button(page, 'Mark the message from').trigger('click')
  await button(page, 'Delete the message from').trigger('click')
  await settle()
  expect(asks()).toContainEqual({ type: 'voicemailDone', voicemail: 'a1', done: true })
  expect(asks()).toContainEqual({ type: 'removeVoicemail', voicemail: 'a1' })
})

test('a message is forwarded to a colleague or another group number, and says who forwarded it', async () => {
  const sent: Voicemail = { ...voicemail, id: 'a2', sentTo: [sales], done: { by: 'Bo Ek', at: at(-60) } }
  const came: Voicemail = {
    ...voicemail,
    id: 'a3',
    group: sales,
    forwarded: { by: 'Bo Ek', at: at(-60), from: support },
  }
  const { page, settle, asks } = await openPane([], [sent, came])
  await page.findAll('input[type=radio]')[1]?.setValue(true)
  expect(page.text()).toContain('från Kundtjänst, vidare av Bo Ek · Försäljning')
  expect(page.text()).toContain('vidare till Försäljning · klart av Bo Ek · Kundtjänst')
  await expectNoFaults(page)
  await button(page, 'Vidarebefordra meddelandet').trigger('click')
  await settle()
  choose('Kundtjänst')
  await settle()
  expect(asks()).toContainEqual({ type: 'forwardVoicemail', voicemail: 'a3', to: { group: support } })
})
