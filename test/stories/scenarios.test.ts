import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parseConfiguration } from '../../src/core/configuration/parse.ts'
import type { AgentId, GroupNumberId, Settings } from '../../src/core/configuration/types.ts'
import { formatInstant, parseInstant } from '../../src/core/instant.ts'
import { report, reportRows, type Report } from '../../src/core/reports/report.ts'
import type { Notice } from '../../src/core/routing/messages.ts'
import { parseStory, playStory } from '../../src/core/routing/story.ts'
import { instant } from '../../src/core/time.ts'
import { company, supportNumber, type GroupSays } from '../support/routing/company.ts'
import { noticesOf } from '../support/routing/notices-of.ts'
import {
  agentHangsUp,
  agentIsLost,
  answers,
  arrives,
  confirms,
  consults,
  declines,
  dials,
  endsWrapUp,
  hangsUp,
  logsIn,
  logsInAsBefore,
  logsOut,
  outside,
  pauses,
  phone,
  resumes,
  scene,
  transfers,
  type Happening,
  type Script,
} from '../support/routing/scene.ts'

/**
 * Scenarios of other queue engines (`docs/scenarios.md` says which, and which are left out and why), in our
 * words. Each test is named by the scenario's id; the last test keeps the book.
 */
const tested = new Set<string>()

function scenario(id: string, what: string, run: () => void) {
  tested.add(id)
  test(`${id} ${what}`, run)
}

const b = '+46122260981'

/** One group number with these members; the rest is presets. */
const group = (members: GroupSays['members'], settings: Partial<Settings> = {}) =>
  company([{ members: members ?? [], settings }])

const everybody = (...agents: string[]): Happening[] => agents.map((agent) => logsIn(agent))

describe('Asterisk', () => {
  scenario('AST-01', 'a caller joins, is rung for, is connected, and leaves', () => {
    const { said } = scene(group(['m']), { 0: [logsIn('m'), arrives('c1'), answers('m', 'c1')], 1: [hangsUp('c1')] })
    expect(said('queued', 'ring', 'connected', 'completed')).toEqual([
      '0 queued c1 support 1',
      '0 ring c1 m',
      '0 connected c1 m 0',
      '1 completed c1 m caller 1',
    ])
  })

  scenario('AST-03', 'nobody answers: all are rung, all miss, and are rung again at once until the limit', () => {
    const { said } = scene(
      group(['a', 'b'], { strategy: 'ringAll', ringSeconds: 5, maxWaitSeconds: 8 }),
      { 0: [...everybody('a', 'b'), arrives('c1')] },
      { until: 60 },
    )
    expect(said('ring', 'missed', 'stopRinging', 'left')).toEqual([
      '0 ring c1 a',
      '0 ring c1 b',
      '5 stopRinging c1 a noAnswer',
      '5 missed c1 a 5',
      '5 stopRinging c1 b noAnswer',
      '5 missed c1 b 5',
      '5 ring c1 a',
      '5 ring c1 b',
      '8 stopRinging c1 a withdrawn',
      '8 stopRinging c1 b withdrawn',
      '8 left c1 timeout 8 1',
    ])
  })

  scenario('AST-04', 'one of two is paused: only the other is rung', () => {
    const { said } = scene(
      group(['a', 'b'], { strategy: 'ringAll', ringSeconds: 5, maxWaitSeconds: 8 }),
      { 0: [...everybody('a', 'b'), pauses('a'), arrives('c1')] },
      { until: 60 },
    )
    expect(said('ring', 'left')).toEqual(['0 ring c1 b', '5 ring c1 b', '8 left c1 timeout 8 1'])
  })

  scenario('AST-05', 'all are paused: nobody is rung, and nobody misses', () => {
    const { said } = scene(
      group(['a', 'b'], { strategy: 'ringAll', ringSeconds: 5, maxWaitSeconds: 8 }),
      { 0: [...everybody('a', 'b'), pauses('a'), pauses('b'), arrives('c1')] },
      { until: 60 },
    )
    expect(said('ring', 'missed', 'left')).toEqual(['8 left c1 timeout 8 1'])
  })

  scenario('AST-08', 'wrap-up after a call in one group number rests the agent in all', () => {
    const both = company([
      { id: 'q1', members: ['m1', 'm2'], settings: { strategy: 'fixedOrder', wrapUpSeconds: 600, maxWaitSeconds: 20 } },
      { id: 'q2', number: b, members: ['m1', 'm2'], settings: { strategy: 'fixedOrder', wrapUpSeconds: 600 } },
    ])
    const { said } = scene(
      both,
      {
        0: [...everybody('m1', 'm2'), arrives('c1'), answers('m1', 'c1')],
        1: [hangsUp('c1')],
        3: [arrives('c2', { to: b }), answers('m2', 'c2')],
        4: [hangsUp('c2')],
        6: [arrives('c3')],
      },
      { until: 60 },
    )
    expect(said('ring', 'left')).toEqual(['0 ring c1 m1', '3 ring c2 m2', '26 left c3 timeout 20 1'])
  })

  scenario(
    'AST-11',
    'a phone that redirects has declined: nobody else’s phone is rung for it, the next agent is',
    () => {
      // A switch tells a 3xx, valid or not, as `rejected` (test/switch/embedded).
      const { said, lines } = scene(group(['a', 'b', 'c'], { strategy: 'fixedOrder', maxWaitSeconds: 8 }), {
        0: [...everybody('a', 'b', 'c'), arrives('c1'), declines('a', 'c1'), declines('b', 'c1')],
        3: [answers('c', 'c1')],
      })
      expect(said('ring', 'missed', 'connected', 'left')).toEqual([
        '0 ring c1 a',
        '0 ring c1 b',
        '0 ring c1 c',
        '3 connected c1 c 3',
      ])
      expect(lines.filter(({ type }) => type === 'forward' || type === 'callOut')).toEqual([])
    },
  )

  scenario(
    'AST-12',
    'whoever redirects is named as the one who declined, and stays a member: nothing is rung in their name',
    () => {
      const { said } = scene(group(['a'], { ringSeconds: 5, missesBeforePause: 1, maxWaitSeconds: 8 }), {
        0: [logsIn('a'), arrives('c1'), declines('a', 'c1')],
        7: [],
      })
      expect(said('agentState', 'ring', 'missed')).toEqual([
        '0 agentState a available',
        '0 ring c1 a',
        '0 agentState a ringing',
        '0 agentState a available',
        '5 ring c1 a',
        '5 agentState a ringing',
      ])
    },
  )

  scenario('AST-13', 'a blind transfer completes once, by transfer, and the old legs’ ends say nothing', () => {
    const { said, lines } = scene(group(['m', 'n'], { wrapUpSeconds: 0 }), {
      0: [logsIn('m'), arrives('c1'), answers('m', 'c1')],
      5: [transfers('m', 'c1', { number: '+4687654321' })],
      6: [agentHangsUp('m', 'c1'), outside('c1', 'answered')],
      9: [hangsUp('c1')],
    })
    expect(said('completed', 'left', 'forward')).toEqual(['5 completed c1 m transfer 5', '5 forward c1 +4687654321'])
    expect(lines.filter(({ at }) => Number(at) > 5)).toEqual([])
  })

  scenario('AST-14', 'an attended transfer completes once, by transfer; one that comes to nothing does not', () => {
    const script = (last: Happening[]) => ({
      0: [logsIn('m'), arrives('c1'), answers('m', 'c1')],
      5: [consults('m', 'c1', { number: '+4687654321' })],
      7: last,
      9: [hangsUp('c1')],
    })
    const success = scene(group(['m']), script([outside('c1', 'answered'), confirms('c1'), agentHangsUp('m', 'c1')]))
    expect(success.said('completed', 'left', 'completeTransfer', 'hangUpAgent')).toEqual([
      '7 completeTransfer c1',
      '7 completed c1 m transfer 7',
    ])
    const failure = scene(group(['m']), script([outside('c1', 'busy')]))
    expect(failure.said('completed', 'left')).toEqual(['9 completed c1 m caller 9'])
  })

  scenario('AST-20', 'the reason of a pause is told, and told again when the pause goes on after a call', () => {
    const { said } = scene(group(['m'], { wrapUpSeconds: 5 }), {
      0: [logsIn('m'), arrives('c1'), answers('m', 'c1'), pauses('m', 'Break')],
      9: [hangsUp('c1')],
      14: [],
    })
    expect(said('agentState').slice(2)).toEqual([
      '0 agentState m talking',
      '0 agentState m paused Break',
      '9 agentState m wrapUp',
      '14 agentState m paused Break',
    ])
  })

  scenario('AST-21', 'the four outcomes: abandoned, completed by the agent, refused without agents, timed out', () => {
    const abandoned = scene(group(['m']), { 0: [arrives('c1')], 4: [hangsUp('c1')] })
    expect(abandoned.said('left')).toEqual(['4 left c1 abandoned 4 1'])
    const completed = scene(group(['m']), {
      0: [logsIn('m'), arrives('c1'), answers('m', 'c1')],
      9: [agentHangsUp('m', 'c1')],
    })
    expect(completed.said('completed')).toEqual(['9 completed c1 m agent 9'])
    const refused = scene(group(['m'], { whenNoAgents: { do: 'hangUp' } }), { 0: [arrives('c1')] })
    expect(refused.said('refused', 'hangUp')).toEqual(['0 refused c1 support noAgents', '0 hangUp c1 noAgents'])
    const timedOut = scene(group(['m'], { maxWaitSeconds: 1 }), { 0: [arrives('c1')] }, { until: 9 })
    expect(timedOut.said('left')).toEqual(['1 left c1 timeout 1 1'])
  })
})

describe('Wazo', () => {
  const three = [arrives('c1'), arrives('c2'), arrives('c3')]

  scenario('WZ-01', 'a full queue refuses: one of four is admitted', () => {
    const { said } = scene(group(['m'], { maxQueueLength: 1 }), { 0: [...three, arrives('c4')] })
    expect(said('queued', 'refused')).toEqual([
      '0 queued c1 support 1',
      '0 refused c2 support full',
      '0 refused c3 support full',
      '0 refused c4 support full',
    ])
  })

  scenario('WZ-02', 'three callers give up: each with the wait, and the place of that moment', () => {
    const { said } = scene(group(['m']), { 0: three, 3: [hangsUp('c3'), hangsUp('c2'), hangsUp('c1')] })
    expect(said('queued').map((line) => line.at(-1))).toEqual(['1', '2', '3'])
    expect(said('left')).toEqual(['3 left c3 abandoned 3 3', '3 left c2 abandoned 3 2', '3 left c1 abandoned 3 1'])
  })

  scenario('WZ-03', 'each admitted caller is told once', () => {
    const { said } = scene(group(['m']), { 0: three })
    expect(said('queued')).toEqual(['0 queued c1 support 1', '0 queued c2 support 2', '0 queued c3 support 3'])
  })

  scenario('WZ-04', 'with nobody logged in callers are refused, where that is set', () => {
    const { said } = scene(group(['m'], { whenNoAgents: { do: 'hangUp' } }), { 0: three })
    expect(said('queued', 'refused')).toEqual([
      '0 refused c1 support noAgents',
      '0 refused c2 support noAgents',
      '0 refused c3 support noAgents',
    ])
  })

  scenario('WZ-05', 'an answer after two seconds is one connection with that wait', () => {
    const { said } = scene(group(['m']), { 0: [logsIn('m'), arrives('c1')], 2: [answers('m', 'c1')] })
    expect(said('connected')).toEqual(['2 connected c1 m 2'])
  })

  scenario('WZ-07', 'the caller hangs up: completed by the caller', () => {
    const { said } = scene(group(['m']), {
      0: [logsIn('m'), arrives('c1'), answers('m', 'c1')],
      5: [hangsUp('c1')],
      6: [agentHangsUp('m', 'c1')],
    })
    expect(said('completed')).toEqual(['5 completed c1 m caller 5'])
  })

  scenario('WZ-08', 'the agent hangs up: completed by the agent', () => {
    const { said } = scene(group(['m']), {
      0: [logsIn('m'), arrives('c1'), answers('m', 'c1')],
      5: [agentHangsUp('m', 'c1')],
      6: [hangsUp('c1')],
    })
    expect(said('completed', 'hangUp')).toEqual(['5 completed c1 m agent 5', '5 hangUp c1 agentHungUp'])
  })

  scenario('WZ-09', 'closed: callers are refused, and none was in the queue', () => {
    const closed = company([{ members: ['m'], override: { effect: 'closed' } }])
    const { said } = scene(closed, { 0: [logsIn('m'), arrives('c1'), arrives('c2')] })
    expect(said('queued', 'refused')).toEqual(['0 refused c1 support closed', '0 refused c2 support closed'])
  })

  scenario('WZ-11', 'a pause is for all group numbers, and is told once; so is its end', () => {
    const both = company([{ members: ['m'] }, { id: 'sales', number: b, members: ['m'] }])
    const { said } = scene(both, {
      0: [logsIn('m')],
      1: [pauses('m')],
      2: [arrives('c1'), arrives('c2', { to: b })],
      3: [hangsUp('c1'), hangsUp('c2')],
      4: [resumes('m')],
    })
    expect(said('agentState', 'ring')).toEqual([
      '0 agentState m available',
      '1 agentState m paused',
      '4 agentState m available',
    ])
  })

  scenario('WZ-12', 'wrap-up starts when the call is completed', () => {
    const { said } = scene(group(['m'], { wrapUpSeconds: 5 }), {
      0: [logsIn('m'), arrives('c1'), answers('m', 'c1')],
      7: [hangsUp('c1')],
    })
    expect(said('wrapUpStarted')).toEqual(['7 wrapUpStarted m 12'])
  })

  scenario('WZ-13', 'logging in twice is one log-in, and logging out twice one log-out', () => {
    const { said } = scene(group(['m']), { 0: [logsIn('m'), logsIn('m')], 1: [logsOut('m'), logsOut('m')] })
    expect(said('agentState')).toEqual(['0 agentState m available', '1 agentState m loggedOut'])
  })

  scenario('WZ-15', 'an agent who logs in to one group number is rung for it, and after logging out is not', () => {
    const { said } = scene(group(['m'], { maxWaitSeconds: 3 }), {
      0: [logsIn('m', 'support'), arrives('c1')],
      2: [hangsUp('c1'), logsOut('m', 'support')],
      4: [arrives('c2')],
      9: [],
    })
    expect(said('ring')).toEqual(['0 ring c1 m'])
  })

  scenario('WZ-16', 'an agent who wants not to be disturbed, which is a pause, is not rung with the others', () => {
    const { said } = scene(group(['p', 'r'], { strategy: 'ringAll' }), {
      0: [...everybody('p', 'r'), pauses('p'), arrives('c1')],
    })
    expect(said('ring')).toEqual(['0 ring c1 r'])
  })

  scenario('WZ-18', 'an agent who is logged in, and becomes a member of a new group number, is rung for it', () => {
    const before = company([{ members: ['m'] }])
    const after = company([{ members: ['m'] }, { id: 'new', number: b, members: ['m'] }])
    const { said } = scene(before, {
      0: [logsIn('m')],
      1: [{ type: 'configured', configuration: parsable(after) }],
      2: [arrives('c1', { to: b }), answers('m', 'c1')],
      5: [agentHangsUp('m', 'c1')],
    })
    expect(said('ring', 'connected', 'completed')).toEqual([
      '2 ring c1 m',
      '2 connected c1 m 0',
      '5 completed c1 m agent 3',
    ])
  })

  scenario('WZ-19', 'a limit takes only the caller who still waits, and only where there is one', () => {
    const three = company([
      { id: 'T', members: ['m'], settings: { maxWaitSeconds: 15 } },
      { id: 'N', number: b, members: [], settings: { maxWaitSeconds: 0 } },
      { id: 'F', number: '+46122260982', members: [], settings: { maxWaitSeconds: 1 } },
    ])
    const { said } = scene(
      three,
      {
        0: [
          ...['answered', 'moved', 'alone'].map((call) => arrives(call)),
          arrives('n1', { to: b }),
          arrives('f1', { to: '+46122260982' }),
        ],
        5: [logsIn('m'), answers('m', 'answered')],
        6: [{ type: 'callMoved', call: 'moved', group: 'N' }],
      },
      { until: 600 },
    )
    // A limit without an action hangs up: no caller waits for ever because a setting was left out.
    expect(said('connected', 'moved', 'left', 'completed', 'hangUp')).toEqual([
      '1 left f1 timeout 1 1',
      '1 hangUp f1 timeout',
      '5 connected answered m 5',
      '6 moved moved T N 6',
      '15 left alone timeout 15 1',
      '15 hangUp alone timeout',
    ])
  })
})

describe('Wazo, log-in by group number', () => {
  scenario('WZ-24', 'which group numbers an agent was logged in to is remembered over a full log-out', () => {
    const both = company([
      { id: 'qa', members: ['m'] },
      { id: 'qb', number: b, members: ['m'] },
    ])
    const rungFor = (...script: Happening[]) => {
      const { said } = scene(both, { 0: script, 1: [arrives('a1')], 2: [hangsUp('a1')], 3: [arrives('b1', { to: b })] })
      return said('ring').map((line) => line.split(' ')[2])
    }
    // On in qa, off in qb: out, and in again.
    expect(rungFor(logsIn('m', 'qa'), logsOut('m'), logsInAsBefore('m'))).toEqual(['a1'])
    // Switched over, out, and in again: off in qa, on in qb.
    expect(
      rungFor(logsIn('m', 'qa'), logsIn('m', 'qb'), logsOut('m', 'qa'), logsOut('m'), logsInAsBefore('m')),
    ).toEqual(['b1'])
    // To all, whatever is remembered; and as before, where nothing is.
    expect(rungFor(logsIn('m', 'qa'), logsOut('m'), logsIn('m'))).toEqual(['a1', 'b1'])
    expect(rungFor(logsInAsBefore('m'))).toEqual(['a1', 'b1'])
    // By group number while logged out everywhere: that one alone.
    expect(rungFor(logsIn('m', 'qb'))).toEqual(['b1'])
  })
})

/** A document that the parser takes: stories carry documents, and `company` makes only what routing reads. */
function parsable(document: ReturnType<typeof company>) {
  return JSON.parse(JSON.stringify(document)) as typeof document
}

describe('OpenACD and Kazoo', () => {
  scenario('OA-01', 'more urgent callers first, and of equals who came first', () => {
    const urgent = group(['m'], { wrapUpSeconds: 0, callers: [{ prefix: '+4671', priority: 1 }] })
    const { said } = scene(urgent, {
      0: [arrives('c1')],
      1: [arrives('c2', { from: '+46712345678' })],
      2: [arrives('c3')],
      3: [logsIn('m'), answers('m', 'c2')],
      4: [agentHangsUp('m', 'c2'), answers('m', 'c1')],
      5: [agentHangsUp('m', 'c1'), answers('m', 'c3')],
      6: [agentHangsUp('m', 'c3')],
    })
    expect(said('ring')).toEqual(['3 ring c2 m', '4 ring c1 m', '5 ring c3 m'])
  })

  scenario('OA-02', 'a caller is offered to one agent at a time', () => {
    const { said } = scene(group(['a', 'b']), { 0: [...everybody('a', 'b'), arrives('c1')], 5: [] })
    expect(said('ring')).toEqual(['0 ring c1 a'])
  })

  scenario('OA-03', 'a caller whose agent declines is at the old place', () => {
    const { said } = scene(group(['a', 'b'], { wrapUpSeconds: 0 }), {
      0: [logsIn('a'), arrives('c1'), arrives('c2')],
      2: [declines('a', 'c1'), declines('a', 'c1'), declines('b', 'c1')],
      3: [logsIn('b')],
    })
    expect(said('ring')).toEqual(['0 ring c1 a', '2 ring c2 a', '3 ring c1 b'])
  })

  scenario('OA-04', 'raising a waiting caller puts them first', () => {
    const { said } = scene(group(['m']), {
      0: [arrives('c1'), arrives('c2'), arrives('c3')],
      1: [{ type: 'prioritised', call: 'c2', priority: 1 }],
      2: [logsIn('m')],
    })
    expect(said('ring')).toEqual(['2 ring c2 m'])
  })

  scenario('OA-05', 'lowering the first makes the second first', () => {
    const { said } = scene(group(['m']), {
      0: [arrives('c1'), arrives('c2'), arrives('c3')],
      1: [{ type: 'prioritised', call: 'c1', priority: -1 }],
      2: [logsIn('m')],
    })
    expect(said('ring')).toEqual(['2 ring c2 m'])
  })

  scenario('OA-06', 'a change of a call that has ended changes nothing', () => {
    const { said } = scene(group(['m']), {
      0: [arrives('c1'), arrives('c2')],
      1: [hangsUp('c1')],
      2: [{ type: 'prioritised', call: 'c1', priority: 9 }, hangsUp('c1')],
      3: [logsIn('m')],
    })
    expect(said('left', 'ring')).toEqual(['1 left c1 abandoned 1 1', '3 ring c2 m'])
    const outOfRange = parseConfiguration({
      ...parsable(group(['m'])),
      groupNumbers: [{ ...group(['m']).groupNumbers[0], settings: { priority: -1001 } }],
    })
    expect(outOfRange).toMatchObject({ ok: false, problem: [{ path: 'groupNumbers[0].settings.priority' }] })
  })

  const twoGroups = (first: number, second: number) =>
    company([
      { id: 'q1', members: ['m'], settings: { priority: first, callers: [{ prefix: '+4671', priority: 10 }] } },
      { id: 'q2', number: b, members: ['m'], settings: { priority: second } },
    ])

  scenario('OA-07', 'between group numbers the priority of the group number comes first', () => {
    const { said } = scene(twoGroups(5, 10), {
      0: [arrives('c1', { from: '+46712345678' }), arrives('c2', { to: b })],
      1: [logsIn('m')],
    })
    expect(said('ring')).toEqual(['1 ring c2 m'])
  })

  scenario('OA-08', 'between group numbers of one priority the more urgent caller comes first', () => {
    const { said } = scene(twoGroups(5, 5), {
      0: [arrives('c2', { to: b }), arrives('c1', { from: '+46712345678' })],
      1: [logsIn('m')],
    })
    expect(said('ring')).toEqual(['1 ring c1 m'])
  })

  scenario('OA-10', 'of three group numbers that of the highest priority is served', () => {
    const groups = [1, 2, 99].map((priority, index) => ({
      id: `q${String(index)}`,
      number: `+4612226098${String(index)}`,
      members: ['m'],
      settings: { priority },
    }))
    const { said } = scene(company(groups), {
      0: [0, 1, 2].map((index) => arrives(`c${String(index)}`, { to: `+4612226098${String(index)}` })),
      1: [logsIn('m')],
    })
    expect(said('ring')).toEqual(['1 ring c2 m'])
  })

  scenario(
    'KZ-02',
    'a configuration that is the same, in whatever order, changes nothing; another adds and removes',
    () => {
      const before = group(['y', 'z'])
      const { said } = scene(before, {
        0: [logsIn('y'), arrives('c1')],
        1: [before, group(['z', 'y'])].map((same) => ({ type: 'configured', configuration: parsable(same) })),
        2: [{ type: 'configured', configuration: parsable(group(['x'])) }],
        3: [logsIn('x')],
      })
      expect(said('ring', 'stopRinging')).toEqual(['0 ring c1 y', '2 stopRinging c1 y withdrawn', '3 ring c1 x'])
    },
  )
})

describe('distribution', () => {
  scenario('D-01', 'longest idle: only a completed call moves the clock, so a silent agent is rung again', () => {
    const { said } = scene(group(['b', 'c', 'a'], { missesBeforePause: 0, wrapUpSeconds: 0, ringSeconds: 5 }), {
      0: [logsIn('b'), arrives('c1'), answers('b', 'c1')],
      1: [logsIn('c'), logsIn('a'), arrives('c2'), answers('c', 'c2')],
      50: [hangsUp('c2')],
      100: [hangsUp('c1')],
      200: [arrives('c3')],
      230: [],
    })
    expect(said('ring').slice(2, 6)).toEqual(['200 ring c3 a', '205 ring c3 c', '210 ring c3 b', '215 ring c3 a'])
  })

  scenario('D-03', 'round robin goes on after the one offered a call last', () => {
    const four = group(['0', '1', '2', '3'], {
      strategy: 'roundRobin',
      wrapUpSeconds: 0,
      missesBeforePause: 0,
      ringSeconds: 5,
    })
    const taken = (call: string, agent: string) => [arrives(call), answers(agent, call), hangsUp(call)]
    const allAnswer = scene(four, {
      0: everybody('0', '1', '2', '3'),
      1: ['0', '1', '2', '3', '0', '1'].flatMap((agent, index) => taken(`c${String(index)}`, agent)),
    })
    expect(allAnswer.said('connected').map((line) => line.split(' ')[3])).toEqual(['0', '1', '2', '3', '0', '1'])

    const silent = scene(four, { 0: [...everybody('0', '1', '2'), arrives('c1')], 16: [] })
    expect(silent.said('ring').map((line) => line.split(' ')[3])).toEqual(['0', '1', '2', '0'])

    const busy = scene(four, {
      0: [...everybody('0', '1', '2'), phone('0', 'busy'), ...taken('c1', '1')],
      1: [phone('0', 'ready'), ...taken('c2', '2'), ...taken('c3', '0')],
      2: [arrives('c4'), declines('1', 'c4', 'busy'), answers('2', 'c4')],
      3: [arrives('c5')],
    })
    expect(busy.said('ring').map((line) => line.split(' ')[3])).toEqual(['1', '2', '0', '1', '2', '0'])
  })

  scenario('D-04', 'a tie goes to member order, on every run', () => {
    const members = ['6003', '6001', '6004', '6002']
    const { said } = scene(group(members, { ringSeconds: 5 }), {
      0: [...everybody('6001', '6002', '6003', '6004'), arrives('c1')],
      16: [],
    })
    expect(said('ring')).toEqual(['0 ring c1 6003', '5 ring c1 6001', '10 ring c1 6004', '15 ring c1 6002'])
  })

  scenario('D-05', 'fixed order: each caller from the top, then on, and round', () => {
    const { said } = scene(group(['a', 'b'], { strategy: 'fixedOrder', ringSeconds: 5, missesBeforePause: 0 }), {
      0: [...everybody('a', 'b'), arrives('c1')],
      11: [hangsUp('c1')],
      12: [arrives('c2')],
    })
    expect(said('ring')).toEqual(['0 ring c1 a', '5 ring c1 b', '10 ring c1 a', '12 ring c2 a'])
  })

  scenario('D-09', 'the next level opens at its second exactly', () => {
    const levels = group(['low', { agent: 'high', level: 2 }], { escalateSeconds: 30 })
    const { said } = scene(levels, { 0: [...everybody('low', 'high'), phone('low', 'busy'), arrives('c1')], 31: [] })
    expect(said('ring')).toEqual(['30 ring c1 high'])
  })

  scenario('D-13', 'the caller’s limit ends a ring: it is no miss', () => {
    const { said } = scene(group(['a', 'b'], { strategy: 'fixedOrder', ringSeconds: 7, maxWaitSeconds: 10 }), {
      0: [...everybody('a', 'b'), arrives('c1')],
      20: [],
    })
    expect(said('ring', 'missed', 'left')).toEqual([
      '0 ring c1 a',
      '7 missed c1 a 7',
      '7 ring c1 b',
      '10 left c1 timeout 10 1',
    ])
  })

  scenario('D-14', 'busy or rejected goes on to the next at once, who rings the whole time', () => {
    const { said } = scene(group(['a', 'b'], { ringSeconds: 15 }), {
      0: [...everybody('a', 'b'), arrives('c1')],
      3: [declines('a', 'c1')],
      18: [],
    })
    expect(said('ring', 'missed')).toEqual(['0 ring c1 a', '3 ring c1 b', '18 missed c1 b 15', '18 ring c1 a'])
  })

  scenario('D-15', 'misses in a row pause everywhere; busy and rejected do not', () => {
    const both = company([
      { members: ['m'], settings: { missesBeforePause: 2, ringSeconds: 5 } },
      { id: 'sales', number: b, members: ['m'] },
    ])
    const { said } = scene(both, {
      0: [logsIn('m'), arrives('c1')],
      1: [declines('m', 'c1', 'busy')],
      20: [arrives('c2', { to: b })],
      40: [],
    })
    expect(said('ring', 'missed', 'pausedByMisses')).toEqual([
      '0 ring c1 m',
      '6 ring c1 m',
      '11 missed c1 m 5',
      '11 ring c1 m',
      '16 missed c1 m 5',
      '16 pausedByMisses m',
    ])
  })

  scenario('D-16', 'paused counts as logged in, and no agents is tested before full', () => {
    const settings: Partial<Settings> = { whenNoAgents: { do: 'hangUp' }, maxQueueLength: 1 }
    const { said } = scene(group(['m'], settings), {
      0: [logsIn('m'), pauses('m'), arrives('c1'), arrives('c2')],
      1: [logsOut('m'), arrives('c3')],
    })
    expect(said('queued', 'refused', 'left')).toEqual([
      '0 queued c1 support 1',
      '0 refused c2 support full',
      '1 left c1 noAgents 1 1',
      '1 refused c3 support noAgents',
    ])
  })

  scenario(
    'D-19',
    'a caller who asks for a callback while an agent is rung: the ring ends, and other digits are ignored',
    () => {
      const callback = { digit: '5', afterSeconds: 0, tries: 2, untilHours: 4 }
      const { said } = scene(group(['m'], { callback }), {
        0: [logsIn('m'), arrives('c1')],
        2: dials('c1', '8'),
        3: dials('c1', '55'),
      })
      expect(said('ring', 'stopRinging', 'callbackAsked', 'hangUp')).toEqual([
        '0 ring c1 m',
        '3 stopRinging c1 m withdrawn',
        '3 callbackAsked c1 support +46701234567',
        '3 hangUp c1 served',
        '3 ring c1 m',
      ])
    },
  )

  scenario(
    'D-20',
    'a caller is taken out of a queue by hand at once, rings and all; a second time changes nothing',
    () => {
      const both = company([{ members: ['m'] }, { id: 'sales', number: b, members: [] }])
      const moves = (call: string, to: string): Happening => ({ type: 'callMoved', call, group: to })
      const { said } = scene(both, {
        0: [logsIn('m'), arrives('c1'), arrives('c2')],
        3: [moves('c1', 'sales'), moves('c1', 'sales')],
        4: [hangsUp('c1'), moves('c1', 'support')],
      })
      expect(said('ring', 'stopRinging', 'moved', 'queued', 'left')).toEqual([
        '0 queued c1 support 1',
        '0 ring c1 m',
        '0 queued c2 support 2',
        '3 stopRinging c1 m withdrawn',
        '3 moved c1 support sales 3',
        '3 queued c1 sales 1',
        '3 ring c2 m',
        '4 left c1 abandoned 1 1',
      ])
      const unknown = parseStory({
        configuration: both,
        start: '2026-11-23T09:00:00+01:00',
        events: [{ at: 0, ...moves('nobody', 'sales') }],
      })
      if (!unknown.ok) throw new Error('the story is well formed')
      expect(playStory(unknown.value, both)).toMatchObject({ ok: false, problem: [{ path: 'events[0].call' }] })
    },
  )

  scenario('D-21', 'a caller’s priority changed while waiting counts at once', () => {
    const { said } = scene(group(['m'], { wrapUpSeconds: 0 }), {
      0: [arrives('c1'), arrives('c2'), arrives('c3')],
      1: [{ type: 'prioritised', call: 'c3', priority: 5 }],
      2: [logsIn('m'), answers('m', 'c3'), hangsUp('c3'), answers('m', 'c1'), hangsUp('c1'), answers('m', 'c2')],
    })
    expect(said('connected')).toEqual(['2 connected c3 m 2', '2 connected c1 m 2', '2 connected c2 m 2'])
  })

  scenario('D-23', 'the place is told at the comfort clock’s times, and delays neither a ring nor a connection', () => {
    const { said } = scene(group(['m'], { announcePosition: true, comfortSeconds: 30 }), {
      0: [arrives('c1'), arrives('c2')],
      31: [logsIn('m')],
      32: [answers('m', 'c1')],
      70: [],
    })
    expect(said('say', 'ring', 'connect')).toEqual([
      '30 say c1 Du har plats nummer 1 i kön.',
      '30 say c2 Du har plats nummer 2 i kön.',
      '31 ring c1 m',
      '32 connect c1 m',
      '64 say c2 Du har plats nummer 1 i kön.',
    ])
  })

  scenario('D-24', 'the wait told follows the pace at which callers are served', () => {
    const taken = (call: string) => [answers('m', call), hangsUp(call)]
    const { said } = scene(group(['m'], { announceWait: true, comfortSeconds: 300, wrapUpSeconds: 0 }), {
      0: [logsIn('m'), ...['c1', 'c2', 'c3', 'c4', 'c5'].map((call) => arrives(call)), answers('m', 'c1')],
      120: [hangsUp('c1'), ...taken('c2')],
      121: [answers('m', 'c3')],
      301: [],
    })
    expect(said('say')).toEqual([
      '300 say c4 Beräknad väntetid är 1 minut',
      '300 say c5 Beräknad väntetid är 2 minuter',
    ])
  })

  scenario('D-25', 'weighted random draws by weight, the same for the same seed', () => {
    const weighted = group([{ agent: 'often', weight: 3 }, 'seldom'], { strategy: 'weightedRandom', wrapUpSeconds: 0 })
    const calls = Array.from({ length: 400 }, (_, index) => `c${String(index)}`)
    const play = (seed: number) =>
      scene(
        weighted,
        { 0: [...everybody('often', 'seldom'), ...calls.flatMap((call) => [arrives(call), hangsUp(call)])] },
        { seed },
      )
        .said('ring')
        .map((line) => line.split(' ')[3])
    const drawn = play(7)
    expect(play(7)).toEqual(drawn)
    expect(drawn.filter((agent) => agent === 'often').length / calls.length).toBeCloseTo(0.75, 1)
  })
})

describe('FreeSWITCH', () => {
  scenario('F-01', 'longest idle: by level first, and neither a pause nor a miss moves the clock', () => {
    const { said } = scene(group([{ agent: 'high', level: 2 }, 'a', 'b'], { ringSeconds: 5 }), {
      0: [logsIn('high'), logsIn('b')],
      1: [logsIn('a')],
      10: [pauses('b')],
      11: [resumes('b')],
      20: [arrives('c1')],
      26: [hangsUp('c1')],
      30: [arrives('c2')],
    })
    expect(said('ring', 'missed')).toEqual(['20 ring c1 b', '25 missed c1 b 5', '25 ring c1 a', '30 ring c2 b'])
  })

  scenario(
    'F-02',
    'levels by time: the second from n, the third from two n; a paused agent opens nothing early',
    () => {
      const levels = group(['one', { agent: 'two', level: 2 }, { agent: 'three', level: 3 }], {
        escalateSeconds: 10,
        ringSeconds: 5,
        missesBeforePause: 0,
      })
      const { said } = scene(levels, { 0: [...everybody('one', 'two', 'three'), pauses('one'), arrives('c1')], 24: [] })
      expect(said('ring')).toEqual(['10 ring c1 two', '15 ring c1 two', '20 ring c1 three'])
    },
  )

  scenario('F-05', 'who declines is not rung for that caller again within 5 s, and it is no miss', () => {
    const { said } = scene(group(['m'], { ringSeconds: 5 }), {
      0: [logsIn('m'), arrives('c1')],
      1: [declines('m', 'c1')],
      7: [declines('m', 'c1', 'unreachable')],
      13: [declines('m', 'c1', 'noAnswer')],
    })
    expect(said('ring', 'missed')).toEqual([
      '0 ring c1 m',
      '6 ring c1 m',
      '12 ring c1 m',
      '13 missed c1 m 1',
      '13 ring c1 m',
    ])
    // A lost race and a caller who hangs up are nobody's miss, and there is no rest after them.
    const race = scene(group(['m', 'n'], { strategy: 'ringAll', missesBeforePause: 1, wrapUpSeconds: 0 }), {
      0: [...everybody('m', 'n'), arrives('c1'), answers('n', 'c1')],
      1: [arrives('c2'), hangsUp('c2'), arrives('c3')],
    })
    expect(race.said('missed', 'pausedByMisses')).toEqual([])
    expect(race.said('ring').slice(-2)).toEqual(['1 ring c2 m', '1 ring c3 m'])
  })

  scenario(
    'F-08',
    'nobody logged in: on arrival and as the last one leaves, without a clock; a pause is presence',
    () => {
      const { said } = scene(group(['m'], { whenNoAgents: { do: 'hangUp' } }), {
        0: [arrives('c1')],
        5: [logsIn('m'), pauses('m'), arrives('c2')],
        90: [arrives('c3')],
        95: [logsOut('m')],
      })
      expect(said('refused', 'queued', 'left')).toEqual([
        '0 refused c1 support noAgents',
        '5 queued c2 support 1',
        '90 queued c3 support 2',
        '95 left c2 noAgents 90 1',
        '95 left c3 noAgents 5 1',
      ])
    },
  )

  scenario(
    'F-10',
    'round robin goes on after the one this group number offered a call, whatever another one did',
    () => {
      const settings: Partial<Settings> = { strategy: 'roundRobin', wrapUpSeconds: 0 }
      const both = company([
        { members: ['x', 'y', 'z'], settings },
        { id: 'other', number: b, members: ['x', 'y', 'z'], settings },
      ])
      const taken = (call: string, agent: string, to = supportNumber as string) => [
        arrives(call, { to }),
        answers(agent, call),
        hangsUp(call),
      ]
      const { said } = scene(both, {
        0: [
          ...everybody('x', 'y', 'z'),
          ...taken('c1', 'x'),
          ...taken('c2', 'x', b),
          ...taken('c3', 'y', b),
          ...taken('c4', 'y'),
        ],
        // Offered and missed counts as offered.
        1: [arrives('c5'), declines('z', 'c5', 'noAnswer'), hangsUp('c5'), arrives('c6')],
      })
      expect(said('ring').map((line) => line.split(' ')[3])).toEqual(['x', 'x', 'y', 'y', 'z', 'x', 'y'])
    },
  )

  scenario('F-13', 'after a call an agent gets nothing until the wrap-up is ended by hand; a miss brings none', () => {
    const { said } = scene(group(['m'], { wrapUpSeconds: 600, ringSeconds: 5 }), {
      0: [logsIn('m'), arrives('c1')],
      6: [answers('m', 'c1')],
      20: [hangsUp('c1'), arrives('c2')],
      300: [endsWrapUp('m')],
    })
    expect(said('ring', 'missed')).toEqual(['0 ring c1 m', '5 missed c1 m 5', '5 ring c1 m', '300 ring c2 m'])
  })

  scenario('F-14', 'a pause resets no counter: fewest calls cannot be had by a break', () => {
    const { said } = scene(group(['a', 'b'], { strategy: 'fewestCalls', wrapUpSeconds: 0 }), {
      0: [logsIn('a'), arrives('c1'), answers('a', 'c1'), hangsUp('c1')],
      1: [logsIn('b'), pauses('a'), resumes('a'), arrives('c2')],
    })
    expect(said('ring')).toEqual(['0 ring c1 a', '1 ring c2 b'])
  })

  scenario('F-15', 'an agent whose phone is in another call is skipped', () => {
    const { said } = scene(group(['a', 'b']), { 0: [...everybody('a', 'b'), phone('a', 'busy'), arrives('c1')] })
    expect(said('ring')).toEqual(['0 ring c1 b'])
  })
})

describe('reported defects', () => {
  scenario('I-22', 'who ended a pause is told, and the reason of the pause is gone with it', () => {
    const { lines } = scene(group(['m']), {
      0: [logsIn('m'), pauses('m', 'lunch')],
      5: [{ type: 'resumed', agent: 'm', by: 'supervisor' }],
      6: [pauses('m')],
    })
    expect(lines.filter(({ type, at }) => type === 'agentState' && Number(at) >= 5)).toEqual([
      { at: 5, kind: 'notice', type: 'agentState', agent: 'm', state: 'available', by: 'supervisor' },
      { at: 6, kind: 'notice', type: 'agentState', agent: 'm', state: 'paused' },
    ])
  })

  scenario('I-23', 'the first announcement is spoken, to the first in line too', () => {
    const { said } = scene(group(['m'], { announcePosition: true, comfortSeconds: 10 }), { 0: [arrives('c1')], 12: [] })
    expect(said('say')).toEqual(['10 say c1 Du har plats nummer 1 i kön.'])
  })

  scenario(
    'I-03',
    'the caller of the higher priority first, also in another group number than the longest wait',
    () => {
      const both = company([
        { id: 'qa', members: ['m'], settings: { callers: [{ prefix: '+4671', priority: 20 }] } },
        { id: 'qb', number: b, members: ['m'] },
      ])
      const { said } = scene(both, {
        0: [arrives('long', { to: b })],
        628: [arrives('urgent', { from: '+46712345678' })],
        660: [logsIn('m')],
      })
      expect(said('ring')).toEqual(['660 ring urgent m'])
    },
  )

  scenario('I-06', 'a transfer between queues: the first agent rests from that instant, the second still talks', () => {
    const both = company([
      { id: 'q1', members: ['x'], settings: { wrapUpSeconds: 30 } },
      { id: 'q2', number: b, members: ['y'] },
    ])
    const { said } = scene(both, {
      0: [...everybody('x', 'y'), arrives('c1'), answers('x', 'c1')],
      10: [consults('x', 'c1', { group: 'q2' })],
      12: [answers('y', 'c1')],
      20: [confirms('c1')],
      50: [hangsUp('c1')],
    })
    expect(said('completed', 'wrapUpStarted', 'connected').slice(1)).toEqual([
      '20 completed c1 x transfer 20',
      '20 wrapUpStarted x 50',
      '20 connected c1 y 0',
      '50 completed c1 y caller 30',
      '50 wrapUpStarted y 80',
    ])
  })

  scenario('I-09', 'fixed order starts again at the first when the last is paused', () => {
    const { said } = scene(group(['a', 'b', 'c'], { strategy: 'fixedOrder', ringSeconds: 5, missesBeforePause: 0 }), {
      0: [...everybody('a', 'b', 'c'), pauses('c'), arrives('c1')],
      11: [],
    })
    expect(said('ring')).toEqual(['0 ring c1 a', '5 ring c1 b', '10 ring c1 a'])
  })

  scenario('I-11', 'an agent rung in the instant another answers is free again at once', () => {
    const agents = Array.from({ length: 12 }, (_, index) => `a${String(index)}`)
    const { said } = scene(group(agents, { strategy: 'ringAll' }), {
      0: [...everybody(...agents), arrives('c1'), answers('a5', 'c1'), arrives('c2')],
    })
    expect(said('ring').filter((line) => line.includes('c2'))).toHaveLength(11)
    expect(said('stopRinging')).toHaveLength(11)
  })

  scenario('I-15', 'a key during an announcement counts at once', () => {
    const callback = { digit: '8', afterSeconds: 0, tries: 2, untilHours: 4 }
    const { said } = scene(group([], { callback, announcePosition: true, comfortSeconds: 10 }), {
      0: [arrives('c1'), arrives('c2')],
      11: dials('c2', '88'),
    })
    expect(said('say', 'stopPlaying', 'callbackAsked').filter((line) => line.includes('c2'))).toEqual([
      '10 say c2 Du har plats nummer 2 i kön.',
      '11 stopPlaying c2',
      expect.stringMatching(/^11 say c2 Vi ringer upp dig/),
      '11 callbackAsked c2 support +46701234567',
    ])
  })

  scenario('I-17', 'a reject goes on to the next agent, and the caller hears nothing of it', () => {
    const { said } = scene(group(['a', 'b']), { 0: [...everybody('a', 'b'), arrives('c1')], 1: [declines('a', 'c1')] })
    expect(said('ring', 'hangUp', 'left')).toEqual(['0 ring c1 a', '1 ring c1 b'])
  })

  scenario('I-19', 'an agent’s leg that dies frees the agent, and the caller is back in the queue', () => {
    const { said } = scene(group(['a', 'b']), {
      0: [...everybody('a', 'b'), arrives('c1'), answers('a', 'c1')],
      30: [agentIsLost('a', 'c1')],
      31: [endsWrapUp('a'), arrives('c2')],
      36: [],
    })
    expect(said('returned', 'ring', 'completed')).toEqual([
      '0 ring c1 a',
      '30 returned c1 a 30',
      '30 ring c1 b',
      '31 ring c2 a',
    ])
    const restarted = scene(group(['a']), {
      0: [logsIn('a'), arrives('c1'), answers('a', 'c1')],
      30: [{ type: 'switchAttached', calls: [] }],
    })
    expect(restarted.said('completed', 'wrapUpStarted')).toEqual(['30 completed c1 a lost 30', '30 wrapUpStarted a 60'])
  })
})

describe('transfers', () => {
  scenario('I-25', 'talk time ends at the transfer, not when the caller finally hangs up', () => {
    const { said } = scene(group(['m']), {
      0: [logsIn('m'), arrives('c1'), answers('m', 'c1')],
      5: [consults('m', 'c1', { number: '+4687654321' }), outside('c1', 'answered')],
      8: [confirms('c1')],
      600: [hangsUp('c1')],
    })
    expect(said('completed')).toEqual(['8 completed c1 m transfer 8'])
  })
})

describe('reports', () => {
  const morning = parseInstant('2026-11-23T09:00:00+01:00') ?? instant(0)
  const minutes = (count: number) => count * 60_000
  const hour = { from: morning, to: instant(morning + minutes(60)) }
  const figuresOf = (configuration: ReturnType<typeof company>, script: Script, until = 3599) =>
    report(noticesOf(scene(configuration, script, { until })), { ...hour, configuration })
  const support = (configuration: ReturnType<typeof company>, script: Script) =>
    figuresOf(configuration, script).groups.get('support' as GroupNumberId)
  /** Each answered after so many seconds. */
  const answered = (...waits: number[]) => {
    const agents = waits.map((_, place) => `m${String(place)}`)
    const script: Record<number, Happening[]> = {
      0: [...everybody(...agents), ...waits.map((_, place) => arrives(`c${String(place)}`))],
    }
    for (const [place, wait] of waits.entries())
      (script[wait] ??= []).push(answers(`m${String(place)}`, `c${String(place)}`))
    return { agents, script }
  }

  scenario('R-01', '[Q3] service level: two of four answered in time', () => {
    const { agents, script } = answered(10, 10, 20, 20)
    const figures = support(group(agents, { ringSeconds: 30, serviceLevelSeconds: 15 }), script)
    expect(figures).toMatchObject({ offered: 4, answered: 4, answeredInTime: 2, serviceLevel: 0.5 })
  })

  scenario(
    'R-02',
    '[Q2] [Q3] service level and mean wait; in time is up to the second itself; a short wait given up counts nowhere',
    () => {
      const { agents, script } = answered(20, 5, 3)
      const configuration = group(agents, { ringSeconds: 30, serviceLevelSeconds: 10, shortAbandonSeconds: 5 })
      const figures = support(configuration, script)
      expect(figures?.serviceLevel).toBeCloseTo(2 / 3)
      expect(Math.round((figures?.averageWait ?? 0) / 1000)).toBe(9)
      expect(figures?.longestWait).toBe(20_000)
      const { agents: four, script: exactly } = answered(10, 10, 11, 12)
      const more = {
        ...exactly,
        13: [arrives('short'), arrives('long')],
        18: [hangsUp('short')],
        19: [hangsUp('long')],
      }
      expect(
        support(group(four, { ringSeconds: 30, serviceLevelSeconds: 10, shortAbandonSeconds: 5 }), more),
      ).toMatchObject({
        arrived: 6,
        offered: 5,
        answeredInTime: 2,
        serviceLevel: 0.4,
        abandoned: 1,
        shortAbandoned: 1,
      })
    },
  )

  test('[Q4] a caller whose agent was lost was answered the first time, and the talk is both', () => {
    const figures = support(group(['m', 'n'], { wrapUpSeconds: 0 }), {
      0: [...everybody('m', 'n'), arrives('c1')],
      4: [answers('m', 'c1')],
      10: [agentIsLost('m', 'c1')],
      40: [],
      25: [answers('n', 'c1')],
      30: [hangsUp('c1')],
    })
    expect(figures).toMatchObject({ arrived: 1, offered: 1, answered: 1, averageWait: 4000, averageTalk: 11_000 })
  })

  scenario('R-05', '[Q1] one who came and one who waited with nobody logged in are two', () => {
    const figures = support(group(['m'], { whenNoAgents: { do: 'hangUp' } }), {
      0: [logsIn('m'), pauses('m'), arrives('c1')],
      9: [logsOut('m'), arrives('c2')],
    })
    expect(figures).toMatchObject({ arrived: 2, noAgents: 2, offered: 1, answered: 0, serviceLevel: 0 })
  })

  scenario('R-06', 'a full queue and two waits that were too long are three callers who overflowed', () => {
    const figures = support(group([], { maxQueueLength: 2, maxWaitSeconds: 30 }), {
      0: ['c1', 'c2', 'c3'].map((call) => arrives(call)),
    })
    expect(figures).toMatchObject({ arrived: 3, overflowed: 3, abandoned: 0 })
  })

  scenario('R-08', '[Q3] of nothing there is no share and no mean', () => {
    const closed = company([{ members: [], override: { effect: 'closed' } }])
    expect(support(closed, { 0: [arrives('c1')] })).toMatchObject({
      arrived: 1,
      closed: 1,
      offered: 0,
      noAgents: 0,
      overflowed: 0,
      serviceLevel: null,
      answerRate: null,
      averageWait: null,
      longestWait: null,
      averageTalk: null,
    })
  })

  scenario('R-11', '[Q6] the hour that the clock shows twice is two rows, and the sum has both', () => {
    const began = '2020-11-01T00:30:00-04:00'
    const from = parseInstant(began) ?? instant(0)
    const plain = group([])
    const montreal = { ...plain, company: { ...plain.company, timeZone: 'America/Montreal' } }
    // 00:40, 01:10 -04:00, 01:10 and 01:20 -05:00, 02:10 -05:00.
    const at = [10, 40, 100, 110, 160].map((minute) => minute * 60)
    const script = Object.fromEntries(at.map((second) => [second, [arrives(`c${String(second)}`)]]))
    const notices = noticesOf(scene(montreal, script, { until: 12_600, start: began }), began)
    const asked = { from, to: instant(from + minutes(150 + 30)), configuration: montreal }
    const arrived = ({ groups }: Report) => groups.get('support' as GroupNumberId)?.arrived
    const rows = reportRows(notices, asked, 'hour')
    expect(
      rows.map((row) => [formatInstant(row.from, (row.from < from + minutes(90) ? -4 : -5) * 3_600_000), arrived(row)]),
    ).toEqual([
      ['2020-11-01T00:30:00-04:00', 1],
      ['2020-11-01T01:00:00-04:00', 1],
      ['2020-11-01T01:00:00-05:00', 2],
      ['2020-11-01T02:00:00-05:00', 1],
    ])
    expect(arrived(report(notices, asked))).toBe(5)
    expect(reportRows(notices, asked, 'day').map(arrived)).toEqual([5])
  })

  scenario('R-12', '[Q5] an agent’s hours: logged in, paused and talking, each hour by itself', () => {
    const began = '2026-11-23T01:00:00+01:00'
    const from = parseInstant(began) ?? instant(0)
    const configuration = group(['m', 'n'])
    const script: Record<number, Happening[]> = {
      0: [logsIn('n')],
      5: [logsIn('m')],
      15: [logsOut('m')],
      20: [logsIn('m')],
      35: [pauses('m', 'coffee')],
      40: [resumes('m')],
      70: [phone('n', 'gone'), arrives('c1'), answers('m', 'c1'), pauses('m')],
      75: [hangsUp('c1')],
      80: [logsOut('m', 'support')],
      240: [logsOut('n')],
    }
    const inSeconds = Object.fromEntries(
      Object.entries(script).map(([minute, happenings]) => [Number(minute) * 60, happenings]),
    )
    const notices = noticesOf(scene(configuration, inSeconds, { start: began, until: 18_000 }), began)
    const rows = reportRows(notices, { from, to: instant(from + minutes(300)), configuration }, 'hour')
    const inMinutes = (agent: string, what: 'loggedIn' | 'paused' | 'talking' | 'wrapUp') =>
      rows.map(({ agents }) => (agents.get(agent as AgentId)?.[what] ?? 0) / 60_000)
    expect(inMinutes('m', 'loggedIn')).toEqual([50, 20, 0, 0, 0])
    expect(inMinutes('n', 'loggedIn')).toEqual([60, 60, 60, 60, 0])
    // A pause that is asked for in a call begins after it, and after the rest.
    expect(inMinutes('m', 'paused')).toEqual([5, 4.5, 0, 0, 0])
    expect(inMinutes('m', 'talking')).toEqual([0, 5, 0, 0, 0])
    expect(inMinutes('m', 'wrapUp')).toEqual([0, 0.5, 0, 0, 0])
    expect([...(rows[0]?.agents.get('m' as AgentId)?.pausedFor ?? [])]).toEqual([['coffee', minutes(5)]])
    expect(rows[1]?.agents.get('m' as AgentId)).toMatchObject({ answered: 1, missed: 0 })
  })

  scenario('R-13', '[Q7] a caller whose wait is not known is passed over; a wait of nothing is counted', () => {
    const about = { at: morning, group: 'support' as GroupNumberId, position: 1 }
    const left = { ...about, type: 'left', why: 'abandoned' } as const
    const notices = [
      { ...left, call: 'c1' },
      { ...left, call: 'c2', why: 'timeout' },
      { ...left, call: 'c3', waited: 0 },
    ] as unknown as Notice[]
    const configuration = group([], { shortAbandonSeconds: 0 })
    const { groups } = report(notices, { ...hour, configuration })
    expect(groups.get('support' as GroupNumberId)).toMatchObject({
      arrived: 1,
      shortAbandoned: 1,
      overflowed: 0,
      offered: 0,
    })
  })
})

/** All ids of the collection. */
const ids = [
  ...['01', '03', '04', '05', '07', '08', '11', '12', '13', '14', '16', '17', '18', '20', '21', '22'].map(
    (n) => `AST-${n}`,
  ),
  ...['01', '02', '03', '04', '05', '07', '08', '09', '11', '12', '13', '15', '16', '18', '19', '23', '24'].map(
    (n) => `WZ-${n}`,
  ),
  ...['01', '02', '03', '04', '05', '06', '07', '08', '10', '11', '12', '13', '14'].map((n) => `OA-${n}`),
  'KZ-02',
  ...['01', '03', '04', '05', '08', '09', '10', '13', '14', '15', '16', '17', '19', '20', '21', '23', '24', '25'].map(
    (n) => `D-${n}`,
  ),
  ...['01', '02', '05', '07', '08', '10', '13', '14', '15'].map((n) => `F-${n}`),
  ...['03', '06', '09', '11', '15', '17', '19', '22', '23', '24', '25'].map((n) => `I-${n}`),
  ...['01', '02', '05', '06', '08', '11', '12', '13'].map((n) => `R-${n}`),
]

test('every scenario is tested here, or listed in docs/scenarios.md with the reason it is not', () => {
  const [, notTested = ''] = readFileSync(new URL('../../docs/scenarios.md', import.meta.url), 'utf8').split(
    '## Not tested',
  )
  const listed = notTested
    .split('\n')
    .flatMap((line) => /^\| ((?:AST|WZ|OA|KZ|D|F|I|R)-\d\d) *\| .+ \|$/.exec(line)?.[1] ?? [])
  expect([...tested].filter((id) => listed.includes(id))).toEqual([])
  expect([...tested, ...listed].toSorted()).toEqual(ids.toSorted())
})

test('a story that names an unknown agent is refused with the place', () => {
  const configuration = group(['m'])
  const story = parseStory({
    configuration,
    start: '2026-11-23T09:00:00+01:00',
    events: [{ at: 0, type: 'loggedIn', agent: 'nobody' }],
  })
  if (!story.ok) throw new Error('the story is well formed')
  expect(playStory(story.value, configuration)).toMatchObject({
    ok: false,
    problem: [{ path: 'events[0].agent', message: 'no agent nobody is configured' }],
  })
})
