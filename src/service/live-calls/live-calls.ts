import { randomInt } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { Configuration, E164 } from '../../core/configuration/types.ts'
import { numberRungBy } from '../../core/destinations/allowed-destination.ts'
import type { Result } from '../../core/result.ts'
import type { Command, Notice, RoutingEvent } from '../../core/routing/messages.ts'
import type { OpenRouter, Output, Router } from '../../core/routing/router.ts'
import type { RouterView } from '../../core/routing/view.ts'
import { instant, type Instant } from '../../core/time.ts'
import type { SwitchProblem } from '../../contract/switch.ts'
import type { Remark } from '../../contract/call-records.ts'
import type { Clock, Journal, JournalEntry } from '../ports.ts'
import type { Log } from '../log.ts'

/** What happened, before it is stamped with its time. */
export type Happening = RoutingEvent extends infer Event
  ? Event extends RoutingEvent
    ? Omit<Event, 'at'>
    : never
  : never

/** Carries events to the router and its commands to the switch, and writes both down. */
export interface LiveCalls {
  /** Stamped, journaled and handled when this returns; the commands are on their way. */
  happened(happening: Happening): void
  /** A command that the router did not give, and what it makes happen: the switch does not tell what it was ordered to do. */
  order(command: Command, happening: Happening): void
  /** A command about what the router does not know, journaled like its own. */
  give(command: Command): void
  /** Journaled, and told to who listens; nothing of the call changes. */
  remark(remark: Remark): void
  /** Commands go to `perform` from here on; while nothing is attached they are dropped, and issued again at `switchAttached`. */
  performBy(perform: Perform | undefined): void
  view(): RouterView
  committed(): Promise<Result<void, string>>
  /** Called with what was journaled, after each event. */
  listen(listener: (entries: readonly JournalEntry[]) => void): () => void
  /** Takes a snapshot, so that the next start replays little. */
  close(): void
}

export type Perform = (command: Command) => Promise<Result<void, SwitchProblem>>

export interface LiveCallsParts {
  readonly clock: Clock
  readonly journal: Journal
  readonly openRouter: OpenRouter
  readonly configuration: Configuration
  /** Whether this number outside may be rung. */
  readonly mayRing: (number: E164) => boolean
  readonly log: Log
}

/** Events between two snapshots. */
const eventsBySnapshot = 10_000

/**
 * Recovers from the journal: the newest snapshot and the events behind it, whose commands were given long ago. What the
 * switch holds now is told by `switchAttached`.
 */
export async function openLiveCalls(parts: LiveCallsParts): Promise<LiveCalls> {
  const { clock, journal, log } = parts
  const { router, latest: recoveredAt, fresh, configured } = await recover(parts)
  const listeners = new Set<(entries: readonly JournalEntry[]) => void>()
  const waiting: Happening[] = []
  let latest: number = recoveredAt ?? clock.now()
  let sinceSnapshot = 0
  let handling = false
  let closed = false
  let perform: Perform | undefined
  let alarm: { readonly at: Instant; readonly cancel: () => void } | undefined

  function happened(happening: Happening) {
    waiting.push(happening)
    // A switch in memory may answer a command before it returns: that is the next event, not this one.
    if (handling || closed) return
    handling = true
    try {
      for (let next = waiting.shift(); next; next = waiting.shift()) handle(stamped(next))
    } finally {
      handling = false
    }
    setAlarm()
  }

  function stamped(happening: Happening): RoutingEvent {
    latest = Math.max(latest, clock.now())
    return { ...happening, at: instant(latest) }
  }

  function handle(event: RoutingEvent) {
    const outputs = handled(router, event, log)
    // At once: a caller never waits for the disk.
    for (const output of outputs) if (output.kind === 'command') give(output.command)
    write([{ kind: 'event', event }, ...outputs.map(entryOf)])
    if (++sinceSnapshot >= eventsBySnapshot) snapshot()
  }

  function write(entries: readonly JournalEntry[]) {
    journal.append(entries)
    for (const entry of entries) log.debug(entry, 'live')
    for (const listener of listeners) listener(entries)
  }

  function giveAlone(command: Command) {
    give(command)
    write([{ kind: 'command', at: instant(latest), command }])
  }

  function give(command: Command) {
    const by = perform
    if (!by) return
    const outside = numberRungBy(command)
    if (outside !== undefined && !parts.mayRing(outside)) {
      failedTo(command, { kind: 'refused', why: `${outside} is not an allowed destination` })
      return
    }
    by(command).then(
      (outcome) => {
        if (!outcome.ok && perform === by) failedTo(command, outcome.problem)
      },
      (fault: unknown) => {
        log.error({ fault: String(fault), command: command.type }, 'the switch threw')
        if (perform === by) failedTo(command, { kind: 'refused', why: String(fault) })
      },
    )
  }

  function failedTo(command: Command, problem: SwitchProblem) {
    // The loss of the switch is told as such; what was asked meanwhile is issued again when one attaches.
    if (problem.kind === 'gone' || problem.kind === 'staleEpoch') return
    log.warn({ command: command.type, call: command.call, problem }, 'the switch did not take a command')
    happened({
      type: 'commandFailed',
      call: command.call,
      command: command.type,
      reason: reasonOf(problem),
      ...('agent' in command && { agent: command.agent }),
      ...('by' in command && { agent: command.by }),
      ...('offer' in command && { offer: command.offer }),
      ...('play' in command && { play: command.play }),
    })
  }

  function order(command: Command, happening: Happening) {
    // Before what the router makes of the news: it may ring the same phone for the next caller.
    give(command)
    happened(happening)
    write([{ kind: 'command', at: instant(latest), command }])
  }

  /** One that comes too early is left: most deadlines move on before they come, and each timer costs. */
  function setAlarm() {
    const at = router.nextDeadline
    if (at === undefined || (alarm && alarm.at <= at)) return
    alarm?.cancel()
    alarm = { at, cancel: clock.wake(at, ring) }
  }

  function ring() {
    alarm = undefined
    const at = router.nextDeadline
    if (at !== undefined && at <= clock.now()) happened({ type: 'timePassed' })
    else setAlarm()
  }

  function snapshot() {
    sinceSnapshot = 0
    journal.snapshot(router.snapshot())
    // Behind the snapshot, so that a recovery knows how late it was.
    handle({ type: 'timePassed', at: instant(latest) })
  }

  if (fresh) snapshot()
  // The service before this one was last alive at its last event: its ring deadlines hold from there.
  handle({ type: 'switchLost', at: instant(latest) })
  if (configured !== undefined && !isDeepStrictEqual(configured, parts.configuration))
    handle(stamped({ type: 'configured', configuration: parts.configuration }))
  setAlarm()

  return {
    happened,
    order,
    give: giveAlone,
    remark: (remark) => {
      latest = Math.max(latest, clock.now())
      if (!closed) write([{ kind: 'remark', at: instant(latest), remark }])
    },
    performBy: (given) => {
      perform = given
    },
    view: () => router.view(),
    committed: () => journal.committed(),
    listen: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close: () => {
      if (closed) return
      closed = true
      alarm?.cancel()
      snapshot()
    },
  }
}

interface Recovered {
  readonly router: Router
  /** Of the last event; absent: nothing had happened yet. */
  readonly latest?: Instant
  readonly fresh: boolean
  /** The configuration it had; `null`: not known, it is in the snapshot. Absent: the one that was given. */
  readonly configured?: Configuration | null
}

async function recover({ clock, journal, openRouter, configuration, log }: LiveCallsParts): Promise<Recovered> {
  const { snapshot, events } = await journal.recover()
  const at = events[0]?.at ?? clock.now()
  const router = openRouter(snapshot ? { snapshot } : { configuration, seed: randomInt(2 ** 31), at })
  for (const event of events) handled(router, event, log)
  const latest = events.at(-1)?.at
  log.info({ events: events.length, snapshot: snapshot !== undefined }, 'recovered from the journal')
  const last = events.findLast((event) => event.type === 'configured')?.configuration
  return {
    router,
    fresh: snapshot === undefined,
    ...(latest !== undefined && { latest }),
    ...(snapshot !== undefined && { configured: last ?? null }),
  }
}

/** A router that throws is a bug: it is told loudly, and the calls it did not touch go on. */
function handled(router: Router, event: RoutingEvent, log: Log): readonly Output[] {
  try {
    return router.handle(event)
  } catch (fault) {
    log.error({ fault: fault instanceof Error ? fault.stack : String(fault), event }, 'the router failed')
    return []
  }
}

function entryOf(output: Output): JournalEntry {
  if (output.kind === 'command') return { kind: 'command', at: output.at, command: output.command }
  return { kind: 'notice', notice: output.notice satisfies Notice }
}

function reasonOf(problem: SwitchProblem): string {
  if (problem.kind === 'unknown') return `unknown ${problem.what}`
  if (problem.kind === 'refused') return problem.why
  return problem.kind
}
