import type { AgentId, Configuration, GroupNumberId } from '../../core/configuration/types.ts'
import type { CallId, Command, Notice, RoutingEvent } from '../../core/routing/messages.ts'
import type { Instant } from '../../core/time.ts'
import type { CallDetailRecord, CallQuality, CallRecordEnd, Remark } from '../../contract/call-records.ts'
import type { JournalEntry } from '../ports.ts'
import { callerBook } from '../work/caller-book.ts'

/** Call detail records, derived from the journal: the same entries make the same records, so that a restart makes them again. */
export interface CallRecordBook {
  /** In the order of the journal. */
  saw(entry: JournalEntry): void
  /** Those that are new or have changed since they were taken last; none of a talk that goes on. */
  take(): readonly CallDetailRecord[]
}

type NoticeOf<Type extends Notice['type']> = Extract<Notice, { type: Type }>
type Placed = Extract<Command, { type: 'placeCall' }>

/** Records of calls that are over, kept here for what is still told of them; the others are on disk alone. */
const recordsKnown = 20_000

export function callRecordBook(configuration: () => Pick<Configuration, 'agents' | 'groupNumbers'>): CallRecordBook {
  const callers = callerBook()
  /** The talk that goes on in each call. */
  const talks = new Map<CallId, CallDetailRecord>()
  /** Since when three have talked in a call. */
  const threes = new Map<CallId, Instant>()
  /** Calls that agents make. */
  const made = new Map<CallId, { readonly record: CallDetailRecord; readonly answered?: Instant }>()
  /** By id, oldest first. */
  const over = new Map<string, CallDetailRecord>()
  const changed = new Map<string, CallDetailRecord>()

  function saw(entry: JournalEntry) {
    callers.saw(entry)
    if (entry.kind === 'event') sawEvent(entry.event)
    else if (entry.kind === 'command') sawCommand(entry.command, entry.at)
    else if (entry.kind === 'notice') sawNotice(entry.notice)
    else sawRemark(entry.remark)
  }

  function sawNotice(notice: Notice) {
    switch (notice.type) {
      case 'connected':
        threes.delete(notice.call)
        connected(notice)
        return
      case 'threeWayStarted':
        threes.set(notice.call, notice.at)
        return
      case 'threeWayEnded':
        threeParted(notice)
        return
      case 'completed':
      case 'returned':
        talked(notice)
        return
      case 'left':
        // The next group number tells how it ended; a transfer has had its talk.
        if (notice.then?.do !== 'group') notServed(notice, notice.then?.do === 'forward' ? 'forwarded' : notice.why)
        return
      case 'refused':
        if (notice.then.do !== 'group') notServed(notice, notice.then.do === 'forward' ? 'forwarded' : notice.why)
        return
      case 'voicemailLeft':
        leftMessage(notice)
        return
      default:
        return
    }
  }

  function connected({ call, group, agent, at, waited }: NoticeOf<'connected'>) {
    talks.set(call, {
      id: `${call} ${String(at)}`,
      call,
      way: 'in',
      group,
      at,
      ...callerOf(call),
      end: 'answered',
      ...byAgent(agent),
      waited: inSeconds(waited),
    })
  }

  function talked({ call, agent, at }: NoticeOf<'completed' | 'returned'>) {
    const talk = talks.get(call)
    if (talk?.agent !== agent) return
    talks.delete(call)
    put({ ...talk, talked: inSeconds(at - talk.at) })
  }

  /** Of a colleague who was put in: whoever is left with the caller is `connected` next. */
  function threeParted({ call, group, left, with: third, at }: NoticeOf<'threeWayEnded'>) {
    const since = threes.get(call)
    threes.delete(call)
    if (since === undefined || left === 'agent' || !('agent' in third)) return
    const id = `${call} ${String(since)}`
    const talk = { ...callerOf(call), end: 'answered' as const, talked: inSeconds(at - since) }
    put({ id, call, way: 'in', group, at: since, ...byAgent(third.agent), ...talk })
  }

  function notServed({ call, group, at, ...notice }: NoticeOf<'left' | 'refused'>, end: CallRecordEnd) {
    const waited = 'waited' in notice ? { waited: inSeconds(notice.waited) } : {}
    put({ id: `${call} ${group} ${String(at)}`, call, way: 'in', group, at, ...callerOf(call), end, ...waited })
  }

  function leftMessage({ call, group }: NoticeOf<'voicemailLeft'>) {
    const record = [...over.values()].findLast((each) => each.call === call && each.group === group)
    if (record) put({ ...record, voicemail: true })
  }

  function sawRemark(remark: Remark) {
    const { call, agent } = remark
    const talk = talks.get(call)
    if (talk?.agent === agent) {
      talks.set(call, remarked(talk, remark))
      return
    }
    const own = made.get(call)
    if (own?.record.agent === agent) {
      made.set(call, { ...own, record: remarked(own.record, remark) })
      return
    }
    const record = [...over.values()].findLast(
      (each) => each.call === call && each.agent === agent && (remark.type === 'measured' || each.way === 'in'),
    )
    if (record) put(remarked(record, remark))
  }

  // --- calls that agents make ---------------------------------------------------------------------

  function sawEvent(event: RoutingEvent) {
    switch (event.type) {
      case 'agentCallAnswered': {
        const call = made.get(event.call)
        if (call) made.set(event.call, { ...call, answered: event.at })
        return
      }
      case 'agentCallEnded':
        madeEnded(event.call, event.why, event.at)
        return
      case 'switchAttached': {
        const held = new Set(event.agentCalls?.map(({ call }) => call))
        for (const call of [...made.keys()]) if (!held.has(call)) madeEnded(call, 'lost', event.at)
        return
      }
      default:
        return
    }
  }

  /** Of those to somebody outside. Who was called by mistake is no caller of the company's. */
  function sawCommand(command: Command, at: Instant) {
    if (command.type !== 'placeCall' || !('number' in command.to) || made.has(command.call)) return
    made.set(command.call, {
      record: {
        id: `${command.call} made`,
        call: command.call,
        way: 'out',
        ...groupShown(command.show),
        at,
        number: command.to.number,
        end: 'answered',
        ...byAgent(command.agent),
      },
    })
  }

  function madeEnded(call: CallId, why: CallRecordEnd, at: Instant) {
    const found = made.get(call)
    if (!found) return
    made.delete(call)
    const { record, answered } = found
    put(answered === undefined ? { ...record, end: why } : { ...record, talked: inSeconds(at - answered) })
  }

  function groupShown({ number }: Placed['show']): { group?: GroupNumberId } {
    const group = configuration().groupNumbers.find((each) => each.number === number)
    return group ? { group: group.id } : {}
  }

  // --- all ------------------------------------------------------------------------------------------

  function put(record: CallDetailRecord) {
    changed.set(record.id, record)
    // Set anew, so that the order is that of the last change.
    over.delete(record.id)
    over.set(record.id, record)
    const [oldest] = over.keys()
    if (over.size > recordsKnown && oldest !== undefined) over.delete(oldest)
  }

  function byAgent(agent: AgentId) {
    const known = configuration().agents.find(({ id }) => id === agent)
    return { agent, ...(known && { agentName: `${known.firstName} ${known.lastName}`.trim() }) }
  }

  function callerOf(call: CallId) {
    const { number, name } = callers.of(call) ?? {}
    return { ...(number !== undefined && { number }), ...(name !== undefined && { name }) }
  }

  return {
    saw,
    take() {
      const records = [...changed.values()]
      changed.clear()
      return records
    },
  }
}

function remarked(record: CallDetailRecord, remark: Remark): CallDetailRecord {
  if (remark.type === 'measured') return { ...record, quality: together(record.quality, remark.quality) }
  // What was said before counts no more.
  const { note: _, outcome: __, ...rest } = record
  const { note, outcome } = remark
  return { ...rest, ...(note !== undefined && { note }), ...(outcome && { outcome }) }
}

/** Two parts of one call, each by its length. */
function together(one: CallQuality | undefined, other: CallQuality): CallQuality {
  if (one === undefined) return other
  const seconds = one.seconds + other.seconds
  const mean = (a: number, b: number) => Math.round((100 * (a * one.seconds + b * other.seconds)) / seconds) / 100
  const roundTrip =
    one.roundTrip !== undefined && other.roundTrip !== undefined
      ? mean(one.roundTrip, other.roundTrip)
      : (one.roundTrip ?? other.roundTrip)
  const cause = one.poorSeconds >= other.poorSeconds ? (one.cause ?? other.cause) : (other.cause ?? one.cause)
  return {
    seconds,
    score: mean(one.score, other.score),
    worst: Math.min(one.worst, other.worst),
    loss: mean(one.loss, other.loss),
    jitter: mean(one.jitter, other.jitter),
    ...(roundTrip !== undefined && { roundTrip }),
    poorSeconds: one.poorSeconds + other.poorSeconds,
    ...(cause && { cause }),
  }
}

const inSeconds = (millis: number) => Math.round(millis / 1000)
