import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'

const script = fileURLToPath(new URL('../../scripts/asterisk.sh', import.meta.url))

let directory = ''
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'asterisk-script-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

const tree = () => join(directory, 'cache/gruppnummer/asterisk-22')

/** With these programs before those of the machine. */
function unpack(programs: Readonly<Record<string, string>>) {
  const bin = join(directory, 'bin')
  mkdirSync(bin, { recursive: true })
  for (const [name, does] of Object.entries(programs)) program(join(bin, name), does)
  const env = { ...process.env, PATH: `${bin}:${process.env.PATH ?? ''}`, XDG_CACHE_HOME: join(directory, 'cache') }
  const { status, stdout, stderr } = spawnSync('bash', [script], { encoding: 'utf8', env })
  return { status, stdout, why: stderr.trim().split('\n').at(-1) }
}

function program(path: string, does: string) {
  writeFileSync(path, `#!/bin/sh\n${does}\n`)
  chmodSync(path, 0o755)
}

const onLinux = test.skipIf(process.platform !== 'linux')

onLinux.each([
  ['not Linux', { uname: 'echo Darwin' }, /^not Linux$/],
  ['no network', offline(), /^(apt-get could not read forky from Debian's mirror|no \S+-keyring\S+ here)/],
  ['another architecture', { ...offline(), dpkg: 'echo riscv64' }, /^no Asterisk is tried on riscv64$/],
])('where there is %s, it says why, and leaves nothing that is taken for one', (_, programs, reason) => {
  const { status, stdout, why } = unpack(programs)
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
  expect(why).toMatch(reason)
  expect(readFileSync(`${tree()}.missing`, 'utf8').trim()).toBe(why)
  expect(existsSync(tree())).toBe(false)
})

onLinux('what is there is found at once, without asking anybody', () => {
  mkdirSync(join(tree(), 'usr/sbin'), { recursive: true })
  program(join(tree(), 'usr/sbin/asterisk'), 'exit 0')
  writeFileSync(`${tree()}.missing`, 'no network\n')
  const { status, stdout } = unpack(offline())
  expect({ status, stdout }).toEqual({ status: 0, stdout: `${tree()}\n` })
  expect(existsSync(`${tree()}.missing`)).toBe(false)
})

/** A machine of Debian whose apt reaches nobody. */
function offline() {
  const indexed = 'echo http://mirror.invalid/debian/ Debian Debian'
  return {
    uname: 'echo Linux',
    dpkg: 'echo amd64',
    'dpkg-deb': 'exit 1',
    flock: 'exit 0',
    'apt-get': `case "$*" in *indextargets*) ${indexed};; *) exit 100;; esac`,
  }
}
