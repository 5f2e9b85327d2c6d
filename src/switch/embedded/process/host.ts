import { createServer, type Socket } from 'node:net'
import { failed, ok, type Result } from '../../../core/result.ts'
import type { Switch, SwitchProblem } from '../../../contract/switch.ts'
import { openLine, type Line } from './json-lines.ts'
import type { Claim, ClaimProblem } from './own-socket.ts'
import { fromServiceSchema, switchProtocol, type FromServiceToSwitch, type FromSwitch } from './protocol.ts'

export interface HostOptions {
  /** Any engine in this process. */
  readonly engine: Switch
  /** How many calls the engine holds. */
  readonly calls: () => number
  /** Where the engine takes SIP over UDP, if it does. */
  readonly sipUdp?: { readonly address: string; readonly port: number }
  /** Of the path to listen on; released by `close`. */
  readonly claim: Claim
  /**
   * With no calls and nobody connected any more for this long, `idle` is told. Preset: a minute, which one that nobody
   * has found yet waits in any case: whoever started it may be slow.
   */
  readonly idleMillis?: number
  /** Told once: nobody needs this switch. */
  readonly idle: () => void
  /** What happened, for the log: words and plain values, never a secret. */
  readonly log: (what: string, about?: Readonly<Record<string, unknown>>) => void
}

export interface Host {
  close(): void
}

const presetIdle = 60_000

/**
 * Lets services in other processes attach to `engine`, one at a time: the greatest epoch has it.
 * A service that closes its connection, dies, or says nothing for 2 s is detached.
 */
export async function hostSwitch(options: HostOptions): Promise<Result<Host, ClaimProblem>> {
  const { engine, calls, sipUdp, claim, idleMillis = presetIdle, idle, log } = options
  const lines = new Set<Line<FromSwitch>>()
  let greatestEpoch = -Infinity
  let attached: { readonly line: Line<FromSwitch>; readonly epoch: number } | undefined
  let idleSince = performance.now()
  let isFound = false

  const server = createServer(welcome)
  const listening = await claim.listen(server)
  if (!listening.ok) return listening
  server.on('error', (error) => {
    log('socket failed', { error: error.message })
  })
  const watch = setInterval(
    () => {
      const now = performance.now()
      if (lines.size > 0 || calls() > 0) idleSince = now
      if (now - idleSince < (isFound ? idleMillis : Math.max(idleMillis, presetIdle))) return
      clearInterval(watch)
      idle()
    },
    Math.min(1000, idleMillis),
  )

  function welcome(socket: Socket) {
    const line: Line<FromSwitch> = openLine<FromSwitch, FromServiceToSwitch>(socket, fromServiceSchema, {
      heard: (message) => void hear(line, message),
      ended(why, what) {
        lines.delete(line)
        log('connection ended', { why, what })
        letGo(line)
      },
    })
    lines.add(line)
    isFound = true
    line.send({
      type: 'hello',
      protocol: switchProtocol,
      pid: process.pid,
      ...(engine.softphoneSocket && 'path' in engine.softphoneSocket && { socket: engine.softphoneSocket.path }),
      ...(sipUdp && { sipUdp }),
    })
  }

  async function hear(line: Line<FromSwitch>, message: FromServiceToSwitch) {
    if (message.type === 'heartbeat') return
    const { id } = message
    try {
      if (message.type === 'attach') line.send({ type: 'attached', id, result: await attach(line, message.epoch) })
      else line.send({ type: 'done', id, result: await order(line, message) })
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      log('engine failed', { asked: message.type, error: why })
      const result = failed<SwitchProblem>({ kind: 'refused', why })
      line.send(message.type === 'attach' ? { type: 'attached', id, result } : { type: 'done', id, result })
    }
  }

  async function attach(line: Line<FromSwitch>, epoch: number) {
    if (epoch <= greatestEpoch) return failed<SwitchProblem>({ kind: 'staleEpoch' })
    greatestEpoch = epoch
    attached = { line, epoch }
    const result = await engine.attach({
      epoch,
      heard: (event) => {
        line.send({ type: 'event', epoch, event })
      },
      lost: (reason) => {
        line.send({ type: 'lost', epoch, reason })
        log('attachment ended', { epoch, reason })
        if (attached?.line === line && attached.epoch === epoch) attached = undefined
      },
    })
    if (result.ok) log('attached', { epoch, calls: result.value.calls.length })
    return result
  }

  async function order(
    line: Line<FromSwitch>,
    message: Exclude<FromServiceToSwitch, { type: 'attach' | 'heartbeat' }>,
  ): Promise<Result<void, SwitchProblem>> {
    if (attached?.line !== line || attached.epoch !== message.epoch) return failed({ kind: 'staleEpoch' })
    if (message.type === 'prepare') return engine.prepare(message.setup)
    if (message.type === 'perform') return engine.perform(message.command)
    letGo(line)
    return ok(undefined)
  }

  function letGo(line: Line<FromSwitch>) {
    if (attached?.line !== line) return
    const { epoch } = attached
    attached = undefined
    engine.detach().then(
      () => {
        log('detached', { epoch })
      },
      (error: unknown) => {
        log('engine failed', { asked: 'detach', error: String(error) })
      },
    )
  }

  return ok({
    close() {
      clearInterval(watch)
      claim.release()
      for (const line of lines) line.close()
    },
  })
}
