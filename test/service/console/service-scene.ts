import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { pino } from 'pino'
import { onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import type { AgentId, Configuration, E164, GroupNumberId } from '../../../src/core/configuration/types.ts'
import type { Ask, FromConsole, FromService, Live, Reply } from '../../../src/contract/console.ts'
import type { Switch, Trunk } from '../../../src/contract/switch.ts'
import { openAccounts, type OpenedAccounts } from '../../../src/service/accounts/open-accounts.ts'
import { openJournal } from '../../../src/service/journal/open-journal.ts'
import type { Account, ConfigurationStore, Journal } from '../../../src/service/ports.ts'
import { startService, type Service } from '../../../src/service/start-service.ts'
import { openConfigurationStore } from '../../../src/service/store/open-configuration-store.ts'
import { openScriptedSwitch, type ScriptedSwitch } from '../../../src/switch/scripted/open-scripted-switch.ts'
import { fakeClock } from '../../support/persistence/fake-clock.ts'
import { temporaryDirectory } from '../../support/persistence/temporary-directory.ts'
import { company } from '../../support/routing/company.ts'

export const anna = 'anna' as AgentId
export const ben = 'ben' as AgentId
export const cia = 'cia' as AgentId
export const dan = 'dan' as AgentId
export const support = 'support' as GroupNumberId
export const sales = 'sales' as GroupNumberId
export const supportNumber = '+46122260980' as E164
export const salesNumber = '+46122260990' as E164
export const caller = '+46701740605' as E164

/** Anna and Ben answer support, Cia sales, Dan both. */
export const twoGroups: Configuration = company([
  { id: 'support', number: supportNumber, members: ['anna', 'ben', 'dan'] },
  { id: 'sales', number: salesNumber, members: ['cia', 'dan'] },
])

export type FakeClock = ReturnType<typeof fakeClock>

export interface Scene {
  readonly directory: string
  readonly clock: FakeClock
  readonly service: Service
  readonly engine: ScriptedSwitch
  readonly accounts: OpenedAccounts
  readonly store: ConfigurationStore
  /** What was logged so far. */
  readonly logged: readonly string[]
  /** An account, signed in; the header `Cookie` of its session. */
  readonly signsIn: (account: Partial<Omit<Account, 'id'>> & { readonly name: string }) => Promise<string>
  readonly opensConsole: (cookie: string) => Promise<Console>
  /** The process dies: nothing is said, nothing is flushed but what was committed. */
  readonly stops: () => Promise<void>
}

export interface SceneOptions {
  readonly configuration?: Configuration
  readonly directory?: string
  readonly clock?: FakeClock
  readonly engine?: ScriptedSwitch
  /** What stands between the service and the real journal. */
  readonly journal?: (real: Journal) => Journal
  readonly switch?: (scripted: ScriptedSwitch) => Switch
  readonly trunks?: readonly Trunk[]
  readonly consoleDirectory?: string
}

/** A service on real stores and a real port, with a switch in memory and time that passes when told to. */
export async function startScene(options: SceneOptions = {}): Promise<Scene> {
  const { directory = temporaryDirectory(), clock = fakeClock(), configuration = twoGroups } = options
  const engine = options.engine ?? openScriptedSwitch({ clock })
  const logged: string[] = []
  const log = pino({ level: 'debug' }, { write: (line: string) => logged.push(line) })
  mkdirSync(directory, { recursive: true })
  const store = await openConfigurationStore({ directory, clock, initial: configuration })
  const accounts = await openAccounts({ directory, clock, passwordWork: { memory: 64, passes: 1 } })
  const journal = await openJournal({ file: join(directory, 'journal.sqlite'), clock })
  const service = await startService({
    directory,
    clock,
    store,
    journal: options.journal?.(journal) ?? journal,
    accounts,
    switch: options.switch?.(engine) ?? engine,
    ...(options.trunks && { trunks: options.trunks }),
    listen: { host: '127.0.0.1', port: 0 },
    ...(options.consoleDirectory !== undefined && { consoleDirectory: options.consoleDirectory }),
    log,
  })
  let stopped: Promise<void> | undefined
  const stops = () =>
    (stopped ??= (async () => {
      await service.close()
      await journal.close()
      await accounts.close()
      await store.close()
    })())
  onTestFinished(stops)
  await switchIsAttached(service)

  return {
    directory,
    clock,
    service,
    engine,
    accounts,
    store,
    logged,
    stops,
    signsIn: async ({ name, roles = ['agent'], supervises = [], ...rest }) => {
      await accounts.put({ name, roles, supervises, ...rest }, 'test')
      const link = await service.makeLink(name)
      if (!link.ok) throw new Error(link.problem)
      return cookieOf(await redeem(service, link.value))
    },
    opensConsole: (cookie) => openConsole(service, clock, { cookie }),
  }
}

async function switchIsAttached({ origin }: Service) {
  for (;;) {
    const health = (await (await fetch(`${origin}/api/health`)).json()) as { switch: string }
    if (health.switch === 'attached') return
  }
}

export function redeem({ origin }: Service, url: string): Promise<Response> {
  const link = new URL(url).hash.replace('#link=', '')
  return post(`${origin}/api/session/link`, { link })
}

/** As a page of ours does it. */
export function post(url: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: {
      origin: new URL(url).origin,
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
}

export function cookieOf(answer: Response): string {
  const [set = ''] = answer.headers.getSetCookie()
  return set.split(';')[0] ?? ''
}

/** A console that keeps what it was told, and fails at a gap in the revisions. */
export interface Console {
  readonly messages: readonly FromService[]
  readonly live: Live
  readonly socket: WebSocket
  say(message: FromConsole): void
  ask(ask: Ask, id?: string): Promise<Reply>
  /** After at most 50 ms of the service's time. */
  sees(expected: (live: Live) => boolean): Promise<Live>
  hears<Type extends FromService['type']>(type: Type): Promise<Extract<FromService, { type: Type }>>
  readonly closed: Promise<number>
}

export interface ConsoleGreeting {
  readonly cookie?: string
  readonly origin?: string
  readonly hello?: FromConsole
}

let asked = 0

export async function openConsole(
  service: Pick<Service, 'origin'>,
  clock: FakeClock,
  { cookie, origin = service.origin, hello = { type: 'hello', protocol: 1 } }: ConsoleGreeting,
): Promise<Console> {
  const socket = new WebSocket(`${service.origin.replace('http', 'ws')}/api/console`, {
    origin,
    ...(cookie !== undefined && { headers: { cookie } }),
  })
  onTestFinished(() => socket.terminate())
  const messages: FromService[] = []
  const waiting = new Set<() => void>()
  let live: Live | undefined
  let revision = 0

  socket.on('message', (data: Buffer) => {
    const message = JSON.parse(data.toString('utf8')) as FromService
    messages.push(message)
    if (message.type === 'snapshot') {
      live = message.live
      revision = message.revision
    } else if (message.type === 'delta') {
      if (message.revision !== revision + 1) throw new Error(`a gap: ${revision} then ${message.revision}`)
      revision = message.revision
      live = changed(live, message)
    }
    for (const look of [...waiting]) look()
  })
  const closed = new Promise<number>((resolve) => socket.once('close', (code) => resolve(code)))

  function until<Value>(find: () => Value | undefined): Promise<Value> {
    return new Promise((resolve) => {
      const look = () => {
        const found = find()
        if (found === undefined) return
        waiting.delete(look)
        resolve(found)
      }
      waiting.add(look)
      look()
    })
  }

  const say = (message: FromConsole) => socket.send(JSON.stringify(message))
  await new Promise<void>((resolve, reject) => {
    socket.once('open', () => resolve())
    socket.once('error', reject)
  })
  const hears: Console['hears'] = (type) =>
    until(() =>
      messages.find((message): message is Extract<FromService, { type: typeof type }> => message.type === type),
    )
  say(hello)
  await Promise.race([until(() => live), hears('goodbye'), closed])

  return {
    messages,
    get live() {
      if (!live) throw new Error('no snapshot yet')
      return live
    },
    socket,
    say,
    ask: async (what, id = `ask-${++asked}`) => {
      say({ type: 'ask', id, ask: what })
      const reply = await until(() => messages.find((message) => message.type === 'reply' && message.id === id))
      if (reply.type !== 'reply') throw new Error('not a reply')
      return reply.reply
    },
    sees: (expected) => {
      clock.pass(50)
      return until(() => (live && expected(live) ? live : undefined))
    },
    hears,
    closed,
  }
}

function changed(live: Live | undefined, { changes }: Extract<FromService, { type: 'delta' }>): Live {
  const next = structuredClone(live) as unknown as Record<string, Record<string, unknown>>
  for (const { in: where, key, value } of changes) {
    const collection = (next[where] ??= {})
    if (value === null) Reflect.deleteProperty(collection, key)
    else collection[key] = value
  }
  return next as unknown as Live
}
