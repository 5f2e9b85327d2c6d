import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type {
  Configuration,
  Exception,
  GroupNumber,
  Message,
  MessageId,
} from '../../../../src/core/configuration/types.ts'
import { messageUses } from '../../../../src/renderer/supervisor/messages/message-uses.ts'
import {
  choosableFor,
  playedMessage,
  playedMusic,
} from '../../../../src/renderer/supervisor/messages/played-messages.ts'

const example = JSON.parse(readFileSync('resources/example/gruppnummer.json', 'utf8')) as Configuration
const group = example.groupNumbers[0]!
const now = '2026-11-23T10:00'
const own = example.messages.find(({ groupNumber }) => groupNumber === group.id)!
const prerecorded = (kind: Message['kind']) =>
  example.messages.find(
    (message) => message.kind === kind && message.origin === 'prerecorded' && message.language === 'sv',
  )!
const withMessages = (messages: GroupNumber['messages']): GroupNumber => ({ ...group, messages })

test.each<[string, GroupNumber['messages'], string, MessageId | undefined]>([
  ['nothing chosen plays the prerecorded one', { music: [] }, 'prerecorded', prerecorded('welcome').id],
  ['an own one is chosen', { welcome: own.id, music: [] }, 'own', own.id],
  ['silence is a choice too', { welcome: null, music: [] }, 'silence', undefined],
])('%s', (_, messages, choice, plays) => {
  const played = playedMessage(example, withMessages(messages), 'welcome', now)
  expect(played.choice).toBe(choice)
  expect(played.plays?.id).toBe(plays)
})

test('the choice of the group number is shown as such, and the schedules that say otherwise beside it', () => {
  const [first, second] = group.schedules
  const scheduled: GroupNumber = {
    ...withMessages({ music: [] }),
    schedules: [
      { ...first!, welcome: own.id },
      { ...second!, welcome: null },
    ],
  }
  const { plays, otherwise } = playedMessage(example, scheduled, 'welcome', now)
  expect(plays?.id).toBe(prerecorded('welcome').id)
  expect(otherwise).toMatchObject([
    { in: 'schedule', id: first!.id, active: true, message: { id: own.id } },
    { in: 'schedule', id: second!.id, active: false, message: undefined },
  ])
})

test('exceptions with a message of their own are shown until they are over, yearly ones always', () => {
  const exception = (id: string, from: string, more: Partial<Exception> = {}): Exception => ({
    id: id as Exception['id'],
    name: id,
    effect: 'closed',
    from: `${from}T00:00` as Exception['from'],
    to: `${from}T24:00`.replace('T24:00', 'T23:59') as Exception['to'],
    message: own.id,
    ...more,
  })
  const excepted: GroupNumber = {
    ...group,
    exceptions: [
      exception('over', '2026-11-01'),
      exception('soon', '2026-12-24'),
      exception('yearly', '2025-12-31', { yearly: true }),
      exception('open', '2026-12-13', { effect: 'open' }),
    ],
  }
  const idsOf = (kind: 'welcome' | 'closed') =>
    playedMessage(example, excepted, kind, now).otherwise.map(({ id }) => id)
  expect(idsOf('closed')).toEqual(['soon', 'yearly'])
  expect(idsOf('welcome')).toContain('open')
})

test('music plays in the order chosen, else the prerecorded', () => {
  const music = prerecorded('music').id
  expect(playedMusic(example, withMessages({ music: [] }))).toMatchObject({
    choice: 'prerecorded',
    plays: [{ id: music }],
  })
  expect(playedMusic(example, withMessages({ music: [own.id, music] })).plays.map(({ id }) => id)).toEqual([
    own.id,
    music,
  ])
})

test('another group number’s own messages may not be chosen', () => {
  const other = example.groupNumbers[1]!
  expect(choosableFor(example, group, 'welcome').map(({ id }) => id)).toContain(own.id)
  expect(choosableFor(example, other, 'welcome').map(({ id }) => id)).not.toContain(own.id)
})

test('a message is used where it is chosen, and a prerecorded one where nothing is', () => {
  const uses = messageUses({
    ...example,
    groupNumbers: [{ ...withMessages({ closed: own.id, music: [] }), schedules: [], exceptions: [] }],
  })
  expect(uses.get(own.id)).toMatchObject([{ use: 'closed', chosen: { in: 'groupNumber' } }])
  expect(uses.get(prerecorded('welcome').id)).toMatchObject([{ use: 'welcome', chosen: 'unchosen' }])
  expect(uses.get(prerecorded('closed').id)).toBeUndefined()
})
