import { settingsOf } from '../../core/configuration/presets.ts'
import type { AgentId, Configuration } from '../../core/configuration/types.ts'
import { compileHours, type Hours } from '../../core/hours/compile-hours.ts'
import type { CallView, RouterView } from '../../core/routing/view.ts'
import { instant, millis, seconds, type Instant } from '../../core/time.ts'
import type { AgentLive, AgentTold, GroupLive, Live, ServiceLevelToday, ServiceLive } from '../../contract/console.ts'
import type { MissedCaller, Voicemail } from '../../contract/work.ts'
import type { ServiceLevels } from '../live-calls/service-levels.ts'
import type { Clock } from '../ports.ts'
import type { Passed, Past } from './scope.ts'

/** What is live, for all consoles at once; each sees its part of it by its `Scope`. */
export interface LiveBoard {
  /** The newest picture. */
  picture(): Picture
  passedOf(agent: AgentId): Passed
  pastOf(agent: AgentId): Past
  /** Something happened: consoles are told at once, and then at most every 50 ms. */
  touch(): void
  watch(watcher: Watcher): () => void
  close(): void
}

export interface Picture {
  readonly company: Live['company']['company']
  readonly service: ServiceLive
  readonly groups: ReadonlyMap<string, GroupLive>
  readonly agents: ReadonlyMap<string, AgentLive>
  readonly calls: ReadonlyMap<string, CallView>
  readonly missed: ReadonlyMap<string, MissedCaller>
  readonly voicemails: ReadonlyMap<string, Voicemail>
}

/** One key of the picture that is another than before; undefined: was, or is, not there. */
export type BoardChange =
  | { readonly in: 'company'; readonly key: string; readonly after: Picture['company'] }
  | { readonly in: 'service'; readonly key: string; readonly before: ServiceLive; readonly after: ServiceLive }
  | BoardChangeIn<'groups', GroupLive>
  | BoardChangeIn<'agents', AgentLive>
  | BoardChangeIn<'calls', CallView>
  | BoardChangeIn<'missed', MissedCaller>
  | BoardChangeIn<'voicemails', Voicemail>

interface BoardChangeIn<Name extends string, Value> {
  readonly in: Name
  readonly key: string
  readonly before: Value | undefined
  readonly after: Value | undefined
}

export interface Watcher {
  /** `reconfigured`: who may see what may have changed, so a snapshot is due. */
  changed(changes: readonly BoardChange[], reconfigured: boolean): void
}

export interface LiveBoardParts {
  readonly clock: Clock
  view(): RouterView
  readonly passedOf: (agent: AgentId) => Passed
  readonly pastOf: (agent: AgentId) => Past
  readonly toldOf: (agent: AgentId) => readonly AgentTold[]
  /** Both: the same map, and the same entries in it, until they change. */
  missed(): ReadonlyMap<string, MissedCaller>
  voicemails(): ReadonlyMap<string, Voicemail>
  readonly levels: Pick<ServiceLevels, 'of' | 'dayOf'>
  configuration(): Configuration
  service(): ServiceLive
}

const quiet = millis(50)

export function liveBoard(parts: LiveBoardParts): LiveBoard {
  const { clock } = parts
  const watchers = new Set<Watcher>()
  let configuration = parts.configuration()
  let hours = hoursOf(configuration)
  let picture = draw()
  let texts = textsOf(picture)
  let due: (() => void) | undefined
  let drawnAt = -Infinity
  let stale = false
  let hoursAlarm: (() => void) | undefined
  watchHours()

  function draw(): Picture {
    const view = parts.view()
    const now = clock.now()
    return {
      company: companyOf(configuration),
      service: parts.service(),
      groups: new Map(
        configuration.groupNumbers.map((group) => [
          group.id,
          groupLive(group, hours.get(group.id), parts.levels.of(group.id, now), now),
        ]),
      ),
      agents: agentsOf(view, configuration, parts.toldOf),
      calls: new Map(view.calls.map((call) => [call.call, call])),
      missed: parts.missed(),
      voicemails: parts.voicemails(),
    }
  }

  function redraw() {
    due = undefined
    stale = false
    drawnAt = clock.now()
    const current = parts.configuration()
    const reconfigured = current !== configuration
    if (reconfigured) {
      configuration = current
      hours = hoursOf(configuration)
    }
    const before = picture
    const beforeTexts = texts
    picture = draw()
    texts = textsOf(picture)
    watchHours()
    const changes = changesBetween(before, beforeTexts, picture, texts)
    // Also when nothing changed: an offer may have passed and left no other trace.
    for (const watcher of watchers) watcher.changed(changes, reconfigured)
  }

  function touch() {
    // Nobody looks: it is drawn when somebody does.
    if (watchers.size === 0) stale = true
    else due ??= clock.wake(instant(Math.max(clock.now(), drawnAt + quiet)), redraw)
  }

  /** Opens and closes by itself; the day's figures end with the day. */
  function watchHours() {
    hoursAlarm?.()
    const groups = [...picture.groups.values()]
    const nexts = groups.flatMap(({ next }) => (next ? [next.at] : []))
    if (groups.some(({ today }) => today)) nexts.push(parts.levels.dayOf(clock.now()).to)
    hoursAlarm = nexts.length === 0 ? undefined : clock.wake(instant(Math.min(...nexts)), touch)
  }

  return {
    // A console that comes between two redraws sees what the others have been told, and no more.
    picture: () => {
      if (stale) redraw()
      return picture
    },
    passedOf: parts.passedOf,
    pastOf: parts.pastOf,
    touch,
    watch: (watcher) => {
      watchers.add(watcher)
      return () => watchers.delete(watcher)
    },
    close: () => {
      due?.()
      hoursAlarm?.()
      watchers.clear()
    },
  }
}

type HoursByGroup = ReadonlyMap<string, Hours>

function hoursOf(configuration: Configuration): HoursByGroup {
  return new Map(configuration.groupNumbers.map((group) => [group.id, compileHours(configuration, group)]))
}

function companyOf({ company: { name, timeZone, language } }: Configuration): Picture['company'] {
  return { name, timeZone, language }
}

function groupLive(
  group: Configuration['groupNumbers'][number],
  hours: Hours | undefined,
  today: ServiceLevelToday | undefined,
  now: Instant,
): GroupLive {
  const status = hours?.statusAt(now)
  return {
    group: group.id,
    number: group.number,
    name: group.name,
    open: status?.open ?? false,
    reason: status?.reason ?? { kind: 'noSchedule' },
    next: status?.next ?? null,
    members: group.members.map(({ agent }) => agent),
    ringMillis: seconds(settingsOf(group).ringSeconds),
    ...(today && { today }),
  }
}

function agentsOf(
  view: RouterView,
  { agents }: Configuration,
  toldOf: LiveBoardParts['toldOf'],
): Map<string, AgentLive> {
  const known = new Map(agents.map((agent) => [agent.id, agent]))
  return new Map(
    view.agents.flatMap((agent): [string, AgentLive][] => {
      const who = known.get(agent.agent)
      if (!who) return []
      const { firstName, lastName, answersAt, autoAnswer } = who
      const told = toldOf(agent.agent)
      const shown = { ...agent, firstName, lastName, answersAt, ...(autoAnswer && { autoAnswer }) }
      return [[agent.agent, { ...shown, ...(told.length > 0 && { told }) }]]
    }),
  )
}

interface Texts {
  readonly company: string
  readonly service: string
  readonly groups: ReadonlyMap<string, string>
  readonly agents: ReadonlyMap<string, string>
  readonly calls: ReadonlyMap<string, string>
}

function textsOf({ company, service, groups, agents, calls }: Picture): Texts {
  return {
    company: JSON.stringify(company),
    service: JSON.stringify(service),
    groups: textOfEach(groups),
    agents: textOfEach(agents),
    calls: textOfEach(calls),
  }
}

function textOfEach(values: ReadonlyMap<string, unknown>): Map<string, string> {
  return new Map([...values].map(([key, value]) => [key, JSON.stringify(value)]))
}

function changesBetween(before: Picture, old: Texts, now: Picture, young: Texts): BoardChange[] {
  const changes: BoardChange[] = []
  if (old.company !== young.company) changes.push({ in: 'company', key: 'company', after: now.company })
  if (old.service !== young.service)
    changes.push({ in: 'service', key: 'service', before: before.service, after: now.service })
  for (const key of changedKeys(old.groups, young.groups))
    changes.push({ in: 'groups', key, before: before.groups.get(key), after: now.groups.get(key) })
  for (const key of changedKeys(old.agents, young.agents))
    changes.push({ in: 'agents', key, before: before.agents.get(key), after: now.agents.get(key) })
  for (const key of changedKeys(old.calls, young.calls))
    changes.push({ in: 'calls', key, before: before.calls.get(key), after: now.calls.get(key) })
  for (const key of replacedKeys(before.missed, now.missed))
    changes.push({ in: 'missed', key, before: before.missed.get(key), after: now.missed.get(key) })
  for (const key of replacedKeys(before.voicemails, now.voicemails))
    changes.push({ in: 'voicemails', key, before: before.voicemails.get(key), after: now.voicemails.get(key) })
  return changes
}

function changedKeys(old: ReadonlyMap<string, string>, young: ReadonlyMap<string, string>): string[] {
  const gone = [...old.keys()].filter((key) => !young.has(key))
  const others = [...young].filter(([key, text]) => old.get(key) !== text).map(([key]) => key)
  return [...gone, ...others]
}

/** Of what keeps its identity while it is the same: there may be thousands. */
function replacedKeys(old: ReadonlyMap<string, unknown>, young: ReadonlyMap<string, unknown>): string[] {
  if (old === young) return []
  const gone = [...old.keys()].filter((key) => !young.has(key))
  const others = [...young].filter(([key, value]) => old.get(key) !== value).map(([key]) => key)
  return [...gone, ...others]
}
