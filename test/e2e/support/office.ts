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
import { startAsterisk } from '../../support/asterisk/start-asterisk.ts'
import { ringOverUdp, type UdpCaller } from '../../switch/embedded/udp-caller.ts'
import { openBaresip, type BaresipCaller } from './baresip-caller.ts'
import { openPartyBrowser, type PartyBrowser } from './browser.ts'
import { tones, writeCompany, type Adapt, type Tone } from './company.ts'
import { openConsoleAsks, type ConsoleAsks } from './console-asks.ts'
import { openAdministration, type Administration } from './administration.ts'
import { openDesk, type Desk } from './desk.ts'
import { freeUdpPort } from './free-ports.ts'
import { ringWithSipp, type SippCaller } from './sipp-caller.ts'
import { heardIn, heardInOrder, type Snippet } from './tones.ts'

export type Agent = 'anna' | 'ben'
/** Who administers: the chief everything, the lead the number that is open. */
type Administrator = 'chief' | 'lead'

/** Of a browser: whether its person lets the page use the microphone. */
type Surroundings = Parameters<typeof openPartyBrowser>[2]

/** A running company: the service of `gruppnummer serve`, its switch, and whoever is let in. */
export interface Office {
  readonly origin: string
  /** A file of its data directory. */
  file(name: string): string
  /** An agent signs in at a desk of their own, logs in, and can be rung. */
  desk(agent: Agent, surroundings?: Surroundings): Promise<Desk>
  /** A link that signs in, once. */
  linkOf(who: Agent | Administrator): string
  /** The same, by a link that somebody gave the agent. */
  deskBy(link: string, voice: Agent): Promise<Desk>
  /** An administrator's window, in Swedish. */
  administration(who: Administrator): Promise<Administration>
  /** The same, by a link: that of the first admin. */
  administrationBy(link: string): Promise<Administration>
  /** What `gruppnummer serve` printed to make the first admin, where there was none at its start. */
  readonly firstAdminLink: string | undefined
  /** A browser with the caller's voice. */
  callerBrowser(surroundings?: Surroundings): Promise<PartyBrowser>
  /** `from`: another number than the voice's own. */
  sipp(to: string, voice?: 'caller' | 'laterCaller', from?: string): Promise<SippCaller>
  baresip(): Promise<BaresipCaller>
  /** A line that does what a scene tells it, in the middle of a call too. */
  line(to: string): Promise<UdpCaller>
  /** The telephone with this number, rung over the trunk; one at a time. */
  outside(number: string, voice: Tone): Promise<BaresipCaller>
  /** An administrator's asks, the chief's unless named, for what a scene needs and does not try. */
  asks(who?: Administrator): Promise<ConsoleAsks>
  /** kill -9: its switch goes on. */
  killService(): Promise<void>
  /** On the same directory and port. */
  startService(): Promise<void>
  /** Ends everybody and everything that was started here. */
  close(): Promise<void>
}

const cli = fileURLToPath(new URL('../../../bin/gruppnummer.mjs', import.meta.url))
/** For the numbers to log in and to record. */
export const pins = { anna: '90417', lead: '24680' }
/** Who calls. */
export const numbers = { caller: '+46701234567', laterCaller: '+46707654321' }

/** Those that only the switch's own scenes know have no pitch here. */
const lineTones = { ...tones, speech: 0, song: 0 }

/** What a party hears just now, strongest first; a tone of nobody here has no name. */
export function heard(snippets: readonly Snippet[]): readonly Tone[] {
  return heardIn(tones, snippets)
}

/** The same of all that was heard from the beginning on, in order; `speech` is sound that is no tone. */
export function heardSoFar(party: { heardSoFar(): Snippet }): readonly (Tone | 'speech')[] {
  return heardInOrder(tones, party.heardSoFar())
}

/** Asterisk is started beside the service, and outlives it as the embedded switch does. */
export type Engine = 'embedded' | 'asterisk'

/** `adapt`: changes the company. `benSupervises`: the group numbers of which Ben is an administrator too. */
export async function openOffice(
  settings: Partial<Settings> = {},
  {
    adapt,
    benSupervises = [],
    engine,
  }: { readonly adapt?: Adapt; readonly benSupervises?: readonly string[]; readonly engine?: Engine } = {},
): Promise<Office> {
  return open(async (data) => {
    writeCompany(data, settings, adapt)
    return makeAccounts(data, benSupervises)
  }, engine)
}

/** No company, no accounts: only the line to the outside. */
export async function openEmptyOffice(): Promise<Office> {
  return open(() => Promise.resolve({}))
}

async function open(
  prepare: (data: string) => Promise<Partial<Record<Agent | Administrator, string>>>,
  engine: Engine = 'embedded',
): Promise<Office> {
  const directory = mkdtempSync(join(tmpdir(), 'gruppnummer-'))
  const data = join(directory, 'data')
  mkdirSync(data)
  const links = await prepare(data)
  const closing: (() => void | Promise<void>)[] = []
  const outsidePort = await freeUdpPort()
  const line = await (engine === 'asterisk' ? toAsterisk(data, outsidePort, closing) : toEmbedded(data, outsidePort))
  const { sipPort } = line
  let port = 0
  let origin = ''
  let outside: BaresipCaller | undefined
  let firstAdminLink: string | undefined
  let service: ChildProcess

  async function startService() {
    const given = ['serve', '--config', data, '--port', String(port), ...line.options]
    service = spawn(process.execPath, [cli, ...given], { stdio: ['ignore', 'pipe', 'pipe'] })
    // Never inherited: whoever runs the tests waits until all who have their output let go of it.
    service.stderr?.pipe(process.stderr, { end: false })
    const said = await saidAtStart(service, links.chief === undefined)
    origin = said.origin
    firstAdminLink = said.firstAdminLink
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
    file: (name) => join(data, name),
    get firstAdminLink() {
      return firstAdminLink
    },
    linkOf: (who) => `${origin}/#link=${links[who] ?? ''}`,
    desk: async (agent, surroundings) =>
      openDesk(await browser(agent, surroundings), `${origin}/#link=${links[agent] ?? ''}`),
    deskBy: async (link, voice) => openDesk(await browser(voice), link),
    administration: async (who) => openAdministration(await browser('caller'), `${origin}/#link=${links[who] ?? ''}`),
    administrationBy: async (link) => openAdministration(await browser('caller'), link),
    callerBrowser: (surroundings) => browser('caller', surroundings),
    async sipp(to, voice = 'caller', from = numbers[voice]) {
      const address = line.callsFrom
      const caller = await ringWithSipp({ to, from, switchPort: sipPort, hertz: tones[voice], directory, address })
      closing.push(() => {
        caller.kill()
      })
      return caller
    },
    async baresip() {
      const [from, hertz, address] = [numbers.caller, tones.caller, line.callsFrom]
      const caller = await openBaresip({ from, switchPort: sipPort, hertz, directory, address })
      closing.push(() => caller.close())
      return caller
    },
    async line(to) {
      const of = { to, from: numbers.caller, switchPort: sipPort, address: line.callsFrom }
      const caller = await ringOverUdp({ ...of, tones: { ...lineTones, caller: tones.caller } })
      closing.push(() => {
        caller.close()
      })
      return caller
    },
    async outside(number, voice) {
      await outside?.close()
      const hertz = tones[voice]
      const at = { address: line.outsideAt, port: outsidePort }
      const opened = await openBaresip({ from: number, switchPort: sipPort, hertz, directory, ...at })
      outside = opened
      closing.push(() => opened.close())
      return opened
    },
    async asks(who = 'chief') {
      const opened = await openConsoleAsks(origin, links[who] ?? '')
      closing.push(() => {
        opened.close()
      })
      return opened
    },
    killService,
    startService,
    async close() {
      const faults: unknown[] = []
      for (const close of [...closing.toReversed(), killService])
        try {
          await close()
        } catch (fault) {
          faults.push(fault)
        }
      endSwitches(data)
      rmSync(directory, { recursive: true, force: true, maxRetries: 5 })
      if (faults.length > 0) throw new AggregateError(faults, 'not all of the office could be closed')
    },
  }
}

/** The company's line to the outside. */
interface Line {
  /** Of the switch, on 127.0.0.1. */
  readonly sipPort: number
  /** Addresses of loopback. */
  readonly callsFrom: string
  readonly outsideAt: string
  /** Of `gruppnummer serve`. */
  readonly options: readonly string[]
}

async function toEmbedded(data: string, outsidePort: number): Promise<Line> {
  const address = '127.0.0.1'
  const trunks = [
    { name: 'line', address },
    { name: 'out', address, port: outsidePort, outbound: true },
  ]
  writeFileSync(join(data, 'trunks.json'), JSON.stringify(trunks))
  const sipPort = await freeUdpPort()
  return { sipPort, callsFrom: address, outsideAt: address, options: ['--sip-udp', `${address}:${sipPort}`] }
}

async function toAsterisk(data: string, port: number, closing: (() => void | Promise<void>)[]): Promise<Line> {
  const [callsFrom, outsideAt] = ['127.0.0.2', '127.0.0.3']
  const asterisk = await startAsterisk({ trunkFrom: [callsFrom, outsideAt], trunkAt: { host: outsideAt, port } })
  closing.push(() => asterisk.close())
  const servers = [{ name: 'asterisk', ...asterisk.ari, trunk: asterisk.trunk.name }]
  writeFileSync(join(data, 'asterisk.json'), JSON.stringify({ servers }), { mode: 0o600 })
  return { sipPort: asterisk.sipPort, callsFrom, outsideAt, options: ['--switch', 'asterisk'] }
}

/** The token of a sign-in link for each agent and administrator. */
async function makeAccounts(
  directory: string,
  benSupervises: readonly string[],
): Promise<Record<Agent | Administrator, string>> {
  const accounts = await openAccounts({ directory, clock: { now: () => instant(Date.now()) } })
  const linkOf = async (account: Parameters<typeof accounts.put>[0]) => {
    const { id, name } = await accounts.put(account, 'test')
    if (name === 'anna' || name === 'lead') await accounts.setPin(id, pins[name], 'test')
    return accounts.makeLink(id, 3_600_000)
  }
  const agent = (name: Agent, supervised: readonly string[] = []) =>
    linkOf({
      name,
      roles: ['agent', ...(supervised.length > 0 ? (['supervisor'] as const) : [])],
      agent: name as string as AgentId,
      supervises: supervised as GroupNumberId[],
    })
  try {
    return {
      anna: await agent('anna'),
      ben: await agent('ben', benSupervises),
      chief: await linkOf({ name: 'chief', roles: ['admin'], supervises: [] }),
      lead: await linkOf({ name: 'lead', roles: ['supervisor'], supervises: ['support' as GroupNumberId] }),
    }
  } finally {
    await accounts.close()
  }
}

/** Reads until it is known where the service listens, and, where nobody is admin yet, the link that makes one. */
async function saidAtStart(
  service: ChildProcess,
  expectsLink: boolean,
): Promise<{ origin: string; firstAdminLink: string | undefined }> {
  if (!service.stdout) throw new Error('the service has no output')
  for await (const line of createInterface(service.stdout)) {
    const url = /(https?:\/\/\S+:\d+)(\/\S*#link=\S+)?/.exec(line)
    const [, origin, link] = url ?? []
    if (origin === undefined || (expectsLink && link === undefined)) continue
    // What else it says must find a reader.
    service.stdout.resume()
    return { origin, firstAdminLink: link && origin + link }
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
