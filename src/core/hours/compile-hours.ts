import { messageFor } from '../configuration/message-for.ts'
import type { Action, Configuration, Exception, GroupNumber, MessageId } from '../configuration/types.ts'
import { instant, type Instant } from '../time.ts'
import { compileExceptions } from './exceptions.ts'
import { dayMillis, localMillis, readLocalDateTime, startOfYear, type LocalMillis } from './local-time.ts'
import { compileWeek } from './week.ts'
import { zoneOf } from './zone.ts'

/** What a caller meets at a moment (design section 6). */
export interface HoursStatus {
  readonly open: boolean
  readonly reason: HoursReason
  /** The welcome message while open, the closed message while closed; `null`: silence. */
  readonly message: MessageId | null
  /** While closed: what the override or exception says is done; absent there: the setting `whenClosed`. */
  readonly action: Action | undefined
  /** The first moment at which `open` is another; `null`: never. */
  readonly next: { readonly at: Instant; readonly open: boolean } | null
}

export interface HoursReason {
  readonly kind: 'override' | 'exception' | 'schedule' | 'noSchedule'
  /** Of the exception or the schedule. */
  readonly id?: string
  readonly name?: string
}

export interface Hours {
  /** The same object for all moments of a stretch: read it, compare it by identity, never change it. */
  statusAt(at: Instant): HoursStatus
}

/**
 * The opening hours of one group number, for any moment.
 *
 * Nothing is computed before it is asked for. What was asked is kept, so that a further question about
 * the same days is a look in a sorted table.
 */
export function compileHours(configuration: Pick<Configuration, 'company' | 'messages'>, group: GroupNumber): Hours {
  let compiled: Hours | undefined
  return {
    statusAt(at) {
      compiled ??= tabulate(createTimeline(configuration, group))
      return compiled.statusAt(at)
    },
  }
}

type Ruling = Omit<HoursStatus, 'next'>

interface Timeline {
  /** What holds at a moment, and a moment up to which it surely holds, too. */
  rulingAt(at: Instant): { readonly ruling: Ruling; readonly until: number }
  /** The first moment after `at` at which `open` is another than at `at`. */
  nextFlip(at: Instant, open: boolean): HoursStatus['next']
}

/** After this year every zone's rules repeat with the calendar (docs/decisions/0001-zone-tables.md). */
const lastIrregularYear = 2100
/** Weekdays and dates, leap years included, repeat after 400 years of the Gregorian calendar. */
const calendarCycle = 146_097 * dayMillis
/** More than any offset, and than any change of one: Samoa's left out a day. */
const mostOffset = 2 * dayMillis

function createTimeline(configuration: Pick<Configuration, 'company' | 'messages'>, group: GroupNumber): Timeline {
  const zone = zoneOf(configuration.company.timeZone)
  const active = group.schedules.find((schedule) => schedule.id === group.activeSchedule)
  const week = compileWeek(active?.week ?? noHours)
  const exceptions = compileExceptions(group.exceptions)
  const { override } = group
  const overrideEnd = override === undefined ? -Infinity : override.until ? readLocalDateTime(override.until) : Infinity

  const byOverride = override && ruling({ kind: 'override' }, override.effect, override)
  const reason: HoursReason = active ? { kind: 'schedule', id: active.id, name: active.name } : { kind: 'noSchedule' }
  const byWeek = { open: lazily(() => ruling(reason, 'open')), closed: lazily(() => ruling(reason, 'closed')) }
  const byException = new Map<Exception, Ruling>()

  function ruling(why: HoursReason, effect: 'open' | 'closed', deciding?: Exception | GroupNumber['override']): Ruling {
    const open = effect === 'open'
    return {
      open,
      reason: why,
      message: messageFor(configuration, group, open ? 'welcome' : 'closed', deciding),
      action: open ? undefined : deciding?.action,
    }
  }

  function rulingOf(exception: Exception): Ruling {
    let known = byException.get(exception)
    if (!known) {
      const why: HoursReason = { kind: 'exception', id: exception.id, name: exception.name }
      known = ruling(why, exception.effect, exception)
      byException.set(exception, known)
    }
    return known
  }

  function localRuling(local: LocalMillis): { ruling: Ruling; until: number } {
    if (byOverride && local < overrideEnd) return { ruling: byOverride, until: overrideEnd }
    const { deciding, until } = exceptions.decidingAt(local)
    if (deciding) return { ruling: rulingOf(deciding), until }
    const scheduled = week.isOpen(local) ? byWeek.open() : byWeek.closed()
    return { ruling: scheduled, until: Math.min(until, week.nextFlip(local)) }
  }

  /**
   * Each instant is judged by its own wall time, so a change of offset ends a stretch, too. One that lasts
   * for years is crossed at once: two days in, no change of offset can turn the clock back to before it.
   */
  function rulingAt(at: Instant) {
    const span = zone.spanAt(at)
    const { ruling: decided, until } = localRuling(localMillis(at + span.offset))
    const across = until - mostOffset
    const surely = span.to - at >= mostOffset && across > span.to ? across : Math.min(until - span.offset, span.to)
    return { ruling: decided, until: surely, forever: until === Infinity }
  }

  function mayBecome(open: boolean, after: Instant): boolean {
    if (open ? week.everOpen : week.everClosed) return true
    const reading = localMillis(after - mostOffset)
    return exceptions.mayDecideAfter(reading, open ? 'open' : 'closed') || overrideEnd > reading
  }

  /**
   * Walks from change to change. It ends: once all that is dated is past, and zones are regular, what
   * follows repeats with the calendar, so a flip that has not come in one cycle never comes.
   */
  function nextFlip(at: Instant, open: boolean): HoursStatus['next'] {
    const dated = Math.max(
      at,
      startOfYear(lastIrregularYear + 1),
      exceptions.lastEnd,
      Number.isFinite(overrideEnd) ? overrideEnd : -Infinity,
    )
    const end = dated + calendarCycle + 2 * mostOffset
    for (let now = at; now < end;) {
      const { ruling: decided, until, forever } = rulingAt(now)
      if (decided.open !== open) return { at: now, open: decided.open }
      if (forever || !mayBecome(!open, now)) return null
      now = instant(until)
    }
    return null
  }

  return { rulingAt, nextFlip }
}

const noHours = { mon: [], tue: [], wed: [], thu: [], fri: [], sat: [], sun: [] }

function lazily<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined
  return () => (made ??= { value: make() }).value
}

/** Two days at a time: enough to be found again, little enough to be quick for a single question. */
const pageMillis = 2 * dayMillis
const mostPages = 4096

interface Page {
  /** Where each stretch begins; the first is the page's own beginning or earlier. */
  readonly starts: readonly number[]
  readonly statuses: readonly HoursStatus[]
}

function tabulate(timeline: Timeline): Hours {
  const pages = new Map<number, Page>()
  let lastIndex = NaN
  let lastPage: Page = { starts: [], statuses: [] }
  /** The last flip looked for: it is the answer for all moments between. */
  let found: { from: number; open: boolean; next: HoursStatus['next'] } | undefined

  function statusAt(at: Instant): HoursStatus {
    const index = Math.floor(at / pageMillis)
    if (index !== lastIndex) {
      lastPage = pages.get(index) ?? write(index)
      lastIndex = index
    }
    const { starts, statuses } = lastPage
    let low = 0
    let high = starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((starts[middle] ?? Infinity) <= at) low = middle
      else high = middle - 1
    }
    const status = statuses[low]
    if (!status) throw new RangeError(`no moment: ${at}`)
    return status
  }

  function write(index: number): Page {
    const starts: number[] = []
    const rulings: Ruling[] = []
    const end = (index + 1) * pageMillis
    for (let at = index * pageMillis; at < end;) {
      const { ruling, until } = timeline.rulingAt(instant(at))
      if (rulings.at(-1) !== ruling) {
        starts.push(at)
        rulings.push(ruling)
      }
      at = until
    }

    const statuses: HoursStatus[] = []
    for (let place = rulings.length - 1; place >= 0; place -= 1) {
      const ruling = rulings[place]
      if (!ruling) continue
      const following = statuses[place + 1]
      const next = following
        ? afterwards(ruling, following, starts[place + 1] ?? NaN)
        : flipAfter(starts[place] ?? NaN, ruling.open)
      statuses[place] = { ...ruling, next }
    }

    const page = { starts, statuses }
    if (pages.size >= mostPages) pages.clear()
    pages.set(index, page)
    return page
  }

  function afterwards(ruling: Ruling, following: HoursStatus, start: number): HoursStatus['next'] {
    return following.open === ruling.open ? following.next : { at: instant(start), open: following.open }
  }

  function flipAfter(at: number, open: boolean): HoursStatus['next'] {
    if (found?.open !== open || at < found.from || at >= (found.next?.at ?? Infinity))
      found = { from: at, open, next: timeline.nextFlip(instant(at), open) }
    return found.next
  }

  return { statusAt }
}
