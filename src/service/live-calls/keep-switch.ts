import { after, millis } from '../../core/time.ts'
import { failed, type Result } from '../../core/result.ts'
import type { SwitchEvent } from '../../core/routing/messages.ts'
import type { Switch, SwitchProblem, SwitchSetup } from '../../contract/switch.ts'
import type { Clock } from '../ports.ts'
import type { Log } from '../log.ts'
import type { LiveCalls } from './live-calls.ts'

/** The attachment to the switch: made at start, and made again whenever it is lost. */
export interface KeptSwitch {
  readonly state: 'attached' | 'lost'
  /** Of the switch attached last; `none` before the first. */
  readonly engine: string
  /** What the switch must know has changed. Resolves when it knows; a switch that is away is told when it attaches. */
  prepare(): Promise<Result<void, SwitchProblem>>
  changed(listener: () => void): () => void
  /** Lets go; calls go on in the switch. */
  close(): Promise<void>
}

export interface KeptSwitchParts {
  readonly switch: Switch
  readonly liveCalls: Pick<LiveCalls, 'happened' | 'performBy'>
  /** What of an event of the switch is to be heard; undefined: nothing. */
  readonly letThrough: (event: SwitchEvent) => SwitchEvent | undefined
  readonly clock: Clock
  /** Greater than any before, of any service on this data directory; on disk before it is used. */
  readonly nextEpoch: () => Promise<number>
  readonly setup: () => Promise<SwitchSetup>
  readonly log: Log
}

/** Between two tries to attach, in milliseconds; the last goes on, so that callers do not wait for one that is back. */
const backOff = [0, 100, 250, 500]
/** One problem is told once in so many milliseconds. */
const tellEvery = 60_000

/**
 * ```
 *  away ──attach, prepare──▶ attached
 *    ▲  (again with back-off)    │
 *    └────────── lost ───────────┘
 * ```
 */
export function keepSwitch(parts: KeptSwitchParts): KeptSwitch {
  const { switch: engine, liveCalls, letThrough, clock, nextEpoch, setup, log } = parts
  const listeners = new Set<() => void>()
  let state: KeptSwitch['state'] = 'lost'
  let name = 'none'
  let current: { epoch: number; held: SwitchEvent[] | undefined } | undefined
  let closed = false
  let retry: (() => void) | undefined
  let attempts = 0
  let told: { readonly problem: string; readonly at: number } | undefined
  let preparing: Promise<unknown> = Promise.resolve()
  let queued: Promise<Result<void, SwitchProblem>> | undefined

  let attaching: Promise<void> = Promise.resolve()

  function attach() {
    retry = undefined
    attaching = attachOrTryLater()
  }

  async function attachOrTryLater() {
    const problem = await tryToAttach().catch((fault: unknown) => String(fault))
    if (problem === undefined || closed) return
    const now = clock.now()
    if (told?.problem !== problem || now - told.at >= tellEvery) {
      told = { problem, at: now }
      log.warn({ problem, attempts }, 'the switch could not be attached; trying again and again')
    }
    tryLater()
  }

  /** Answers what went wrong. */
  async function tryToAttach(): Promise<string | undefined> {
    const epoch = await nextEpoch()
    if (closed) return undefined
    // What is heard before the holdings are told to the router comes after them.
    const attachment: NonNullable<typeof current> = { epoch, held: [] }
    current = attachment
    const isCurrent = () => current === attachment
    const attached = await engine.attach({
      epoch,
      heard: (event) => {
        if (!isCurrent()) return
        if (attachment.held) attachment.held.push(event)
        else hear(event)
      },
      lost: (reason) => {
        if (isCurrent()) lost(reason)
      },
    })
    if (!isCurrent()) return 'lost while attaching'
    if (!attached.ok) return abandon(attached.problem)
    const prepared = await prepareNow()
    if (!isCurrent()) return 'lost while preparing'
    if (!prepared.ok && (prepared.problem.kind === 'gone' || prepared.problem.kind === 'staleEpoch'))
      return abandon(prepared.problem)
    if (!prepared.ok) log.error({ problem: prepared.problem }, 'the switch could not be prepared')
    attempts = 0
    told = undefined
    state = 'attached'
    name = attached.value.engine
    log.info({ engine: name, epoch, calls: attached.value.calls.length }, 'switch attached')
    liveCalls.performBy((command) => engine.perform(command))
    const { calls, agentCalls } = attached.value
    liveCalls.happened({ type: 'switchAttached', calls, ...(agentCalls && { agentCalls }) })
    const { held = [] } = attachment
    attachment.held = undefined
    for (const event of held) hear(event)
    tell()
    return undefined
  }

  function hear(event: SwitchEvent) {
    const heard = letThrough(event)
    if (heard !== undefined) liveCalls.happened(heard)
  }

  function abandon(problem: SwitchProblem): string {
    current = undefined
    return JSON.stringify(problem)
  }

  function lost(reason: string) {
    current = undefined
    if (state === 'lost') return // still attaching: `attach` tries again
    log.error({ reason }, 'switch lost')
    state = 'lost'
    liveCalls.performBy(undefined)
    liveCalls.happened({ type: 'switchLost' })
    tell()
    if (!closed) tryLater()
  }

  function tryLater() {
    const wait = backOff[Math.min(attempts++, backOff.length - 1)] ?? 0
    retry = clock.wake(after(clock.now(), millis(wait)), attach)
  }

  function prepare(): Promise<Result<void, SwitchProblem>> {
    if (state === 'lost') return Promise.resolve(failed({ kind: 'gone' }))
    // One that has not begun yet reads the setup later, and so tells this change too.
    if (queued) return queued
    const next = preparing.then(() => {
      queued = undefined
      return prepareNow()
    })
    queued = next
    preparing = next
    return next
  }

  async function prepareNow(): Promise<Result<void, SwitchProblem>> {
    try {
      const outcome = await engine.prepare(await setup())
      if (!outcome.ok) log.warn({ problem: outcome.problem }, 'the switch did not take its setup')
      return outcome
    } catch (fault) {
      log.error({ fault: String(fault) }, 'the setup of the switch could not be made')
      return failed({ kind: 'refused', why: String(fault) })
    }
  }

  function tell() {
    for (const listener of listeners) listener()
  }

  attach()

  return {
    get state() {
      return state
    },
    get engine() {
      return name
    },
    prepare,
    changed: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close: async () => {
      closed = true
      retry?.()
      liveCalls.performBy(undefined)
      current = undefined
      // One that is about to attach would hold on to the switch.
      await attaching
      await engine.detach()
    },
  }
}
