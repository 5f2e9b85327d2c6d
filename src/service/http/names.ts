import { X509Certificate } from 'node:crypto'
import { isIPv6 } from 'node:net'
import { hostname, networkInterfaces } from 'node:os'

const loopbackNames = ['127.0.0.1', 'localhost', '[::1]']

/** Whether only this machine itself can reach what listens there. */
export function isLoopback(address: string): boolean {
  const bare = address.replace(/^::ffff:/, '')
  return bare === 'localhost' || bare === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(bare)
}

/** The names by which a service that listens on `host` is reached; the first is the one to print. */
export function listeningNames(host: string, certificate: string | undefined): string[] {
  if (isLoopback(host)) return distinct([spelled(host), ...loopbackNames])
  const everywhere = host === '0.0.0.0' || host === '::'
  const own = everywhere
    ? [...certified(certificate), hostname(), ...ownAddresses()]
    : [host, ...certified(certificate)]
  return distinct([...own.map(spelled), ...loopbackNames])
}

function certified(certificate: string | undefined): string[] {
  if (certificate === undefined) return []
  const names = new X509Certificate(certificate).subjectAltName ?? ''
  return [...names.matchAll(/(?:DNS|IP Address):([^,\s]+)/g)].flatMap(([, name]) => (name === undefined ? [] : [name]))
}

function ownAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((addresses) => (addresses ?? []).map(({ address }) => address))
}

/** As a browser writes it in `Host`. */
const spelled = (name: string) => (isIPv6(name) ? `[${name}]` : name).toLowerCase()

const distinct = (names: readonly string[]) => [...new Set(names)]
