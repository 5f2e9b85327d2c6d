import type { AgentLive, GroupLive } from '../../../contract/console.ts'
import type { GroupNumberId } from '../../../core/configuration/types.ts'
import { shownState, type Shown } from '../../shared/agent-state.ts'

/** How hard it is just now: fewer than 5 wait, 5 to 9, or 10 and more. */
export type Pressure = 'calm' | 'raised' | 'high'

export const pressureOf = (waiting: number): Pressure => (waiting >= 10 ? 'high' : waiting >= 5 ? 'raised' : 'calm')

/** An agent on the wall. `agent` is the very object of the live state, so that a tile is drawn anew only when it changed. */
export interface Tile {
  readonly agent: AgentLive
  readonly shown: Shown
}

export interface AgentsNow {
  /** Logged in to one of these group numbers, or busy with one of its calls; by name, so that each keeps its place. */
  readonly tiles: readonly Tile[]
  readonly loggedOut: readonly AgentLive[]
  /** Of every state but `loggedOut`, the states that nobody is in too. */
  readonly counts: Readonly<Record<Exclude<Shown, 'loggedOut'>, number>>
}

/** The members of these group numbers, each once. */
export function agentsNow(agents: Readonly<Record<string, AgentLive>>, groups: readonly GroupLive[]): AgentsNow {
  const ids = new Set(groups.flatMap(({ members }) => members))
  const here = new Set(groups.map(({ group }) => group))
  const members = [...ids].flatMap((id) => agents[id] ?? []).sort(byName)
  const tiles: Tile[] = []
  const loggedOut: AgentLive[] = []
  const counts = { available: 0, ringing: 0, talking: 0, wrapUp: 0, paused: 0, problem: 0 }
  for (const agent of members) {
    const shown = shownHere(agent, here)
    if (shown === 'loggedOut') {
      loggedOut.push(agent)
      continue
    }
    tiles.push({ agent, shown })
    counts[shown] += 1
  }
  return { tiles, loggedOut, counts }
}

/** One who is logged in to other group numbers alone is logged out here, but may be in a call. */
function shownHere(agent: AgentLive, here: ReadonlySet<GroupNumberId>): Shown {
  const { state, loggedIn } = agent
  const answersHere = loggedIn.some((group) => here.has(group))
  if (!answersHere) return state === 'talking' || state === 'ringing' ? state : 'loggedOut'
  return shownState(agent)
}

/** The service level of several group numbers together; `withinSeconds`: where it is the same for all of them. */
export interface LevelNow {
  /** Whole per cent, rounded down: 100 is all of them. */
  readonly percent: number
  readonly offered: number
  readonly answeredInTime: number
  readonly withinSeconds: number | undefined
}

/** Undefined: nobody has rung today. */
export function levelNow(groups: readonly GroupLive[]): LevelNow | undefined {
  const days = groups.flatMap(({ today }) => today ?? [])
  const [first] = days
  if (first === undefined) return undefined
  const offered = days.reduce((sum, day) => sum + day.offered, 0)
  const answeredInTime = days.reduce((sum, day) => sum + day.answeredInTime, 0)
  const isSame = days.every(({ withinSeconds }) => withinSeconds === first.withinSeconds)
  return {
    percent: Math.floor((100 * answeredInTime) / offered),
    offered,
    answeredInTime,
    withinSeconds: isSame ? first.withinSeconds : undefined,
  }
}

const names = new Intl.Collator('sv')
const byName = (one: AgentLive, other: AgentLive) =>
  names.compare(one.firstName, other.firstName) || names.compare(one.lastName, other.lastName)
