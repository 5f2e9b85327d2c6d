import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AgentId } from '../src/core/configuration/types.ts'
import { openAccounts } from '../src/service/accounts/open-accounts.ts'
import { systemClock } from '../src/service/clock.ts'
import { sipUser } from '../src/service/live-calls/switch-setup.ts'
import { freeUdpPort } from '../test/e2e/support/free-ports.ts'
import { openAnsweringPhone } from './support/answering-phone.ts'
import { crowdCompany, number } from '../test/support/crowd/crowd-company.ts'
import { logInAll } from '../test/support/crowd/log-in-all.ts'
import { quantile } from './support/quantile.ts'
import { runService } from '../test/support/crowd/run-service.ts'
import { openWaitingCallers } from './support/waiting-callers.ts'

/** From an agent's BYE until the next INVITE at the same phone, in milliseconds, while callers wait. */
export interface FreeToRungFigures {
  readonly samples: number
  readonly p50: number
  readonly p99: number
  readonly goal: { readonly p99: number }
  /** What app_queue's rule makes of the same moments at the least. */
  readonly appQueue: { readonly p50: number; readonly p99: number }
  /** The median of the samples' own ratios. */
  readonly ratio: number
}

const agents = ['anna', 'ben', 'cia', 'dan', 'eva'] as AgentId[]
const warmUp = 50
const goal = { p99: 20 }
/** app_queue's RECHECK: a waiting caller looks once a second whether an agent is free for it. */
const recheck = 1000

/**
 * Through the service and the switch in processes of their own, as `gruppnummer serve` starts them: WebSocket, SIP, WebRTC's
 * offer, router and all. Every agent answers at once and talks for up to `talkMillis`, drawn, and whoever is done
 * is followed by another caller as late; 0: agents hang up at once, so that the machine has no rest. More callers than agents are
 * there all the time.
 */
export async function run({ samples = 300, callers: count = 20, talkMillis = 1000 } = {}): Promise<FreeToRungFigures> {
  const office = await openOffice()
  const draw = drawing()
  const seen: { readonly waited: number; readonly rang: number; readonly free: number }[] = []
  let enough: () => void = () => undefined
  const done = new Promise<void>((resolve) => (enough = resolve))
  const callers = await openWaitingCallers({
    count,
    to: number,
    pause: () => talkMillis * draw(),
    sipPort: office.sipPort,
  })
  const phones = await Promise.all(
    agents.map((agent) =>
      openAnsweringPhone({
        user: sipUser(agent),
        secret: office.secrets.get(agent) ?? '',
        origin: office.origin,
        talk: () => talkMillis * draw(),
        rung: (waited, caller) => {
          const free = performance.now() - waited
          // One who rang after that did not wait: the agent waited for a caller.
          const rang = callers.rangAt.get(caller)
          if (rang === undefined || rang > free) return
          seen.push({ waited, rang, free })
          if (seen.length === warmUp + samples) enough()
        },
      }),
    ),
  )
  for (const phone of phones) phone.begin()
  try {
    await logInAll({ ...office, agents })
    await done
  } finally {
    for (const phone of phones) await phone.close()
    callers.close()
    await office.close()
  }

  const measured = seen.slice(warmUp, warmUp + samples)
  const polled = measured.map(({ rang, free }) => untilNextLook(rang, free))
  const ours = measured.map(({ waited }) => waited)
  return {
    samples: measured.length,
    p50: quantile(ours, 0.5),
    p99: quantile(ours, 0.99),
    goal,
    appQueue: { p50: quantile(polled, 0.5), p99: quantile(polled, 0.99) },
    ratio: quantile(
      polled.map((theirs, index) => theirs / (ours[index] ?? NaN)),
      0.5,
    ),
  }
}

/**
 * The least that app_queue's rule gives for the same caller and the same moment: the caller looks each second from its arrival
 * on, and rings at the first look after the agent is free. The `retry` of 5 s after a failed attempt comes on top, and is left out.
 */
function untilNextLook(rang: number, free: number): number {
  return recheck - ((free - rang) % recheck)
}

/** By a small generator of our own, so that each run draws the same (Numerical Recipes' constants). */
function drawing(): () => number {
  let drawn = 1
  return () => {
    drawn = (Math.imul(drawn, 1_664_525) + 1_013_904_223) >>> 0
    return drawn / 2 ** 32
  }
}

// --- the company --------------------------------------------------------------------------------

interface Office {
  readonly origin: string
  readonly sipPort: number
  readonly secrets: ReadonlyMap<AgentId, string>
  /** The token of an admin's sign-in link. */
  readonly link: string
  close(): Promise<void>
}

async function openOffice(): Promise<Office> {
  const directory = mkdtempSync(join(tmpdir(), 'gruppnummer-bench-'))
  writeFileSync(join(directory, 'gruppnummer.json'), JSON.stringify(company))
  writeFileSync(join(directory, 'trunks.json'), JSON.stringify([{ name: 'line', address: '127.0.0.1' }]))
  const accounts = await openAccounts({ directory, clock: systemClock() })
  const { id } = await accounts.put({ name: 'admin', roles: ['admin'], supervises: [] }, 'bench')
  const secrets = new Map<AgentId, string>()
  for (const agent of agents) {
    await accounts.put({ name: agent, roles: ['agent'], agent, supervises: [] }, 'bench')
    secrets.set(agent, await accounts.softphoneSecret(agent))
  }
  const link = await accounts.makeLink(id, 600_000)
  await accounts.close()

  const sipPort = await freeUdpPort()
  const service = await runService(directory, ['--sip-udp', `127.0.0.1:${sipPort}`])
  async function close() {
    await service.close()
    rmSync(directory, { recursive: true, force: true, maxRetries: 5 })
  }
  return { origin: service.origin, sipPort, secrets, link, close }
}

const company = { ...crowdCompany(agents, { welcome: null, music: [] }), messages: [] }

if (import.meta.main) {
  for (const talkMillis of [1000, 0]) {
    const { samples, p50, p99, appQueue, ratio } = await run({ talkMillis })
    console.log(
      `agent free to agent rung, ${samples} times, ${talkMillis ? 'calls of up to 1 s' : 'hanging up at once'}: ` +
        `${p50.toFixed(1)} ms p50, ${p99.toFixed(1)} ms p99 (goal ${goal.p99} ms p99); ` +
        `app_queue's rule at the least ${appQueue.p50.toFixed(0)} ms p50, ${appQueue.p99.toFixed(0)} ms p99; ` +
        `${ratio.toFixed(0)} times`,
    )
  }
  // The library's threads would keep the process.
  process.exit()
}
