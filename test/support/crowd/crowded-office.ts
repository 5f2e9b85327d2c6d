import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as passes } from 'node:timers/promises'
import { openJournal } from '../../../src/service/journal/open-journal.ts'
import { systemClock } from '../../../src/service/clock.ts'
import { legVariable } from '../../../src/switch/asterisk/kept-call.ts'
import { musicPrefix } from '../../../src/switch/asterisk/music.ts'
import { toneWav } from '../../e2e/support/tones.ts'
import { openWire } from '../asterisk/open-wire.ts'
import { freePort, startAsterisk } from '../asterisk/start-asterisk.ts'
import { furnish, number, telephone, userNames } from './crowd-company.ts'
import { followDesk } from './follow-desk.ts'
import { logInAll } from './log-in-all.ts'
import { openManyAgents, type AgentTalk } from './many-agents.ts'
import { healthOf, runService } from './run-service.ts'
import { startCrowd } from './sipp-crowd.ts'

/** The whole service under `gruppnummer supervise`, a real Asterisk, agents who answer, and a crowd that rings. */
export interface CrowdedOffice {
  /** A crowd rings; in the middle of it there is a fault; all of it comes to its end. */
  goesThrough(fault: Fault): Promise<FaultFigures>
  /** Ends everything. What the journal has of all calls, and what Asterisk still had. */
  close(): Promise<Remains>
  /** Ends everything, without a look. */
  abandon(): Promise<void>
}

export const faults = ['connectionLost', 'serviceKilled', 'serviceFrozen', 'orphans', 'asteriskKilled'] as const
export type Fault = (typeof faults)[number]

export interface FaultFigures {
  readonly fault: Fault
  /** As it struck. */
  readonly inside: Inside
  readonly callers: number
  /** Who talked with an agent until that one hung up. */
  readonly served: number
  /** Numbers of callers whom Asterisk still held, and who came to no agent or were cut off. */
  readonly lost: readonly string[]
  /** Who talked with two agents at a time. */
  readonly doubled: readonly string[]
  /** Channels and bridges that were still there when all callers had gone. */
  readonly left: readonly string[]
  /**
   * Milliseconds from when the service and Asterisk were both there again until the one had taken up the other, and until a desk
   * that had been there all the time showed what one that opened then was shown.
   */
  readonly back: number
  readonly agreed: number
}

/** How many callers there are of each kind. */
export interface Inside {
  readonly welcomed: number
  readonly rungFor: number
  readonly talking: number
}

export interface Remains {
  readonly calls: number
  /** Calls with no end in the journal, or more than one; and those that were connected twice. */
  readonly endless: readonly string[]
  readonly connectedTwice: readonly string[]
  readonly left: readonly string[]
}

export interface CrowdedOfficeOptions {
  readonly seed: number
  /** @default 200 */
  readonly agents?: number
  /** Callers per second. @default 10 */
  readonly rate?: number
  /** That a crowd rings. @default 5 */
  readonly seconds?: number
}

const callersAt = '127.0.0.2'
const agentsAt = '127.0.0.4'

export async function openCrowdedOffice({
  seed,
  agents: agentCount = 200,
  rate = 10,
  seconds = 5,
}: CrowdedOfficeOptions): Promise<CrowdedOffice> {
  const draw = generator(seed)
  const users = userNames(agentCount)
  const agents = await openManyAgents({
    address: agentsAt,
    ring: () => 50 + draw() * 900,
    talk: () => 500 + draw() * 2500,
  })
  const asterisk = await startAsterisk({
    options: { services: ['127.0.0.1', agentsAt] },
    overlay: {
      'pjsip.conf': (written) =>
        [written, ...users.map((user) => telephone(user, `${agentsAt}:${String(agents.port)}`))].join('\n'),
      // In place of a sentence of five seconds.
      'sounds/away-sv.wav': () => toneWav(800, { seconds: 1, rate: 8000 }),
    },
  })
  const wire = await openWire(Number(new URL(asterisk.ari.url).port))
  // Short, so that at any moment there are callers in it, who are rung for, and who talk.
  const welcome = { wav: toneWav(620, { seconds: 1, rate: 8000 }), seconds: 1 }
  const { directory, link } = await furnish(users, { callersAt, welcome })
  const server = { name: 'asterisk', ...asterisk.ari, url: `http://127.0.0.1:${String(wire.port)}/ari` }
  writeFileSync(join(directory, 'asterisk.json'), JSON.stringify({ servers: [server] }), { mode: 0o600 })
  const port = await freePort()
  const service = await runService(directory, ['--switch', 'asterisk'], {
    ...{ port, supervised: true },
    expected: /^gruppnummer supervise: the service (ended \(SIGKILL\)|was frozen)|"reason":"gone","msg":"switch lost"/,
  })
  const cookie = await logInAll({ origin: service.origin, link, agents: users })
  const desk = followDesk(service.origin, cookie)
  const ask = asking(asterisk.ari)
  let series = 0

  const servicePid = () => childOf(service.pid)
  /** Of the attachment to the switch: another one each time. */
  const epochNow = () => readFileSync(join(directory, 'switch-epoch'), 'utf8')
  const isAttached = async () => (await healthOf(service.origin)) === 'attached'

  /** Resolves when whoever was ended is there again; where nobody was, at once. */
  const strike: Record<Fault, () => Promise<void>> = {
    connectionLost: () => {
      wire.cut()
      return Promise.resolve()
    },
    serviceKilled: killService,
    serviceFrozen: async () => {
      const pid = servicePid() ?? 0
      process.kill(pid, 'SIGSTOP')
      await anotherService(pid)
    },
    async orphans() {
      const pid = servicePid() ?? 0
      process.kill(pid, 'SIGSTOP')
      await ask('POST', '/bridges/gruppnummer-talk-orphan?type=mixing')
      const variables = { [legVariable]: orphan }
      const made = await ask(
        'POST',
        `/channels/create?endpoint=PJSIP/${users[0] ?? ''}&app=${asterisk.ari.application}&channelId=gruppnummer-orphan`,
        { variables },
      )
      if (!made.ok) throw new Error(`no orphan was made: ${await made.text()}`)
      await killService()
    },
    async asteriskKilled() {
      await asterisk.kill()
      await until(async () => !(await isAttached()))
      await asterisk.start()
    },
  }

  async function killService() {
    const pid = servicePid() ?? 0
    process.kill(pid, 'SIGKILL')
    await anotherService(pid)
  }

  async function anotherService(pid: number) {
    await until(() => servicePid() !== pid)
    await until(async () => (await healthOf(service.origin)) !== undefined)
  }

  async function goesThrough(fault: Fault): Promise<FaultFigures> {
    const before = agents.talks.length
    series += 1
    const crowd = startCrowd({
      ...{ rate, count: rate * seconds, to: number, address: callersAt, sipPort: asterisk.sipPort },
      ...{ directory: asterisk.directory, limit: 90_000, series: String(series).padStart(2, '0') },
    })
    await until(() => isInTheThick(callersAtDesk()))
    await passes(500 * draw())
    const inside = callersAtDesk()
    const struck = Date.now()
    const epoch = epochNow()
    await strike[fault]()
    const there = Date.now()
    // Who rang before then may have been answered by the Asterisk that is no more.
    const held = fault === 'asteriskKilled' ? there : 0
    await until(async () => epochNow() !== epoch && (await isAttached()))
    const attached = Date.now()
    await until(() => desk.agreesWithFresh())
    const agreed = Date.now()
    if (fault === 'asteriskKilled') {
      await passes(Math.max(0, seconds * 1000 - (Date.now() - struck)))
      await until(async () => (await channels()).length === 0)
      crowd.stop()
    }
    const arrivals = await crowd.arrivals
    await until(async () => (await leftOver()).length === 0).catch(() => undefined)
    const numbers = [...arrivals].flatMap(([caller, at]) => (at >= held ? [caller] : []))
    const talks = Map.groupBy(agents.talks.slice(before), ({ caller }) => caller)
    const served = numbers.filter((caller) => talks.get(caller)?.at(-1)?.cut === undefined && talks.has(caller))
    return {
      fault,
      inside,
      callers: arrivals.size,
      served: served.length,
      lost: numbers.filter((caller) => !served.includes(caller)),
      doubled: numbers.filter((caller) => overlap(talks.get(caller) ?? [])),
      left: await leftOver(),
      back: attached - there,
      agreed: agreed - there,
    }
  }

  function callersAtDesk(): Inside {
    const phases = Object.values(desk.shows()?.calls ?? {}).map(({ phase }) => phase)
    const count = (wanted: string) => phases.filter((phase) => phase === wanted).length
    return { welcomed: count('welcome'), rungFor: count('ringing'), talking: count('talking') }
  }

  const channels = async () => namesOf(await ask('GET', '/channels'))
  const leftOver = async () => [...(await channels()), ...(await bridges()).filter((id) => !id.startsWith(musicPrefix))]
  const leftAtLast = async () => [...(await channels()), ...(await bridges())]
  const bridges = async () => namesOf(await ask('GET', '/bridges'))

  let over: Promise<void> | undefined
  const endAll = () => (over ??= end())
  async function end() {
    desk.close()
    await service.close()
    agents.close()
    wire.close()
    await asterisk.close()
  }

  async function abandon() {
    await endAll()
    rmSync(directory, { recursive: true, force: true, maxRetries: 5 })
  }

  return {
    goesThrough,
    async close() {
      await until(async () => (await leftAtLast()).length === 0).catch(() => undefined)
      const left = await leftAtLast()
      await endAll()
      const inJournal = await readJournal(directory)
      await abandon()
      return { ...inJournal, left }
    },
    abandon,
  }
}

const isInTheThick = ({ welcomed, rungFor, talking }: Inside) => welcomed > 2 && rungFor > 1 && talking > 4

/** As `keptLegOf` writes it, of a call that there is not. */
const orphan = JSON.stringify({
  ...{ call: 'orphan', id: 'orphan', role: 'agent', agent: 'agent-1', softphone: true, mode: 'listen' },
})

/** Milliseconds; what takes longer never comes. */
const patience = 40_000

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const since = Date.now()
  while (!(await condition())) {
    if (Date.now() - since > patience) throw new Error(`waited in vain until ${condition.toString()}`)
    await passes(20)
  }
}

function overlap(talks: readonly AgentTalk[]): boolean {
  return talks.some(({ from, to = Infinity }, at) =>
    talks.slice(at + 1).some((other) => other.from < to && from < (other.to ?? Infinity)),
  )
}

/** Of a process with one child; proc(5). */
function childOf(pid: number): number | undefined {
  const children = readFileSync(`/proc/${String(pid)}/task/${String(pid)}/children`, 'utf8').trim()
  return children === '' ? undefined : Number(children.split(' ')[0])
}

async function readJournal(directory: string): Promise<Omit<Remains, 'left'>> {
  const journal = await openJournal({ file: join(directory, 'journal.sqlite'), clock: systemClock(), log: silent })
  const arrived = new Set<string>()
  const ends = new Map<string, number>()
  const connections = new Map<string, number>()
  const count = (map: Map<string, number>, call: string, by = 1) => map.set(call, (map.get(call) ?? 0) + by)
  for await (const entry of journal.read({})) {
    if (entry.kind === 'event' && entry.event.type === 'callArrived') arrived.add(entry.event.call)
    if (entry.kind !== 'notice') continue
    const { notice } = entry
    switch (notice.type) {
      // Also one whose arrival had not reached the disk when the service was killed.
      case 'queued':
        arrived.add(notice.call)
        break
      case 'connected':
        arrived.add(notice.call)
        count(connections, notice.call)
        break
      case 'returned':
        count(connections, notice.call, -1)
        break
      case 'refused':
      case 'completed':
      case 'left':
      case 'moved':
        count(ends, notice.call)
        break
      default:
    }
  }
  await journal.close()
  return {
    calls: arrived.size,
    endless: [...arrived]
      .filter((call) => ends.get(call) !== 1)
      .map((call) => `${call}: ${String(ends.get(call) ?? 0)}`),
    connectedTwice: [...connections].flatMap(([call, times]) => (times > 1 ? [call] : [])),
  }
}

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }

function asking({ url, user, password }: { url: string; user: string; password: string }) {
  const headers = { authorization: `Basic ${btoa(`${user}:${password}`)}`, 'content-type': 'application/json' }
  return (method: string, path: string, body?: unknown) =>
    fetch(`${url}${path}`, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) })
}

async function namesOf(answer: Response): Promise<readonly string[]> {
  return ((await answer.json()) as { id: string }[]).map(({ id }) => id)
}

/** 0 to 1, the same for the same seed (mulberry32). */
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
