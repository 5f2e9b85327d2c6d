import type { AgentId, MessageId } from '../../../src/core/configuration/types.ts'
import type { SwitchSetup } from '../../../src/contract/switch.ts'
import { openScriptedSwitch, type ScriptedSwitch } from '../../../src/switch/scripted/open-scripted-switch.ts'
import {
  number,
  sound,
  soundSeconds,
  type Heard,
  type Stage,
  type StageCaller,
  type StagePhone,
} from '../behaves-as-switch.ts'
import { fakeClock } from '../../support/persistence/fake-clock.ts'

/** People around a scripted switch, whose time passes only when told to. */
export function scriptedStage({ callLimit }: { callLimit?: number } = {}) {
  const clock = fakeClock()
  const engine = openScriptedSwitch({
    clock,
    soundSeconds: () => soundSeconds,
    ...(callLimit !== undefined && { callLimit }),
  })
  const stage: Stage = {
    reach: () => Promise.resolve(engine),
    setup: scriptedSetup,
    dialIn: (dialled) => Promise.resolve(callerOf(engine, dialled)),
    phone: (agent) => Promise.resolve(phoneOf(engine, agent)),
    passes: (seconds) => {
      clock.pass(seconds * 1000)
    },
    close: () => Promise.resolve(),
  }
  return { engine, stage }
}

const file = (name: 'welcome' | 'music' | 'fallback') => ({ path: `/sounds/${name}.wav`, sha256: name })

const scriptedSetup: SwitchSetup = {
  numbers: [number],
  softphones: [],
  callers: [],
  trunks: [],
  sounds: {
    [sound('welcome')]: file('welcome'),
    [sound('music')]: file('music'),
    [sound('fallback')]: file('fallback'),
  } satisfies Record<MessageId, unknown>,
  fallback: sound('fallback'),
}

function callerOf(engine: ScriptedSwitch, dialled: Parameters<Stage['dialIn']>[0]): StageCaller {
  const id = engine.dialIn(dialled)
  return {
    get state() {
      const now = engine.caller(id)
      return now.state === 'refused' ? now.status : now.state
    },
    hears() {
      const now = engine.caller(id)
      if (now.state !== 'answered') return 'silence'
      if (now.hears.kind === 'message') return now.hears.message as string as Heard
      if (now.hears.kind === 'agent') return now.hears.agent as string as Heard
      return now.hears.kind === 'music' ? 'music' : 'silence'
    },
    presses: (digit) => Promise.resolve(engine.callerPresses(id, digit)),
    hangsUp: () => Promise.resolve(engine.callerHangsUp(id)),
  }
}

function phoneOf(engine: ScriptedSwitch, agent: AgentId): StagePhone {
  engine.registers(agent)
  const must = (did: boolean) => (did ? Promise.resolve() : Promise.reject(new Error(`${agent} has no such leg`)))
  return {
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
    answers: () => must(engine.agentAnswers(agent)),
    declines: (how) => must(engine.agentDeclines(agent, how)),
    hears() {
      const now = engine.phone(agent)
      return now.state === 'answered' && now.connected ? 'caller' : 'silence'
    },
    presses: (digit) => must(engine.agentPresses(agent, digit)),
    hangsUp: () => must(engine.agentHangsUp(agent)),
    unregisters: () => Promise.resolve(engine.unregisters(agent)),
  }
}
