import { afterAll, beforeAll, beforeEach, describe, expect } from 'vitest'
import type { AgentId, E164, GroupNumberId } from '../../src/core/configuration/types.ts'
import type { Tone } from './support/company.ts'
import type { ConsoleAsks } from './support/console-asks.ts'
import type { Desk } from './support/desk.ts'
import { findings } from './support/findings.ts'
import { heard, heardSoFar, numbers, openOffice, type Office } from './support/office.ts'
import { peers, testWith } from './support/peers.ts'
import type { Snippet } from './support/tones.ts'

const soon = { timeout: 15_000, interval: 50 }
const outsideNumber = '+46855512345'
const coraNumber = '+46709000001'

/** The group numbers of the company, by what is special about them. */
const groups = {
  team: '+46122263000',
  sales: '+46122263001',
  announcing: '+46122263002',
  callingBack: '+46122263003',
  phones: '+46122263004',
  machines: '+46122263005',
  messages: '+46122263006',
  picking: '+46122263007',
  missing: '+46122263008',
}
type Group = keyof typeof groups

let office: Office
let asks: ConsoleAsks
let anna: Desk
let ben: Desk
/** Without them every scene is skipped. */
const possible = peers.chromium !== undefined

beforeAll(async () => {
  if (!possible) return
  office = await openOffice(
    {},
    {
      benSupervises: ['team'],
      adapt({ agents, groupNumbers, messages, agent, groupNumber, message }) {
        messages.push(message('comfort', 'comfort', 1))
        agents.push(agent('cora', { phone: coraNumber as E164, answersAt: 'phone' }))
        const both = ['anna', 'ben']
        groupNumbers.push(
          groupNumber('team', { number: groups.team, members: both }),
          groupNumber('picking', { number: groups.picking, members: both }),
          groupNumber('missing', { number: groups.missing, members: ['anna'] }),
          groupNumber('sales', { number: groups.sales, members: ['ben'] }),
          groupNumber('announcing', {
            number: groups.announcing,
            members: ['anna'],
            settings: { announcePosition: true, announceWait: true, comfortSeconds: 1, ringSeconds: 120 },
          }),
          groupNumber('callingBack', {
            number: groups.callingBack,
            members: ['anna'],
            settings: { callback: { digit: '5', afterSeconds: 0, tries: 2, untilHours: 1 } },
          }),
          groupNumber('phones', { number: groups.phones, members: ['cora', 'ben'] }),
          groupNumber('machines', {
            number: groups.machines,
            members: ['cora', 'ben'],
            settings: { acceptOnPhone: { digit: '1', seconds: 4 } },
          }),
          groupNumber('messages', {
            number: groups.messages,
            members: ['anna'],
            settings: { whenNoAgents: { do: 'voicemail' } },
          }),
        )
      },
    },
  )
  asks = await office.asks()
  ;[anna, ben] = await Promise.all([office.desk('anna'), office.desk('ben')])
})
afterAll(async () => {
  if (possible) await office.close()
})

/** Nobody is logged in, and nobody is in a call. */
beforeEach(async () => {
  if (!possible) return
  await asks.endCalls()
  for (const agent of ['anna', 'ben', 'cora'] as AgentId[]) await asks.ask({ type: 'logOut', agent })
  await Promise.all([anna, ben].map(atDesk))
})

async function atDesk({ page }: Desk) {
  if (new URL(page.url()).pathname !== '/desk') await page.goto(`${office.origin}/desk`)
  await page.getByText('The phone is connected').waitFor()
  await page.getByText('You are logged out', { exact: true }).waitFor()
}

const logIn = (agent: 'anna' | 'ben' | 'cora', group: Group) =>
  asks.ask({ type: 'logIn', agent: agent as string as AgentId, group: group as string as GroupNumberId })

/** Whoever can be listened to: a browser, baresip, SIPp's ear. */
type Party = { hears(): readonly Snippet[] | Promise<readonly Snippet[]> }

/** Waits until this party hears these, and nobody else. */
async function hears(party: Party, ...tones: Tone[]) {
  await expect.poll(async () => heard(await party.hears()).toSorted(), soon).toEqual(tones.toSorted())
}

/** A caller who talks with Anna. */
async function talksWithAnna(group: Group = 'team') {
  await logIn('anna', group)
  const caller = await office.sipp(groups[group])
  await anna.incoming.waitFor()
  await anna.answers()
  await hears(caller.ear, 'anna')
  await hears(anna, 'caller')
  return caller
}

testWith(
  'chromium',
  'sipp',
  'espeak-ng',
)('a caller who hears the place in the queue is put through at once when an agent takes the call', async () => {
  const caller = await office.sipp(groups.announcing)
  const sounds = () => heardSoFar(caller.ear)
  await expect.poll(() => sounds().includes('speech'), soon).toBe(true)
  expect(sounds().slice(0, 3)).toEqual(['welcome', 'music', 'comfort'])
  await logIn('anna', 'announcing')
  await anna.incoming.waitFor()
  // The next announcement, which is several seconds long.
  const before = sounds().filter((sound) => sound === 'speech').length
  await expect.poll(() => sounds().filter((sound) => sound === 'speech').length, soon).toBeGreaterThan(before)
  await anna.answers()
  await hears(caller.ear, 'anna')
  await hears(anna, 'caller')
  await expect.poll(() => sounds().at(-1), soon).toBe('anna')
  expect(sounds().at(-2)).toBe('speech')
  await anna.hangsUp()
  expect(await caller.ended).toBe(0)
})

testWith(
  'chromium',
  'sipp',
  'baresip',
  'espeak-ng',
)('a caller who asks for it is rung back when it is the turn, the agent first', async () => {
  await logIn('anna', 'callingBack')
  await asks.ask({ type: 'pause', agent: 'anna' as AgentId })
  const telephone = await office.outside(numbers.caller, 'caller')
  const caller = await office.sipp(groups.callingBack)
  await hears(caller.ear, 'music')
  caller.ear.press('5')
  await expect.poll(() => heardSoFar(caller.ear).at(-1), soon).toBe('speech')
  caller.ear.press('5')
  expect(await caller.ended).toBe(0)
  expect(telephone.rings).toBe(0)
  await asks.ask({ type: 'resume', agent: 'anna' as AgentId })
  await anna.incoming.waitFor()
  expect(telephone.rings).toBe(0)
  await anna.answers()
  await telephone.answers()
  await hears(telephone, 'anna')
  await hears(anna, 'caller')
  await anna.hangsUp()
  await expect.poll(() => telephone.events.at(-1), soon).toBe('CALL_CLOSED')
})

testWith('chromium', 'sipp')('a message that a caller leaves is in the list of the agents, and is heard', async () => {
  const caller = await office.sipp(groups.messages)
  await expect.poll(() => heardSoFar(caller.ear), soon).toEqual(['fallback', 'caller'])
  // A second of what is said.
  const enough = caller.ear.heardPackets() + 60
  await expect.poll(() => caller.ear.heardPackets(), soon).toBeGreaterThan(enough)
  caller.ear.press('#')
  expect(await caller.ended).toBe(0)
  await anna.page.getByText('Messages (1)').click()
  await anna.page.getByRole('button', { name: 'Listen to the message from' }).click()
  await expect.poll(async () => heard(await anna.hearsPlayed()), soon).toEqual(['caller'])
  await anna.page.getByText('Calls (').click()
})

describe('an agent on an ordinary phone', () => {
  testWith(
    'chromium',
    'sipp',
    'baresip',
    'espeak-ng',
  )('who presses 1 after what is said has the caller', async () => {
    const telephone = await office.outside(coraNumber, 'cora')
    await logIn('cora', 'phones')
    const caller = await office.sipp(groups.phones)
    await telephone.answers()
    await expect.poll(() => heardSoFar(telephone), soon).toEqual(['speech'])
    await hears(caller.ear, 'music')
    telephone.press('1')
    await hears(caller.ear, 'cora')
    await hears(telephone, 'caller')
    telephone.hangUp()
    expect(await caller.ended).toBe(0)
  })

  testWith(
    'chromium',
    'sipp',
    'baresip',
    'espeak-ng',
  )('whose voicemail answers does not get the caller, who is offered to the next agent', async () => {
    const telephone = await office.outside(coraNumber, 'cora')
    await logIn('cora', 'machines')
    await logIn('ben', 'machines')
    const caller = await office.sipp(groups.machines)
    await telephone.answers()
    await ben.incoming.waitFor()
    await expect.poll(() => telephone.events.at(-1), soon).toBe('CALL_CLOSED')
    expect(heardSoFar(telephone)).toEqual(['speech'])
    expect(heardSoFar(caller.ear)).not.toContain('cora')
    await ben.answers()
    await hears(caller.ear, 'ben')
    await ben.hangsUp()
    expect(await caller.ended).toBe(0)
  })
})

testWith('chromium', 'sipp')(
  'of two who take one waiting caller at once one has the call, and the other is told who',
  async () => {
    for (const agent of ['anna', 'ben'] as const) {
      await logIn(agent, 'picking')
      await asks.ask({ type: 'pause', agent: agent as string as AgentId })
    }
    const caller = await office.sipp(groups.picking, 'laterCaller')
    await hears(caller.ear, 'music')
    const take = async ({ page }: Desk) => {
      await page.getByRole('button', { name: 'Do something about 070-765 43 21 in the queue' }).click()
      return page.getByRole('menuitem', { name: 'Take the call' })
    }
    const items = await Promise.all([anna, ben].map(take))
    await Promise.all(items.map((item) => item.click()))
    const [first] = await Promise.all([
      Promise.race([anna, ben].map((desk) => desk.incoming.waitFor().then(() => desk))),
    ])
    const [winner, loser, name] = first === anna ? ([anna, ben, 'Anna'] as const) : ([ben, anna, 'Ben'] as const)
    await loser.page.getByText(`${name} was first.`).waitFor()
    expect(await loser.incoming.count()).toBe(0)
    await winner.answers()
    await hears(caller.ear, winner === anna ? 'anna' : 'ben')
    await winner.hangsUp()
    expect(await caller.ended).toBe(0)
  },
)

testWith('chromium', 'sipp')(
  'a supervisor listens in on a call, whispers to the agent, and speaks to both',
  async () => {
    const caller = await talksWithAnna()
    const { page } = ben
    await page.goto(`${office.origin}/admin/numbers/team/monitor`)
    await page.getByRole('button', { name: 'Listen in on Anna' }).click()
    const bar = page.getByRole('region', { name: 'Listening in on Anna' })
    await bar.getByText('Nobody hears you.').waitFor()
    await hears(ben, 'anna', 'caller')
    await anna.inCall.getByText('Ben Lund is listening in.').waitFor()
    await hears(anna, 'caller')
    await hears(caller.ear, 'anna')

    for (const seen of [page, anna.page]) expect(await findings(seen)).toEqual([])

    await bar.getByText('Whisper to the agent').click()
    await hears(anna, 'ben', 'caller')
    await hears(caller.ear, 'anna')
    await bar.getByText('Speak to both').click()
    await hears(caller.ear, 'anna', 'ben')
    await bar.getByText('Listen', { exact: true }).click()
    await hears(caller.ear, 'anna')
    await hears(anna, 'caller')
    await hears(ben, 'anna', 'caller')

    await bar.getByRole('button', { name: 'Stop listening' }).click()
    await bar.waitFor({ state: 'detached' })
    await hears(ben)
    await hears(caller.ear, 'anna')
    await anna.hangsUp()
    expect(await caller.ended).toBe(0)
  },
)

testWith('chromium', 'sipp')('who listens in and answers a caller of their own listens no more', async () => {
  await logIn('ben', 'sales')
  const caller = await talksWithAnna()
  const { page } = ben
  await page.goto(`${office.origin}/admin/numbers/team/monitor`)
  await page.getByRole('button', { name: 'Listen in on Anna' }).click()
  await hears(ben, 'anna', 'caller')
  const later = await office.sipp(groups.sales, 'laterCaller')
  await page.getByRole('alert').getByRole('link', { name: 'Desk' }).click()
  await ben.answers()
  await hears(ben, 'laterCaller')
  await hears(later.ear, 'ben')
  await anna.inCall.getByText('is listening in').waitFor({ state: 'detached' })
  await hears(caller.ear, 'anna')
  await hears(anna, 'caller')
  await Promise.all([anna.hangsUp(), ben.hangsUp()])
  expect(await Promise.all([caller.ended, later.ended])).toEqual([0, 0])
})

/** Whom Anna transfers to: how that one is found, made ready, answers and is heard. */
const targets = {
  'an agent': {
    typed: 'Ben',
    tone: 'ben',
    ready: () => logIn('ben', 'sales').then(() => ben),
    answers: () => ben.incoming.waitFor().then(() => ben.answers()),
    hangsUp: () => ben.hangsUp(),
  },
  'a group number': {
    typed: 'sales',
    tone: 'ben',
    ready: () => logIn('ben', 'sales').then(() => ben),
    answers: () => ben.incoming.waitFor().then(() => ben.answers()),
    hangsUp: () => ben.hangsUp(),
  },
  'a number outside': {
    typed: outsideNumber,
    tone: 'outside',
    ready: () => office.outside(outsideNumber, 'outside'),
    answers: (third: Party) => (third as Awaited<ReturnType<Office['outside']>>).answers(),
    hangsUp: (third: Party) => {
      ;(third as Awaited<ReturnType<Office['outside']>>).hangUp()
    },
  },
} as const
type Target = keyof typeof targets

describe.each(Object.keys(targets) as Target[])('a call transferred to %s', (target) => {
  const { typed, tone, ready, answers, hangsUp } = targets[target]

  async function transfer(how: 'Transfer now' | 'Ask first') {
    const { page, inCall } = anna
    const field = page.getByRole('combobox', { name: 'Colleague, group number or number' })
    if (!(await field.isVisible())) await inCall.getByRole('button', { name: 'Transfer', exact: true }).click()
    await field.fill(typed)
    await page.getByRole('button', { name: how }).click()
  }

  testWith(
    'chromium',
    'sipp',
    'baresip',
  )(`is put through at once to ${target}`, async () => {
    const third = await ready()
    const caller = await talksWithAnna()
    await transfer('Transfer now')
    await anna.inCall.waitFor({ state: 'detached' })
    await hears(caller.ear, 'music')
    await hears(anna)
    await answers(third)
    await hears(caller.ear, tone)
    await hears(third, 'caller')
    await hangsUp(third)
    expect(await caller.ended).toBe(0)
  })

  testWith(
    'chromium',
    'sipp',
    'baresip',
  )(`is taken back from ${target}, and put through when asked again`, async () => {
    const third = await ready()
    const caller = await talksWithAnna()
    await transfer('Ask first')
    await hears(caller.ear, 'music')
    await answers(third)
    await hears(third, 'anna')
    await hears(anna, tone)
    await hears(caller.ear, 'music')

    await anna.page.getByRole('button', { name: 'Back to the caller' }).click()
    await hears(caller.ear, 'anna')
    await hears(anna, 'caller')
    await hears(third)

    await transfer('Ask first')
    await answers(third)
    await hears(third, 'anna')
    await hears(anna, tone)
    await anna.page.getByRole('button', { name: 'Put together' }).click()
    await anna.inCall.waitFor({ state: 'detached' })
    await hears(caller.ear, tone)
    await hears(third, 'caller')
    await hears(anna)
    await hangsUp(third)
    expect(await caller.ended).toBe(0)
  })
})

testWith('chromium', 'baresip')(
  'a caller who was not served is work for the agents until the caller gets through',
  async () => {
    await logIn('anna', 'missing')
    await asks.ask({ type: 'pause', agent: 'anna' as AgentId })
    const caller = await office.baresip()
    caller.dial(groups.missing)
    await hears(caller, 'music')
    caller.hangUp()
    const missed = anna.page.getByRole('list', { name: 'Missed calls' })
    const item = missed.getByRole('listitem').filter({ hasText: 'missing' })
    await item.getByText('hung up in the queue').waitFor()
    const act = async (name: string) => {
      await item.getByRole('button', { name: 'Do something about' }).click()
      await anna.page.getByRole('menuitem', { name }).click()
    }
    await act('Take it')
    await item.getByText('Anna').waitFor()
    await act('Note')
    await anna.page.getByRole('dialog').getByRole('textbox').fill('Wants an offer')
    await anna.page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
    await item.getByText('Wants an offer').waitFor()

    caller.dial(groups.missing)
    await hears(caller, 'music')
    await asks.ask({ type: 'resume', agent: 'anna' as AgentId })
    await anna.incoming.waitFor()
    await anna.answers()
    await hears(caller, 'anna')
    caller.hangUp()
    await item.getByText('got through').waitFor()
  },
)
