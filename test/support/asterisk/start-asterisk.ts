import { spawn, type ChildProcess } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeServerFiles } from '../../../src/cli/write-server-files.ts'
import { softphonePath } from '../../../src/switch/asterisk/server/names.ts'
import type { ServerOptions, TrunkOptions } from '../../../src/switch/asterisk/server/server-options.ts'
import { peers } from '../../e2e/support/peers.ts'

/** A real Asterisk on loopback, on ports of its own, with the generated configuration. */
export interface RunningAsterisk {
  readonly pid: number
  /** Such as `http://127.0.0.1:30123/ari`. */
  readonly ari: { readonly url: string; readonly user: string; readonly password: string; readonly application: string }
  /** SIP over UDP and TCP, on 127.0.0.1. */
  readonly sipPort: number
  /** Where softphones' SIP over WebSocket is taken. */
  readonly webSocket: string
  /** What its trunk, named `trunk`, is taken to be. */
  readonly trunk: TrunkOptions
  /** With `etc`, `log` and the rest; gone after `close`. */
  readonly directory: string
  /** Every warning and error since the first start, and whatever else was said on stderr and stdout. */
  complaints(): readonly string[]
  /** The lines of one of its logs, such as `security.log`. */
  log(name: string): readonly string[]
  /** At once, as by a power cut (SIGKILL). */
  kill(): Promise<void>
  /** After `kill`: again, on the same ports and with the same database. */
  start(): Promise<void>
  close(): Promise<void>
}

export interface AsteriskWishes {
  /** Where the trunk's calls come from; preset: 127.0.0.2 and 127.0.0.3. */
  readonly trunkFrom?: readonly string[]
  /** Where calls to outside numbers go; preset: 127.0.0.3, port 5060. */
  readonly trunkAt?: { readonly host: string; readonly port: number }
  readonly options?: Partial<ServerOptions>
  /** Where what is generated is not enough: other content by a file's name, made of what was written there, if anything. */
  readonly overlay?: Readonly<Record<string, (written: string) => string | Buffer>>
}

/** Milliseconds; it takes 400 where there is time. */
const startLimit = 20_000

/** Resolves when ARI answers. */
export async function startAsterisk(wishes: AsteriskWishes = {}): Promise<RunningAsterisk> {
  const root = peers.asterisk
  if (root === undefined) throw new Error('no Asterisk here; use testWith')
  const directory = mkdtempSync(join(tmpdir(), 'asterisk-'))
  const [sipPort, httpPort] = [await freePort(), await freePort()]
  const ari = { user: 'gruppnummer', password: 'only-on-loopback', application: 'gruppnummer' }
  const options = serverOptions(wishes, { root, directory, sipPort, httpPort, ari })
  await prepare(directory, root, options, wishes)

  let child: ChildProcess | undefined
  let exited: Promise<unknown> = Promise.resolve()

  async function start() {
    child = run(root ?? '/', directory)
    exited = once(child, 'exit')
    await ready(child, `http://127.0.0.1:${String(httpPort)}`, ari, directory)
  }

  async function kill() {
    child?.kill('SIGKILL')
    await exited
  }

  const log = (name: string) => linesOf(join(directory, 'log', name))
  await start()
  return {
    get pid() {
      return child?.pid ?? 0
    },
    ari: { url: `http://127.0.0.1:${String(httpPort)}/ari`, ...ari },
    sipPort,
    webSocket: `ws://127.0.0.1:${String(httpPort)}${softphonePath}`,
    trunk: options.trunks[0]!,
    directory,
    complaints: () => [...log('messages.log').filter(isComplaint), ...log('stdout').filter((line) => !isUsual(line))],
    log,
    kill,
    start,
    async close() {
      await kill()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

/**
 * PJSIP's own word, on a machine that is busy: a peer was answered before Asterisk had loaded its last part. No configuration has a say
 * in it.
 */
const tooQuick = 'Module "mod-invite" registered during operation'
const isComplaint = (line: string) => /\b(WARNING|ERROR)\b/.test(line) && !line.includes(tooQuick)

/** What it prints when all is well. The third is about its own documentation (22.10). */
const usual = [
  /^Setting max files open to \d+$/,
  /^PBX UUID: /,
  /^Could not find option 'minimum_size' with type 'threadpool' in module 'stasis'$/,
  /^Asterisk Ready\.$/,
]
const isUsual = (line: string) => usual.some((form) => form.test(line))

interface Surroundings {
  readonly root: string
  readonly directory: string
  readonly sipPort: number
  readonly httpPort: number
  readonly ari: ServerOptions['ari'] & { readonly application: string }
}

function serverOptions(
  wishes: AsteriskWishes,
  { root, directory, sipPort, httpPort, ari }: Surroundings,
): ServerOptions {
  const { trunkFrom = ['127.0.0.2', '127.0.0.3'], trunkAt = { host: '127.0.0.3', port: 5060 } } = wishes
  return {
    application: ari.application,
    directory: join(directory, 'etc'),
    places: {
      modules: join(libraries(root), 'asterisk/modules'),
      data: join(directory, 'data'),
      database: join(directory, 'db'),
      spool: join(directory, 'spool'),
      run: join(directory, 'run'),
      log: join(directory, 'log'),
      programs: join(root, 'usr/sbin'),
    },
    sip: { address: '127.0.0.1', port: sipPort },
    http: { address: '127.0.0.1', port: httpPort },
    // Below the ports that the system gives out by itself; Asterisk takes the next one where one is taken.
    rtp: { min: 10_000, max: 29_999 },
    ari,
    services: ['127.0.0.1'],
    iceAddresses: ownAddresses(),
    // Peers in tests answer no questions.
    trunks: [{ name: 'trunk', ...trunkAt, transport: 'udp', from: trunkFrom, qualifySeconds: 0 }],
    language: 'sv',
    ...wishes.options,
  }
}

/** Browsers and telephones of a test reach media on loopback alone. */
function ownAddresses(): Record<string, string> {
  const own = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? [])
  return Object.fromEntries(
    own.filter(({ family, internal }) => family === 'IPv4' && !internal).map(({ address }) => [address, '127.0.0.1']),
  )
}

async function prepare(directory: string, root: string, options: ServerOptions, { overlay = {} }: AsteriskWishes) {
  for (const part of ['db', 'run', 'log', 'spool/tmp', 'spool/recording', 'spool/cache', 'data/keys', 'data/sounds/en'])
    mkdirSync(join(directory, part), { recursive: true })
  for (const part of ['documentation', 'rest-api'])
    symlinkSync(join(root, 'usr/share/asterisk', part), join(directory, 'data', part))
  const etc = join(directory, 'etc')
  await writeServerFiles(etc, options)
  for (const [name, other] of Object.entries(overlay)) {
    const path = join(etc, name)
    writeFileSync(path, other(existsSync(path) ? readFileSync(path, 'utf8') : ''))
  }
}

/** The tree's own loader and libraries, so that this machine's do not matter. It ends with whoever started it. */
function run(root: string, directory: string): ChildProcess {
  const library = libraries(root)
  const loader = [join(root, 'usr/lib64'), join(root, 'usr/lib')]
    .flatMap((place) => (existsSync(place) ? readdirSync(place).map((name) => join(place, name)) : []))
    .find((path) => /\/ld-linux-[^/]+\.so\.\d+$/.test(path))
  if (loader === undefined) throw new Error(`no loader in ${root}`)
  const program = [loader, '--library-path', library, '--argv0', 'asterisk', join(root, 'usr/sbin/asterisk')]
  const output = join(directory, 'log/stdout')
  return spawn(
    '/bin/sh',
    [
      ...['-c', 'ulimit -c 0; ulimit -n 16384; out=$1; shift; exec setpriv --pdeathsig KILL "$@" >>"$out" 2>&1', 'sh'],
      ...[output, ...program, '-f', '-C', join(directory, 'etc/asterisk.conf')],
    ],
    { stdio: 'ignore', cwd: directory, env: { ...process.env, OPENSSL_CONF: '/dev/null' } },
  )
}

function libraries(root: string): string {
  const place = join(root, 'usr/lib')
  const found = readdirSync(place).find((name) => existsSync(join(place, name, 'asterisk/modules')))
  if (found === undefined) throw new Error(`no modules of Asterisk in ${place}`)
  return join(place, found)
}

async function ready(child: ChildProcess, origin: string, ari: ServerOptions['ari'], directory: string) {
  const authorization = `Basic ${Buffer.from(`${ari.user}:${ari.password}`).toString('base64')}`
  const patience = Date.now() + startLimit
  for (;;) {
    const ended = child.exitCode !== null || child.signalCode !== null
    if (ended || Date.now() > patience) {
      child.kill('SIGKILL')
      const words = linesOf(join(directory, 'log/stdout')).slice(-20).join('\n')
      throw new Error(`Asterisk ${ended ? 'ended at once' : 'did not answer'}:\n${words}`)
    }
    const answered = await fetch(`${origin}/ari/asterisk/ping`, { headers: { authorization } }).catch(() => undefined)
    if (answered?.ok === true) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** Of 127.0.0.1, free for UDP and TCP, and none that the system gives to others by itself. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 30_000 + Math.floor(Math.random() * 2500)
    if ((await freeForTcp(port)) && (await freeForUdp(port))) return port
  }
}

function freeForTcp(port: number): Promise<boolean> {
  const server = createServer()
  return new Promise((resolve) => {
    server.once('error', () => {
      resolve(false)
    })
    server.listen(port, '127.0.0.1', () => {
      server.close(() => {
        resolve(true)
      })
    })
  })
}

function freeForUdp(port: number): Promise<boolean> {
  const socket = createSocket('udp4')
  return new Promise((resolve) => {
    socket.once('error', () => {
      resolve(false)
    })
    socket.bind(port, '127.0.0.1', () => {
      socket.close(() => {
        resolve(true)
      })
    })
  })
}

function linesOf(path: string): string[] {
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean) : []
}
