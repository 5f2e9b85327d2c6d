import { messageFor, musicFor } from '../configuration/message-for.ts'
import { settingsOf } from '../configuration/presets.ts'
import type {
  Action,
  CallerRule,
  Configuration,
  E164,
  GroupNumber,
  GroupNumberId,
  MessageId,
  Settings,
} from '../configuration/types.ts'
import { after, seconds, type Instant } from '../time.ts'
import type { CallerQuestion, CallerStep, CallerWay, MessageSource, Staffing } from './caller-way.ts'
import { compileHours, type Hours, type HoursReason, type HoursStatus } from './compile-hours.ts'

type Spoken = 'welcome' | 'closed' | 'comfort' | 'overflow'
type LeavesWhy = Extract<CallerStep, { kind: 'leaves' }>['why']
type StepOf<Kind extends CallerStep['kind']> = Omit<Extract<CallerStep, { kind: Kind }>, 'after' | 'group'>
type Step = { [Kind in CallerStep['kind']]: StepOf<Kind> }[CallerStep['kind']]

/**
 * A caller's way through the house, as the router would lead it (design sections 5 to 7), until somebody answers or the
 * call ends. The same staffing is met in every group number on the way.
 */
export function whatCallerMeets(configuration: Configuration, question: CallerQuestion): CallerWay {
  const group = configuration.groupNumbers.find(({ number }) => number === question.number)
  if (!group) return { kind: 'unknown' }
  const walk = new Walk(configuration, question)
  walk.arrive(group, 0)
  return { kind: 'way', steps: walk.steps }
}

class Walk {
  readonly steps: CallerStep[] = []
  readonly #configuration: Configuration
  readonly #question: CallerQuestion
  readonly #visited: GroupNumberId[] = []

  constructor(configuration: Configuration, question: CallerQuestion) {
    this.#configuration = configuration
    this.#question = question
  }

  arrive(group: GroupNumber, at: number): void {
    this.#visited.push(group.id)
    const hours = compileHours(this.#configuration, group)
    const settings = settingsOf(group)
    const status = hours.statusAt(this.#instant(at))
    this.#step(group, at, { kind: 'arrives', open: status.open, reason: status.reason, next: status.next })

    const rule = ruleFor(settings.callers, this.#question.from)
    if (rule && 'block' in rule) {
      this.#step(group, at, { kind: 'blocked', rule })
      this.#step(group, at, { kind: 'leaves', why: 'blocked', then: hangUp })
      this.#step(group, at, { kind: 'hungUp' })
      return
    }
    const staffing = staffingOf(group, this.#question.staffing)
    const refused = this.#refusal(settings, status, staffing)
    if (refused) this.#leave(group, at, { ...refused, status })
    else this.#wait(group, at, { settings, status, staffing, hours, rule })
  }

  /** Why the caller is not admitted, and what the document says is done then. */
  #refusal(settings: Settings, status: HoursStatus, staffing: Staffing): { why: LeavesWhy; asked: Action } | undefined {
    if (!status.open) return { why: 'closed', asked: status.action ?? settings.whenClosed }
    if (staffing === 'none' && settings.whenNoAgents.do !== 'queue')
      return { why: 'noAgents', asked: settings.whenNoAgents }
    const waiting = this.#question.waiting ?? 0
    const isFull = settings.maxQueueLength > 0 ? waiting >= settings.maxQueueLength : staffing !== 'free' || waiting > 0
    return isFull ? { why: 'full', asked: settings.whenFull } : undefined
  }

  #wait(group: GroupNumber, at: number, stay: Stay) {
    const { settings, status, staffing, rule } = stay
    const priority = rule && 'priority' in rule ? rule.priority : 0
    if (rule) this.#step(group, at, { kind: 'priority', rule })
    this.#step(group, at, { kind: 'queued', position: priority > 0 ? 1 : (this.#question.waiting ?? 0) + 1 })

    const end = endOf(at, stay, this.#instant(0))
    const welcome = this.#seconds(status.message)
    this.#plays(group, at, { as: 'welcome', message: status.message, reason: status.reason })
    const music = musicFor(this.#configuration, group)
    if (music.length > 0)
      this.#step(group, at + welcome, {
        kind: 'music',
        messages: music,
        chosenBy: group.messages.music.length > 0 ? 'groupNumber' : 'preset',
      })

    if (staffing === 'free' && this.#answered(group, at, welcome, settings, end)) return
    this.#comfort(group, at + welcome, settings, end?.at)
    if (end) this.#leave(group, end.at, { ...end, status: stay.hours.statusAt(this.#instant(end.at)) })
    else this.#step(group, at + welcome, { kind: 'waitsOn' })
  }

  /** Rings those of the first level, from when it opens; false: the wait is over before. */
  #answered(group: GroupNumber, at: number, welcome: number, settings: Settings, end: TimedEnd | undefined): boolean {
    const level = Math.min(...group.members.map((member) => member.level ?? 1))
    const opens = settings.escalateSeconds === null ? at : at + (level - 1) * settings.escalateSeconds
    const rung = Math.max(opens, settings.welcome === 'playFirst' ? at + welcome : at)
    if (end && end.at <= rung) return false
    if (rung > at + welcome) this.#comfort(group, at + welcome, settings, rung)
    this.#step(group, rung, {
      kind: 'rings',
      agents: group.members.filter((member) => (member.level ?? 1) === level).map(({ agent }) => agent),
      all: settings.strategy === 'ringAll',
      seconds: settings.ringSeconds,
    })
    this.#step(group, rung, { kind: 'answered' })
    return true
  }

  #comfort(group: GroupNumber, from: number, settings: Settings, until = Infinity) {
    const { comfortSeconds: every, announcePosition: position, announceWait: wait } = settings
    const message = messageFor(this.#configuration, group, 'comfort')
    const at = from + every
    if (every === 0 || at >= until) return
    if (message !== null) this.#plays(group, at, { as: 'comfort', message, every })
    if (!position && !wait) return
    const said = at + this.#seconds(message)
    if (said < until) this.#step(group, said, { kind: 'announces', position, wait, every })
  }

  #leave(group: GroupNumber, at: number, { why, asked, status }: End & { readonly status: HoursStatus }) {
    const then = this.#possible(asked)
    this.#step(group, at, { kind: 'leaves', why, then, ...(then !== asked && { asked }) })
    const isClosed = why === 'closed' || why === 'closing'
    const message = isClosed ? status.message : messageFor(this.#configuration, group, 'overflow')
    this.#plays(group, at, isClosed ? { as: 'closed', message, reason: status.reason } : { as: 'overflow', message })
    this.#act(group, at + this.#seconds(message), then)
  }

  #act(group: GroupNumber, at: number, then: Action) {
    if (then.do === 'forward') this.#step(group, at, { kind: 'forwarded', to: then.to })
    else if (then.do === 'voicemail')
      this.#step(group, at, { kind: 'voicemail', maxSeconds: settingsOf(group).voicemail.maxSeconds })
    else {
      const next = then.do === 'group' ? this.#configuration.groupNumbers.find(({ id }) => id === then.to) : undefined
      if (next) this.arrive(next, at)
      else this.#step(group, at, { kind: 'hungUp' })
    }
  }

  /** As the router does: nobody goes round. */
  #possible(asked: Action): Action {
    if (asked.do !== 'group') return asked
    const isThere = this.#configuration.groupNumbers.some(({ id }) => id === asked.to)
    return isThere && !this.#visited.includes(asked.to) ? asked : hangUp
  }

  #plays(group: GroupNumber, at: number, played: Played) {
    const { as, message, every } = played
    const chosenBy = sourceOf(group, as, played.reason)
    this.#step(group, at, {
      kind: 'plays',
      as,
      message,
      seconds: this.#seconds(message),
      chosenBy,
      ...(every !== undefined && { every }),
    })
  }

  #step(group: GroupNumber, at: number, step: Step) {
    this.steps.push({ after: at, group: group.id, ...step })
  }

  #seconds(message: MessageId | null): number {
    return this.#configuration.messages.find(({ id }) => id === message)?.seconds ?? 0
  }

  #instant = (at: number): Instant => after(this.#question.at, seconds(at))
}

interface Stay {
  readonly settings: Settings
  readonly status: HoursStatus
  readonly staffing: Staffing
  readonly hours: Hours
  readonly rule: CallerRule | undefined
}

interface End {
  readonly why: LeavesWhy
  readonly asked: Action
}

interface TimedEnd extends End {
  /** Seconds after the call came. */
  readonly at: number
}

interface Played {
  readonly as: Spoken
  readonly message: MessageId | null
  readonly reason?: HoursReason
  readonly every?: number
}

const hangUp: Action = { do: 'hangUp' }

/** The longest wait, or the closing of the queue, whichever comes first. */
function endOf(
  at: number,
  { settings, status, hours }: Stay,
  start: Instant,
): (End & { readonly at: number }) | undefined {
  const limit = settings.maxWaitSeconds > 0 ? at + settings.maxWaitSeconds : Infinity
  const next = settings.atClosing === 'closeQueue' ? status.next : null
  const closing = next === null ? Infinity : (next.at - start) / 1000
  if (next !== null && closing < limit)
    return { at: closing, why: 'closing', asked: hours.statusAt(next.at).action ?? settings.whenClosed }
  return limit === Infinity ? undefined : { at: limit, why: 'timeout', asked: settings.whenTimeout }
}

/** Nobody can be logged in where nobody is a member. */
const staffingOf = (group: GroupNumber, staffing: Staffing): Staffing =>
  group.members.length === 0 ? 'none' : staffing

/** An exact number wins over a prefix, a longer prefix over a shorter, and of equals the first. */
function ruleFor(rules: readonly CallerRule[], from: E164 | undefined): CallerRule | undefined {
  if (from === undefined) return undefined
  const exact = rules.find((rule) => 'number' in rule && rule.number === from)
  if (exact) return exact
  const prefixes = rules.flatMap((rule) =>
    'prefix' in rule && from.startsWith(rule.prefix) ? [{ rule, length: rule.prefix.length }] : [],
  )
  return prefixes.toSorted((one, other) => other.length - one.length)[0]?.rule
}

function sourceOf(group: GroupNumber, kind: Spoken, reason: HoursReason | undefined): MessageSource {
  if (reason?.kind === 'override' && group.override?.message !== undefined) return 'override'
  const exception = reason?.kind === 'exception' ? group.exceptions.find(({ id }) => id === reason.id) : undefined
  if (exception?.message !== undefined) return 'exception'
  const active = group.schedules.find(({ id }) => id === group.activeSchedule)
  if ((kind === 'welcome' || kind === 'closed') && active?.[kind] !== undefined) return 'schedule'
  return group.messages[kind] === undefined ? 'preset' : 'groupNumber'
}
