import type { AgentId, E164, MessageId } from '../../../src/core/configuration/types.ts'
import type { SwitchSetup } from '../../../src/contract/switch.ts'
import {
  openScriptedSwitch,
  type ScriptedParty,
  type ScriptedSwitch,
} from '../../../src/switch/scripted/open-scripted-switch.ts'
import {
  anna,
  ben,
  cora,
  coraNumber,
  number,
  songSeconds,
  sound,
  soundSeconds,
  type Heard,
  type Stage,
  type StageCaller,
  type StageDial,
  type StageOutside,
  type StagePhone,
  type StageSound,
} from '../behaves-as-switch.ts'
import { fakeClock } from '../../support/persistence/fake-clock.ts'

/** People around a scripted switch, whose time passes only when told to. */
export function scriptedStage({ callLimit }: { callLimit?: number } = {}) {
  const clock = fakeClock()
  const engine = openScriptedSwitch({
    clock,
    soundSeconds: (message) => (message === sound('song') ? songSeconds : soundSeconds),
    ...(callLimit !== undefined && { callLimit }),
  })
  const stage: Stage = {
    reach: () => Promise.resolve(engine),
    setup: scriptedSetup,
    dialIn: (dialled) => Promise.resolve(callerOf(engine, dialled)),
    phone: (agent) => Promise.resolve(phoneOf(engine, agent)),
    outside: (number) => Promise.resolve(outsideOf(engine, number)),
    recordingOf: () => ['caller'],
    passes: (seconds) => {
      clock.pass(seconds * 1000)
    },
    close: () => Promise.resolve(),
  }
  return { engine, stage }
}

const file = (name: StageSound) => ({ path: `/sounds/${name}.wav`, sha256: name })

const scriptedSetup: SwitchSetup = {
  numbers: [number],
  softphones: [],
  callers: [],
  trunks: [{ name: 'line', address: '127.0.0.1', outbound: true }],
  sounds: {
    [sound('welcome')]: file('welcome'),
    [sound('music')]: file('music'),
    [sound('song')]: file('song'),
    [sound('fallback')]: file('fallback'),
  } satisfies Record<MessageId, unknown>,
  fallback: sound('fallback'),
  speech: { language: 'sv', numbers: { '2': { path: '/numbers/2.wav', sha256: 'two' } } },
}

function callerOf(engine: ScriptedSwitch, dialled: Parameters<Stage['dialIn']>[0]): StageCaller {
  const id = engine.dialIn(dialled)
  const hearsAll = (): readonly Heard[] => {
    const now = engine.caller(id)
    if (now.state !== 'answered') return []
    if (now.parties.length > 0) return named(now.parties)
    if (now.hears.kind === 'message') return [now.hears.message as string as Heard]
    if (now.hears.kind === 'music') return [now.music as string as Heard]
    return now.hears.kind === 'speech' ? [now.hears.kind] : []
  }
  return {
    get state() {
      const now = engine.caller(id)
      return now.state === 'refused' ? now.status : now.state
    },
    hearsAll,
    hears: () => hearsAll()[0] ?? 'silence',
    listens: () => Promise.resolve(),
    presses: (digit) => Promise.resolve(engine.callerPresses(id, digit)),
    hangsUp: () => Promise.resolve(engine.callerHangsUp(id)),
  }
}

/** Whoever is not at a desk sounds alike. */
function named(parties: readonly (ScriptedParty | 'speech')[]): readonly Heard[] {
  const desks: readonly string[] = [anna, ben, 'caller', 'speech']
  return parties.map((party) => (desks.includes(party) ? (party as string as Heard) : 'outside')).toSorted()
}

function phoneOf(engine: ScriptedSwitch, agent: AgentId): StagePhone {
  engine.registers(agent)
  return {
    ...telephoneOf(engine, agent),
    get state() {
      return engine.phone(agent).state
    },
    get rings() {
      return engine.phone(agent).rings
    },
    get stopped() {
      const now = engine.phone(agent)
      if (now.state !== 'idle' || !now.stopped || now.stopped === 'hungUp') return undefined
      return now.stopped === 'answeredElsewhere' ? 'answeredElsewhere' : 'cancelled'
    },
    dies: () => must(engine.agentIsLost(agent)),
    // There is nothing of it that could be another one.
    comesBack: () => Promise.resolve(),
    unregisters: () => Promise.resolve(engine.unregisters(agent)),
    dials: (to, as) => Promise.resolve(dialOf(engine, engine.agentDials(agent, to, as))),
  }
}

function dialOf(engine: ScriptedSwitch, id: ReturnType<ScriptedSwitch['agentDials']>): StageDial {
  const hearsAll = () => {
    const now = engine.dialled(id)
    return 'hears' in now ? named(now.hears) : []
  }
  return {
    get state() {
      const now = engine.dialled(id)
      return now.state === 'refused' ? now.status : now.state
    },
    hearsAll,
    hears: () => hearsAll()[0] ?? 'silence',
    hangsUp: () => Promise.resolve(engine.dialledHangsUp(id)),
  }
}

/** What every telephone of an agent can do. */
function telephoneOf(engine: ScriptedSwitch, agent: AgentId) {
  const hearsAll = () => {
    const now = engine.phone(agent)
    return now.state === 'answered' ? named(now.hears) : []
  }
  return {
    answers: () => must(engine.agentAnswers(agent)),
    declines: (how: 'rejected' | 'busy') => must(engine.agentDeclines(agent, how)),
    hearsAll,
    hears: () => hearsAll()[0] ?? 'silence',
    presses: (digit: string) => must(engine.agentPresses(agent, digit)),
    hangsUp: () => must(engine.agentHangsUp(agent)),
  }
}

/** Whose phone it is, the switch knows. */
function outsideOf(engine: ScriptedSwitch, number: E164): StageOutside {
  if (number === coraNumber)
    return {
      ...telephoneOf(engine, cora),
      get state() {
        return engine.phone(cora).state
      },
      get rings() {
        return engine.phone(cora).rings
      },
      get shown() {
        const now = engine.phone(cora)
        return now.state === 'ringing' ? now.show.number : undefined
      },
      announces: () => must(false),
    }
  const hearsAll = () => {
    const now = engine.outside(number)
    return now.state === 'answered' ? named(now.hears) : []
  }
  return {
    get state() {
      return engine.outside(number).state
    },
    get rings() {
      return engine.outside(number).rings
    },
    get shown() {
      const now = engine.outside(number)
      return now.state === 'ringing' ? now.shown : undefined
    },
    answers: () => must(engine.outsideAnswers(number)),
    announces: () => must(engine.outsideAnnounces(number)),
    declines: (how) => must(engine.outsideDeclines(number, how === 'busy' ? 'busy' : 'failed')),
    hearsAll,
    hears: () => hearsAll()[0] ?? 'silence',
    presses: (digit) => must(engine.outsidePresses(number, digit)),
    hangsUp: () => must(engine.outsideHangsUp(number)),
  }
}

const must = (did: boolean) => (did ? Promise.resolve() : Promise.reject(new Error('there is no such leg')))
