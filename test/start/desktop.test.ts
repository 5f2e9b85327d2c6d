import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { openDesktop, whyNoWindow } from '../../scripts/desktop.ts'

const display = { DISPLAY: ':0' }

test.each([
  ['a user at a display', { platform: 'linux', uid: 1000, environment: display }, undefined],
  ['a user under Wayland', { platform: 'linux', uid: 1000, environment: { WAYLAND_DISPLAY: 'wayland-0' } }, undefined],
  [
    'root, whose window would have no sandbox',
    { platform: 'linux', uid: 0, environment: display },
    /root.*ordinary user/,
  ],
  ['a machine without a display', { platform: 'linux', uid: 1000, environment: {} }, /no display/],
  ['Windows', { platform: 'win32', uid: undefined, environment: {} }, undefined],
  ['macOS', { platform: 'darwin', uid: 501, environment: {} }, undefined],
] as const)('a window is judged for %s', (_, surroundings, why) => {
  if (why === undefined) expect(whyNoWindow(surroundings)).toBeUndefined()
  else expect(whyNoWindow(surroundings)).toMatch(why)
})

test('a program that dies before it is ready is told as such', async () => {
  expect(await openDesktop('/bin/false')).toEqual({
    failed: 'the desktop program ended before it was ready (code 1)',
  })
})

test('a program that is not there is told as such', async () => {
  expect(await openDesktop('/nowhere/electron')).toMatchObject({
    failed: expect.stringContaining('could not be started'),
  })
})

const home = dirname(createRequire(import.meta.url).resolve('electron/package.json'))
const hasWindow =
  existsSync(join(home, 'dist')) &&
  whyNoWindow({ platform: process.platform, uid: process.getuid?.(), environment: process.env }) === undefined

test.skipIf(!hasWindow)('[needs an Electron binary and a display] the desktop program becomes ready', async () => {
  const { findElectron } = await import('../../scripts/desktop.ts')
  const opened = await openDesktop(findElectron() ?? '')
  expect(opened).not.toHaveProperty('failed')
  if (!('failed' in opened)) opened.kill()
})
