import { describe, expect, test } from 'vitest'
import type { AgentId, Configuration, E164, Message, Settings } from '../../../src/core/configuration/types.ts'
import type { CallId, HeldCall, OfferId, RoutingEvent } from '../../../src/core/routing/messages.ts'
import { openRouter } from '../../../src/core/routing/open-router.ts'
import type { Output } from '../../../src/core/routing/router.ts'
import { instant } from '../../../src/core/time.ts'
import { always, company, supportNumber, type GroupSays } from '../../support/routing/company.ts'
import {
  agentHangsUp,
  agentIsLost,
  answers,
  arrives,
  asksThree,
  cancels,
  confirms,
  consults,
  declines,
  dials,
  endsWrapUp,
  extendsWrapUp,
  hangsUp,
  type Happening,
  hidden,
  isNotReached,
  isReached,
  logsIn,
  logsInAsBefore,
  logsOut,
  outside,
  pauses,
  phone,
  picks,
  played,
  presses,
  resumes,
  scene,
  transfers,
} from '../../support/routing/scene.ts'

const salesNumber = '+46122260981'

const spoken = (id: string, seconds: number): Message =>
  ({
    id,
    name: id,
    kind: 'other',
    language: 'sv',
    transcript: id,
    seconds,
    file: `audio/${id}.wav`,
    sha256: '0'.repeat(64),
    origin: 'uploaded',
  }) as unknown as Message

const messages = [spoken('hello', 4), spoken('soon', 3), spoken('sorry', 2), spoken('shut', 5), spoken('tune', 60)]
const allMessages = { welcome: 'hello', comfort: 'soon', overflow: 'sorry', closed: 'shut', music: ['tune'] } as never

const group = (members: GroupSays['members'], settings: Partial<Settings> = {}, more: Partial<GroupSays> = {}) =>
  company([{ members: members ?? [], settings, ...more }], { messages })

const two = (first: Partial<GroupSays>, second: Partial<GroupSays>) =>
  company([first, { id: 'sales', number: salesNumber, ...second }], { messages })

const configured = (configuration: Configuration): Happening => ({ type: 'configured', configuration })

/** From 08:00 to 09:01:00, the scenes begin at 09:00. */
const untilOneMinutePast = {
  schedules: [{ id: 'week', name: 'Kort', week: { ...always, mon: [{ from: '08:00', to: '09:01' }] } }] as never,
}

describe('time', () => {
  test('[R1] deadlines before an event fire at their own time', () => {
    const { said } = scene(group(['anna'], { ringSeconds: 5, missesBeforePause: 1 }), {
      0: [logsIn('anna'), arrives('c1')],
      60: [hangsUp('c1')],
    })
    expect(said('missed', 'pausedByMisses', 'left')).toEqual([
      '5 missed c1 anna 5',
      '5 pausedByMisses anna',
      '60 left c1 abandoned 60 1',
    ])
  })

  test('[R2] of one instant: ring time-out, wrap-up, the caller’s limit, closing, and only then the pass', () => {
    const { lines } = scene(
      group(
        ['anna', 'bo'],
        { ringSeconds: 20, maxWaitSeconds: 20, wrapUpSeconds: 31, atClosing: 'closeQueue' },
        untilOneMinutePast,
      ),
      {
        0: [logsIn('anna'), logsIn('bo')],
        10: [arrives('c0')],
        29: [answers('anna', 'c0'), hangsUp('c0')],
        40: [arrives('c1')],
        41: [arrives('c2')],
        61: [],
      },
    )
    const atOneMinute = lines
      .filter(({ at }) => at === 60)
      .map(({ type, call, agent, why }) => [type, call ?? agent, why])
    expect(atOneMinute).toEqual([
      ['stopRinging', 'c1', 'noAnswer'],
      ['missed', 'c1', undefined],
      ['left', 'c1', 'timeout'],
      ['hangUp', 'c1', 'timeout'],
      ['left', 'c2', 'closed'],
      ['hangUp', 'c2', 'closed'],
      ['agentState', 'bo', undefined],
      ['agentState', 'anna', undefined],
    ])
  })

  test('[R3] an answer at the instant of its time-out is late, also if the same agent is rung again in that instant', () => {
    const { said } = scene(group(['anna']), { 0: [logsIn('anna'), arrives('c1')], 20: [answers('anna', 'c1')], 21: [] })
    expect(said('ring', 'missed', 'hangUpAgent', 'connected')).toEqual([
      '0 ring c1 anna',
      '20 missed c1 anna 20',
      '20 hangUpAgent c1 anna',
      '20 ring c1 anna',
    ])
  })

  test('[R3] when a message ends in that instant too, the answer is still late', () => {
    const { said } = scene(
      group(['anna'], { welcome: 'whileRinging', comfortSeconds: 13 }, { messages: allMessages }),
      { 0: [logsIn('anna'), arrives('c1')], 20: [answers('anna', 'c1')], 21: [] },
    )
    expect(said('hangUpAgent', 'connected')).toEqual(['20 hangUpAgent c1 anna'])
  })

  test('[R4] an agent freed in the instant a caller hangs up is not rung for that caller', () => {
    const { said } = scene(group(['anna'], { wrapUpSeconds: 10 }), {
      0: [logsIn('anna'), arrives('c1'), answers('anna', 'c1')],
      5: [hangsUp('c1'), arrives('c2')],
      15: [hangsUp('c2')],
    })
    expect(said('ring')).toEqual(['0 ring c1 anna'])
  })

  test('[R6] an event from the past happens now', () => {
    const router = openRouter({ configuration: group(['anna']), seed: 1, at: instant(100_000) })
    const outputs = router.handle({ type: 'loggedIn', agent: 'anna' as AgentId, at: instant(50_000) })
    expect(outputs.map(({ at }) => at)).toEqual([100_000])
  })
})

describe('arriving', () => {
  test('[R7] a number of nobody is hung up on, unanswered', () => {
    const { said } = scene(group(['anna']), { 0: [arrives('c1', { to: '+4600000000' })] })
    expect(said('answer', 'hangUp', 'queued')).toEqual(['0 hangUp c1 unknownNumber'])
  })

  test('[R8] refused comes at the decision, then the message, then the action', () => {
    const { lines } = scene(
      group(
        ['anna'],
        { maxQueueLength: 1, whenFull: { do: 'forward', to: '+4681234567' as never } },
        { messages: allMessages },
      ),
      { 0: [arrives('c1')], 1: [arrives('c2')], 3: [] },
    )
    expect(lines.filter(({ call }) => call === 'c2')).toEqual([
      {
        at: 1,
        kind: 'notice',
        type: 'refused',
        call: 'c2',
        group: 'support',
        why: 'full',
        then: { do: 'forward', to: '+4681234567' },
      },
      { at: 1, kind: 'command', type: 'answer', call: 'c2' },
      { at: 1, kind: 'command', type: 'play', call: 'c2', message: 'sorry', as: 'overflow', play: 'p2' },
      { at: 3, kind: 'command', type: 'forward', call: 'c2', to: '+4681234567' },
    ])
  })

  test('[R8] closed is tested before nobody logged in, and that before full', () => {
    const settings: Partial<Settings> = { whenNoAgents: { do: 'hangUp' }, maxQueueLength: 0 }
    const closed = scene(group([], settings, { override: { effect: 'closed' } }), { 0: [arrives('c1')] })
    expect(closed.said('refused')).toEqual(['0 refused c1 support closed'])
    expect(scene(group([], settings), { 0: [arrives('c1')] }).said('refused')).toEqual([
      '0 refused c1 support noAgents',
    ])
  })

  test.each<[string, string | undefined, string[]]>([
    ['an exact number is blocked though its prefix is not', '+46701111111', ['0 refused c1 support blocked']],
    ['the longer prefix blocks', '+46709123456', ['0 refused c1 support blocked']],
    ['the shorter prefix lets in', '+46708123456', ['0 queued c1 support 1']],
    ['a hidden number meets no rule', undefined, ['0 queued c1 support 1']],
  ])('[R9] %s', (_, from, outcome) => {
    const callers = [
      { prefix: '+4670', priority: 1 },
      { prefix: '+46709', block: true },
      { number: '+46701111111', block: true },
    ] as never
    const { said } = scene(group([], { callers }), { 0: [from === undefined ? hidden('c1') : arrives('c1', { from })] })
    expect(said('queued', 'refused')).toEqual(outcome)
  })

  test('[R10] a blocked caller is hung up on, unanswered', () => {
    const { said } = scene(
      group(['anna'], { callers: [{ prefix: '+4670', block: true }] }, { messages: allMessages }),
      {
        0: [arrives('c1')],
      },
    )
    expect(said('answer', 'play', 'hangUp')).toEqual(['0 hangUp c1 blocked'])
  })

  test('[R11] the closed message plays out before the action of the override', () => {
    const override = { effect: 'closed', action: { do: 'forward', to: '+4681234567' } } as never
    const { said } = scene(group(['anna'], {}, { override, messages: allMessages }), { 0: [arrives('c1')], 5: [] })
    expect(said('refused', 'answer', 'play', 'forward')).toEqual([
      '0 refused c1 support closed',
      '0 answer c1',
      '0 play c1 shut closed',
      '5 forward c1 +4681234567',
    ])
  })

  test('[R11] without a message the action comes at once, and hanging up needs no answer', () => {
    const { said } = scene(group(['anna'], {}, { override: { effect: 'closed' } }), { 0: [arrives('c1')] })
    expect(said('answer', 'hangUp')).toEqual(['0 hangUp c1 closed'])
  })

  test('[R12] when the last member logs out, who waits leaves; a pause is no log-out', () => {
    const { said } = scene(group(['anna', 'bo'], { whenNoAgents: { do: 'hangUp' } }, { messages: allMessages }), {
      0: [logsIn('anna'), logsIn('bo'), pauses('bo')],
      1: [arrives('c1')],
      6: [logsOut('anna')],
      7: [logsOut('bo')],
      10: [],
    })
    expect(said('left', 'hangUp', 'play', 'stopRinging')).toEqual([
      '1 play c1 hello welcome',
      '6 stopRinging c1 anna withdrawn',
      '7 left c1 noAgents 6 1',
      '7 play c1 sorry overflow',
      '9 hangUp c1 noAgents',
    ])
  })

  test('[R13] a caller who is rung for counts in the queue, one who talks does not', () => {
    const { said } = scene(group(['anna', 'bo'], { maxQueueLength: 1 }), {
      0: [logsIn('anna'), logsIn('bo'), arrives('c1'), arrives('c2')],
      1: [answers('anna', 'c1'), arrives('c3')],
    })
    expect(said('queued', 'refused')).toEqual([
      '0 queued c1 support 1',
      '0 refused c2 support full',
      '1 queued c3 support 1',
    ])
  })

  test('[T11] whom the switch has no room for is refused as full at once, and hears nothing; not who rings from 112', () => {
    const settings: Partial<Settings> = { whenFull: { do: 'forward', to: '+4681234567' as never } }
    const { said } = scene(group(['anna', 'bo'], settings, { messages: allMessages }), {
      0: [logsIn('anna'), logsIn('bo'), arrives('c1', { crowded: true }), arrives('c2')],
      1: [arrives('c3', { from: '112', crowded: true })],
    })
    expect(said('queued', 'refused', 'hangUp', 'forward')).toEqual([
      '0 refused c1 support full',
      '0 hangUp c1 full',
      '0 queued c2 support 1',
      '1 queued c3 support 1',
    ])
  })

  test('[R14] a queue of 0 admits as many as can be rung', () => {
    const { said } = scene(group(['anna', 'bo'], { maxQueueLength: 0 }, { messages: allMessages }), {
      0: [logsIn('anna'), logsIn('bo'), arrives('c1'), arrives('c2'), arrives('c3')],
    })
    expect(said('queued', 'refused')).toEqual([
      '0 queued c1 support 1',
      '0 queued c2 support 2',
      '0 refused c3 support full',
    ])
  })

  test('[R15] answered, queued and rung for at once', () => {
    const { said } = scene(group(['anna']), { 0: [logsIn('anna'), arrives('c1')] })
    expect(said('answer', 'queued', 'ring')).toEqual(['0 answer c1', '0 queued c1 support 1', '0 ring c1 anna'])
  })

  test.each<['playFirst' | 'whileRinging', string]>([
    ['playFirst', '4 ring c1 anna'],
    ['whileRinging', '0 ring c1 anna'],
  ])('[R16] welcome %s', (welcome, ring) => {
    const { said } = scene(group(['anna'], { welcome }, { messages: allMessages }), {
      0: [logsIn('anna'), arrives('c1')],
      5: [],
    })
    expect(said('ring')).toEqual([ring])
  })

  test('[R16] a welcome message that the switch reports under another name does not end the wait for it', () => {
    const { said } = scene(
      group(['anna'], {}, { messages: allMessages }),
      { 0: [logsIn('anna'), arrives('c1')], 2: [played('c1', 'soon')], 6: [played('c1', 'hello')], 9: [] },
      { played: 'story' },
    )
    expect(said('ring')).toEqual(['6 ring c1 anna'])
  })

  test('[R17] music is ordered once', () => {
    const { said } = scene(group([], { comfortSeconds: 10 }, { messages: allMessages }), { 0: [arrives('c1')], 60: [] })
    expect(said('music')).toEqual(['0 music c1'])
  })

  test('[R18] comfort after the end of the welcome, then after its own end', () => {
    const { said } = scene(group([], { comfortSeconds: 10 }, { messages: allMessages }), { 0: [arrives('c1')], 41: [] })
    expect(said('play')).toEqual([
      '0 play c1 hello welcome',
      '14 play c1 soon comfort',
      '27 play c1 soon comfort',
      '40 play c1 soon comfort',
    ])
  })

  test('[R19] the same call arriving again changes nothing', () => {
    const router = openRouter({ configuration: group([]), seed: 1, at: instant(0) })
    const arrival: RoutingEvent = { type: 'callArrived', call: 'c1' as CallId, to: supportNumber, at: instant(0) }
    expect(router.handle(arrival)).toHaveLength(2)
    expect(router.handle(arrival)).toEqual([])
  })
})

describe('who is rung', () => {
  test.each<[string, Happening[], boolean]>([
    ['logged in and ready', [], true],
    ['logged out of this group number', [logsOut('anna', 'support')], false],
    ['paused', [pauses('anna')], false],
    ['with a busy device', [phone('anna', 'busy')], false],
    ['with no device', [phone('anna', 'gone')], false],
    ['in wrap-up', [arrives('c0'), answers('anna', 'c0'), hangsUp('c0')], false],
    ['after wrap-up', [arrives('c0'), answers('anna', 'c0'), hangsUp('c0'), endsWrapUp('anna')], true],
    ['talking', [arrives('c0'), answers('anna', 'c0')], false],
    ['rung for another', [arrives('c0')], false],
  ])('[R20] %s', (_, before, rung) => {
    const { said } = scene(two({ members: ['anna'] }, { members: ['anna'] }), {
      0: [logsIn('anna'), ...before],
      1: [arrives('c1')],
    })
    expect(said('ring').includes('1 ring c1 anna')).toBe(rung)
  })

  test('[R21] the group number’s priority, then the caller’s, then arrival', () => {
    const callers = [{ prefix: '+4671', priority: 9 }]
    const { said } = scene(
      two(
        { members: ['anna'], settings: { priority: 1, wrapUpSeconds: 0 } },
        { members: ['anna'], settings: { callers, wrapUpSeconds: 0 } },
      ),
      {
        0: [
          arrives('s1', { to: salesNumber }),
          arrives('s2', { to: salesNumber, from: '+46711111111' }),
          arrives('p1'),
          arrives('p2'),
        ],
        1: [logsIn('anna'), ...['p1', 'p2', 's2', 's1'].flatMap((call) => [answers('anna', call), hangsUp(call)])],
      },
    )
    expect(said('connected')).toEqual([
      '1 connected p1 anna 1',
      '1 connected p2 anna 1',
      '1 connected s2 anna 1',
      '1 connected s1 anna 1',
    ])
  })

  test('[R22] a caller nobody can take does not hold up the next', () => {
    const { said } = scene(two({ members: ['bo'] }, { members: ['anna'] }), {
      0: [arrives('c1'), arrives('c2', { to: salesNumber }), logsIn('anna')],
    })
    expect(said('ring')).toEqual(['0 ring c2 anna'])
  })

  test('[R23] idle since log-in everywhere: a further group number does not move it', () => {
    const { said } = scene(two({ members: ['bo', 'anna'] }, { members: ['bo', 'anna'] }), {
      0: [logsIn('anna', 'sales')],
      5: [logsIn('bo')],
      9: [logsIn('anna', 'support')],
      10: [arrives('c1')],
    })
    expect(said('ring')).toEqual(['10 ring c1 anna'])
  })

  test('[R24] all ring, one joins, the first answer wins', () => {
    const { said } = scene(group(['anna', 'bo', 'eva'], { strategy: 'ringAll' }), {
      0: [logsIn('anna'), logsIn('bo'), arrives('c1')],
      5: [logsIn('eva')],
      7: [answers('eva', 'c1')],
    })
    expect(said('ring', 'connect', 'stopRinging')).toEqual([
      '0 ring c1 anna',
      '0 ring c1 bo',
      '5 ring c1 eva',
      '7 connect c1 eva',
      '7 stopRinging c1 anna answeredElsewhere',
      '7 stopRinging c1 bo answeredElsewhere',
    ])
  })

  test('[R25] fixed order is from the top for each caller', () => {
    const { said } = scene(group(['anna', 'bo'], { strategy: 'fixedOrder', wrapUpSeconds: 0 }), {
      0: [logsIn('bo'), logsIn('anna'), arrives('c1'), answers('anna', 'c1'), hangsUp('c1'), arrives('c2')],
    })
    expect(said('ring')).toEqual(['0 ring c1 anna', '0 ring c2 anna'])
  })

  test('[R26] round robin goes on after the last offered, also if that offer was declined', () => {
    const { said } = scene(group(['anna', 'bo', 'eva'], { strategy: 'roundRobin' }), {
      0: [logsIn('anna'), logsIn('bo'), logsIn('eva'), arrives('c1')],
      1: [hangsUp('c1'), arrives('c2')],
      2: [hangsUp('c2'), arrives('c3')],
      3: [hangsUp('c3'), arrives('c4')],
    })
    expect(said('ring')).toEqual(['0 ring c1 anna', '1 ring c2 bo', '2 ring c3 eva', '3 ring c4 anna'])
  })

  test('[R27] fewest calls counts from midnight in the company’s zone', () => {
    const { said } = scene(
      group(['anna', 'bo'], { strategy: 'fewestCalls', wrapUpSeconds: 0 }),
      {
        0: [logsIn('anna'), arrives('c1'), answers('anna', 'c1'), hangsUp('c1'), logsIn('bo')],
        1: [arrives('c2'), hangsUp('c2')],
        3599: [arrives('c3'), hangsUp('c3')],
        3600: [arrives('c4'), hangsUp('c4')],
      },
      { start: '2026-11-23T23:00:00+01:00' },
    )
    expect(said('ring')).toEqual(['0 ring c1 anna', '1 ring c2 bo', '3599 ring c3 bo', '3600 ring c4 anna'])
  })

  test('[R27] least talk time', () => {
    const { said } = scene(group(['anna', 'bo'], { strategy: 'leastTalkTime', wrapUpSeconds: 0 }), {
      0: [logsIn('anna'), logsIn('bo'), arrives('c1'), answers('anna', 'c1'), arrives('c2'), answers('bo', 'c2')],
      10: [hangsUp('c2')],
      20: [hangsUp('c1'), arrives('c3')],
    })
    expect(said('ring').at(-1)).toBe('20 ring c3 bo')
  })

  test.each(['random', 'weightedRandom'] as const)('[R28] %s: the same seed, the same draws', (strategy) => {
    const calls = Array.from({ length: 40 }, (_, index) => `c${String(index)}`)
    const drawn = (seed: number) =>
      scene(
        group(['anna', { agent: 'bo', weight: 2 }, 'eva'], { strategy }),
        {
          0: [
            ...['anna', 'bo', 'eva'].map((agent) => logsIn(agent)),
            ...calls.flatMap((call) => [arrives(call), hangsUp(call)]),
          ],
        },
        { seed },
      ).said('ring')
    expect(drawn(3)).toEqual(drawn(3))
    expect(drawn(3)).not.toEqual(drawn(4))
  })

  test('[R28] weights: who has none is drawn when no other is free, and where nobody has any the first is', () => {
    const drawn = (...weights: number[]) =>
      scene(
        group(
          weights.map((weight, place) => ({ agent: `a${String(place)}`, weight })),
          { strategy: 'weightedRandom' },
        ),
        { 0: [...weights.map((_, place) => logsIn(`a${String(place)}`)), arrives('c1'), arrives('c2'), arrives('c3')] },
      ).said('ring')
    expect(drawn(0, 5, 0)).toEqual(['0 ring c1 a1', '0 ring c2 a0', '0 ring c3 a2'])
    expect(drawn(0, 0, 0)).toEqual(['0 ring c1 a0', '0 ring c2 a1', '0 ring c3 a2'])
  })

  test('[R29] one more agent every progressSeconds, each for the whole ring time', () => {
    const { said } = scene(
      group(['anna', 'bo', 'eva'], { strategy: 'ringProgressively', progressSeconds: 5, ringSeconds: 12 }),
      {
        0: [logsIn('anna'), logsIn('bo'), logsIn('eva'), arrives('c1')],
        18: [answers('eva', 'c1')],
      },
    )
    expect(said('ring', 'missed', 'connected', 'stopRinging')).toEqual([
      '0 ring c1 anna',
      '5 ring c1 bo',
      '10 ring c1 eva',
      '12 stopRinging c1 anna noAnswer',
      '12 missed c1 anna 12',
      '17 stopRinging c1 bo noAnswer',
      '17 missed c1 bo 12',
      '18 connected c1 eva 18',
    ])
  })

  test('[R30] a round is over when everybody free has been offered the caller once', () => {
    const { said } = scene(group(['anna', 'bo'], { ringSeconds: 5, missesBeforePause: 0 }), {
      0: [logsIn('anna'), logsIn('bo'), arrives('c1')],
      21: [],
    })
    expect(said('ring')).toEqual([
      '0 ring c1 anna',
      '5 ring c1 bo',
      '10 ring c1 anna',
      '15 ring c1 bo',
      '20 ring c1 anna',
    ])
  })

  test('[R31] who declined is rung for another caller at once, for the same one after 5 s', () => {
    const { said } = scene(group(['anna']), {
      0: [logsIn('anna'), arrives('c1'), arrives('c2')],
      1: [declines('anna', 'c1', 'busy')],
      2: [hangsUp('c2')],
      7: [],
    })
    expect(said('ring')).toEqual(['0 ring c1 anna', '1 ring c2 anna', '6 ring c1 anna'])
  })

  test('[R32] the next level when nobody of the lower one is left to try in the round, then from the first again', () => {
    const levels = [{ agent: 'two', level: 2 }, 'one', { agent: 'three', level: 3 }]
    const { said } = scene(group(levels, { ringSeconds: 5, missesBeforePause: 0 }), {
      0: [logsIn('one'), logsIn('two'), logsIn('three'), arrives('c1')],
      16: [],
    })
    expect(said('ring')).toEqual(['0 ring c1 one', '5 ring c1 two', '10 ring c1 three', '15 ring c1 one'])
  })

  test('[R32] while level 1 rings level 2 is not opened', () => {
    const { said } = scene(group(['one', { agent: 'two', level: 2 }], { strategy: 'ringAll' }), {
      0: [logsIn('one'), logsIn('two'), arrives('c1')],
      19: [],
    })
    expect(said('ring')).toEqual(['0 ring c1 one'])
  })

  test('[R33] with escalateSeconds level 2 joins while level 1 rings', () => {
    const { said } = scene(group(['one', { agent: 'two', level: 2 }], { strategy: 'ringAll', escalateSeconds: 10 }), {
      0: [logsIn('one'), logsIn('two'), arrives('c1')],
      19: [],
    })
    expect(said('ring')).toEqual(['0 ring c1 one', '10 ring c1 two'])
  })

  test('[R34] what the phone shows', () => {
    const shown = (presentCaller: 'caller' | 'groupNumber', arrival: Happening) =>
      scene(group(['anna'], { presentCaller }), { 0: [logsIn('anna'), arrival] }).lines.find(
        ({ type }) => type === 'ring',
      )?.show
    expect(shown('caller', arrives('c1', { name: 'Eva Ek' }))).toEqual({
      group: 'support',
      number: '+46701234567',
      name: 'Eva Ek',
    })
    expect(shown('groupNumber', arrives('c1', { name: 'Eva Ek' }))).toEqual({ group: 'support', number: supportNumber })
    expect(shown('caller', hidden('c1'))).toEqual({ group: 'support' })
  })
})

describe('ringing', () => {
  test('[R36] [R37] a ring that nobody answers is a miss after ringSeconds', () => {
    const { said } = scene(group(['anna'], { ringSeconds: 15 }), {
      0: [logsIn('anna'), arrives('c1')],
      15: [hangsUp('c1')],
    })
    expect(said('stopRinging', 'missed')).toEqual(['15 stopRinging c1 anna noAnswer', '15 missed c1 anna 15'])
  })

  test('[R38] two misses in a row pause, with the reason', () => {
    const { said } = scene(group(['anna'], { ringSeconds: 5 }), { 0: [logsIn('anna'), arrives('c1')], 60: [] })
    expect(said('missed', 'pausedByMisses', 'agentState')).toEqual([
      '0 agentState anna available',
      '0 agentState anna ringing',
      '5 missed c1 anna 5',
      '10 missed c1 anna 5',
      '10 pausedByMisses anna',
      '10 agentState anna paused misses',
    ])
  })

  test.each<[string, Happening[]]>([
    ['a connection', [answers('anna', 'c1'), hangsUp('c1'), endsWrapUp('anna')]],
    ['a log-in', [logsOut('anna'), logsIn('anna'), hangsUp('c1')]],
    ['the end of a pause', [pauses('anna'), resumes('anna'), hangsUp('c1')]],
  ])('[R39] %s resets the misses', (_, between) => {
    const { said } = scene(group(['anna'], { ringSeconds: 5 }), {
      0: [logsIn('anna'), arrives('c1')],
      6: between,
      10: [arrives('c2')],
      15: [hangsUp('c2')],
      16: [],
    })
    expect(said('missed', 'pausedByMisses')).toEqual(['5 missed c1 anna 5', '15 missed c2 anna 5'])
  })

  test.each<[string, Happening]>([
    ['a pause', pauses('anna')],
    ['a log-out', logsOut('anna')],
    ['a log-out of this group number', logsOut('anna', 'support')],
    ['a busy device', phone('anna', 'busy')],
    ['a device that is gone', phone('anna', 'gone')],
  ])('[R40] %s withdraws the offer, and the next is rung at once', (_, happening) => {
    const { said } = scene(two({ members: ['anna', 'bo'] }, { members: ['anna'] }), {
      0: [logsIn('anna'), logsIn('bo'), arrives('c1')],
      3: [happening],
    })
    expect(said('ring', 'stopRinging', 'missed')).toEqual([
      '0 ring c1 anna',
      '3 stopRinging c1 anna withdrawn',
      '3 ring c1 bo',
    ])
  })

  test('[R40] a log-out of another group number withdraws nothing', () => {
    const { said } = scene(two({ members: ['anna'] }, { members: ['anna'] }), {
      0: [logsIn('anna'), arrives('c1')],
      3: [logsOut('anna', 'sales')],
    })
    expect(said('stopRinging')).toEqual([])
  })

  test('[R41] an answer ends the welcome message', () => {
    const { said } = scene(group(['anna'], { welcome: 'whileRinging' }, { messages: allMessages }), {
      0: [logsIn('anna'), arrives('c1')],
      2: [answers('anna', 'c1')],
      90: [],
    })
    expect(said('play', 'stopPlaying', 'connect', 'connected')).toEqual([
      '0 play c1 hello welcome',
      '2 stopPlaying c1',
      '2 connect c1 anna',
      '2 connected c1 anna 2',
    ])
  })

  test('[R42] an answer to an offer that is gone, and an answer repeated', () => {
    const { said } = scene(group(['anna', 'bo'], { strategy: 'ringAll' }), {
      0: [logsIn('anna'), logsIn('bo'), arrives('c1')],
      1: [answers('anna', 'c1'), answers('bo', 'c1'), answers('anna', 'c1')],
    })
    expect(said('connect', 'hangUpAgent')).toEqual(['1 connect c1 anna', '1 hangUpAgent c1 bo'])
  })

  test.each<[string, Happening]>([
    ['hung up', agentHangsUp('anna', 'c1')],
    ['lost', agentIsLost('anna', 'c1')],
  ])('[R43] a ringing leg that is %s is a declining', (_, happening) => {
    const { said } = scene(group(['anna']), { 0: [logsIn('anna'), arrives('c1')], 2: [happening], 8: [] })
    expect(said('ring', 'missed', 'returned')).toEqual(['0 ring c1 anna', '7 ring c1 anna'])
  })
})

describe('talking and after', () => {
  const talk = [logsIn('anna'), arrives('c1'), answers('anna', 'c1')]

  test('[R44] the caller hangs up', () => {
    const { said } = scene(group(['anna']), { 0: talk, 9: [hangsUp('c1')] })
    expect(said('completed', 'hangUpAgent', 'hangUp')).toEqual([
      '9 hangUpAgent c1 anna',
      '9 completed c1 anna caller 9',
    ])
  })

  test('[R45] the agent hangs up', () => {
    const { said } = scene(group(['anna']), { 0: talk, 9: [agentHangsUp('anna', 'c1')] })
    expect(said('completed', 'hangUpAgent', 'hangUp')).toEqual([
      '9 completed c1 anna agent 9',
      '9 hangUp c1 agentHungUp',
    ])
  })

  test.each<[number | undefined, number, string[]]>([
    [undefined, 30, ['9 wrapUpStarted anna 39']],
    [5, 30, ['9 wrapUpStarted anna 14']],
    [0, 30, []],
    [undefined, 0, []],
  ])('[R46] own wrap-up %s, the group number’s %i', (own, ofGroup, started) => {
    const configuration = company([{ members: ['anna'], settings: { wrapUpSeconds: ofGroup } }], {
      agents: [{ id: 'anna', ...(own !== undefined && { wrapUpSeconds: own }) }],
    })
    expect(scene(configuration, { 0: talk, 9: [hangsUp('c1')] }).said('wrapUpStarted')).toEqual(started)
  })

  test('[R47] wrap-up extended and ended', () => {
    const { said } = scene(group(['anna'], { wrapUpSeconds: 10 }), {
      0: talk,
      10: [hangsUp('c1')],
      15: [extendsWrapUp('anna', 20)],
      41: [arrives('c2'), answers('anna', 'c2'), hangsUp('c2')],
      45: [endsWrapUp('anna')],
    })
    expect(said('agentState').slice(2)).toEqual([
      '0 agentState anna talking',
      '10 agentState anna wrapUp',
      '40 agentState anna available',
      '41 agentState anna ringing',
      '41 agentState anna talking',
      '41 agentState anna wrapUp',
      '45 agentState anna available',
    ])
  })

  test('[R48] paused in a call: the call goes on, wrap-up runs, then the pause', () => {
    const { said } = scene(group(['anna'], { wrapUpSeconds: 10 }), {
      0: talk,
      5: [pauses('anna', 'lunch')],
      9: [hangsUp('c1')],
      30: [],
    })
    expect(said('completed', 'wrapUpStarted', 'agentState').slice(2)).toEqual([
      '0 agentState anna talking',
      '5 agentState anna paused lunch',
      '9 completed c1 anna caller 9',
      '9 wrapUpStarted anna 19',
      '9 agentState anna wrapUp',
      '19 agentState anna paused lunch',
    ])
  })

  test('[R48] logged out in a call: the call goes on, and there is no wrap-up', () => {
    const { said } = scene(group(['anna']), { 0: talk, 5: [logsOut('anna')], 9: [hangsUp('c1')], 60: [] })
    expect(said('completed', 'wrapUpStarted')).toEqual(['9 completed c1 anna caller 9'])
  })

  test('[R49] the agent is lost: back at the old place, with a new clock', () => {
    const { said } = scene(group(['anna', 'bo'], { maxWaitSeconds: 60 }, { messages: { music: ['tune'] } as never }), {
      0: talk,
      1: [arrives('c2')],
      50: [agentIsLost('anna', 'c1')],
      52: [logsIn('bo')],
      62: [],
    })
    expect(said('returned', 'music', 'ring', 'completed', 'wrapUpStarted', 'left').slice(2)).toEqual([
      '1 music c2',
      '50 returned c1 anna 50',
      '50 music c1',
      '50 ring c2 anna',
      '52 ring c1 bo',
      '61 left c2 timeout 60 2',
    ])
  })
})

describe('leaving', () => {
  test('[R50] the caller hangs up while rung for', () => {
    const { said } = scene(group(['anna']), { 0: [logsIn('anna'), arrives('c1')], 3: [hangsUp('c1')] })
    expect(said('stopRinging', 'left', 'hangUp')).toEqual([
      '3 stopRinging c1 anna callerGone',
      '3 left c1 abandoned 3 1',
    ])
  })

  test('[R51] the limit: rings end, the overflow message, then the action', () => {
    const { said } = scene(group(['anna'], { maxWaitSeconds: 30 }, { messages: allMessages }), {
      0: [logsIn('anna'), arrives('c1')],
      40: [],
    })
    expect(said('stopRinging', 'left', 'play', 'hangUp').slice(2)).toEqual([
      '30 stopRinging c1 anna withdrawn',
      '30 left c1 timeout 30 1',
      '30 play c1 sorry overflow',
      '32 hangUp c1 timeout',
    ])
  })

  test.each<['serveQueue' | 'closeQueue', string[]]>([
    ['serveQueue', ['70 ring c1 anna']],
    ['closeQueue', ['60 left c1 closed 60 1', '60 play c1 shut closed', '65 hangUp c1 closed']],
  ])('[R52] at closing: %s', (atClosing, outcome) => {
    const { said } = scene(
      group(['anna'], { atClosing, comfortSeconds: 0 }, { ...untilOneMinutePast, messages: allMessages }),
      {
        0: [arrives('c1')],
        70: [logsIn('anna')],
        71: [],
      },
    )
    expect(said('ring', 'left', 'play', 'hangUp').slice(1)).toEqual(outcome)
  })

  test.each<[string, string[]]>([
    ['ended', ['9 hangUp c1 transferred']],
    ['busy', ['9 hangUp c1 timeout']],
    ['failed', ['9 hangUp c1 timeout']],
    ['answered', []],
  ])('[R53] a forwarding that is %s', (result, outcome) => {
    const { said } = scene(
      group([], { maxWaitSeconds: 5, whenTimeout: { do: 'forward', to: '+4681234567' as never } }),
      {
        0: [arrives('c1')],
        9: [{ type: 'forwarded', call: 'c1', result }],
      },
    )
    expect(said('forward', 'hangUp')).toEqual(['5 forward c1 +4681234567', ...outcome])
  })

  test('[R111] [R112] what ends, what happened, what becomes of the caller, who is rung, and the states', () => {
    const { lines } = scene(group(['anna'], { maxWaitSeconds: 20, wrapUpSeconds: 5 }), {
      0: [logsIn('anna'), arrives('c1')],
      1: [answers('anna', 'c1'), arrives('c2')],
      2: [agentHangsUp('anna', 'c1')],
      21: [],
    })
    expect(
      lines.map(({ at, type, why }) => `${String(at)} ${type}${typeof why === 'string' ? ` ${why}` : ''}`),
    ).toEqual([
      '0 agentState',
      '0 answer',
      '0 queued',
      '0 ring',
      '0 agentState',
      '1 connect',
      '1 connected',
      '1 agentState',
      '1 answer',
      '1 queued',
      '2 completed',
      '2 wrapUpStarted',
      '2 hangUp agentHungUp',
      '2 agentState',
      '7 ring',
      '7 agentState',
      '21 stopRinging withdrawn',
      '21 left timeout',
      '21 hangUp timeout',
      '21 agentState',
    ])
  })

  test('[R113] a welcome message that a closing or a connection cuts short is stopped, one hung up on is not', () => {
    const welcome = { messages: { welcome: 'hello', music: [] }, settings: { welcome: 'whileRinging' } } as never
    const hello = { id: 'hello', name: 'Hej', kind: 'welcome', language: 'sv', transcript: 'Hej', seconds: 9 }
    const audio = { file: 'hello.wav', sha256: '0'.repeat(64), origin: 'recorded' }
    const { said } = scene(
      company([{ ...(welcome as object), members: ['anna'] }], { messages: [{ ...hello, ...audio } as never] }),
      {
        0: [logsIn('anna'), arrives('c1'), arrives('c2')],
        2: [answers('anna', 'c1')],
        3: [hangsUp('c2')],
      },
    )
    expect(said('play', 'stopPlaying', 'connect', 'left')).toEqual([
      '0 play c1 hello welcome',
      '0 play c2 hello welcome',
      '2 stopPlaying c1',
      '2 connect c1 anna',
      '3 left c2 abandoned 3 1',
    ])
  })

  const toSales = { do: 'group', to: 'sales' } as never
  const toSupport = { do: 'group', to: 'support' } as never

  test('[R54] overflow to a group number begins a stay there, with its own clock', () => {
    const { lines, said } = scene(
      two(
        { members: [], settings: { maxWaitSeconds: 10, whenTimeout: toSales }, messages: allMessages },
        { members: ['anna'], settings: { maxWaitSeconds: 7 } },
      ),
      { 0: [arrives('c1')], 30: [] },
    )
    expect(said('answer', 'queued', 'left', 'play', 'hangUp')).toEqual([
      '0 answer c1',
      '0 queued c1 support 1',
      '0 play c1 hello welcome',
      '10 left c1 timeout 10 1',
      '10 play c1 sorry overflow',
      '12 queued c1 sales 1',
      '19 left c1 timeout 7 1',
      '19 hangUp c1 timeout',
    ])
    expect(lines.find(({ type }) => type === 'left')).toMatchObject({
      group: 'support',
      then: { do: 'group', to: 'sales' },
    })
  })

  test('[R55] a chain that comes back ends with the message and a hang-up', () => {
    const { lines, said } = scene(
      two(
        { members: [], settings: { maxQueueLength: 0, whenFull: toSales } },
        { members: [], settings: { maxQueueLength: 0, whenFull: toSupport }, messages: allMessages },
      ),
      { 0: [arrives('c1')], 9: [] },
    )
    expect(said('refused', 'play', 'hangUp')).toEqual([
      '0 refused c1 support full',
      '0 refused c1 sales full',
      '0 play c1 sorry overflow',
      '2 hangUp c1 full',
    ])
    expect(lines.filter(({ type }) => type === 'refused').map(({ then }) => then)).toEqual([
      { do: 'group', to: 'sales' },
      { do: 'hangUp' },
    ])
  })

  const voicemail = { do: 'voicemail' } as const
  const records = (call: string, seconds: number): Happening => ({ type: 'recorded', call, file: 'r1.wav', seconds })

  test('[R56] voicemail: the message, then the recording, then the caller is let go', () => {
    const { said, lines } = scene(
      group(
        [],
        { maxWaitSeconds: 5, whenTimeout: voicemail, voicemail: { maxSeconds: 60, retentionDays: 90 } },
        {
          messages: { overflow: 'sorry', music: ['tune'] } as never,
        },
      ),
      { 0: [arrives('c1')], 30: [records('c1', 12), hangsUp('c1'), records('c1', 12)] },
    )
    expect(said('left', 'takeMessage', 'play', 'record', 'voicemailLeft', 'hangUp')).toEqual([
      '5 left c1 timeout 5 1',
      '5 takeMessage c1',
      '5 play c1 sorry overflow',
      '7 record c1 60',
      '30 voicemailLeft c1 support r1.wav 12',
      '30 hangUp c1 served',
    ])
    expect(lines.find(({ type }) => type === 'left')).toMatchObject({ then: voicemail })
  })

  test('[R56] without a message the recording begins at once, and one of nothing leaves no message', () => {
    const { said } = scene(group(['anna'], { whenClosed: voicemail }, { override: { effect: 'closed' } }), {
      0: [arrives('c1')],
      4: [records('c1', 0)],
    })
    expect(said('refused', 'answer', 'takeMessage', 'record', 'voicemailLeft', 'hangUp')).toEqual([
      '0 refused c1 support closed',
      '0 answer c1',
      '0 takeMessage c1',
      '0 record c1 180',
      '4 hangUp c1 served',
    ])
  })

  test('[R56] a recording that cannot be made, and a caller who hangs up without one', () => {
    const full = group([], { maxQueueLength: 0, whenFull: voicemail })
    const failed = { type: 'commandFailed', call: 'c1', command: 'record', reason: 'the disk is full' }
    expect(scene(full, { 0: [arrives('c1')], 1: [failed] }).said('hangUp', 'voicemailLeft')).toEqual([
      '1 hangUp c1 full',
    ])
    expect(scene(full, { 0: [arrives('c1')], 1: [hangsUp('c1'), failed] }).said('hangUp')).toEqual([])
  })

  test('[R57] a hang-up during the last message gives no notice', () => {
    const { lines } = scene(group([], { maxWaitSeconds: 5 }, { messages: allMessages }), {
      0: [arrives('c1')],
      6: [hangsUp('c1')],
      9: [],
    })
    expect(lines.filter(({ at }) => Number(at) > 5)).toEqual([])
  })

  test('[R58] a caller moved by hand begins a stay', () => {
    const { said } = scene(two({ members: ['anna'] }, { members: ['bo'] }), {
      0: [logsIn('anna'), logsIn('bo'), arrives('c1')],
      4: [{ type: 'callMoved', call: 'c1', group: 'sales' }],
    })
    expect(said('ring', 'stopRinging', 'moved', 'queued')).toEqual([
      '0 queued c1 support 1',
      '0 ring c1 anna',
      '4 stopRinging c1 anna withdrawn',
      '4 moved c1 support sales 4',
      '4 queued c1 sales 1',
      '4 ring c1 bo',
    ])
  })

  test('[R59] a caller put first by hand is served first', () => {
    const { said } = scene(group(['anna']), {
      0: [arrives('c1'), arrives('c2')],
      1: [{ type: 'prioritised', call: 'c2', priority: 1 }, logsIn('anna')],
    })
    expect(said('ring')).toEqual(['1 ring c2 anna'])
  })
})

describe('by hand', () => {
  test('[R77] a caller picked is rung for at once, before those ahead', () => {
    const { said } = scene(group(['anna', 'bo']), {
      0: [arrives('c1'), arrives('c2'), phone('anna', 'busy'), logsIn('anna')],
      1: [phone('anna', 'ready')],
      2: [picks('anna', 'c2')],
      3: [answers('anna', 'c2')],
    })
    expect(said('ring', 'stopRinging', 'connected')).toEqual([
      '1 ring c1 anna',
      '2 stopRinging c1 anna withdrawn',
      '2 ring c2 anna',
      '3 connected c2 anna 3',
    ])
  })

  test('[R77] a ring elsewhere is withdrawn, and nobody joins', () => {
    const { said } = scene(group(['anna', 'bo', 'eva'], { strategy: 'ringAll' }), {
      0: [logsIn('anna'), logsIn('bo'), arrives('c1')],
      2: [picks('eva', 'c1')],
      3: [logsIn('eva')],
      4: [answers('anna', 'c1'), answers('eva', 'c1')],
    })
    expect(said('ring', 'stopRinging', 'hangUpAgent', 'connected').slice(2)).toEqual([
      '2 stopRinging c1 anna withdrawn',
      '2 stopRinging c1 bo withdrawn',
      '2 ring c1 eva',
      '4 hangUpAgent c1 anna',
      '4 connected c1 eva 4',
    ])
  })

  test('[R77] who is rung for the caller already goes on ringing, alone', () => {
    const { said } = scene(group(['anna', 'bo'], { strategy: 'ringAll' }), {
      0: [logsIn('anna'), logsIn('bo'), arrives('c1')],
      2: [picks('bo', 'c1')],
      3: [],
    })
    expect(said('ring', 'stopRinging').slice(2)).toEqual(['2 stopRinging c1 anna withdrawn'])
  })

  test('[R78] of two who pick, the first has the caller until the ring has ended', () => {
    const { said } = scene(group(['anna', 'bo']), {
      0: [arrives('c1')],
      1: [picks('anna', 'c1'), picks('bo', 'c1')],
      5: [declines('anna', 'c1'), picks('bo', 'c1')],
      6: [answers('bo', 'c1')],
      7: [picks('anna', 'c1')],
    })
    expect(said('ring', 'stopRinging', 'connected')).toEqual(['1 ring c1 anna', '5 ring c1 bo', '6 connected c1 bo 6'])
  })

  test.each<[string, Happening[], boolean]>([
    ['paused', [logsIn('anna'), pauses('anna')], true],
    ['logged out', [], true],
    ['in wrap-up', [logsIn('anna'), arrives('c0'), answers('anna', 'c0'), hangsUp('c0')], true],
    ['talking', [logsIn('anna'), arrives('c0'), answers('anna', 'c0')], false],
    ['with a busy device', [phone('anna', 'busy')], false],
    ['with no device', [phone('anna', 'gone')], false],
  ])('[R79] one who picks is %s', (_, before, rung) => {
    const { said } = scene(group(['anna']), { 0: before, 1: [arrives('c1'), picks('anna', 'c1')] })
    expect(said('ring').includes('1 ring c1 anna')).toBe(rung)
  })

  test('[R79] a pick while the caller hears the welcome message does not wait for its end', () => {
    const { said } = scene(group(['anna', 'bo'], {}, { messages: allMessages }), {
      0: [logsIn('bo'), arrives('c1')],
      1: [picks('anna', 'c1')],
      2: [declines('anna', 'c1')],
      3: [answers('bo', 'c1')],
    })
    expect(said('ring', 'stopPlaying', 'connected')).toEqual([
      '1 ring c1 anna',
      '2 ring c1 bo',
      '3 stopPlaying c1',
      '3 connected c1 bo 3',
    ])
  })
})

describe('announcements', () => {
  const told = { announcePosition: true, announceWait: true, comfortSeconds: 10 }

  test('[R84] [R85] the place and the wait after each comfort message, and the clock counts from their end', () => {
    const { said } = scene(group(['anna'], told, { messages: { comfort: 'soon', music: [] } as never }), {
      0: [logsIn('anna'), phone('anna', 'busy'), arrives('c0'), arrives('c1')],
      40: [hangsUp('c0')],
      70: [],
    })
    const length = 2 + 1 + 1 + 2 + 1 + 1
    expect(said('play', 'say').filter((line) => line.includes('c1'))).toEqual([
      '10 play c1 soon comfort',
      '13 say c1 Du har plats nummer 2 i kön. Beräknad väntetid är 6 minuter',
      `${String(13 + length + 10)} play c1 soon comfort`,
      `${String(13 + length + 13)} say c1 Du har plats nummer 2 i kön. Beräknad väntetid är 6 minuter`,
      `${String(13 + 2 * length + 23)} play c1 soon comfort`,
      `${String(13 + 2 * length + 26)} say c1 Du har plats nummer 1 i kön. Beräknad väntetid är 3 minuter`,
    ])
  })

  test('[R85] without a comfort message they have the clock to themselves; no ring waits for them, and an answer ends them', () => {
    const { said } = scene(group(['anna'], told), {
      0: [arrives('c1')],
      11: [logsIn('anna')],
      12: [answers('anna', 'c1')],
      60: [],
    })
    expect(said('say', 'ring', 'stopPlaying', 'connect')).toEqual([
      '10 say c1 Du har plats nummer 1 i kön.',
      '11 ring c1 anna',
      '12 stopPlaying c1',
      '12 connect c1 anna',
    ])
  })

  test('[R86] with nobody logged in the wait is not said', () => {
    const { said } = scene(group([], { announceWait: true, comfortSeconds: 10 }), { 0: [arrives('c1')], 60: [] })
    expect(said('say')).toEqual([])
  })
})

describe('callback', () => {
  const callback = { digit: '5', afterSeconds: 10, tries: 2, untilHours: 4 }
  const asks = (call: string): Happening[] => dials(call, '55')

  test('[R87] the digit, after its seconds, and again for the number called from', () => {
    const { said } = scene(group([], { callback }), {
      0: [arrives('c1')],
      9: asks('c1'),
      10: dials('c1', '5'),
      11: dials('c1', '5'),
      12: dials('c1', '5'),
    })
    expect(said('say', 'callbackAsked', 'hangUp', 'left')).toEqual([
      '10 say c1 Vi ringer upp dig när det är din tur. Tryck 5 för det nummer du ringer från, eller slå ett annat nummer och avsluta med fyrkant.',
      '11 callbackAsked c1 support +46701234567',
      '11 hangUp c1 served',
    ])
  })

  test('[R87] where no callback is set digits change nothing, and 15 s after the last one they begin anew', () => {
    expect(scene(group([]), { 0: [arrives('c1')], 20: asks('c1') }).said('say', 'callbackAsked')).toEqual([])
    const { said } = scene(group([], { callback }), { 0: [arrives('c1')], 20: dials('c1', '5'), 36: dials('c1', '5') })
    expect(said('say', 'callbackAsked')).toHaveLength(2)
    expect(said('callbackAsked')).toEqual([])
  })

  test.each<[string, string, string[]]>([
    ['a national number', '0709876543#', ['20 callbackAsked c1 support +46709876543']],
    ['one from abroad', '004791234567#', ['20 callbackAsked c1 support +4791234567']],
    ['begun anew with a star', '08*0709876543#', ['20 callbackAsked c1 support +46709876543']],
    ['no number, and then one', '123#0709876543#', ['20 callbackAsked c1 support +46709876543']],
    ['no number', '123#', []],
  ])('[R88] a hidden number is entered: %s', (_, digits, outcome) => {
    const { said } = scene(group([], { callback }), { 0: [hidden('c1')], 20: dials('c1', `5${digits}`) })
    expect(said('callbackAsked')).toEqual(outcome)
  })

  test('[R89] the place is kept: no message, no limit, no closing, and nobody logged in, takes it', () => {
    const { said } = scene(
      group(
        ['anna', 'bo'],
        { callback, maxWaitSeconds: 30, whenNoAgents: { do: 'hangUp' }, atClosing: 'closeQueue', wrapUpSeconds: 0 },
        { messages: allMessages },
      ),
      {
        0: [logsIn('anna'), phone('anna', 'busy'), arrives('c1')],
        20: [...asks('c1'), hangsUp('c1')],
        25: [arrives('c2')],
        26: [logsOut('anna')],
        40: [logsIn('anna'), arrives('c3')],
        45: [phone('anna', 'ready')],
      },
      { until: 45 },
    )
    expect(said('callbackAsked', 'left', 'play', 'ring').slice(1)).toEqual([
      '20 callbackAsked c1 support +46701234567',
      '25 play c2 hello welcome',
      '26 left c2 noAgents 1 2',
      '26 play c2 sorry overflow',
      '40 play c3 hello welcome',
      '45 ring c1 anna',
    ])
  })

  test('[R90] the agent first, then the caller; the wait counts from the arrival', () => {
    const { said, lines } = scene(group(['anna'], { callback }), {
      0: [arrives('c1', { name: 'Eva Ek' })],
      20: dials('c1', '50709876543#'),
      30: [logsIn('anna')],
      35: [answers('anna', 'c1'), answers('anna', 'c1')],
      42: [isReached('c1'), isReached('c1')],
      50: [hangsUp('c1')],
    })
    expect(said('ring', 'callOut', 'connect', 'connected', 'completed')).toEqual([
      '30 ring c1 anna',
      '35 callOut c1 +46709876543',
      '42 connect c1 anna',
      '42 connected c1 anna 42',
      '50 completed c1 anna caller 8',
    ])
    expect(lines.find(({ type }) => type === 'ring')).toMatchObject({
      callback: true,
      show: { group: 'support', number: '+46709876543' },
    })
    expect(lines.find(({ type }) => type === 'callOut')?.show).toEqual({ group: 'support', number: supportNumber })
  })

  test('[R91] a caller not reached is tried again after 300 s, as often as is set, and then has left', () => {
    const { said } = scene(group(['anna'], { callback, wrapUpSeconds: 0 }), {
      0: [logsIn('anna'), phone('anna', 'busy'), arrives('c1')],
      20: asks('c1'),
      30: [phone('anna', 'ready'), answers('anna', 'c1')],
      50: [isNotReached('c1')],
      351: [answers('anna', 'c1')],
      411: [],
    })
    expect(said('ring', 'callOut', 'hangUpAgent', 'hangUp', 'left', 'completed')).toEqual([
      '20 hangUp c1 served',
      '30 ring c1 anna',
      '30 callOut c1 +46701234567',
      '50 hangUpAgent c1 anna',
      '350 ring c1 anna',
      '351 callOut c1 +46701234567',
      '411 hangUpAgent c1 anna',
      '411 hangUp c1 lost',
      '411 left c1 notReached 411 1',
    ])
  })

  test('[R91] an agent who hangs up while the caller is rung: no try, and the next agent', () => {
    const { said } = scene(group(['anna', 'bo'], { callback: { ...callback, tries: 1 } }), {
      0: [arrives('c1')],
      20: [...asks('c1'), logsIn('anna'), answers('anna', 'c1')],
      25: [agentHangsUp('anna', 'c1'), logsIn('bo'), answers('bo', 'c1'), isReached('c1')],
    })
    expect(said('callOut', 'hangUp', 'missed', 'connected')).toEqual([
      '20 hangUp c1 served',
      '20 callOut c1 +46701234567',
      '25 hangUp c1 agentHungUp',
      '25 callOut c1 +46701234567',
      '25 connected c1 bo 25',
    ])
  })

  test('[R92] nobody is rung back while it is closed', () => {
    const hours = {
      schedules: [
        {
          id: 'week',
          name: 'Med lunch',
          week: {
            ...always,
            mon: [
              { from: '08:00', to: '09:01' },
              { from: '09:03', to: '17:00' },
            ],
          },
        },
      ] as never,
    }
    const { said } = scene(group(['anna'], { callback }, hours), {
      0: [arrives('c1')],
      20: asks('c1'),
      70: [logsIn('anna')],
      181: [answers('anna', 'c1')],
    })
    expect(said('ring', 'callOut')).toEqual(['180 ring c1 anna', '181 callOut c1 +46701234567'])
  })

  test('[R92] after untilHours the caller has left, unless just being rung', () => {
    const soon = { ...callback, untilHours: 0.01 }
    const { said } = scene(group(['anna'], { callback: soon }), {
      0: [arrives('c1'), arrives('c2')],
      20: [...asks('c1'), ...asks('c2')],
      50: [logsIn('anna'), answers('anna', 'c1')],
      70: [isReached('c1')],
    })
    expect(said('left', 'connected', 'hangUp').slice(2)).toEqual(['56 left c2 timeout 56 2', '70 connected c1 anna 70'])
  })

  test('[R93] a pause or a log-out does not end a callback that is being made; moving and picking wait for it', () => {
    const { said } = scene(two({ members: ['anna', 'bo'], settings: { callback } }, { members: [] }), {
      0: [arrives('c1')],
      20: [...asks('c1'), logsIn('anna'), answers('anna', 'c1')],
      21: [pauses('anna'), logsOut('anna')],
      22: [picks('bo', 'c1'), { type: 'callMoved', call: 'c1', group: 'sales' }],
      23: [isReached('c1')],
    })
    expect(said('hangUpAgent', 'moved', 'ring', 'connected')).toEqual(['20 ring c1 anna', '23 connected c1 anna 23'])
  })

  test('[R93] a caller who is away can be moved, put first, and picked', () => {
    const { said } = scene(two({ members: [], settings: { callback } }, { members: ['anna'] }), {
      0: [arrives('c1')],
      20: asks('c1'),
      21: [{ type: 'callMoved', call: 'c1', group: 'sales' }],
      22: [{ type: 'prioritised', call: 'c1', priority: 3 }],
      23: [picks('anna', 'c1')],
      24: [answers('anna', 'c1'), isReached('c1')],
    })
    expect(said('moved', 'queued', 'ring', 'answer', 'music', 'connected').slice(2)).toEqual([
      '21 moved c1 support sales 21',
      '21 queued c1 sales 1',
      '23 ring c1 anna',
      '24 connected c1 anna 3',
    ])
  })
})

describe('transfer', () => {
  const talk = [logsIn('anna'), arrives('c1'), answers('anna', 'c1')]
  const both = two({ members: ['anna', 'bo'] }, { members: ['eva'] })
  const types = ['completed', 'hangUpAgent', 'consult', 'completeTransfer', 'cancelTransfer', 'transferFailed'] as const
  const rest = ['queued', 'ring', 'connected', 'forward', 'hangUp', 'left'] as const

  test('[R94] to an agent at once: the talk is over, and the agent is rung for a new stay', () => {
    const { said } = scene(both, {
      0: talk,
      10: [transfers('anna', 'c1', { agent: 'bo' })],
      12: [answers('bo', 'c1')],
      20: [hangsUp('c1')],
    })
    expect(said(...types, ...rest).slice(3)).toEqual([
      '10 hangUpAgent c1 anna',
      '10 completed c1 anna transfer 10',
      '10 queued c1 support 1',
      '10 ring c1 bo',
      '12 connected c1 bo 2',
      '20 hangUpAgent c1 bo',
      '20 completed c1 bo caller 8',
    ])
  })

  test('[R95] an agent who does not take the caller: back in the queue, at the old place', () => {
    const { said } = scene(two({ members: ['anna', 'bo'], settings: { wrapUpSeconds: 10 } }, { members: ['eva'] }), {
      0: talk,
      1: [arrives('c2')],
      10: [transfers('anna', 'c1', { agent: 'eva' })],
      12: [declines('eva', 'c1')],
      21: [],
    })
    expect(said('ring', 'transferFailed')).toEqual(['0 ring c1 anna', '10 ring c1 eva', '20 ring c1 anna'])
  })

  test.each<[string, Happening[]]>([
    ['paused', [logsIn('bo'), pauses('bo')]],
    ['in a call', [logsIn('bo'), arrives('c0'), answers('bo', 'c0')]],
    ['without a phone', [phone('bo', 'gone')]],
  ])('[R95] an agent who is %s cannot be transferred to: the caller stays', (_, before) => {
    for (const how of ['now', 'consult']) {
      const { said } = scene(both, {
        0: [...before, ...talk],
        10: [transfers('anna', 'c1', { agent: 'bo' }, how)],
        12: [hangsUp('c1')],
      })
      expect(said('transferFailed', 'completed')).toEqual([
        '10 transferFailed c1 anna unavailable',
        '12 completed c1 anna caller 12',
      ])
    }
  })

  test('[R94] to a group number at once: tested as an arrival', () => {
    const closed = two({ members: ['anna'] }, { members: ['eva'], override: { effect: 'closed' } })
    const script = { 0: talk, 10: [transfers('anna', 'c1', { group: 'sales' })] }
    expect(scene(closed, script).said('completed', 'refused', 'hangUp')).toEqual([
      '10 completed c1 anna transfer 10',
      '10 refused c1 sales closed',
      '10 hangUp c1 closed',
    ])
    expect(
      scene(both, { ...script, 11: [logsIn('eva')] })
        .said('completed', 'queued', 'ring')
        .slice(2),
    ).toEqual(['10 completed c1 anna transfer 10', '10 queued c1 sales 1', '11 ring c1 eva'])
    const byNumber = { 0: talk, 10: [transfers('anna', 'c1', { number: salesNumber })] }
    expect(scene(both, byNumber).said('queued', 'forward')).toEqual(['0 queued c1 support 1', '10 queued c1 sales 1'])
  })

  test('[R94] to a number at once: forwarded; when that ends the caller is hung up on', () => {
    const { said } = scene(both, {
      0: talk,
      10: [transfers('anna', 'c1', { number: '+4687654321' })],
      12: [outside('c1', 'answered')],
      30: [outside('c1', 'ended')],
    })
    expect(said(...types, ...rest).slice(3)).toEqual([
      '10 hangUpAgent c1 anna',
      '10 completed c1 anna transfer 10',
      '10 forward c1 +4687654321',
      '30 hangUp c1 transferred',
    ])
  })

  test.each<[string, Happening, string]>([
    ['busy', outside('c1', 'busy'), 'busy'],
    ['refused', { type: 'commandFailed', call: 'c1', command: 'forward', reason: 'not allowed' }, 'refused'],
  ])('[R95] a number that is %s: back in the queue', (_, happening, why) => {
    const { said } = scene(group(['anna'], { wrapUpSeconds: 0 }), {
      0: talk,
      10: [transfers('anna', 'c1', { number: '+4687654321' })],
      15: [happening],
    })
    expect(said('transferFailed', 'queued', 'ring', 'hangUp').slice(2)).toEqual([
      `15 transferFailed c1 anna ${why}`,
      '15 queued c1 support 1',
      '15 ring c1 anna',
    ])
  })

  test('[R96] [R98] an agent consulted, and the caller handed over: the second stay begins with that talk', () => {
    const { said, lines } = scene(both, {
      0: talk,
      10: [consults('anna', 'c1', { agent: 'bo' })],
      12: [answers('bo', 'c1')],
      20: [confirms('c1')],
      29: [agentHangsUp('bo', 'c1')],
    })
    expect(said(...types, ...rest).slice(3)).toEqual([
      '10 consult c1 anna bo',
      '20 completeTransfer c1',
      '20 completed c1 anna transfer 20',
      '20 queued c1 support 1',
      '20 connected c1 bo 0',
      '29 completed c1 bo agent 9',
      '29 hangUp c1 agentHungUp',
    ])
    expect(lines.find(({ type }) => type === 'consult')).toMatchObject({
      offer: 'o2',
      show: { group: 'support', number: '+46701234567' },
    })
  })

  test('[R96] a caller whose leg turns out dead ends the consultation too: nobody else is asked', () => {
    const { said } = scene(two({ members: ['anna'] }, { members: ['bo', 'eva'] }), {
      0: [logsIn('bo'), logsIn('eva'), ...talk],
      10: [consults('anna', 'c1', { group: 'sales' })],
      15: [{ type: 'commandFailed', call: 'c1', command: 'answer', reason: 'gone' }],
      60: [],
    })
    expect(said(...types, 'missed', 'hangUp')).toEqual([
      '10 consult c1 anna bo',
      '15 cancelTransfer c1',
      '15 hangUpAgent c1 anna',
      '15 completed c1 anna lost 15',
      '15 hangUp c1 lost',
    ])
  })

  test('[R96] cancelled: the caller is with the agent, and who was consulted is free, without wrap-up', () => {
    const { said } = scene(both, {
      0: [logsIn('bo'), ...talk.slice(1).map((event) => ({ ...event, ...('agent' in event && { agent: 'bo' }) }))],
      10: [logsIn('anna'), consults('bo', 'c1', { agent: 'anna' })],
      12: [answers('anna', 'c1')],
      20: [cancels('c1')],
      21: [hangsUp('c1')],
    })
    expect(said(...types)).toEqual([
      '10 consult c1 bo anna',
      '20 cancelTransfer c1',
      '21 hangUpAgent c1 bo',
      '21 completed c1 bo caller 21',
    ])
    expect(said('agentState').filter((line) => line.includes('anna'))).toEqual([
      '10 agentState anna available',
      '10 agentState anna ringing',
      '12 agentState anna talking',
      '20 agentState anna available',
    ])
  })

  test.each<[string, Happening[], string[]]>([
    ['declines', [declines('bo', 'c1', 'busy')], ['12 transferFailed c1 anna busy']],
    ['pauses', [pauses('bo')], ['12 cancelTransfer c1', '12 transferFailed c1 anna unavailable']],
    ['answers and hangs up', [answers('bo', 'c1'), agentHangsUp('bo', 'c1')], ['12 transferFailed c1 anna ended']],
  ])('[R97] who is consulted %s: the caller is with the agent', (_, happenings, outcome) => {
    const { said } = scene(both, {
      0: [logsIn('bo'), phone('bo', 'busy'), ...talk],
      9: [phone('bo', 'ready')],
      10: [consults('anna', 'c1', { agent: 'bo' })],
      12: happenings,
      40: [],
    })
    expect(said('cancelTransfer', 'transferFailed', 'completed', 'left')).toEqual(outcome)
  })

  test('[R97] who is consulted lets it ring: missed, and the caller is with the agent', () => {
    const { said } = scene(both, { 0: talk, 10: [consults('anna', 'c1', { agent: 'bo' })], 40: [] })
    expect(said('cancelTransfer', 'missed', 'transferFailed')).toEqual([
      '30 cancelTransfer c1',
      '30 missed c1 bo 20',
      '30 transferFailed c1 anna noAnswer',
    ])
  })

  test('[R96] [R97] a group number is consulted through its agents, each once, by its strategy', () => {
    const three = two({ members: ['anna'] }, { members: ['eva', 'ola'], settings: { strategy: 'fixedOrder' } })
    const { said } = scene(three, {
      0: [logsIn('eva'), logsIn('ola'), ...talk],
      10: [consults('anna', 'c1', { group: 'sales' })],
      11: [declines('eva', 'c1')],
      12: [declines('ola', 'c1')],
      13: [consults('anna', 'c1', { group: 'sales' }), answers('eva', 'c1'), confirms('c1')],
    })
    expect(said('consult', 'transferFailed', 'completed', 'queued', 'connected').slice(2)).toEqual([
      '10 consult c1 anna eva',
      '11 consult c1 anna ola',
      '12 transferFailed c1 anna rejected',
      '13 consult c1 anna eva',
      '13 completed c1 anna transfer 13',
      '13 queued c1 sales 1',
      '13 connected c1 eva 0',
    ])
  })

  test('[R96] [R98] a number consulted: the agent hangs up, and the caller is with the third party', () => {
    const { said } = scene(both, {
      0: talk,
      10: [consults('anna', 'c1', { number: '+4687654321' }), outside('c1', 'answered')],
      15: [agentHangsUp('anna', 'c1')],
      30: [outside('c1', 'ended')],
    })
    expect(said(...types, 'forward', 'hangUp')).toEqual([
      '10 consult c1 anna +4687654321',
      '15 completeTransfer c1',
      '15 completed c1 anna transfer 15',
      '30 hangUp c1 transferred',
    ])
  })

  test('[R98] handed over while the third party still rings: who does not answer sends the caller to the queue', () => {
    const script = (to: object, then: Happening[]) => ({
      0: talk,
      10: [consults('anna', 'c1', to)],
      12: [confirms('c1')],
      15: then,
    })
    const agent = scene(both, script({ agent: 'bo' }, [answers('bo', 'c1')]))
    expect(agent.said('completed', 'queued', 'ring', 'connect', 'connected').slice(4)).toEqual([
      '12 completed c1 anna transfer 12',
      '12 queued c1 support 1',
      '15 connect c1 bo',
      '15 connected c1 bo 3',
    ])
    const number = scene(both, script({ number: '+4687654321' }, [outside('c1', 'noAnswer')]))
    expect(number.said('completed', 'transferFailed', 'queued', 'hangUp').slice(1)).toEqual([
      '12 completed c1 anna transfer 12',
      '15 transferFailed c1 anna noAnswer',
      '15 queued c1 support 1',
    ])
  })

  test('[R99] the caller hangs up in a consultation: completed by the caller, and who was consulted is free', () => {
    const { said } = scene(both, {
      0: talk,
      10: [consults('anna', 'c1', { agent: 'bo' }), answers('bo', 'c1')],
      12: [hangsUp('c1')],
      13: [confirms('c1'), agentHangsUp('bo', 'c1')],
    })
    expect(said(...types, ...rest).slice(4)).toEqual([
      '12 hangUpAgent c1 anna',
      '12 hangUpAgent c1 bo',
      '12 completed c1 anna caller 12',
    ])
  })

  test('[R99] only the agent who has the caller transfers, and one transfer at a time', () => {
    const { said } = scene(both, {
      0: [...talk, transfers('bo', 'c1', { group: 'sales' })],
      10: [
        consults('anna', 'c1', { agent: 'bo' }),
        consults('anna', 'c1', { agent: 'eva' }),
        transfers('anna', 'c1', { group: 'sales' }),
      ],
    })
    expect(said('consult', 'completed')).toEqual(['10 consult c1 anna bo'])
  })

  const three = ['threeWay', 'threeWayStarted', 'threeWayEnded', 'completed', 'hangUp', 'hangUpAgent'] as const
  const ways = ['completeTransfer', 'cancelTransfer', 'transferFailed', 'queued', 'connected', 'returned'] as const
  const joined = {
    0: talk,
    10: [consults('anna', 'c1', { agent: 'bo' }), asksThree('c1'), answers('bo', 'c1')],
    12: [asksThree('c1'), asksThree('c1')],
  }
  const joinedOutside = {
    0: talk,
    10: [consults('anna', 'c1', { number: '+46855512345' }), asksThree('c1'), outside('c1', 'answered')],
    12: [asksThree('c1'), asksThree('c1')],
  }

  test('[R114] all three speak together once the third party is there', () => {
    expect(
      scene(both, joined)
        .said(...three, ...ways)
        .slice(2),
    ).toEqual(['12 threeWay c1', '12 threeWayStarted c1 anna bo'])
    expect(
      scene(both, joinedOutside)
        .said(...three, ...ways)
        .slice(2),
    ).toEqual(['12 threeWay c1', '12 threeWayStarted c1 anna +46855512345'])
    expect(scene(both, { 0: talk, 10: [asksThree('c1')] }).said(...three)).toEqual([])
  })

  test.each([
    ['hangs up', [agentHangsUp('anna', 'c1')], [], 'transfer'],
    ['confirms', [confirms('c1')], ['20 completeTransfer c1'], 'transfer'],
    ['has a leg that dies', [agentIsLost('anna', 'c1')], [], 'lost'],
  ])('[R115] the agent %s: the caller and the third party go on, as after a transfer', (_, leaves, commands, by) => {
    const agents = scene(both, { ...joined, 20: leaves, 30: [hangsUp('c1')] })
    expect(agents.said(...three, ...ways).slice(4)).toEqual([
      ...commands,
      '20 threeWayEnded c1 anna bo agent 8',
      `20 completed c1 anna ${by} 20`,
      '20 queued c1 support 1',
      '20 connected c1 bo 0',
      '30 hangUpAgent c1 bo',
      '30 completed c1 bo caller 10',
    ])
    const number = scene(both, { ...joinedOutside, 20: leaves, 30: [outside('c1', 'ended')] })
    expect(number.said(...three, ...ways).slice(4)).toEqual([
      ...commands,
      '20 threeWayEnded c1 anna +46855512345 agent 8',
      `20 completed c1 anna ${by} 20`,
      '30 hangUp c1 transferred',
    ])
  })

  test.each([
    ['hangs up', [agentHangsUp('bo', 'c1')], [outside('c1', 'ended')], []],
    ['has a leg that dies', [agentIsLost('bo', 'c1')], [outside('c1', 'failed')], []],
    ['is let go', [cancels('c1')], [cancels('c1')], ['20 cancelTransfer c1']],
  ])('[R115] the third party %s: the caller and the agent go on', (_, agentLeaves, numberLeaves, commands) => {
    const agents = scene(both, { ...joined, 20: agentLeaves, 30: [hangsUp('c1')] })
    expect(agents.said(...three, ...ways).slice(4)).toEqual([
      ...commands,
      '20 threeWayEnded c1 anna bo third 8',
      '30 hangUpAgent c1 anna',
      '30 completed c1 anna caller 30',
    ])
    const number = scene(both, { ...joinedOutside, 20: numberLeaves, 30: [hangsUp('c1')] })
    expect(number.said(...three, ...ways).slice(4)).toEqual([
      ...commands,
      '20 threeWayEnded c1 anna +46855512345 third 8',
      '30 hangUpAgent c1 anna',
      '30 completed c1 anna caller 30',
    ])
  })

  test.each([
    ['the agent hangs up', agentHangsUp('anna', 'c1')],
    ['the agent confirms', confirms('c1')],
    ['the leg of the agent dies', agentIsLost('anna', 'c1')],
    ['the third party hangs up', agentHangsUp('bo', 'c1')],
    ['the third party is let go', cancels('c1')],
  ])('[R116] the caller goes: the agent and the third party go on until %s', (_, over) => {
    const { said } = scene(both, { ...joined, 20: [hangsUp('c1')], 50: [over], 60: [hangsUp('c1')] })
    expect(said(...three, ...ways).slice(4)).toEqual([
      '20 threeWayEnded c1 anna bo caller 8',
      '50 completed c1 anna caller 50',
      '50 hangUp c1 agentHungUp',
    ])
  })

  test('[R117] neither a pause, a log-out nor the telephone takes anybody out of it', () => {
    const { said } = scene(both, {
      ...joined,
      20: [pauses('bo'), logsOut('bo'), phone('bo', 'busy'), logsOut('anna'), phone('anna', 'gone')],
      30: [agentHangsUp('anna', 'c1')],
    })
    expect(said(...three, ...ways).slice(4)).toEqual([
      '30 threeWayEnded c1 anna bo agent 18',
      '30 completed c1 anna transfer 30',
      '30 queued c1 support 1',
      '30 connected c1 bo 0',
    ])
  })

  test('[R118] where they cannot be put together the consultation goes on, and may be tried anew', () => {
    const failed = { type: 'commandFailed', call: 'c1', command: 'threeWay', reason: 'refused' }
    const { said } = scene(both, { ...joined, 13: [failed, asksThree('c1')], 20: [confirms('c1')] })
    expect(said(...three, ...ways).slice(4)).toEqual([
      '13 threeWayEnded c1 anna bo lost 1',
      '13 threeWay c1',
      '13 threeWayStarted c1 anna bo',
      '20 completeTransfer c1',
      '20 threeWayEnded c1 anna bo agent 7',
      '20 completed c1 anna transfer 20',
      '20 queued c1 support 1',
      '20 connected c1 bo 0',
    ])
  })

  describe('[R119] a switch that attaches', () => {
    const held = (more: object, consulting?: object) => ({
      type: 'switchAttached',
      calls: [
        {
          call: 'c1',
          to: supportNumber,
          arrived: 0,
          answered: true,
          hears: { kind: 'agent', agent: 'anna' },
          ...(consulting && {
            consulting: { agent: 'anna', offer: 'o1', to: { agent: 'bo' }, answered: true, ...consulting },
          }),
          offers: [],
          ...more,
        },
      ],
    })
    test.each([
      ['has all three together: nothing happens', held({}, { threeWay: 'all' }), []],
      ['has them in a consultation: they are put together', held({ hears: { kind: 'music' } }, {}), ['20 threeWay c1']],
      [
        'has the caller with the third party: the agent has left',
        held({ hears: { kind: 'agent', agent: 'bo' } }),
        [
          '20 threeWayEnded c1 anna bo agent 8',
          '20 completed c1 anna transfer 20',
          '20 queued c1 support 1',
          '20 connected c1 bo 0',
        ],
      ],
      ['has the caller with the agent: the third party has left', held({}), ['20 threeWayEnded c1 anna bo third 8']],
      [
        'has the two whom the caller has left',
        held({ answered: false, hears: { kind: 'nothing' } }, { threeWay: 'callerLeft' }),
        ['20 threeWayEnded c1 anna bo caller 8'],
      ],
      [
        'has nobody any more',
        { type: 'switchAttached', calls: [] },
        ['20 threeWayEnded c1 anna bo lost 8', '20 completed c1 anna lost 20'],
      ],
    ])('%s', (_, attached, outcome) => {
      const { said } = scene(both, { ...joined, 20: [attached] })
      expect(said(...three, ...ways).slice(4)).toEqual(outcome)
    })

    test('which put them together unheard: so they are', () => {
      const before = { 0: talk, 10: [consults('anna', 'c1', { agent: 'bo' }), answers('bo', 'c1')] }
      const { said } = scene(both, { ...before, 20: [held({}, { threeWay: 'all' })] })
      expect(said(...three, ...ways).slice(2)).toEqual(['20 threeWayStarted c1 anna bo'])
    })
  })
})

describe('112', () => {
  test('[R107] a call to 112 is put through at once, and ends when the other end does', () => {
    const { said } = scene(group([], {}, { override: { effect: 'closed' } }), {
      0: [arrives('e1', { to: '112' }), arrives('e2', { to: '112' })],
      5: [outside('e1', 'answered'), outside('e2', 'failed')],
      60: [outside('e1', 'ended'), outside('e1', 'ended')],
    })
    expect(said('forward', 'hangUp', 'refused', 'queued')).toEqual([
      '0 forward e1 112',
      '0 forward e2 112',
      '5 hangUp e2 transferred',
      '60 hangUp e1 transferred',
    ])
  })

  test('[R107] a call from 112 is neither blocked nor full, and goes first', () => {
    const callers = [{ prefix: '+', block: true }] as never
    const { said } = scene(group(['anna'], { callers, maxQueueLength: 0 }), {
      0: [arrives('e1', { from: '+46112' }), arrives('e2', { from: '112' })],
    })
    expect(said('queued', 'refused')).toEqual(['0 queued e1 support 1', '0 queued e2 support 2'])
    const busy = scene(group(['anna']), { 0: [arrives('c1')], 1: [arrives('e1', { from: '112' }), logsIn('anna')] })
    expect(busy.said('ring')).toEqual(['1 ring e1 anna'])
  })

  test('[R107] a caller is transferred to 112 like to any number', () => {
    const { said } = scene(group(['anna']), {
      0: [logsIn('anna'), arrives('c1'), answers('anna', 'c1')],
      1: [transfers('anna', 'c1', { number: '112' })],
    })
    expect(said('completed', 'forward')).toEqual(['1 completed c1 anna transfer 1', '1 forward c1 112'])
  })
})

describe('listening in', () => {
  const monitored = (by: string, mode: string): Happening => ({ type: 'monitored', call: 'c1', by, mode })

  test('[R100] who listens in, until the talk is over', () => {
    const { said } = scene(group(['anna', 'bo', 'eva']), {
      0: [logsIn('anna'), arrives('c1'), monitored('bo', 'listen')],
      1: [answers('anna', 'c1'), monitored('anna', 'listen'), monitored('bo', 'off')],
      2: [monitored('bo', 'listen'), monitored('bo', 'listen'), monitored('eva', 'whisper'), monitored('bo', 'barge')],
      3: [monitored('eva', 'off')],
      4: [agentHangsUp('anna', 'c1'), monitored('bo', 'listen')],
    })
    expect(said('monitor', 'completed')).toEqual([
      '2 monitor c1 bo listen',
      '2 monitor c1 eva whisper',
      '2 monitor c1 bo barge',
      '3 monitor c1 eva off',
      '4 monitor c1 bo off',
      '4 completed c1 anna agent 3',
    ])
  })

  test('[R100] who could not be let in listens no more, and may begin again', () => {
    const { said } = scene(group(['anna', 'bo']), {
      0: [logsIn('anna'), arrives('c1'), answers('anna', 'c1'), monitored('bo', 'listen')],
      1: [
        { type: 'commandFailed', call: 'c1', agent: 'bo', command: 'monitor', reason: 'no' },
        monitored('bo', 'listen'),
      ],
    })
    expect(said('monitor')).toEqual(['0 monitor c1 bo listen', '1 monitor c1 bo listen'])
  })

  test('[R100] a listener whose leg has ended listens no more, and may begin again', () => {
    const { said } = scene(group(['anna', 'bo']), {
      0: [logsIn('anna'), arrives('c1'), answers('anna', 'c1'), monitored('bo', 'listen')],
      1: [agentHangsUp('bo', 'c1'), monitored('bo', 'listen')],
      2: [declines('bo', 'c1')],
      3: [agentHangsUp('anna', 'c1')],
    })
    expect(said('monitor')).toEqual(['0 monitor c1 bo listen', '1 monitor c1 bo listen'])
  })
})

describe('ordinary phones', () => {
  const phones = (settings: Partial<Settings> = {}) =>
    company([{ name: 'Kundtjänst', members: ['anna', 'bo'], settings }], {
      agents: [{ id: 'anna', answersAt: 'phone' }],
    })

  test('[R80] an ordinary phone is rung like a softphone', () => {
    const { said } = scene(phones(), {
      0: [phone('anna', 'gone'), logsIn('anna'), arrives('c1')],
      1: [phone('anna', 'ready')],
      2: [phone('anna', 'busy')],
    })
    expect(said('ring', 'stopRinging')).toEqual(['1 ring c1 anna', '2 stopRinging c1 anna withdrawn'])
  })

  test('[R81] an answer connects nothing and stops no other ring; the digit does', () => {
    const { said } = scene(phones({ strategy: 'ringAll' }), {
      0: [logsIn('anna'), logsIn('bo'), arrives('c1')],
      1: [presses('anna', 'c1', '1')],
      3: [answers('anna', 'c1'), answers('anna', 'c1')],
      5: [presses('anna', 'c1', '1')],
    })
    expect(said('say', 'stopRinging', 'connect', 'connected', 'hangUpAgent')).toEqual([
      '3 say c1 anna Kundtjänst väntat 3 sekunder tryck 1',
      '5 connect c1 anna',
      '5 connected c1 anna 5',
      '5 stopRinging c1 bo answeredElsewhere',
    ])
  })

  test('[R81] another who answers meanwhile has the caller', () => {
    const { said } = scene(phones({ strategy: 'ringAll' }), {
      0: [logsIn('anna'), logsIn('bo'), arrives('c1')],
      3: [answers('anna', 'c1')],
      4: [answers('bo', 'c1'), presses('anna', 'c1', '1')],
    })
    expect(said('connected', 'hangUpAgent', 'missed')).toEqual(['4 connected c1 bo 4', '4 hangUpAgent c1 anna'])
  })

  test.each<[string, Happening[], string[]]>([
    ['another digit', [presses('anna', 'c1', '2')], ['7 hangUpAgent c1 anna', '7 missed c1 anna 7']],
    ['hanging up', [agentHangsUp('anna', 'c1')], ['7 missed c1 anna 7']],
    ['silence', [], ['11 hangUpAgent c1 anna', '11 missed c1 anna 11']],
  ])('[R82] %s is a miss', (_, happenings, outcome) => {
    const { said } = scene(phones(), {
      0: [logsIn('anna'), logsIn('bo'), arrives('c1')],
      3: [answers('anna', 'c1')],
      7: happenings,
      11: [presses('anna', 'c1', '1')],
    })
    expect(said('hangUpAgent', 'missed', 'connected')).toEqual(outcome)
    expect(said('ring').at(-1)).toMatch(/^(7|11) ring c1 bo$/)
  })

  const parts = (configuration: Configuration, at: number) =>
    scene(configuration, { 0: [arrives('c1')], [at]: [logsIn('anna'), answers('anna', 'c1')] })
      .lines.filter(({ type }) => type === 'say')
      .flatMap(({ parts }) => parts as { text?: string; number?: number }[])
      .map(({ text, number }) => text ?? number)

  test('[R83] what the agent hears', () => {
    expect(parts(phones(), 130)).toEqual(['Kundtjänst', 'väntat', 2, 'minuter', 'tryck', '1'])
    expect(parts(phones(), 1)).toEqual(['Kundtjänst', 'väntat', 1, 'sekund', 'tryck', '1'])
    const said = (text: string) => phones({ acceptOnPhone: { digit: '5', seconds: 8, text } })
    expect(parts(said('Ta samtalet med en femma'), 60)).toEqual([
      'Kundtjänst',
      'väntat',
      1,
      'minut',
      'Ta samtalet med en femma',
    ])
    expect(parts(said('Samtal till {group}, tryck {digit}.'), 60)).toEqual([
      'Samtal till',
      'Kundtjänst',
      ', tryck',
      '5',
    ])
  })
})

describe('agents', () => {
  test('[R62] an agent rung again in the same instant is told of once', () => {
    const { said } = scene(group(['anna']), { 0: [logsIn('anna'), arrives('c1')], 21: [] })
    expect(said('agentState')).toEqual(['0 agentState anna available', '0 agentState anna ringing'])
  })

  test('[R60] log-in and log-out of one group number, told as such', () => {
    const { said } = scene(two({ members: ['anna'] }, { members: ['anna'] }), {
      0: [logsIn('anna', 'support'), logsIn('anna', 'support'), logsIn('anna', 'sales')],
      1: [logsOut('anna', 'sales'), logsOut('anna', 'sales'), logsOut('anna')],
    })
    expect(said('agentState')).toEqual([
      '0 agentState anna support available',
      '0 agentState anna sales available',
      '1 agentState anna sales loggedOut',
      '1 agentState anna loggedOut',
    ])
  })

  test('[R108] a phone that redirects is told as rejected: the next agent is rung, and it is no miss', () => {
    const { said } = scene(group(['anna', 'bo']), {
      0: [logsIn('anna'), logsIn('bo'), arrives('c1')],
      1: [declines('anna', 'c1', 'rejected')],
    })
    expect(said('ring', 'missed')).toEqual(['0 ring c1 anna', '1 ring c1 bo'])
  })

  test('[R109] as before: where the agent was, until the log-out that left none; all, where nothing is remembered', () => {
    const three = company([
      { members: ['anna'] },
      { id: 'sales', number: salesNumber, members: ['anna'] },
      { id: 'orders', number: '+46122260982', members: ['anna'] },
    ])
    const router = openRouter({ configuration: three, seed: 1, at: instant(0) })
    const loggedIn = (...happenings: object[]) => {
      for (const happening of happenings) router.handle({ at: instant(0), ...happening } as RoutingEvent)
      return router.view().agents.find(({ agent }) => agent === ('anna' as AgentId))
    }
    expect(loggedIn(logsInAsBefore('anna'))?.loggedIn).toEqual(['support', 'sales', 'orders'])
    expect(loggedIn(logsOut('anna', 'sales'), logsOut('anna'))).toMatchObject({
      loggedIn: [],
      before: ['support', 'orders'],
    })
    expect(loggedIn(logsInAsBefore('anna'))?.loggedIn).toEqual(['support', 'orders'])
    // One by one: what is remembered is the last.
    expect(loggedIn(logsOut('anna', 'support'), logsOut('anna', 'orders'), logsInAsBefore('anna'))?.loggedIn).toEqual([
      'orders',
    ])
  })

  test('[R62] out of the last group number by itself is told once more, for all', () => {
    const { said } = scene(two({ members: ['anna'] }, { members: ['anna'] }), {
      0: [logsIn('anna')],
      1: [logsOut('anna', 'sales')],
      2: [logsOut('anna', 'support')],
    })
    expect(said('agentState')).toEqual([
      '0 agentState anna available',
      '1 agentState anna sales loggedOut',
      '2 agentState anna support loggedOut',
      '2 agentState anna loggedOut',
    ])
  })

  test('[R61] a pause ends with the last log-out, and one who is logged out cannot pause', () => {
    const { said } = scene(group(['anna']), {
      0: [pauses('anna'), logsIn('anna'), pauses('anna', 'lunch'), pauses('anna', 'lunch')],
      1: [logsOut('anna'), logsIn('anna')],
    })
    expect(said('agentState')).toEqual([
      '0 agentState anna available',
      '0 agentState anna paused lunch',
      '1 agentState anna loggedOut',
      '1 agentState anna available',
    ])
  })

  test('[R63] strangers change nothing', () => {
    const router = openRouter({ configuration: two({ members: ['anna'] }, {}), seed: 1, at: instant(0) })
    router.handle({ type: 'timePassed', at: instant(0) })
    const before = JSON.stringify(router.snapshot())
    for (const event of [
      { type: 'loggedIn', agent: 'nobody' },
      { type: 'loggedIn', agent: 'anna', group: 'sales' },
      { type: 'loggedIn', agent: 'anna', group: 'nowhere' },
      { type: 'paused', agent: 'nobody' },
      { type: 'callerHungUp', call: 'nobody' },
      { type: 'played', call: 'nobody', message: 'hello' },
    ])
      expect(router.handle({ ...event, at: instant(0) } as unknown as RoutingEvent)).toEqual([])
    expect(JSON.stringify(router.snapshot())).toBe(before)
  })
})

describe('the configuration changes while calls run', () => {
  test('[R64] a running ring and a running wrap-up keep their end', () => {
    const before = group(['anna', 'bo'], { ringSeconds: 20, wrapUpSeconds: 30 })
    const after = group(['anna', 'bo'], { ringSeconds: 5, wrapUpSeconds: 5 })
    const { said } = scene(before, {
      0: [logsIn('anna'), arrives('c0'), answers('anna', 'c0'), hangsUp('c0'), logsIn('bo'), arrives('c1')],
      1: [configured(after)],
      31: [],
    })
    expect(said('missed', 'agentState').slice(5)).toEqual([
      '0 agentState bo ringing',
      '20 missed c1 bo 20',
      '25 missed c1 bo 5',
      '25 agentState bo paused misses',
      '30 agentState anna ringing',
    ])
  })

  test('[R64] the limit is counted anew from arrival', () => {
    const { said } = scene(group([], { maxWaitSeconds: 600 }), {
      0: [arrives('c1')],
      10: [arrives('c2')],
      30: [configured(group([], { maxWaitSeconds: 25 }))],
      40: [],
    })
    expect(said('left')).toEqual(['30 left c1 timeout 30 1', '35 left c2 timeout 25 1'])
  })

  test('[R65] a removed member’s offer is withdrawn, a removed member’s call goes on', () => {
    const { said } = scene(group(['anna', 'bo', 'eva']), {
      0: [logsIn('anna'), logsIn('bo'), arrives('c1'), answers('anna', 'c1'), arrives('c2')],
      1: [configured(group(['eva']))],
      9: [agentHangsUp('anna', 'c1')],
    })
    expect(said('stopRinging', 'completed', 'hangUp')).toEqual([
      '1 stopRinging c2 bo withdrawn',
      '9 completed c1 anna agent 9',
      '9 hangUp c1 agentHungUp',
    ])
  })

  test('[R66] a removed group number: who waits is let go, who talks goes on', () => {
    const { said } = scene(
      two({ members: ['anna'], messages: allMessages, settings: { welcome: 'whileRinging' } }, { members: ['anna'] }),
      {
        0: [logsIn('anna'), arrives('c1'), answers('anna', 'c1'), arrives('c2')],
        1: [configured(company([{ id: 'sales', number: salesNumber, members: ['anna'] }]))],
        9: [hangsUp('c1')],
      },
    )
    expect(said('left', 'play', 'hangUp', 'completed').slice(2)).toEqual([
      '1 left c2 closed 1 1',
      '1 hangUp c2 closed',
      '9 completed c1 anna caller 9',
    ])
  })

  test('[R67] an agent logged in to all is logged in to a new one; one logged out of some is not', () => {
    const before = two({ members: ['anna', 'bo'] }, { members: ['bo'] })
    const after = company([
      { members: ['anna', 'bo'] },
      { id: 'sales', number: salesNumber, members: ['bo'] },
      { id: 'new', number: '+46122260982', members: ['bo', 'anna'], settings: { strategy: 'fixedOrder' } },
    ])
    const { said } = scene(before, {
      0: [logsIn('anna'), logsIn('bo', 'support')],
      1: [configured(after)],
      2: [arrives('c1', { to: '+46122260982' })],
    })
    expect(said('ring')).toEqual(['2 ring c1 anna'])
  })

  test('[R66] a message spoken to a group number that is removed meanwhile is as long as it was to be', () => {
    const before = company(
      [
        {
          members: [],
          settings: { whenClosed: { do: 'voicemail' }, voicemail: { maxSeconds: 7, retentionDays: 1 } },
          override: { effect: 'closed' },
          messages: { closed: 'shut' as never, music: [] },
        },
      ],
      { messages: [{ id: 'shut', kind: 'closed', seconds: 4, origin: 'uploaded' }] as never },
    )
    const router = openRouter({ configuration: before, seed: 1, at: instant(0) })
    router.handle({ at: instant(0), ...arrives('c1') } as never)
    router.handle({ at: instant(1000), type: 'configured', configuration: company([]) })
    const again = openRouter({ snapshot: JSON.parse(JSON.stringify(router.snapshot())) as never })
    for (const each of [router, again])
      expect(
        each.handle({ at: instant(4000), type: 'played', call: 'c1' as CallId, message: 'shut' as never }),
      ).toMatchObject([{ command: { type: 'record', maxSeconds: 7 } }])
  })

  test('[R68] closed by hand with closeQueue: who waits leaves at once', () => {
    const open = group([], { atClosing: 'closeQueue' })
    const closed = group([], { atClosing: 'closeQueue' }, { override: { effect: 'closed' } })
    expect(scene(open, { 0: [arrives('c1')], 5: [configured(closed)] }).said('left')).toEqual(['5 left c1 closed 5 1'])
  })
})

describe('the switch', () => {
  const morning = 1_795_420_800_000
  const held = (call: string, hears: HeldCall['hears'], more: Partial<HeldCall> = {}): HeldCall => ({
    call: call as CallId,
    to: supportNumber,
    arrived: instant(morning),
    answered: true,
    hears,
    offers: [],
    ...more,
  })
  const music = { kind: 'music' } as const

  /** Plays seconds and events to a router, since what a switch holds has no place in a scene's vocabulary. */
  function play(configuration: Configuration, script: Readonly<Record<number, readonly object[]>>): string[] {
    const router = openRouter({ configuration, seed: 1, at: instant(morning) })
    const words = (output: Output) => {
      const said = output.kind === 'command' ? output.command : output.notice
      const { type, call, agent, why, by } = said as {
        type: string
        call?: string
        agent?: string
        why?: string
        by?: string
      }
      return [(output.at - morning) / 1000, type, call, agent, why, by].filter((word) => word !== undefined).join(' ')
    }
    return Object.entries(script).flatMap(([second, happenings]) =>
      happenings.flatMap((happening) =>
        router.handle({ ...happening, at: instant(morning + Number(second) * 1000) } as RoutingEvent).map(words),
      ),
    )
  }
  const of = (said: readonly string[], ...types: string[]) =>
    said.filter((line) => types.includes(line.split(' ')[1] ?? ''))
  const ready = (...agents: string[]) => agents.flatMap((agent) => [phone(agent, 'ready'), logsIn(agent)])

  test('[R69] while no switch is attached a ring holds, and then goes on for the time it had left', () => {
    const said = play(group(['anna'], { maxWaitSeconds: 0 }), {
      0: [...ready('anna'), arrives('c1')],
      5: [{ type: 'switchLost' }],
      100: [{ type: 'timePassed' }],
      200: [
        {
          type: 'switchAttached',
          calls: [held('c1', music, { offers: [{ agent: 'anna' as AgentId, answered: false }] })],
        },
        phone('anna', 'ready'),
      ],
      300: [{ type: 'timePassed' }],
    })
    expect(of(said, 'ring', 'missed')).toEqual([
      '0 ring c1 anna',
      '215 missed c1 anna',
      '215 ring c1 anna',
      '235 missed c1 anna',
    ])
  })

  test('[R69] a service that stopped without a word missed nothing', () => {
    const said = play(group(['anna']), {
      0: [...ready('anna'), arrives('c1')],
      60: [
        {
          type: 'switchAttached',
          calls: [held('c1', music, { offers: [{ agent: 'anna' as AgentId, answered: true }] })],
        },
      ],
    })
    expect(of(said, 'missed', 'connected')).toEqual(['60 connected c1 anna'])
  })

  test('[R69] a caller’s limit that passed meanwhile fires at once', () => {
    const said = play(group([], { maxWaitSeconds: 10 }), {
      0: [arrives('c1'), { type: 'switchLost' }],
      60: [{ type: 'switchAttached', calls: [held('c1', music)] }],
      61: [{ type: 'timePassed' }],
    })
    expect(of(said, 'left')).toEqual(['60 left c1 timeout'])
  })

  test('[R70] what the switch lacks is lost', () => {
    const said = play(group(['anna']), {
      0: [...ready('anna'), arrives('c1'), answers('anna', 'c1'), arrives('c2')],
      9: [{ type: 'switchAttached', calls: [] }],
    })
    expect(of(said, 'completed', 'left', 'hangUp')).toEqual(['9 completed c1 anna lost', '9 left c2 lost'])
  })

  test('[R71] what we lack arrives, goes on, or is ended', () => {
    const said = play(group(['anna']), {
      0: ready('anna'),
      9: [
        {
          type: 'switchAttached',
          calls: [
            held('c1', { kind: 'agent', agent: 'anna' as AgentId }),
            held('c2', music),
            { ...held('c3', music), to: '+4611111111' },
          ],
        },
      ],
    })
    expect(of(said, 'answer', 'queued', 'connected', 'connect', 'hangUp')).toEqual([
      '9 queued c1',
      '9 connected c1 anna',
      '9 queued c2',
      '9 hangUp c3 unknownNumber',
    ])
  })

  test('[R72] they talk by our book and not by the switch’s: the agent is lost', () => {
    const said = play(group(['anna']), {
      0: [...ready('anna'), arrives('c1'), answers('anna', 'c1')],
      9: [{ type: 'switchAttached', calls: [held('c1', music)] }],
    })
    expect(of(said, 'returned', 'completed')).toEqual(['9 returned c1 anna'])
  })

  test('[R72] they talk by the switch’s book and not by ours: they talk', () => {
    const said = play(group(['anna']), {
      0: [...ready('anna'), arrives('c1')],
      9: [{ type: 'switchAttached', calls: [held('c1', { kind: 'agent', agent: 'anna' as AgentId })] }],
    })
    expect(of(said, 'connected', 'connect')).toEqual(['9 connected c1 anna'])
  })

  test.each([
    ['nothing at all', []],
    ['that the caller waits', [arrives('c1')]],
    ['an older ring', [...ready('anna'), arrives('c1')]],
  ])('[R72] whom the switch has talking by a ring that we lack hangs up by that ring: we knew %s', (_, known) => {
    const talks = held('c1', { kind: 'agent', agent: 'anna' as AgentId, offer: 'o7' as OfferId })
    const said = play(group(['anna']), {
      0: [...ready('anna'), ...known],
      9: [{ type: 'switchAttached', calls: [talks] }],
      20: [{ type: 'agentHungUp', call: 'c1', agent: 'anna', offer: 'o7' }],
    })
    expect(of(said, 'connected', 'completed', 'hangUpAgent')).toEqual([
      '9 connected c1 anna',
      '20 completed c1 anna agent',
    ])
  })

  test('[R72] both have them talking: nothing is said', () => {
    const said = play(group(['anna']), {
      0: [...ready('anna'), arrives('c1'), answers('anna', 'c1')],
      9: [{ type: 'switchAttached', calls: [held('c1', { kind: 'agent', agent: 'anna' as AgentId })] }],
    })
    expect(said.filter((line) => line.startsWith('9'))).toEqual([])
  })

  test('[R71] a caller who is ended as the switch attaches does not arrive anew', () => {
    const said = play(group(['anna']), {
      0: [arrives('c1')],
      9: [{ type: 'switchAttached', calls: [held('c1', { kind: 'forwarded' })] }],
    })
    expect(of(said, 'queued', 'left', 'hangUp')).toEqual(['0 queued c1', '9 left c1 lost', '9 hangUp c1 lost'])
  })

  test('[R120] a caller for whom a number outside still rings, or was to, is put through to it', () => {
    const outwards = { whenNoAgents: { do: 'forward' as const, to: '+46812345678' as E164 } }
    const news = (result: string) => ({ type: 'forwarded', call: 'c1', result })
    const attaches = (hears: HeldCall['hears']) => ({ type: 'switchAttached', calls: [held('c1', hears)] })
    const comesTo = (script: Readonly<Record<number, readonly object[]>>) =>
      of(play(group([], outwards), { 0: [arrives('c1')], ...script }), 'forward', 'hangUp')

    const waits = comesTo({ 9: [attaches({ kind: 'nothing' })], 12: [attaches(music)], 15: [news('busy')] })
    expect(waits).toEqual(['0 forward c1', '9 forward c1', '12 forward c1', '15 hangUp c1 noAgents'])
    const talks = comesTo({ 5: [news('answered')], 9: [attaches({ kind: 'forwarded' })], 12: [news('ended')] })
    expect(talks).toEqual(['0 forward c1', '12 hangUp c1 transferred'])
    const hadTalked = comesTo({ 5: [news('answered')], 9: [attaches({ kind: 'nothing' })] })
    expect(hadTalked).toEqual(['0 forward c1', '9 hangUp c1 noAgents'])
    const answeredUnheard = comesTo({ 9: [attaches({ kind: 'forwarded' })], 12: [attaches(music)] })
    expect(answeredUnheard).toEqual(['0 forward c1', '12 hangUp c1 noAgents'])
  })

  test('[R71] a caller who was to be hung up while the switch was on its way out is hung up, and meets nobody else', () => {
    const said = play(group(['anna', 'bo']), {
      0: [...ready('anna', 'bo'), arrives('c1'), answers('anna', 'c1')],
      8: [{ type: 'agentHungUp', call: 'c1', agent: 'anna' }],
      9: [{ type: 'switchAttached', calls: [held('c1', music)] }],
    })
    expect(of(said, 'queued', 'connected', 'completed', 'left', 'hangUp')).toEqual([
      '0 queued c1',
      '0 connected c1 anna',
      '8 completed c1 anna agent',
      '8 hangUp c1 agentHungUp',
      '9 hangUp c1 served',
    ])
  })

  test('[R71] a caller whose arrival was lost with the end of the journal is rung for under an id that the switch has not heard', () => {
    const at = instant(100_000)
    const rungAs = (attachments: number) => {
      const router = openRouter({ configuration: group(['anna']), seed: 1, at })
      for (let each = 0; each < attachments; each += 1) router.handle({ type: 'switchAttached', calls: [], at })
      for (const event of ready('anna')) router.handle({ ...event, at } as never)
      return router
        .handle({ ...arrives('c1'), at } as never)
        .flatMap((output) =>
          output.kind === 'command' && output.command.type === 'ring' ? [output.command.offer] : [],
        )
    }
    expect(rungAs(0)).toHaveLength(1)
    expect(new Set([0, 1, 2].flatMap(rungAs)).size).toBe(3)
  })

  test('[R110] the caller of a callback is on the line and the agent has gone: the caller waits at the old place', () => {
    const callback = { digit: '5', afterSeconds: 0, tries: 2, untilHours: 1 }
    const said = play(group(['anna'], { callback, maxWaitSeconds: 60 }), {
      0: [arrives('c1'), { type: 'callbackAsked', call: 'c1', number: '+46701234567' }],
      90: [...ready('anna'), answers('anna', 'c1')],
      95: [{ type: 'switchAttached', calls: [held('c1', { kind: 'nothing' }, { callback: true })] }],
      96: [phone('anna', 'ready')],
    })
    expect(of(said, 'callOut', 'connected', 'left', 'ring')).toEqual([
      '90 ring c1 anna',
      '90 callOut c1',
      '96 ring c1 anna',
    ])
  })

  test('[R73] a caller who hears nothing gets the message again, or music', () => {
    const nothing = { kind: 'nothing' } as const
    const welcomed = play(group([], {}, { messages: allMessages }), {
      0: [arrives('c1')],
      2: [{ type: 'switchAttached', calls: [held('c1', nothing)] }],
    })
    expect(welcomed.filter((line) => line.startsWith('2'))).toEqual(['2 play c1', '2 music c1'])
    const waiting = play(group([], {}, { messages: { music: ['tune'] } as never }), {
      0: [arrives('c1')],
      2: [{ type: 'switchAttached', calls: [held('c1', nothing)] }],
    })
    expect(waiting.filter((line) => line.startsWith('2'))).toEqual(['2 music c1'])
  })

  test('[R74] commands that fail', () => {
    const failed = (command: string, more: object = {}) => ({
      type: 'commandFailed',
      command,
      reason: 'refused',
      call: 'c1',
      ...more,
    })
    const ring = play(group(['anna', 'bo']), {
      0: [...ready('anna', 'bo'), arrives('c1'), failed('ring', { agent: 'anna', offer: 'o1' })],
    })
    expect(of(ring, 'ring', 'missed')).toEqual(['0 ring c1 anna', '0 ring c1 bo'])
    const message = play(group(['anna'], {}, { messages: allMessages }), {
      0: [...ready('anna'), arrives('c1'), failed('play', { play: 'p1' })],
    })
    expect(of(message, 'ring')).toEqual(['0 ring c1 anna'])
    const connection = play(group(['anna', 'bo']), {
      0: [
        ...ready('anna', 'bo'),
        arrives('c1'),
        answers('anna', 'c1'),
        failed('connect', { agent: 'anna', offer: 'o1' }),
      ],
    })
    expect(of(connection, 'ring', 'returned', 'hangUpAgent')).toEqual([
      '0 ring c1 anna',
      '0 hangUpAgent c1 anna',
      '0 returned c1 anna',
      '0 ring c1 bo',
    ])
    const forwarding = play(group([], { maxQueueLength: 0, whenFull: { do: 'forward', to: '+4681234567' as never } }), {
      0: [arrives('c1'), failed('forward')],
    })
    expect(of(forwarding, 'forward', 'hangUp')).toEqual(['0 forward c1', '0 hangUp c1 full'])
  })

  test('[R75] a caller who cannot be answered is lost', () => {
    const said = play(group([]), {
      0: [arrives('c1'), { type: 'commandFailed', command: 'answer', reason: 'gone', call: 'c1' }],
    })
    expect(of(said, 'left', 'hangUp')).toEqual(['0 left c1 lost', '0 hangUp c1 lost'])
  })

  test('[R76] after attaching, nobody is rung whose device the switch has not told of', () => {
    const said = play(group(['anna']), {
      0: ready('anna'),
      9: [{ type: 'switchAttached', calls: [] }, arrives('c1')],
      10: [phone('anna', 'ready')],
    })
    expect(of(said, 'ring')).toEqual(['10 ring c1 anna'])
  })
})
