import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildPackage } from '../../scripts/package.ts'
import { endSwitches } from '../e2e/support/office.ts'

mkdirSync('.cache', { recursive: true })
const installed = mkdtempSync('.cache/packed-')
const home = resolve(installed, 'node_modules', 'gruppnummer')
const data = mkdtempSync(join(tmpdir(), 'gruppnummer-packed-'))

/** Laid where npm would lay it: under `node_modules`, where Node strips no types; packages are found above. */
beforeAll(() => {
  expect(buildPackage()).toBe(true)
  const listed = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { encoding: 'utf8' })
  const files = (JSON.parse(listed) as { files: { path: string }[] }[])[0]?.files.map(({ path }) => path) ?? []
  expect(files.filter((file) => file.endsWith('.ts'))).toEqual([])
  for (const file of files) cpSync(file, join(home, file))
}, 120_000)

afterAll(() => {
  endSwitches(data)
  rmSync(installed, { recursive: true, force: true })
  rmSync(data, { recursive: true, force: true, maxRetries: 5 })
})

const bin = join(home, 'bin', 'gruppnummer.mjs')

test('a packed program says whether a number is open', () => {
  const said = execFileSync(
    process.execPath,
    [
      bin,
      'status',
      join(home, 'resources/example'),
      '--number',
      '+46122260980',
      '--at',
      '2026-11-23T09:00:00+01:00',
      '--json',
    ],
    { encoding: 'utf8' },
  )
  expect(JSON.parse(said)).toMatchObject({ open: true, reason: { kind: 'schedule' } })
})

test('a packed program serves the console, with its switch and its journal', async () => {
  const served = spawn(process.execPath, [bin, 'serve', '--config', data, '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = (await once(createInterface(served.stdout), 'line')) as [string]
  const origin = /http:\S+/.exec(line)?.[0] ?? ''
  expect((await fetch(origin)).headers.get('content-type')).toContain('text/html')
  await expect
    .poll(async (): Promise<unknown> => (await fetch(`${origin}/api/health`)).json(), { timeout: 10_000, interval: 50 })
    .toMatchObject({ switch: 'attached' })
  served.kill('SIGTERM')
  expect(await once(served, 'exit')).toEqual([0, null])
})
