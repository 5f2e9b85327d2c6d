import { afterAll, beforeAll, describe, expect } from 'vitest'
import type { Action, E164, GroupNumberId, Settings } from '../../src/core/configuration/types.ts'
import { heard, heardSoFar, openOffice, type Office } from './support/office.ts'
import { testWith } from './support/peers.ts'

const soon = { timeout: 15_000, interval: 50 }
const outsideNumber = '+46855512345'
const otherNumber = '+46122261000'

/** Why a caller is not queued, or no longer, and what is heard then. */
const kinds = {
  closed: { message: 'closed', setting: 'whenClosed', settings: {} },
  full: { message: 'fallback', setting: 'whenFull', settings: { maxQueueLength: 0 } },
  timeout: { message: 'fallback', setting: 'whenTimeout', settings: { maxWaitSeconds: 2 } },
  noAgents: { message: 'fallback', setting: 'whenNoAgents', settings: {} },
} as const satisfies Record<string, { message: string; setting: keyof Settings; settings: Partial<Settings> }>
type Kind = keyof typeof kinds
const kindNames = Object.keys(kinds) as Kind[]

const actions = {
  hangUp: { do: 'hangUp' },
  forward: { do: 'forward', to: outsideNumber as E164 },
  group: { do: 'group', to: 'other' as GroupNumberId },
  voicemail: { do: 'voicemail' },
} as const satisfies Record<string, Action>
const actionNames = Object.keys(actions) as (keyof typeof actions)[]

const nameOf = (kind: Kind, action: keyof typeof actions) => `${kind}-${action}`
const numberOf = (kind: Kind, action: keyof typeof actions) =>
  `+4612226${String(2000 + 10 * kindNames.indexOf(kind) + actionNames.indexOf(action))}`
/** Before the message: who is queued until a limit hears the welcome and music. */
const before = (kind: Kind) => (kind === 'timeout' ? ['welcome', 'music'] : [])

let office: Office

beforeAll(async () => {
  office = await openOffice(
    {},
    {
      adapt({ groupNumbers, messages, groupNumber, message }) {
        messages.push(message('ownWelcome', 'welcome', 1))
        for (const kind of kindNames)
          for (const action of actionNames) {
            const { setting, settings } = kinds[kind]
            const members = kind === 'noAgents' ? [] : ['anna']
            const own = { ...settings, [setting]: actions[action] }
            const number = groupNumber(nameOf(kind, action), { number: numberOf(kind, action), members, settings: own })
            groupNumbers.push(kind === 'closed' ? { ...number, activeSchedule: undefined, schedules: [] } : number)
          }
        const own = { welcome: 'ownWelcome', music: ['music'] }
        groupNumbers.push(groupNumber('other', { number: otherNumber, members: ['anna'], messages: own }))
      },
    },
  )
})
afterAll(() => office.close())

describe.concurrent.each(kindNames)('when %s', (kind) => {
  const { message } = kinds[kind]

  testWith('sipp')(`${kind}: the caller hears the message to its end, and is let go`, async ({ expect }) => {
    const caller = await office.sipp(numberOf(kind, 'hangUp'))
    expect(await caller.ended).toBe(0)
    expect(heardSoFar(caller.ear)).toEqual([...before(kind), message])
  })

  testWith('sipp')(`${kind}: the caller goes on in another group number`, async ({ expect }) => {
    const caller = await office.sipp(numberOf(kind, 'group'))
    await expect.poll(() => heardSoFar(caller.ear), soon).toEqual([...before(kind), message, 'ownWelcome', 'music'])
  })

  testWith('sipp')(`${kind}: the caller leaves a message`, async ({ expect }) => {
    const caller = await office.sipp(numberOf(kind, 'voicemail'))
    // The beep has the caller's pitch.
    await expect.poll(() => heardSoFar(caller.ear), soon).toEqual([...before(kind), message, 'caller'])
    await expect.poll(() => heard(caller.ear.hears()), soon).toEqual([])
    caller.ear.press('#')
    expect(await caller.ended).toBe(0)
  })
})

describe.each(kindNames)('when %s', (kind) => {
  const { message } = kinds[kind]

  testWith('sipp', 'baresip')(`${kind}: the caller is put through to a number outside`, async () => {
    const outside = await office.outside(outsideNumber, 'outside')
    const caller = await office.sipp(numberOf(kind, 'forward'))
    await outside.answers()
    await expect
      .poll(() => heardSoFar(caller.ear).filter((sound) => sound !== 'music'), soon)
      .toEqual([...before(kind).filter((sound) => sound !== 'music'), message, 'outside'])
    await expect.poll(() => heard(outside.hears()), soon).toEqual(['caller'])
    outside.hangUp()
    expect(await caller.ended).toBe(0)
  })
})
