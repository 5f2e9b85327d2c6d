import { describe, expect, test } from 'vitest'
import { messageFor, musicFor, type SpokenKind } from '../../../src/core/configuration/message-for.ts'
import type { Configuration, Exception, GroupNumber, MessageId } from '../../../src/core/configuration/types.ts'
import { configurationOf, groupOf, type Scene } from '../hours/scene.ts'

const prerecorded = [
  { id: 'closed-en', kind: 'closed', origin: 'prerecorded', language: 'en' },
  { id: 'own', kind: 'closed', origin: 'recorded', language: 'sv' },
  { id: 'closed-sv', kind: 'closed', origin: 'prerecorded', language: 'sv' },
  { id: 'closed-sv-2', kind: 'closed', origin: 'prerecorded', language: 'sv' },
  { id: 'comfort-sv', kind: 'comfort', origin: 'prerecorded', language: 'sv' },
] as const

/** Which closed message plays in a group number like this. */
function plays(group: Scene['group'], kind: SpokenKind = 'closed', deciding?: Partial<Exception>) {
  const scene: Scene = { week: {}, messages: prerecorded, ...(group && { group }) }
  return messageFor(configurationOf(scene), groupOf(scene), kind, deciding as Exception | undefined)
}

const ofSchedule = (closed: string | null) => ({ schedules: [{ id: 'ordinary', name: 'S', week: {}, closed }] })
const ofGroup = (closed: string | null) => ({ messages: { closed, music: [] } })

describe('[H15] which message plays', () => {
  test.each<[string, string | null, () => string | null]>([
    ['the first prerecorded one in the language of the company', 'closed-sv', () => plays({})],
    ["the group number's before that", 'g', () => plays(ofGroup('g'))],
    ["the active schedule's before that", 's', () => plays({ ...ofGroup('g'), ...ofSchedule('s') })],
    [
      "the exception's before that",
      'x',
      () => plays({ ...ofGroup('g'), ...ofSchedule('s') }, 'closed', { message: 'x' as MessageId }),
    ],
    ['an exception without one leaves it to the schedule', 's', () => plays(ofSchedule('s'), 'closed', {})],
    ['a schedule has no comfort message', 'comfort-sv', () => plays(ofSchedule('s'), 'comfort')],
    ['[H16] null in the schedule is silence', null, () => plays({ ...ofGroup('g'), ...ofSchedule(null) })],
    ['[H16] null in the group number is silence', null, () => plays(ofGroup(null))],
    ['[H16] none found is silence', null, () => plays({}, 'overflow')],
  ])('%s', (_, expected, answer) => {
    expect(answer()).toBe(expected)
  })
})

describe('[C17] the music', () => {
  const music = (own: string[], messages: Scene['messages']) =>
    musicFor(configurationOf({ messages: messages ?? [] }), { messages: { music: own } } as unknown as GroupNumber)
  const piece = (id: string, language: Configuration['company']['language']) =>
    ({ id, kind: 'music', origin: 'prerecorded', language }) as const

  test('is the group number’s own, in order', () => {
    expect(music(['b', 'a'], [piece('c', 'sv')])).toEqual(['b', 'a'])
  })
  test('else the prerecorded of the company’s language', () => {
    expect(music([], [piece('e', 'en'), piece('s', 'sv')])).toEqual(['s'])
  })
  test('else the prerecorded of another, which has no words anyway', () => {
    expect(music([], [piece('e', 'en')])).toEqual(['e'])
  })
  test('else silence', () => {
    expect(music([], [])).toEqual([])
  })
})
