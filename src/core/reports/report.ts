import { settingsOf } from '../configuration/presets.ts'
import type { AgentId, Configuration, GroupNumberId, Settings } from '../configuration/types.ts'
import type { Notice } from '../routing/messages.ts'
import { clockRows, type Span } from './clock-rows.ts'
import { readSpells, type Spell } from './spells.ts'
import { readStays, type Stay } from './stays.ts'

/** Figures of a span, by group number and by agent. Those of whom nothing was told are left out. */
export interface Report extends Span {
  readonly groups: ReadonlyMap<GroupNumberId, GroupFigures>
  readonly agents: ReadonlyMap<AgentId, AgentFigures>
}

/** Of the stays that began in the span. Durations in milliseconds; `null`: there is nothing to take a mean or a share of. */
export interface GroupFigures {
  /** Admitted or refused. */
  readonly arrived: number
  /** What the service level is a share of: answered, or left unserved after more than `shortAbandonSeconds`. */
  readonly offered: number
  readonly answered: number
  /** After at most `serviceLevelSeconds`. */
  readonly answeredInTime: number
  /** `answeredInTime` of `offered`: 0 to 1. */
  readonly serviceLevel: number | null
  /** `answered` of `offered`: 0 to 1. */
  readonly answerRate: number | null
  /** Hung up while waiting. */
  readonly abandoned: number
  /** Hung up while waiting, after at most `shortAbandonSeconds`: in no other figure but `arrived`. */
  readonly shortAbandoned: number
  /** The queue was full, or the wait too long. */
  readonly overflowed: number
  /** Nobody was logged in: on arrival, or while waiting. */
  readonly noAgents: number
  /** Came while closed, or was in the queue as it closed. */
  readonly closed: number
  readonly blocked: number
  /** By a fault, or rung back in vain. */
  readonly lost: number
  /** By hand, to another group number. */
  readonly moved: number
  readonly callbacks: number
  readonly voicemails: number
  /** Of those answered, until they were. */
  readonly averageWait: number | null
  readonly longestWait: number | null
  /** Of those answered. */
  readonly averageTalk: number | null
}

/** Durations in milliseconds; what lies outside the span is cut off. */
export interface AgentFigures {
  /** Anywhere; the sum of the others. */
  readonly loggedIn: number
  readonly available: number
  readonly ringing: number
  readonly talking: number
  readonly wrapUp: number
  readonly paused: number
  /** Of `paused`; those without a reason are in none. */
  readonly pausedFor: ReadonlyMap<string, number>
  readonly answered: number
  readonly missed: number
}

export interface Asked extends Span {
  /** For what a group number counts as in time, and as a short wait. */
  readonly configuration: Configuration
}

/** What the journal's notices say of a span; they are in the order of their time, and may go beyond it. */
export function report(notices: readonly Notice[], asked: Asked): Report {
  return figures(read(notices, asked), asked, asked.configuration)
}

/** As `report`, for each hour or day of the company's wall clock. */
export function reportRows(notices: readonly Notice[], asked: Asked, per: 'hour' | 'day'): readonly Report[] {
  const history = read(notices, asked)
  const { configuration } = asked
  return clockRows(asked, per, configuration.company.timeZone).map((row) => figures(history, row, configuration))
}

interface History {
  readonly stays: readonly Stay[]
  readonly spells: readonly Spell[]
  readonly notices: readonly Notice[]
}

const read = (notices: readonly Notice[], { to }: Span): History => ({
  notices,
  stays: readStays(notices),
  spells: readSpells(notices, to),
})

function figures(history: History, { from, to }: Span, configuration: Configuration): Report {
  const isInside = (at: number) => at >= from && at < to
  const stays = Map.groupBy(
    history.stays.filter(({ arrived }) => isInside(arrived)),
    ({ group }) => group,
  )
  const groups = new Map(configuration.groupNumbers.map((group) => [group.id, settingsOf(group)]))
  const spells = Map.groupBy(
    history.spells.filter((spell) => spell.from < to && spell.to > from),
    ({ agent }) => agent,
  )
  const about = Map.groupBy(
    history.notices
      .filter((notice) => notice.type === 'connected' || notice.type === 'missed')
      .filter(({ at }) => isInside(at)),
    ({ agent }) => agent,
  )
  return {
    from,
    to,
    groups: new Map(
      [...stays].map(([id, ofGroup]) => [id, figuresOfGroup(ofGroup, groups.get(id) ?? settingsOf({ settings: {} }))]),
    ),
    agents: new Map(
      [...new Set([...spells.keys(), ...about.keys()])].map((agent) => [
        agent,
        figuresOfAgent(spells.get(agent) ?? [], about.get(agent) ?? [], { from, to }),
      ]),
    ),
  }
}

function figuresOfGroup(
  stays: readonly Stay[],
  settings: Pick<Settings, 'serviceLevelSeconds' | 'shortAbandonSeconds'>,
): GroupFigures {
  const count = (is: (stay: Stay) => boolean) => stays.filter(is).length
  const left = (...reasons: readonly string[]) => count(({ end }) => end.kind === 'left' && reasons.includes(end.why))
  const refused = (why: string) => count(({ end }) => end.kind === 'refused' && end.why === why)

  const waits = stays.flatMap(({ answeredAfter }) => answeredAfter ?? [])
  const answered = waits.length
  const answeredInTime = waits.filter((wait) => wait <= settings.serviceLevelSeconds * 1000).length
  const isUnserved = ({ end, answeredAfter }: Stay) => end.kind === 'left' && answeredAfter === undefined
  const isShort = (stay: Stay) =>
    isUnserved(stay) &&
    stay.end.kind === 'left' &&
    stay.end.why === 'abandoned' &&
    stay.end.waited <= settings.shortAbandonSeconds * 1000
  const shortAbandoned = count(isShort)
  const offered = answered + count(isUnserved) - shortAbandoned
  return {
    arrived: stays.length,
    offered,
    answered,
    answeredInTime,
    serviceLevel: share(answeredInTime, offered),
    answerRate: share(answered, offered),
    abandoned: left('abandoned') - shortAbandoned,
    shortAbandoned,
    overflowed: refused('full') + left('timeout'),
    noAgents: refused('noAgents') + left('noAgents'),
    closed: refused('closed') + left('closed'),
    blocked: refused('blocked'),
    lost: left('lost', 'notReached'),
    moved: count(({ end }) => end.kind === 'moved'),
    callbacks: count(({ callback }) => callback),
    voicemails: count(({ voicemail }) => voicemail),
    averageWait: share(sum(waits), answered),
    longestWait: answered === 0 ? null : Math.max(...waits),
    averageTalk: share(sum(stays.map(({ talked }) => talked)), answered),
  }
}

function figuresOfAgent(
  spells: readonly Spell[],
  about: readonly { readonly type: 'connected' | 'missed' }[],
  { from, to }: Span,
): AgentFigures {
  const inside = (spell: Spell) => Math.min(spell.to, to) - Math.max(spell.from, from)
  const time = (is: (spell: Spell) => boolean) => sum(spells.filter(is).map(inside))
  const inState = (state: Spell['state']) => time((spell) => spell.state === state)
  const reasons = new Set(spells.flatMap(({ reason }) => reason ?? []))
  return {
    loggedIn: time(() => true),
    available: inState('available'),
    ringing: inState('ringing'),
    talking: inState('talking'),
    wrapUp: inState('wrapUp'),
    paused: inState('paused'),
    pausedFor: new Map([...reasons].map((reason) => [reason, time((spell) => spell.reason === reason)])),
    answered: about.filter(({ type }) => type === 'connected').length,
    missed: about.filter(({ type }) => type === 'missed').length,
  }
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
const share = (part: number, whole: number) => (whole === 0 ? null : part / whole)
