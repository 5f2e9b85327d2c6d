import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { isIPv4 } from 'node:net'
import { isAbsolute, join, resolve } from 'node:path'
import { z } from 'zod'
import { isLoopback } from '../service/http/names.ts'
import { StartProblem } from '../service/ports.ts'
import type { Certificate, Listener, ServerOptions, TrunkOptions } from '../switch/asterisk/server/server-options.ts'
import { readArguments } from './read-arguments.ts'
import { readPort } from './read-port.ts'
import { writeServerFiles } from './write-server-files.ts'

const text = { type: 'string' } as const
const options = {
  for: text,
  application: text,
  language: text,
  sip: text,
  'sip-tls': text,
  'tls-cert': text,
  'tls-key': text,
  http: text,
  https: text,
  'https-name': text,
  service: text,
  rtp: text,
  outside: text,
  'local-net': text,
  trunk: text,
  'trunk-from': text,
  'trunk-transport': text,
  'trunk-user': text,
  'trunk-password-file': text,
  'fallback-number': text,
  name: text,
  peer: text,
  replace: { type: 'boolean' },
} as const

type Given = Readonly<Partial<Record<Exclude<keyof typeof options, 'replace'>, string>>>

/**
 * `gruppnummer asterisk-config DIR`: writes what an Asterisk 22 server needs that the service drives, for `/etc/asterisk`.
 * Run again with the same options it changes nothing; what somebody has changed by hand is never overwritten unsaid.
 */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = readArguments(args, ['DIR'], options)
  const { replace = false, ...given } = values
  const target = resolve(positionals[0] ?? '')
  const server = serverOptions(given, target)
  const { written, unchanged, replaced } = await writeServerFiles(target, server, { replace })
  const lines = [
    ...written.map((name) => `${join(target, name)}: written`),
    ...replaced.map((name) => `${join(target, name)}: replaced, the old is ${name}.old`),
    ...(unchanged.length > 0 ? [`${target}: ${String(unchanged.length)} files unchanged`] : []),
    `${join(target, 'gruppnummer.json')} is for the service, and holds the password of ARI`,
    ...(server.trunks.length === 0 ? ['No trunk is named: nobody outside can ring. See --trunk'] : []),
  ]
  process.stdout.write(`${lines.join('\n')}\n`)
  return 0
}

function serverOptions(given: Given, target: string): ServerOptions {
  const certificate = certificateOf(given)
  const http = listener('--http', given.http ?? '127.0.0.1:8088')
  if (!isLoopback(http.address))
    throw new StartProblem(`--http ${given.http ?? ''}: expected a loopback address; for another machine, use --https`)
  const sip = listener('--sip', given.sip ?? '127.0.0.1:5060')
  const outside = outsideOf(given)
  const trunks = trunkOf(given)
  const { application = 'gruppnummer' } = given
  return {
    application: matching('--application', application, /^[a-z][a-z0-9-]*$/, 'small letters, digits and hyphens'),
    directory: pathOnServer('--for', given.for ?? target),
    language: oneOf('--language', given.language ?? 'sv', ['sv', 'en']),
    sip,
    ...(given['sip-tls'] !== undefined && {
      sipTls: { port: portOf('--sip-tls', given['sip-tls']), ...needed(certificate, '--sip-tls') },
    }),
    http,
    ...(given.https !== undefined && {
      https: { ...listener('--https', given.https), ...needed(certificate, '--https'), ...httpsName(given) },
    }),
    services: listOf(given.service ?? '127.0.0.1').map((each) => network('--service', each)),
    rtp: rangeOf(given.rtp ?? '10000-19999'),
    ...(outside && { outside }),
    ari: { user: 'gruppnummer', password: keptPassword(target) ?? randomBytes(32).toString('base64url') },
    trunks,
    ...peersOf(given),
    ...fallbackNumber(given, trunks),
  }
}

/** The same at every run: else each one would lock the service out. */
function keptPassword(target: string): string | undefined {
  const file = join(target, 'gruppnummer.json')
  if (!existsSync(file)) return undefined
  const kept = z.object({ servers: z.array(z.object({ password: z.string().regex(/^[\w-]{20,}$/) })).min(1) })
  try {
    const [server] = kept.parse(JSON.parse(readFileSync(file, 'utf8'))).servers
    return server?.password
  } catch {
    throw new StartProblem(`${file}: expected what asterisk-config writes; remove it for a new password`)
  }
}

function trunkOf(given: Given): readonly TrunkOptions[] {
  if (given.trunk === undefined) {
    const stray = Object.keys(given).find((name) => name.startsWith('trunk-'))
    if (stray !== undefined) throw new StartProblem(`--${stray}: expected --trunk HOST[:PORT] too`)
    return []
  }
  const transport = oneOf('--trunk-transport', given['trunk-transport'] ?? 'udp', ['udp', 'tcp', 'tls'])
  if (transport === 'tls' && given['sip-tls'] === undefined)
    throw new StartProblem('--trunk-transport tls: expected --sip-tls PORT too')
  const [, host = '', port] = /^([^:]+)(?::(\d+))?$/.exec(given.trunk) ?? []
  hostName('--trunk', host)
  if (given['trunk-from'] === undefined && !isIPv4(host))
    throw new StartProblem(`--trunk ${given.trunk}: expected --trunk-from too, the addresses that its calls come from`)
  const account = accountOf(given)
  return [
    {
      name: 'trunk',
      host,
      port: port === undefined ? (transport === 'tls' ? 5061 : 5060) : portOf('--trunk', port),
      transport,
      from: listOf(given['trunk-from'] ?? host).map((each) => network('--trunk-from', each)),
      ...(account && { account }),
      qualifySeconds: 60,
    },
  ]
}

/** `--peer NAME=A:PORT,...` */
function peersOf({ name, peer }: Given): Pick<ServerOptions, 'name' | 'peers'> {
  if (name === undefined && peer === undefined) return {}
  if (name === undefined || peer === undefined) throw new StartProblem('--name and --peer: expected both, or neither')
  const own = serverName('--name', name)
  const peers = listOf(peer).map((each) => {
    const [, other, at] = /^([^=]+)=(.+)$/.exec(each) ?? []
    if (other === undefined || at === undefined) throw new StartProblem(`--peer ${each}: expected NAME=A:PORT`)
    return { name: serverName('--peer', other), ...listener('--peer', at) }
  })
  const names = [own, ...peers.map((each) => each.name)]
  const twice = names.find((each, at) => names.indexOf(each) !== at)
  if (twice !== undefined) throw new StartProblem(`--peer ${twice}: expected each server once, under a name of its own`)
  return { name: own, peers }
}

const serverName = (option: string, value: string) =>
  matching(option, value, /^[a-z][a-z0-9-]{0,30}$/, 'a name of small letters, digits and hyphens')

function accountOf({ 'trunk-user': user, 'trunk-password-file': file }: Given): TrunkOptions['account'] | undefined {
  if (user === undefined && file === undefined) return undefined
  if (user === undefined || file === undefined)
    throw new StartProblem('--trunk-user and --trunk-password-file: expected both, or neither')
  matching('--trunk-user', user, /^[\w.+-]+$/, 'letters, digits and . + - _')
  const password = readLine(file)
  // Never said: it is a secret.
  if (!/^[\x21-\x7e]+$/.test(password))
    throw new StartProblem(`--trunk-password-file ${file}: expected one line of printable characters, without spaces`)
  return { user, password }
}

function readLine(file: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '')
  } catch {
    throw new StartProblem(`--trunk-password-file ${file}: cannot be read`)
  }
}

function outsideOf({ outside, 'local-net': networks }: Given): ServerOptions['outside'] {
  if (outside === undefined && networks === undefined) return undefined
  if (outside === undefined || networks === undefined)
    throw new StartProblem('--outside and --local-net: expected both, or neither')
  if (!isIPv4(outside)) throw new StartProblem(`--outside ${outside}: expected an IPv4 address`)
  return { address: outside, localNetworks: listOf(networks).map((each) => network('--local-net', each)) }
}

function certificateOf({ 'tls-cert': certificate, 'tls-key': key }: Given): Certificate | undefined {
  if (certificate === undefined && key === undefined) return undefined
  if (certificate === undefined || key === undefined)
    throw new StartProblem('--tls-cert and --tls-key: expected both, or neither')
  return { certificate: pathOnServer('--tls-cert', certificate), key: pathOnServer('--tls-key', key) }
}

function httpsName({ 'https-name': name }: Given): { readonly name?: string } {
  return name === undefined ? {} : { name: hostName('--https-name', name) }
}

function needed(certificate: Certificate | undefined, option: string): Certificate {
  if (!certificate) throw new StartProblem(`${option}: expected --tls-cert and --tls-key too`)
  return certificate
}

function fallbackNumber(
  { 'fallback-number': number }: Given,
  trunks: readonly TrunkOptions[],
): Pick<ServerOptions, 'fallbackNumber'> {
  if (number === undefined) return {}
  if (trunks.length === 0) throw new StartProblem('--fallback-number: expected --trunk too')
  return { fallbackNumber: matching('--fallback-number', number, /^\+[1-9]\d{6,14}$/, 'a number as +46812345678') }
}

// --- one value ------------------------------------------------------------------------------------

/** In a file of Asterisk a `;` begins a comment, and a line ends what is said: nothing unread gets there. */
function matching(option: string, value: string, form: RegExp, expected: string): string {
  if (!form.test(value)) throw new StartProblem(`${option} ${value}: expected ${expected}`)
  return value
}

const hostName = (option: string, value: string) =>
  matching(option, value, /^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/, 'a host name or an IPv4 address')

function pathOnServer(option: string, path: string): string {
  if (!isAbsolute(path)) throw new StartProblem(`${option} ${path}: expected an absolute path on the Asterisk server`)
  return matching(option, path, /^[\w./@+-]+$/, 'a path of letters, digits and . _ @ + -')
}

function oneOf<const Choice extends string>(option: string, value: string, choices: readonly Choice[]): Choice {
  const found = choices.find((each) => each === value)
  if (found === undefined) throw new StartProblem(`${option} ${value}: expected ${choices.join(' or ')}`)
  return found
}

function listener(option: string, value: string): Listener {
  const [, address = '', port = ''] = /^([\d.]+):(\d+)$/.exec(value) ?? []
  if (!isIPv4(address))
    throw new StartProblem(`${option} ${value}: expected an IPv4 address and a port, as 127.0.0.1:5060`)
  return { address, port: portOf(option, port) }
}

function portOf(option: string, value: string): number {
  const port = readPort(value)
  if (port === undefined || port === 0) throw new StartProblem(`${option} ${value}: expected a port, 1 to 65535`)
  return port
}

function rangeOf(value: string): ServerOptions['rtp'] {
  const [, from = '', to = ''] = /^(\d+)-(\d+)$/.exec(value) ?? []
  const [min, max] = [readPort(from) ?? 0, readPort(to) ?? 0]
  if (min < 1024 || max < min + 3) throw new StartProblem(`--rtp ${value}: expected MIN-MAX, as 10000-19999`)
  return { min, max }
}

const listOf = (value: string) => value.split(',').map((each) => each.trim())

/** An IPv4 address, or a network as 192.0.2.0/24. */
function network(option: string, value: string): string {
  const [address = '', bits, ...rest] = value.split('/')
  const width = bits === undefined ? 32 : /^\d{1,2}$/.test(bits) ? Number(bits) : NaN
  if (!isIPv4(address) || !(width >= 8 && width <= 32) || rest.length > 0)
    throw new StartProblem(`${option} ${value}: expected an IPv4 address, or a network as 192.0.2.0/24`)
  return value
}
