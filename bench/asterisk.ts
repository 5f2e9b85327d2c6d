import { execFileSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import { startAsterisk } from '../test/support/asterisk/start-asterisk.ts'
import { furnish, number, telephone, userNames } from '../test/support/crowd/crowd-company.ts'
import { logInAll } from '../test/support/crowd/log-in-all.ts'
import { openManyAgents, type ManyAgents } from '../test/support/crowd/many-agents.ts'
import { quantile } from './support/quantile.ts'
import { runService } from '../test/support/crowd/run-service.ts'
import { startCrowd, type Arrivals } from '../test/support/crowd/sipp-crowd.ts'

/** One side of the comparison on a fresh Asterisk: whatever puts the callers of a number through to the agents. */
interface Side {
  readonly name: string
  start(agents: AgentsAt): Promise<Started>
}

interface AgentsAt {
  /** The users they are rung as. */
  readonly users: readonly string[]
  readonly address: string
  readonly port: number
}

interface Started {
  readonly sipPort: number
  /** Of logs, gone after `close`. */
  readonly directory: string
  /** What the processor time is taken of. */
  readonly processes: Readonly<Record<string, number>>
  close(): Promise<void>
}

export interface Figures {
  readonly side: string
  readonly rate: number
  readonly callers: number
  /** With 486, at once. */
  readonly turnedAway: number
  /** Whose call reached an agent. */
  readonly served: number
  /** Caller's INVITE to agent's INVITE, ms. */
  readonly p50: number
  readonly p95: number
  readonly p99: number
  /** Per cent of one core while they rang, by process. */
  readonly cpu: Readonly<Record<string, number>>
}

const callersAt = '127.0.0.2'
const agentsAt = '127.0.0.4'
/**
 * Milliseconds of each talk in turn, the same for every side. With all of one length each hang-up would fall together with an arrival,
 * as callers come at a steady pace.
 */
function talks(from: number, to: number): () => number {
  let drawn = 0
  return () => from + ((drawn += 377) % (to - from))
}

/** Callers before those who count, so that each side is as after its first minutes: our code is compiled while it runs. */
const warmUp = { rate: 100, count: 6000, series: '99', limit: 80_000 }

/** `Queue()` of Asterisk itself, with the least around it. */
function queueSide(strategy: 'rrmemory' | 'leastrecent'): Side {
  return {
    name: `Queue() ${strategy}`,
    async start({ users, address, port }) {
      const asterisk = await startAsterisk({
        options: { services: ['127.0.0.1', address] },
        overlay: {
          'modules.conf': (written) => `${written}load=app_queue.so\n`,
          // As Asterisk itself has it: by what we decline, Queue() hears of hang-ups.
          'stasis.conf': () => '',
          'extensions.conf': () => `[gruppnummer-callers]
exten => _[+0-9]!,1,Answer(,i)
 same => n,Queue(agents,,,,60)
 same => n,Hangup()
`,
          'queues.conf': () => `[general]
persistentmembers=no
autofill=yes
shared_lastcall=yes

[agents]
strategy=${strategy}
timeout=15
retry=1
wrapuptime=0
ringinuse=no
musicclass=default
joinempty=yes
${users.map((user) => `member=PJSIP/${user}\n`).join('')}`,
          'pjsip.conf': (written) =>
            `${written}\n${users.map((user) => telephone(user, `${address}:${String(port)}`)).join('\n')}`,
        },
      })
      return {
        sipPort: asterisk.sipPort,
        directory: asterisk.directory,
        processes: { Asterisk: asterisk.pid },
        close: () => asterisk.close(),
      }
    },
  }
}

/** The whole service in a process of its own: router, journal, accounts and all; the agents are logged in at its console. */
const ours: Side = {
  name: 'gruppnummer',
  async start({ users, address, port }) {
    const asterisk = await startAsterisk({
      options: { services: ['127.0.0.1', address] },
      overlay: {
        // In place of the softphones that the service would make: the same telephones as the other side's.
        'pjsip.conf': (written) =>
          [written, ...users.map((user) => telephone(user, `${address}:${String(port)}`))].join('\n'),
      },
    })
    const { directory, link } = await furnish(users, { callersAt })
    const servers = join(asterisk.directory, 'etc/gruppnummer.json')
    const service = await runService(directory, ['--switch', 'asterisk', '--asterisk', servers])
    await logInAll({ origin: service.origin, link, agents: users })
    return {
      sipPort: asterisk.sipPort,
      directory: asterisk.directory,
      processes: { Asterisk: asterisk.pid, service: service.pid },
      async close() {
        await service.close()
        await asterisk.close()
        rmSync(directory, { recursive: true, force: true, maxRetries: 5 })
      },
    }
  },
}

/** Callers at a rate, more agents than are needed: how soon is one rung, and at what cost? */
async function atRate(side: Side, rate: number, seconds: number): Promise<Figures> {
  const agents = await openManyAgents({ address: agentsAt, talk: talks(2000, 4000) })
  const started = await side.start({ users: userNames(700), address: agentsAt, port: agents.port })
  try {
    const at = { to: number, address: callersAt, sipPort: started.sipPort, directory: started.directory }
    await startCrowd({ ...at, ...warmUp }).arrivals
    const cpu = sampleCpu(started.processes, seconds * 1000)
    const crowd = startCrowd({ ...at, rate, count: rate * seconds, limit: (seconds + 15) * 1000 })
    const [arrivals, turnedAway] = [await crowd.arrivals, await crowd.turnedAway]
    const waits = waitsOf(arrivals, agents)
    return {
      ...{ side: side.name, rate, callers: arrivals.size, turnedAway, served: waits.length },
      ...{ p50: quantile(waits, 0.5), p95: quantile(waits, 0.95), p99: quantile(waits, 0.99) },
      cpu: await cpu,
    }
  } finally {
    agents.close()
    await started.close()
  }
}

export interface FreeFigures {
  readonly side: string
  readonly samples: number
  /** An agent's BYE to its next INVITE while callers wait, ms. */
  readonly p50: number
  readonly p99: number
}

/** Few agents, and callers waiting all the time: how soon is an agent who becomes free rung again? */
async function freeToRung(side: Side, seconds: number): Promise<FreeFigures> {
  const agents = await openManyAgents({ address: agentsAt, talk: talks(500, 1500) })
  const started = await side.start({ users: userNames(10), address: agentsAt, port: agents.port })
  try {
    await startCrowd({
      ...{ rate: 12, count: 12 * seconds, to: number, address: callersAt },
      ...{ sipPort: started.sipPort, directory: started.directory, limit: seconds * 1000 },
    }).arrivals
    const gaps = agents.rings.flatMap(({ at, freeSince }) => (freeSince === undefined ? [] : [at - freeSince]))
    return { side: side.name, samples: gaps.length, p50: quantile(gaps, 0.5), p99: quantile(gaps, 0.99) }
  } finally {
    agents.close()
    await started.close()
  }
}

/** From each caller's INVITE to the first ring for it. */
function waitsOf(arrivals: Arrivals, { rings }: ManyAgents): number[] {
  const rungAt = new Map<string, number>()
  for (const { caller, at } of rings) if (!rungAt.has(caller)) rungAt.set(caller, at)
  return [...rungAt].flatMap(([caller, at]) => {
    const arrived = arrivals.get(caller)
    return arrived === undefined ? [] : [at - arrived]
  })
}

/** proc(5): user and system time, in ticks. */
async function sampleCpu(processes: Started['processes'], millis: number): Promise<Record<string, number>> {
  const ticks = (pid: number) => {
    const fields = readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
    return Number(fields[11]) + Number(fields[12])
  }
  const names = Object.keys(processes)
  const all = () => names.map((name) => ticks(processes[name] ?? 0))
  const [start, before] = [performance.now(), all()]
  await new Promise((resolve) => setTimeout(resolve, millis))
  const [spent, after] = [(performance.now() - start) / 1000, all()]
  const perSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }))
  return Object.fromEntries(
    names.map((name, at) => [name, (((after[at] ?? 0) - (before[at] ?? 0)) / perSecond / spent) * 100]),
  )
}

const allSides: readonly Side[] = [ours, queueSide('rrmemory'), queueSide('leastrecent')]

/** In turn, a fresh Asterisk each. `only`: a side's name, or its beginning. */
export async function run({
  rates = [25, 50, 75, 100, 125, 150, 200],
  seconds = 15,
  only = '',
  free: alsoFree = true,
} = {}) {
  const sides = allSides.filter(({ name }) => name.startsWith(only))
  const figures: Figures[] = []
  for (const rate of rates) for (const side of sides) figures.push(shown(await atRate(side, rate, seconds)))
  const free: FreeFigures[] = []
  if (alsoFree) for (const side of sides) free.push(shown(await freeToRung(side, seconds)))
  return { figures, free }
}

function shown<Row extends object>(row: Row): Row {
  const rounded = (_: string, value: unknown) => (typeof value === 'number' ? Math.round(value * 10) / 10 : value)
  console.log(JSON.stringify(row, rounded))
  return row
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , rates, side, seconds] = process.argv
  await run({
    ...(rates !== undefined && { rates: rates.split(',').map(Number) }),
    ...(side !== undefined && { only: side, free: side === '' }),
    ...(seconds !== undefined && { seconds: Number(seconds) }),
  })
}
