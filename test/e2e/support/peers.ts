import { accessSync, constants, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
import { test, type TestContext } from 'vitest'

/** Programs beside ours that a test talks with: where each is; undefined: not on this machine. */
export const peers = {
  chromium: process.env.CHROMIUM ?? find('chromium') ?? find('google-chrome'),
  sipp: find('sipp'),
  baresip: find('baresip'),
  openssl: find('openssl'),
  /** The directory that `scripts/asterisk.sh` unpacked it into; `/` for one that is installed. */
  asterisk: process.env.ASTERISK_ROOT ?? unpackedAsterisk(),
  'espeak-ng': find('espeak-ng'),
  'systemd-analyze': find('systemd-analyze'),
} as const

/**
 * A test that talks with these programs: skipped, and counted as such, where one is missing; its name then
 * says which.
 */
export function testWith(...names: readonly (keyof typeof peers)[]) {
  const missing = withoutPeers(...names)
  return (name: string, scene: (context: TestContext) => Promise<void>) => {
    test.skipIf(missing !== undefined)(missing === undefined ? name : `${name} (${missing})`, scene)
  }
}

/** Which of them are missing, in words; undefined: none. */
export function withoutPeers(...names: readonly (keyof typeof peers)[]): string | undefined {
  const missing = names.filter((name) => peers[name] === undefined)
  if (missing.length === 0) return undefined
  return `no ${missing.map((peer) => (peer === 'asterisk' ? `asterisk${whyNoAsterisk()}` : peer)).join(', ')} here`
}

function asteriskDirectory(): string {
  const { XDG_CACHE_HOME: home } = process.env
  return join(home?.startsWith('/') === true ? home : join(homedir(), '.cache'), 'gruppnummer', 'asterisk-22')
}

function unpackedAsterisk(): string | undefined {
  const directory = asteriskDirectory()
  return isExecutable(join(directory, 'usr/sbin/asterisk')) ? directory : undefined
}

/** What `scripts/asterisk.sh` said when it could not. */
function whyNoAsterisk(): string {
  try {
    return `: ${readFileSync(`${asteriskDirectory()}.missing`, 'utf8').trim()};`
  } catch {
    return ''
  }
}

function find(program: string): string | undefined {
  for (const directory of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(directory, program)
    if (isExecutable(path)) return path
  }
  return undefined
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
