import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { AgentId, GroupNumberId, Settings } from '../../../src/core/configuration/types.ts'
import { instant } from '../../../src/core/time.ts'
import { openAccounts } from '../../../src/service/accounts/open-accounts.ts'
import { openBaresip, type BaresipCaller } from './baresip-caller.ts'
import { openPartyBrowser, type PartyBrowser } from './browser.ts'
import { tones, writeCompany, type Tone } from './company.ts'
import { openDesk, type Desk } from './desk.ts'
import { freeUdpPort } from './free-ports.ts'
import { ringWithSipp, type SippCaller } from './sipp-caller.ts'
import { heardIn, type Snippet } from './tones.ts'

export type Agent = 'anna' | 'ben'

/** Of a browser: whether its person lets the page use the microphone. */
type Surroundings = Parameters<typeof openPartyBrowser>[2]

/** A running company: the service of `gruppnummer serve`, its switch, and whoever is let in. */
export interface Office {
  readonly origin: string
  /** An agent signs in at a desk of their own, logs in, and can be rung. */
  desk(agent: Agent, surroundings?: Surroundings): Promise<Desk>
  /** A browser with the caller's voice. */
  callerBrowser(surroundings?: Surroundings): Promise<PartyBrowser>
  sipp(to: string, voice?: 'caller' | 'laterCaller'): Promise<SippCaller>
  baresip(): Promise<BaresipCaller>
  /** kill -9: its switch goes on. */
  killService(): Promise<void>
  /** On the same directory and port. */
  startService(): Promise<void>
  /** Ends everybody and everything that was started here. */
  close(): Promise<void>
}

const cli = fileURLToPath(new URL('../../../bin/gruppnummer.mjs', import.meta.url))
const numbers = { caller: '+46701234567', laterCaller: '+46707654321' }

/** What a party hears just now, strongest first; a tone of nobody here has no name. */
export function heard(snippets: readonly Snippet[]): readonly Tone[] {
  return heardIn(tones, snippets)
}

export async function openOffice(settings: Partial<Settings> = {}): Promise<Office> {
  const directory = mkdtempSync(join(tmpdir(), 'gruppnummer-'))
  const data = join(directory, 'data')
  mkdirSync(data)
  writeCompany(data, settings)
  writeFileSync(join(data, 'trunks.json'), JSON.stringify([{ name: 'line', address: '127.0.0.1' }]))
  const links = await makeAccounts(data)
  const sipPort = await freeUdpPort()
  const closing: (() => void | Promise<void>)[] = []
  let port = 0
  let origin = ''
  let service: ChildProcess

  async function startService() {
    const given = ['serve', '--config', data, '--port', String(port), '--sip-udp', `127.0.0.1:${sipPort}`]
    service = spawn(process.execPath, [cli, ...given], { stdio: ['ignore', 'pipe', 'inherit'] })
    origin = await saidOrigin(service)
    port = Number(new URL(origin).port)
  }

  async function killService() {
    if (service.exitCode !== null || service.signalCode !== null) return
    service.kill('SIGKILL')
    await once(service, 'exit')
  }

  async function browser(name: Tone, surroundings?: Surroundings): Promise<PartyBrowser> {
    const opened = await openPartyBrowser(tones[name], directory, surroundings)
    closing.push(() => opened.close())
    return opened
  }

  await startService()
  return {
    get origin() {
      return origin
    },
    desk: async (agent, surroundings) =>
      openDesk(await browser(agent, surroundings), `${origin}/#link=${links[agent]}`),
    callerBrowser: (surroundings) => browser('caller', surroundings),
    async sipp(to, voice = 'caller') {
      const from = numbers[voice]
      const caller = await ringWithSipp({ to, from, switchPort: sipPort, hertz: tones[voice], directory })
      closing.push(() => {
        caller.kill()
      })
      return caller
    },
    async baresip() {
      const caller = await openBaresip({ from: numbers.caller, switchPort: sipPort, hertz: tones.caller, directory })
      closing.push(() => {
        caller.close()
      })
      return caller
    },
    killService,
    startService,
    async close() {
      for (const close of closing.toReversed()) await close()
      await killService()
      endSwitches(data)
      rmSync(directory, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

/** The token of a sign-in link for each agent. */
async function makeAccounts(directory: string): Promise<Record<Agent, string>> {
  const accounts = await openAccounts({ directory, clock: { now: () => instant(Date.now()) } })
  const linkOf = async (agent: Agent) => {
    const wanted = { name: agent, roles: ['agent'] as const, agent: agent as string as AgentId }
    const { id } = await accounts.put({ ...wanted, supervises: [] as GroupNumberId[] }, 'test')
    return accounts.makeLink(id, 3_600_000)
  }
  try {
    return { anna: await linkOf('anna'), ben: await linkOf('ben') }
  } finally {
    await accounts.close()
  }
}

async function saidOrigin(service: ChildProcess): Promise<string> {
  if (!service.stdout) throw new Error('the service has no output')
  for await (const line of createInterface(service.stdout)) {
    const origin = /(https?:\/\/\S+:\d+)/.exec(line)?.[1]
    // What else it says must find a reader.
    service.stdout.resume()
    if (origin !== undefined) return origin
  }
  throw new Error('the service ended at its start')
}

/** The switch outlives the service; its log says which process it is. */
export function endSwitches(data: string) {
  const log = join(data, 'switch.log')
  if (!existsSync(log)) return
  for (const line of readFileSync(log, 'utf8').split('\n').filter(Boolean)) {
    const { what, pid } = JSON.parse(line) as { what: string; pid?: number }
    if (what !== 'started' || pid === undefined) continue
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It has ended.
    }
  }
}
