import { X509Certificate } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync } from 'node:fs'
import { isIPv4 } from 'node:net'
import { homedir, networkInterfaces } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { pino } from 'pino'
import { parseConfiguration } from '../core/configuration/parse.ts'
import type { Configuration } from '../core/configuration/types.ts'
import type { Switch } from '../contract/switch.ts'
import { openAccounts, type OpenedAccounts } from '../service/accounts/open-accounts.ts'
import { systemClock } from '../service/clock.ts'
import { isLoopback } from '../service/http/names.ts'
import { openJournal } from '../service/journal/open-journal.ts'
import { openOwnerLock } from '../service/owner-lock.ts'
import { StartProblem, type Clock, type ConfigurationStore } from '../service/ports.ts'
import type { Log } from '../service/log.ts'
import { startService, type Service } from '../service/start-service.ts'
import { openConfigurationStore } from '../service/store/open-configuration-store.ts'
import { attachEmbeddedProcess } from '../switch/embedded/process/attach-embedded-process.ts'
import { joinServers } from '../switch/asterisk/join-servers.ts'
import { openAsteriskSwitch } from '../switch/asterisk/open-asterisk-switch.ts'
import { SwitchProcessProblem } from '../switch/embedded/process/client.ts'
import { speakByEspeak } from '../switch/embedded/speech/espeak.ts'
import { builtConsole } from './built-console.ts'
import { lookBeforeServing } from './look-before-serving.ts'
import { readAsterisk, type AsteriskServer } from './read-asterisk.ts'
import { readPort } from './read-port.ts'
import { giveSignsOfLife } from './signs-of-life.ts'
import { toldToStop } from './told-to-stop.ts'

export interface ServeOptions {
  /** Of the data; made where it is missing. */
  readonly directory: string
  /** @default 127.0.0.1 */
  readonly host?: string
  /** Absent: the remembered one, else the first free one from 8330; 0: any. */
  readonly port?: number
  /** PEM; needed where `host` is not this machine alone. */
  readonly tls?: { readonly certificate: string; readonly key: string }
  readonly sipUdp?: { readonly address: string; readonly port: number }
  /** Where the media of softphones and trunks meets the switch. @default from `host` */
  readonly mediaAddress?: string
  readonly rtpPorts?: { readonly min: number; readonly max: number }
  /** The servers to be driven in place of the embedded switch. */
  readonly asterisk?: readonly AsteriskServer[]
  /** A directory with a `gruppnummer.json` and its audio, copied where the data directory holds no configuration. */
  readonly initial?: string
  /** The built console. @default `out/renderer` of this program */
  readonly consoleDirectory?: string
  /** Starts the switch's program; preset: detached, so that it outlives the service. */
  readonly startSwitch?: (program: string, argument: string) => Promise<number | null>
  /** Another engine than the embedded one, for tests and the desktop program. */
  readonly openSwitch?: (clock: Clock) => Promise<Switch>
}

/** A running service with the stores that it was started with. */
export interface Serving extends Service {
  readonly store: ConfigurationStore
  readonly accounts: OpenedAccounts
}

/** Starts the service on a data directory, which this process then owns. Throws `StartProblem`. */
export async function serve(options: ServeOptions): Promise<Serving> {
  const { host = '127.0.0.1', port, tls, initial, consoleDirectory = builtConsole() } = options
  if (!tls && !isLoopback(host))
    throw new StartProblem(
      `--host ${host}: expected --tls-cert and --tls-key too, since a browser gives no microphone without TLS`,
    )
  const trunks = await lookBeforeServing({ directory: resolve(options.directory), host, port })
  const directory = makeDirectory(options.directory)
  const clock = systemClock()
  const closing: (() => unknown)[] = []
  const close = async () => {
    for (const step of closing.splice(0).toReversed()) await step()
  }
  try {
    const lock = openOwnerLock(directory)
    closing.push(() => {
      lock.release()
    })
    const log = openLog(directory)
    const first = firstConfiguration(directory, initial)
    const store = await openConfigurationStore({ directory, clock, log, ...(first && { initial: first }) })
    closing.push(() => store.close())
    const accounts = await openAccounts({ directory, clock, log })
    closing.push(() => accounts.close())
    const journal = await openJournal({ file: join(directory, 'journal.sqlite'), clock, log })
    closing.push(() => journal.close())
    const { asterisk } = options
    const openSwitch =
      options.openSwitch ??
      (() => (asterisk ? openAsterisk(directory, asterisk, log) : openEmbedded(directory, host, options)))
    const service = await startService({
      directory,
      clock,
      store,
      journal,
      accounts,
      switch: await openSwitch(clock),
      trunks,
      listen: { host, ...(port !== undefined && { port }), ...(tls && { tls }) },
      consoleDirectory,
      log,
    })
    closing.push(() => service.close())
    return { ...service, store, accounts, close }
  } catch (fault) {
    await close()
    throw fault instanceof SwitchProcessProblem ? new StartProblem(fault.message) : fault
  }
}

/** The command `gruppnummer serve`: until it is told to stop. The exit code. */
export async function run(args: string[]): Promise<number> {
  try {
    const options = optionsOf(args)
    // Heard from here on: what is told while it starts ends it in order, as soon as it has.
    const signs = giveSignsOfLife()
    const stopped = Promise.race([toldToStop(), signs.unwatched])
    const serving = await serve(options)
    signs.ready()
    for (const trouble of serving.store.troubles) console.error(`gruppnummer serve: ${trouble}`)
    console.log(`Gruppnummer listens on ${serving.origin}`)
    const link = await firstAdminLink(serving)
    if (link !== undefined) console.log(`The first admin signs in here, once, within 10 minutes: ${link}`)
    await stopped
    await serving.close()
    signs.stop()
    return 0
  } catch (fault) {
    if (!(fault instanceof StartProblem)) throw fault
    console.error(`gruppnummer serve: ${fault.message}`)
    return 2
  }
}

/** Opens the accounts of a data directory that no service is running on. Throws `StartProblem`. */
export async function withAccounts<Value>(
  directory: string,
  work: (accounts: OpenedAccounts) => Promise<Value>,
): Promise<Value> {
  if (!existsSync(join(directory, 'accounts.json')))
    throw new StartProblem(`${directory}: no service has run here; start one with: gruppnummer serve`)
  const lock = openOwnerLock(directory)
  try {
    const accounts = await openAccounts({ directory, clock: systemClock() })
    try {
      return await work(accounts)
    } finally {
      await accounts.close()
    }
  } finally {
    lock.release()
  }
}

/** Opens the configuration of a data directory that no service is running on. Throws `StartProblem`. */
export async function withStore<Value>(
  given: string,
  /** Written as the first version where there is none yet. */
  initial: Configuration | undefined,
  work: (store: ConfigurationStore) => Promise<Value>,
): Promise<Value> {
  const directory = makeDirectory(given)
  const lock = openOwnerLock(directory)
  try {
    const store = await openConfigurationStore({ directory, clock: systemClock(), ...(initial && { initial }) })
    try {
      return await work(store)
    } finally {
      await store.close()
    }
  } finally {
    lock.release()
  }
}

/** `$XDG_DATA_HOME/gruppnummer` (XDG Base Directory Specification). */
export function presetDirectory(): string {
  const { XDG_DATA_HOME: home } = process.env
  return join(home?.startsWith('/') === true ? home : join(homedir(), '.local', 'share'), 'gruppnummer')
}

// --- the command line -----------------------------------------------------------------------------

function optionsOf(args: string[]): ServeOptions {
  const values = parsed(args)
  const { 'tls-cert': certificate, 'tls-key': key } = values
  if ((certificate === undefined) !== (key === undefined))
    throw new StartProblem('--tls-cert and --tls-key: expected both, or neither')
  const directory = values.config ?? presetDirectory()
  return {
    directory,
    ...asteriskOf(values, directory),
    ...(values.host !== undefined && { host: values.host }),
    ...(values.port !== undefined && { port: portOf('--port', values.port) }),
    ...(certificate !== undefined && key !== undefined && { tls: readTls(certificate, key) }),
    ...(values['sip-udp'] !== undefined && { sipUdp: addressAndPort(values['sip-udp']) }),
    ...(values['media-address'] !== undefined && { mediaAddress: ipv4('--media-address', values['media-address']) }),
    ...(values.rtp !== undefined && { rtpPorts: portRange(values.rtp) }),
  }
}

function parsed(args: string[]) {
  try {
    const text = { type: 'string' } as const
    return parseArgs({
      args,
      options: {
        config: text,
        host: text,
        port: text,
        'tls-cert': text,
        'tls-key': text,
        switch: text,
        asterisk: text,
        'sip-udp': text,
        'media-address': text,
        rtp: text,
      },
    }).values
  } catch (fault) {
    throw new StartProblem(fault instanceof Error ? fault.message : String(fault))
  }
}

/** With `--switch asterisk`: the servers named in `--asterisk FILE`, else in `asterisk.json` beside the configuration. */
function asteriskOf(values: ReturnType<typeof parsed>, directory: string): Pick<ServeOptions, 'asterisk'> {
  const { switch: engine = 'embedded', asterisk: file } = values
  if (engine !== 'embedded' && engine !== 'asterisk')
    throw new StartProblem(`--switch ${engine}: expected embedded or asterisk`)
  const other = (['sip-udp', 'media-address', 'rtp'] as const).find((option) => values[option] !== undefined)
  if (engine === 'embedded' && file !== undefined)
    throw new StartProblem(`--asterisk ${file}: expected --switch asterisk too`)
  if (engine === 'embedded') return {}
  if (other !== undefined) throw new StartProblem(`--${other}: is for the embedded switch; Asterisk has its own files`)
  return { asterisk: readAsterisk(file ?? join(directory, 'asterisk.json')) }
}

function portOf(option: string, text: string): number {
  const port = readPort(text)
  if (port !== undefined) return port
  throw new StartProblem(`${option} ${text}: expected a port, 0 to 65535`)
}

function portRange(text: string) {
  const [, min = '', max = ''] = /^(\d+)-(\d+)$/.exec(text) ?? []
  const range = { min: portOf('--rtp', min), max: portOf('--rtp', max) }
  if (range.min < range.max) return range
  throw new StartProblem(`--rtp ${text}: expected MIN-MAX, such as 20000-20999`)
}

function addressAndPort(text: string) {
  const [, address = '', port = ''] = /^(.*):(\d+)$/.exec(text) ?? []
  return { address: ipv4('--sip-udp', address, text), port: portOf('--sip-udp', port) }
}

function ipv4(option: string, address: string, whole = address): string {
  if (isIPv4(address)) return address
  throw new StartProblem(`${option} ${whole}: expected an IPv4 address${whole === address ? '' : ' and a port'}`)
}

function readTls(certificatePath: string, keyPath: string) {
  const read = (option: string, path: string) => {
    try {
      return readFileSync(path, 'utf8')
    } catch (fault) {
      throw new StartProblem(`${option} ${path}: expected a PEM file: ${(fault as Error).message}`)
    }
  }
  const tls = { certificate: read('--tls-cert', certificatePath), key: read('--tls-key', keyPath) }
  try {
    new X509Certificate(tls.certificate)
  } catch {
    throw new StartProblem(`--tls-cert ${certificatePath}: expected a certificate in PEM`)
  }
  return tls
}

/** Undefined where there is an admin already. */
async function firstAdminLink(serving: Serving): Promise<string | undefined> {
  const { accounts } = serving
  if (accounts.list().some(({ roles }) => roles.includes('admin'))) return undefined
  const { id } = await accounts.put({ name: 'admin', roles: ['admin'], supervises: [] }, 'gruppnummer serve')
  const link = await serving.makeLink(id)
  return link.ok ? link.value : undefined
}

// --- the parts ------------------------------------------------------------------------------------

function makeDirectory(given: string): string {
  const directory = resolve(given)
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    return directory
  } catch (fault) {
    throw new StartProblem(`--config ${given}: expected a directory that can be written: ${(fault as Error).message}`)
  }
}

/** The first configuration of a data directory that has none. */
function firstConfiguration(directory: string, initial: string | undefined): Configuration | undefined {
  const names = new Set(readdirSync(directory))
  if (names.has('gruppnummer.json') || names.has('versions')) return undefined
  const from = initial ?? prerecorded()
  if (from === undefined) return emptyConfiguration
  const file = join(from, 'gruppnummer.json')
  const configuration = parseConfiguration(JSON.parse(readFileSync(file, 'utf8')))
  if (!configuration.ok)
    throw new StartProblem(`${file}: ${configuration.problem[0]?.message ?? 'not a configuration'}`)
  cpSync(from, directory, { recursive: true, filter: (each) => each !== file })
  return configuration.value
}

/** An empty company with the prerecorded messages; undefined where this program came without them. */
function prerecorded(): string | undefined {
  const directory = fileURLToPath(new URL('../../resources/prerecorded', import.meta.url))
  return existsSync(join(directory, 'gruppnummer.json')) ? directory : undefined
}

const emptyConfiguration: Configuration = {
  schemaVersion: 1,
  company: { name: 'Gruppnummer', timeZone: 'Europe/Stockholm', language: 'sv', country: 'SE' },
  agreements: [],
  agents: [],
  groupNumbers: [],
  messages: [],
}

function openEmbedded(directory: string, host: string, options: ServeOptions): Promise<Switch> {
  const { sipUdp, rtpPorts, mediaAddress = mediaAddressFor(host), startSwitch } = options
  return attachEmbeddedProcess({
    directory,
    mediaAddress,
    ...(sipUdp && { sipUdp }),
    ...(rtpPorts && { rtpPorts }),
    ...(startSwitch && { start: startSwitch }),
  })
}

/** The servers are there already; what they are to play and what they have recorded lies in the data directory. */
function openAsterisk(directory: string, servers: readonly AsteriskServer[], log: Log): Promise<Switch> {
  const opened = servers.map(({ name, ...server }) => ({
    name,
    engine: openAsteriskSwitch({
      ...server,
      recordings: join(directory, 'recordings'),
      spoken: join(directory, 'spoken'),
      speak: speakByEspeak,
      log: (level, text) => {
        log[level]({ server: name }, text)
      },
    }),
  }))
  return Promise.resolve(joinServers(opened))
}

/** Where browsers that reach the service by `host` reach its media too. */
function mediaAddressFor(host: string): string {
  if (isLoopback(host)) return '127.0.0.1'
  if (isIPv4(host) && host !== '0.0.0.0') return host
  const outward = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? [])
  const address = outward.find(({ family, internal }) => family === 'IPv4' && !internal)?.address
  if (address !== undefined) return address
  throw new StartProblem(`--host ${host}: expected --media-address too: this machine has no IPv4 address of its own`)
}

/** A log this big is set aside at the next start, in bytes. */
const bigLog = 20 * 1024 * 1024

/** To `service.log`, and to stderr what somebody should look at. Never a secret, a token, or a cookie. */
function openLog(directory: string) {
  const file = join(directory, 'service.log')
  if (existsSync(file) && statSync(file).size > bigLog) renameSync(file, `${file}.1`)
  const level = process.env.GRUPPNUMMER_LOG ?? 'info'
  const secrets = ['secret', 'token', 'password', 'ha1', 'cookie', 'authorization', 'link', 'softphone']
  return pino(
    {
      level: ['debug', 'info', 'warn', 'error'].includes(level) ? level : 'info',
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: secrets.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]),
    },
    pino.multistream([
      { level: 'debug', stream: pino.destination({ dest: file, mode: 0o600, mkdir: false, sync: true }) },
      { level: 'error', stream: pino.destination({ dest: 2, sync: true }) },
    ]),
  )
}
