import { enableAutoUnmount } from '@vue/test-utils'
import { afterEach, describe, expect, test } from 'vitest'
import CallCard from '../../../src/renderer/desk/CallCard.vue'
import IdleCard from '../../../src/renderer/desk/IdleCard.vue'
import RingingCard from '../../../src/renderer/desk/RingingCard.vue'
import WhyLine from '../../../src/renderer/desk/WhyLine.vue'
import WrapUpCard from '../../../src/renderer/desk/WrapUpCard.vue'
import type { OngoingCall, RingingCall } from '../../../src/renderer/desk/desk-call.ts'
import type { GroupNumberId } from '../../../src/core/configuration/types.ts'
import { logsInAsBefore } from '../../../src/renderer/desk/logs-in-as-before.ts'
import { at, firstCall, firstOffer } from '../support/live.ts'
import { button, expectNoFaults, show } from '../support/mount.ts'

enableAutoUnmount(afterEach)

const ringing = (given: Partial<RingingCall> = {}): RingingCall => ({
  kind: 'ringing',
  call: firstCall,
  offer: firstOffer,
  groupName: 'Kundtjänst',
  from: '+46701234567',
  arrived: at(-102),
  until: at(14),
  answer: 'here',
  ...given,
})

describe('the ringing card', () => {
  test('says who, which group number, how long waited and how long left', async () => {
    const card = show(RingingCard, { call: ringing(), answering: false })
    expect(card.text()).toContain('070-123 45 67')
    expect(card.text()).toContain('Kundtjänst')
    expect(card.text()).toContain('väntat 1:42')
    expect(card.text()).toContain('ringer i 14 s till')
    await button(card, 'Svara').trigger('click')
    await button(card, 'Avvisa').trigger('click')
    expect(Object.keys(card.emitted())).toEqual(expect.arrayContaining(['answer', 'reject']))
    await expectNoFaults(card)
  })

  test('a hidden number is called so', () => {
    const { from: _, ...hidden } = ringing()
    expect(show(RingingCard, { call: hidden, answering: false }).text()).toContain('Dolt nummer')
  })

  test.each<[RingingCall['answer'], string, boolean]>([
    ['arriving', 'Kopplas till telefonen', true],
    ['phone', 'Svara där', false],
    ['notConnected', 'inte ansluten', false],
  ])('when it is %s it says so and cannot be answered', (answer, words, hasButtons) => {
    const card = show(RingingCard, { call: ringing({ answer }), answering: false })
    expect(card.text()).toContain(words)
    expect(card.findAll('button:not([disabled])')).toHaveLength(0)
    expect(card.findAll('button').length > 0).toBe(hasButtons)
  })

  test('is not answered twice', () => {
    const card = show(RingingCard, { call: ringing(), answering: true })
    expect(card.findAll('button:not([disabled])')).toHaveLength(0)
  })
})

const ongoing = (given: Partial<OngoingCall> = {}): OngoingCall => ({
  kind: 'ongoing',
  call: firstCall,
  groupName: 'Kundtjänst',
  from: '+46701234567',
  arrived: at(-827),
  since: at(-725),
  where: 'here',
  ofQueue: true,
  early: false,
  state: 'talking',
  muted: false,
  changing: false,
  soundLost: false,
  ...given,
})

describe('the call card', () => {
  test.each<[string, Partial<OngoingCall>, string[], number]>([
    ['connecting', { state: 'connecting' }, ['Kopplar'], 1],
    ['talking', {}, ['I samtal', '12:05', 'väntat 1:42', 'Parkera', 'Tyst', 'Knappsats', 'Koppla', 'Lägg på'], 5],
    ['muted', { muted: true }, ['Ljud på', 'hör dig inte'], 5],
    ['held', { state: 'held' }, ['Parkerat', 'Återta', 'hör musik'], 5],
    ['a hold under way', { changing: true }, ['Parkera'], 4],
    ['without sound', { soundLost: true }, ['Inget ljud kommer fram'], 5],
    ['ended', { state: 'ended' }, ['Samtalet är slut'], 0],
    ['being dialled', { state: 'dialling', ofQueue: false }, ['Ringer upp', 'Lägg på'], 1],
    ['ringing there', { state: 'ringing', ofQueue: false }, ['Det ringer', 'Lägg på'], 1],
    ['of one’s own', { ofQueue: false }, ['Parkera', 'Tyst', 'Knappsats', 'Lägg på'], 4],
    ['come to nothing', { state: 'ended', failed: 'busy' }, ['Upptaget.', 'Ring igen', 'Stäng'], 2],
    ['with a number that is closed', { state: 'ended', failed: 'closed' }, ['får inte ringas härifrån'], 2],
    ['at an ordinary phone', { where: 'phone' }, ['Du talar i din telefon', 'Koppla', 'Lägg på'], 2],
    ['in another window', { where: 'elsewhere' }, ['inte i det här fönstret', 'Lägg på'], 1],
  ])('%s', async (_, given, words, enabled) => {
    const card = show(CallCard, { call: ongoing(given), keypad: false })
    for (const word of words) expect(card.text()).toContain(word)
    expect(card.findAll('button:not([disabled])')).toHaveLength(enabled)
    await expectNoFaults(card)
  })

  test('a call that came to nothing is not called one that has ended, nor one that goes on', () => {
    const card = show(CallCard, { call: ongoing({ state: 'ended', failed: 'busy' }), keypad: false })
    expect(card.text()).toContain('Samtalet blev inte av')
    expect(card.text()).not.toContain('Samtalet är slut')
    expect(card.findAll('article[aria-label="Samtalet blev inte av"]')).toHaveLength(1)
  })

  test('asks for the opposite of what is', async () => {
    const card = show(CallCard, { call: ongoing({ state: 'held', muted: true }), keypad: false })
    await button(card, 'Återta').trigger('click')
    await button(card, 'Ljud på').trigger('click')
    expect(card.emitted()).toMatchObject({ hold: [[false]], mute: [[false]] })
  })

  test('sends digits by click and by key', async () => {
    const card = show(CallCard, { call: ongoing(), keypad: true })
    await button(card, 'Tonval 5').trigger('click')
    await button(card, 'Tonval 5').trigger('keydown', { key: '#' })
    expect(card.emitted().digit).toEqual([['5'], ['#']])
    expect(card.find('output').text()).toBe('5#')
    await expectNoFaults(card)
  })
})

test('wrap-up counts down, and can be ended or extended', async () => {
  const card = show(WrapUpCard, { until: at(28) })
  expect(card.text()).toContain('0:28 kvar')
  await button(card, 'Klar').trigger('click')
  await button(card, 'Förläng').trigger('click')
  expect(Object.keys(card.emitted())).toEqual(expect.arrayContaining(['done', 'extend']))
  await expectNoFaults(card)
})

test.each([
  ['available', 'Redo för samtal', 0],
  ['loggedOut', 'Du är utloggad', 1],
  ['paused', 'Du har paus', 1],
] as const)('without a call, %s says %s', async (state, words, acts) => {
  const card = show(IdleCard, { state, canLogIn: true, asBefore: false })
  expect(card.text()).toContain(words)
  expect(card.findAll('button')).toHaveLength(acts)
  await expectNoFaults(card)
})

test.each([
  ['not known', undefined, false],
  ['some', ['support'], true],
  ['some, and one the agent is no member of any more', ['support', 'night'], true],
  ['all', ['support', 'sales'], false],
  ['none that the agent is still a member of', ['night'], false],
])('[A40] the agent was logged out of %s', (_, before, expected) => {
  const groups = ['support', 'sales'].map((group) => ({ group: group as GroupNumberId }))
  expect(logsInAsBefore(groups, before as GroupNumberId[] | undefined)).toBe(expected)
})

test('[A40] where it was some group numbers last time, the buttons log in as before', async () => {
  const card = show(IdleCard, { state: 'loggedOut', canLogIn: true, asBefore: true })
  await button(card, 'Logga in som förut').trigger('click')
  expect(card.emitted()).toHaveProperty('logIn')
  const line = show(WhyLine, { why: { kind: 'loggedOut' }, canLogIn: true, asBefore: true })
  await button(line, 'Logga in som förut').trigger('click')
  expect(line.emitted()).toHaveProperty('logIn')
})

test.each([
  [{ kind: 'wrapUp', until: at(150) }, 'efterbehandling till 10:02:30', ['Klar', 'Förläng 30 s']],
  [{ kind: 'paused', reason: 'lunch' }, 'paus (lunch)', ['Avsluta paus']],
  [{ kind: 'loggedOut' }, 'utloggad', ['Logga in på alla']],
  [{ kind: 'allClosed', opensAt: at(22 * 3600) }, 'stängda till tis 08:00', []],
  [{ kind: 'softphoneNotRegistered' }, 'inte ansluten', []],
  [{ kind: 'othersFirst' }, 'andra agenter rings först', []],
])('the last line: %j', (why, words, acts) => {
  const line = show(WhyLine, { why, canLogIn: true, asBefore: false })
  expect(line.text()).toContain(words)
  expect(line.findAll('button').map((one) => one.text())).toEqual(acts)
})

test('English says it in English', () => {
  const card = show(RingingCard, { call: ringing(), answering: false }, { locale: 'en' })
  expect(card.text()).toContain('rings for 14 s more')
})
