import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** A program of the test's surroundings: the real parties that a call is proved with. */
interface Peer {
  readonly program: string
  /** Debian's packages that bring it. */
  readonly packages: readonly string[]
  readonly for: string
}

const peers: readonly Peer[] = [
  { program: '/usr/bin/chromium', packages: ['chromium'], for: 'the console in a real browser' },
  { program: '/usr/bin/sipp', packages: ['sip-tester'], for: 'callers over UDP' },
  { program: '/usr/bin/espeak-ng', packages: ['espeak-ng'], for: 'text that is spoken' },
  { program: '/usr/bin/baresip', packages: ['baresip-core'], for: 'a telephone over UDP' },
]

/**
 * Installs the missing peers where it may: on Debian, as root, with apt-get; never with sudo.
 * What stays missing is skipped by name in the tests that need it.
 */
export function installPeers() {
  installPrograms()
  unpackAsterisk()
}

/** Needs no root and installs nothing: a few seconds and 170 MB in the user's cache, once. */
function unpackAsterisk() {
  const script = fileURLToPath(new URL('asterisk.sh', import.meta.url))
  const { stderr, status, error } = spawnSync('bash', [script], { encoding: 'utf8' })
  if (status === 0) return
  const why = error ? 'no bash here' : stderr.trim().split('\n').at(-1)
  console.log(`No Asterisk (${why}). Tests that need it are skipped by name.`)
}

function installPrograms() {
  const missing = peers.filter(({ program }) => !existsSync(program))
  if (missing.length === 0) return
  const names = missing.flatMap(({ packages }) => packages)
  const why = reasonNotTo()
  if (why) {
    console.log(`Not installed (${why}): ${names.join(', ')}. Tests that need them are skipped by name.`)
    return
  }
  console.log(
    `Installing with apt-get: ${missing.map((peer) => `${peer.packages.join(' ')} (${peer.for})`).join(', ')}`,
  )
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const run = (...given: string[]) =>
    spawnSync('apt-get', given, { stdio: ['ignore', 'ignore', 'inherit'], env: environment, timeout: 10 * 60_000 })
  run('update', '-q')
  const outcome = run('install', '-y', '-q', '--no-install-recommends', ...names)
  if (outcome.status !== 0)
    console.log(`apt-get could not install ${names.join(', ')}; tests that need them are skipped.`)
}

function reasonNotTo() {
  if (process.platform !== 'linux') return 'not Linux'
  if (!existsSync('/usr/bin/apt-get')) return 'no apt-get here'
  if (process.getuid?.() !== 0) return 'not root'
  return undefined
}
