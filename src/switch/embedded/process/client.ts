import { connect, type Socket } from 'node:net'
import type { Attachment, Switch, SwitchHoldings, SwitchProblem } from '../../../contract/switch.ts'
import { failed, ok, type Result } from '../../../core/result.ts'
import type { SwitchEvent } from '../../../core/routing/messages.ts'
import { openLine, type Line } from './json-lines.ts'
import { takenExit } from './run-switch-process.ts'
import {
  frozenMillis,
  fromSwitchSchema,
  switchProtocol,
  type FromServiceToSwitch,
  type FromSwitch,
} from './protocol.ts'

export interface SwitchProcessOptions {
  /** Where the switch listens (`switchPath`). */
  readonly path: string
  /**
   * Starts the process when nobody listens; resolves with its exit code when it has ended. `serve`
   * starts it detached (`startDetached`), the desktop program as a `utilityProcess`.
   */
  readonly start: () => Promise<number | null>
  /** How long a started process may take until it answers. Preset: 15,000. */
  readonly startMillis?: number
}

/** A switch that lives in another process. */
export interface SwitchProcess extends Switch {
  /** Of the process found or started last. */
  readonly pid: number
  /** Where it takes SIP over UDP, if it does. */
  readonly sipUdp: { readonly address: string; readonly port: number } | undefined
}

/** Thrown by `attachSwitchProcess`; in one line. */
export class SwitchProcessProblem extends Error {
  override readonly name = 'SwitchProcessProblem'
}

/**
 * The switch of another process. Finds it, or starts it and waits until it answers; throws
 * `SwitchProcessProblem` when there is none to be had.
 *
 * After `lost`, another `attach` finds or starts it again. Until then every command is answered `gone`.
 */
export async function attachSwitchProcess(options: SwitchProcessOptions): Promise<SwitchProcess> {
  const first = await findOrStart(options, { heard, ended })
  if (!first.ok) throw new SwitchProcessProblem(first.problem)
  let line: Connection | undefined = first.value.connection
  let { hello } = first.value
  /** The attachment in force, and one that waits for its answer; that one's events wait with it. */
  let current: Attachment | undefined
  let coming: { readonly attachment: Attachment; readonly events: SwitchEvent[] } | undefined
  const answers = new Map<number, (message: Answer) => void>()
  let asked = 0

  async function reach(): Promise<Result<Connection, string>> {
    if (line) return ok(line)
    const reached = await findOrStart(options, { heard, ended })
    if (!reached.ok) return reached
    line = reached.value.connection
    hello = reached.value.hello
    return ok(line)
  }

  function heard(message: FromSwitch) {
    if (message.type === 'done' || message.type === 'attached') {
      if (message.type === 'attached' && message.result.ok && coming) current = coming.attachment
      answers.get(message.id)?.(message)
      answers.delete(message.id)
    } else if (message.type === 'event') {
      if (message.epoch === coming?.attachment.epoch) coming.events.push(message.event)
      else if (message.epoch === current?.epoch) current.heard(message.event)
    } else if (message.type === 'lost' && message.epoch === current?.epoch) {
      const last = current
      current = undefined
      if (!coming) hangUp()
      last.lost(message.reason)
    }
  }

  function ended(why: 'gone' | 'frozen' | 'garbage') {
    line = undefined
    const last = current
    current = undefined
    coming = undefined
    for (const answer of answers.values()) answer({ type: 'gone' })
    answers.clear()
    last?.lost(why === 'frozen' ? 'frozen' : 'gone')
  }

  function hangUp() {
    line?.close()
    line = undefined
  }

  function ask(message: Question): Promise<Answer> {
    const to = line
    if (!to) return Promise.resolve({ type: 'gone' })
    const id = ++asked
    return new Promise((resolve) => {
      answers.set(id, resolve)
      to.send({ ...message, id })
    })
  }

  async function attach(attachment: Attachment): Promise<Result<SwitchHoldings, SwitchProblem>> {
    const reached = await reach()
    if (!reached.ok) return failed({ kind: 'refused', why: reached.problem })
    const waiting = { attachment, events: [] }
    coming = waiting
    const answer = await ask({ type: 'attach', epoch: attachment.epoch })
    if (answer.type !== 'attached') {
      coming = undefined
      return failed({ kind: 'gone' })
    }
    if (!answer.result.ok) {
      coming = undefined
      if (!current) hangUp()
      return answer.result
    }
    // A turn later, so that whoever awaits the holdings has them before the first event.
    setImmediate(() => {
      if (coming !== waiting) return
      coming = undefined
      for (const event of waiting.events) if (current === attachment) attachment.heard(event)
    })
    return answer.result
  }

  async function order(question: OrderWithoutEpoch): Promise<Result<void, SwitchProblem>> {
    if (!current) return failed({ kind: line ? 'staleEpoch' : 'gone' })
    const answer = await ask({ ...question, epoch: current.epoch })
    return answer.type === 'done' ? answer.result : failed({ kind: 'gone' })
  }

  return {
    get softphoneSocket() {
      const path = hello.socket
      return path === undefined ? undefined : { path }
    },
    get pid() {
      return hello.pid
    },
    get sipUdp() {
      return hello.sipUdp
    },
    attach,
    prepare: (setup) => order({ type: 'prepare', setup }),
    perform: (command) => order({ type: 'perform', command }),
    async detach() {
      await order({ type: 'detach' })
      current = undefined
      hangUp()
    },
  }
}

type Connection = Line<FromServiceToSwitch>
type Hello = Extract<FromSwitch, { type: 'hello' }>
type Answer = Extract<FromSwitch, { type: 'done' | 'attached' }> | { readonly type: 'gone' }
type Asking = Exclude<FromServiceToSwitch, { type: 'heartbeat' }>
type Without<Message, Key extends PropertyKey> = Message extends unknown ? Omit<Message, Key> : never
type Question = Without<Asking, 'id'>
type OrderWithoutEpoch = Without<Exclude<Asking, { type: 'attach' }>, 'id' | 'epoch'>

interface Listener {
  heard(message: FromSwitch): void
  ended(why: 'gone' | 'frozen' | 'garbage'): void
}

interface Reached {
  readonly connection: Connection
  readonly hello: Hello
}

async function findOrStart(
  { path, start, startMillis = 15_000 }: SwitchProcessOptions,
  listener: Listener,
): Promise<Result<Reached, string>> {
  const deadline = performance.now() + startMillis
  let ended: number | null | undefined
  let started = false
  for (;;) {
    const socket = await open(path)
    if (socket) return greet(socket, path, listener)
    if (!started) {
      started = true
      start().then(
        (code) => (ended = code),
        () => (ended = null),
      )
    }
    // `takenExit`: another one started at the same time, and will answer.
    if (ended !== undefined && ended !== takenExit)
      return failed(`the switch ended at its start (${ended ?? 'killed'}); its log is switch.log in the data directory`)
    if (performance.now() > deadline) return failed(`${path}: no switch answered within ${startMillis / 1000} s`)
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}

function open(path: string): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect(path)
    socket.once('connect', () => {
      resolve(socket)
    })
    socket.once('error', () => {
      resolve(undefined)
    })
  })
}

/** Waits for the switch's first word: a frozen one has an open socket too. */
function greet(socket: Socket, path: string, listener: Listener): Promise<Result<Reached, string>> {
  return new Promise((resolve) => {
    let greeted = false
    const late = setTimeout(() => {
      connection.close()
      resolve(failed(`${path}: the switch is there but does not answer`))
    }, frozenMillis)
    const connection = openLine<FromServiceToSwitch, FromSwitch>(socket, fromSwitchSchema, {
      heard(message) {
        if (greeted) {
          listener.heard(message)
          return
        }
        clearTimeout(late)
        if (message.type === 'hello' && message.protocol === switchProtocol) {
          greeted = true
          resolve(ok({ connection, hello: message }))
          return
        }
        connection.close()
        resolve(failed(`${path}: the switch speaks another version; end it, or start the service it belongs to`))
      },
      ended(why) {
        clearTimeout(late)
        if (greeted) listener.ended(why)
        else resolve(failed(`${path}: the switch ended the connection`))
      },
    })
  })
}
