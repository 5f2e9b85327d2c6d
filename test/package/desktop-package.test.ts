import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { extractFile, listPackage } from '@electron/asar'
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { build } from '../../scripts/build.ts'
import { packProgram } from '../../scripts/packaging.ts'

/** Of @electron/fuses: what the wire of fuses in a binary begins with. */
const sentinel = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'
let packed: string
const directories: string[] = []

afterAll(() => {
  for (const directory of directories) rmSync(directory, { recursive: true, force: true })
})

/** A distribution with nothing in it but what the packager handles: Electron's own cannot be had everywhere. */
function standIn(directory: string): string {
  mkdirSync(join(directory, 'resources'), { recursive: true })
  mkdirSync(join(directory, 'locales'))
  const fuses = Buffer.from([1, 9, ...Buffer.from('101100001')])
  writeFileSync(join(directory, 'electron'), Buffer.concat([Buffer.from(`a stand-in ${sentinel}`), fuses]), {
    mode: 0o755,
  })
  for (const name of ['version', 'LICENSE', 'LICENSES.chromium.html']) writeFileSync(join(directory, name), '45.4.1')
  return directory
}

async function pack(): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'gruppnummer-'))
  directories.push(directory)
  const output = join(directory, 'release')
  await packProgram({ distribution: standIn(join(directory, 'electron')), output, bare: true })
  return join(output, 'linux-unpacked')
}

const here = process.platform === 'linux'

beforeAll(async () => {
  if (!here) return
  expect(build()).toBe(true)
  packed = await pack()
}, 240_000)

const archive = () => join(packed, 'resources/app.asar')

test.runIf(here)('[needs Linux] the archive holds what runs, and nothing else', () => {
  const files = listPackage(archive(), { isPack: false })
  for (const file of ['/package.json', '/out/main/index.js', '/out/main/serve.js', '/out/preload/index.cjs'])
    expect(files).toContain(file)
  expect(files).toContain('/out/renderer/card.html')
  expect(files).toContain('/node_modules/fastify/fastify.js')
  const others = files.filter((file) => !/^\/(?:package\.json|out|node_modules)(?:\/|$)/.test(file))
  expect(others).toEqual([])
  expect(files.filter((file) => /\.(?:ts|map|md)$/.test(file))).toEqual([])
  for (const name of ['node', 'electron', 'vue', 'typescript', 'vitest', 'playwright-core'])
    expect(files, name).not.toContain(`/node_modules/${name}`)
  const secrets = files.filter((file) => /\.env|accounts\.json|\.pem$|\.key$/.test(file))
  expect(secrets).toEqual([])
})

test.runIf(here)('[needs Linux] every package that the bundles import is in the archive', () => {
  const files = new Set(listPackage(archive(), { isPack: false }))
  const bundles = [...files].filter((file) => file.startsWith('/out/main/') && file.endsWith('.js'))
  expect(bundles.length).toBeGreaterThan(3)
  for (const bundle of bundles) {
    const text = extractFile(archive(), bundle.slice(1)).toString()
    const from = [...text.matchAll(/^\s*import\s(?:[^'"]*?\sfrom\s)?["']([^."'][^"']*)["']/gm)].map(
      ([, name = '']) => name,
    )
    for (const name of from.filter((each) => !each.startsWith('node:') && each !== 'electron')) {
      const package_ = name
        .split('/')
        .slice(0, name.startsWith('@') ? 2 : 1)
        .join('/')
      expect(files, `${bundle} imports ${name}`).toContain(`/node_modules/${package_}/package.json`)
    }
  }
})

test.runIf(here)('[needs Linux] native code and the company’s resources are files of their own', () => {
  const unpacked = readdirSync(`${archive()}.unpacked`, { recursive: true }).map(String)
  expect(unpacked.some((file) => /node-datachannel.*\.node$/.test(file))).toBe(true)
  expect(
    unpacked.filter(
      (file) => statSync(join(`${archive()}.unpacked`, file)).isFile() && !/(?:\.node|package\.json)$/.test(file),
    ),
  ).toEqual([])
  expect(readdirSync(join(packed, 'resources/resources'))).toEqual(
    expect.arrayContaining(['example', 'icons', 'numbers', 'prerecorded']),
  )
})

test.runIf(here)('[needs Linux] the fuses of the program are as they must be', async () => {
  const wire = await getCurrentFuseWire(join(packed, 'gruppnummer'))
  const on = [
    FuseV1Options.EnableCookieEncryption,
    FuseV1Options.EnableEmbeddedAsarIntegrityValidation,
    FuseV1Options.OnlyLoadAppFromAsar,
  ]
  const off = [
    FuseV1Options.RunAsNode,
    FuseV1Options.EnableNodeOptionsEnvironmentVariable,
    FuseV1Options.EnableNodeCliInspectArguments,
    FuseV1Options.GrantFileProtocolExtraPrivileges,
  ]
  expect(on.map((fuse) => wire[fuse])).toEqual(on.map(() => FuseState.ENABLE))
  expect(off.map((fuse) => wire[fuse])).toEqual(off.map(() => FuseState.DISABLE))
})

test.runIf(here)(
  '[needs Linux] the same source packs to the same bytes',
  async () => {
    const sum = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex')
    expect(sum(join(await pack(), 'resources/app.asar'))).toBe(sum(archive()))
  },
  120_000,
)
