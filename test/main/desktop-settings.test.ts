import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findService, originOfAddress } from '../../src/main/company-service.ts'
import { openDesktopSettings } from '../../src/main/desktop-settings.ts'
import { openSettingsFile } from '../../src/main/settings-file.ts'
import { useShortcuts } from '../../src/main/shortcuts.ts'
import { feedOf, whyNoUpdates } from '../../src/main/updates.ts'
import { openingBounds } from '../../src/main/window-bounds.ts'
import { startScene } from '../service/console/service-scene.ts'
import { temporaryDirectory } from '../support/persistence/temporary-directory.ts'

test.each([
  ['tele.example.se', 'https://tele.example.se'],
  [' https://tele.example.se:8443/desk#link=abc ', 'https://tele.example.se:8443'],
  ['http://127.0.0.1:8330', 'http://127.0.0.1:8330'],
  ['http://localhost:8330/', 'http://localhost:8330'],
  ['http://tele.example.se', undefined],
  ['https://anna:secret@tele.example.se', undefined],
  ['file:///etc/passwd', undefined],
  ['javascript:alert(1)', undefined],
  ['', undefined],
])('the address %j is %s', (typed, origin) => {
  expect(originOfAddress(typed)).toBe(origin)
})

test('a group service is known by its answer', async () => {
  const { service } = await startScene()
  const ask = (url: string, init: RequestInit) => fetch(url, init)
  expect(await findService(service.origin, ask)).toBeUndefined()
  expect(await findService('https://a.example', () => Promise.resolve(new Response('<html>')))).toEqual({
    kind: 'address',
  })
  expect(await findService('https://a.example', () => Promise.reject(new Error('no route')))).toEqual({
    kind: 'unreachable',
  })
})

function scene() {
  const done: unknown[] = []
  const taken = new Set(['Ctrl+Alt+T'])
  const file = openSettingsFile(join(temporaryDirectory(), 'desktop.json'))
  const registered = new Map<string, () => void>()
  const system = {
    register(accelerator: string, act: () => void) {
      if (taken.has(accelerator)) return false
      registered.set(accelerator, act)
      return true
    },
    unregisterAll: () => {
      registered.clear()
    },
  }
  const settings = openDesktopSettings({
    file,
    findService: (origin) => Promise.resolve(origin.includes('away') ? { kind: 'unreachable' } : undefined),
    startAtLogin: (on) => done.push(['startAtLogin', on]),
    useShortcuts: (shortcuts) => useShortcuts(shortcuts, system, (act) => done.push(act)),
    serviceChanged: () => done.push('serviceChanged'),
  })
  return { settings, file, done, registered }
}

test('another service is chosen when it answers, and the window opened anew only then', async () => {
  const { settings, done } = scene()
  expect(await settings.change({ service: 'http://tele.example.se' })).toEqual({ kind: 'address' })
  expect(await settings.change({ service: 'https://away.example.se' })).toEqual({ kind: 'unreachable' })
  expect([settings.read().service, done]).toEqual([undefined, []])
  expect(await settings.change({ service: 'tele.example.se' })).toBeUndefined()
  expect(await settings.change({ service: 'https://tele.example.se/' })).toBeUndefined()
  expect([settings.read().service, done]).toEqual(['https://tele.example.se', ['serviceChanged']])
  expect(await settings.change({ service: null })).toBeUndefined()
  expect(settings.read()).toEqual({ startAtLogin: false, shortcuts: {} })
})

test('shortcuts count at once, and those that cannot be had leave all as it was', async () => {
  const { settings, registered, done } = scene()
  expect(await settings.change({ shortcuts: { answer: 'Ctrl+Alt+S', mute: 'Ctrl+Shift+F9' } })).toBeUndefined()
  registered.get('Ctrl+Alt+S')?.()
  expect(done).toEqual(['answer'])
  for (const wrong of ['Ctrl+Alt+T', 'A', 'Ctrl+', 'Enter', 'Ctrl+Alt+Delete+Q'])
    expect(await settings.change({ shortcuts: { hangUp: wrong } }), wrong).toEqual({ kind: 'shortcut', act: 'hangUp' })
  expect([...registered.keys()]).toEqual(['Ctrl+Alt+S', 'Ctrl+Shift+F9'])
  expect(await settings.change({ shortcuts: { answer: '' } })).toBeUndefined()
  expect([...registered.keys()]).toEqual(['Ctrl+Shift+F9'])
})

test('starting at log-in is told to the system and kept', async () => {
  const { settings, done } = scene()
  await settings.change({ startAtLogin: true })
  expect([done, settings.read().startAtLogin]).toEqual([[['startAtLogin', true]], true])
})

const display = { x: 0, y: 0, width: 1920, height: 1040 }
const kept = { x: 100, y: 50, width: 1200, height: 700 }

test.each([
  ['the first time', undefined, [display], { width: 1280, height: 800 }],
  ['where it was', kept, [display], kept],
  ['on the second display', { ...kept, x: 2000 }, [display, { ...display, x: 1920 }], { ...kept, x: 2000 }],
  ['when that display is gone', { ...kept, x: 2000 }, [display], { width: 1280, height: 800 }],
  ['when its title bar was above every display', { ...kept, y: -400 }, [display], { width: 1280, height: 800 }],
  ['on a smaller display', { ...kept, width: 4000, height: 3000 }, [display], { ...kept, width: 1920, height: 1040 }],
  ['never too small to use', { ...kept, width: 120, height: 10 }, [display], { ...kept, width: 360, height: 480 }],
])('the window opens %s', (_, from, displays, bounds) => {
  expect(openingBounds(from, displays)).toEqual(bounds)
})

const feed = 'https://updates.example.com/gruppnummer'
test.each([
  ['Windows with a named publisher', { platform: 'win32', feed, publisherNames: ['Example AB'] }, undefined],
  ['macOS', { platform: 'darwin', feed, publisherNames: [] }, undefined],
  ['Windows without a publisher', { platform: 'win32', feed, publisherNames: [] }, /publisher/],
  ['Linux', { platform: 'linux', feed, publisherNames: [] }, /packages/],
  ['a feed without TLS', { platform: 'darwin', feed: 'http://a.example/', publisherNames: [] }, /https/],
  ['no feed', { platform: 'darwin', feed: undefined, publisherNames: [] }, /without an address/],
  ['its source', { platform: 'darwin', feed, publisherNames: [], packaged: false }, /source/],
] as const)('updates of %s', (_, installed, why) => {
  const told = whyNoUpdates({ packaged: true, ...installed })
  if (why === undefined) expect(told).toBeUndefined()
  else expect(told).toMatch(why)
})

test('the feed and its publishers are read from what the packager wrote', () => {
  const resources = temporaryDirectory()
  expect(feedOf(resources)).toEqual({ feed: undefined, publisherNames: [] })
  const written = `provider: generic\nurl: ${feed}\nupdaterCacheDirName: gruppnummer-updater\npublisherName:\n  - Example AB\n  - 'Other AB'\n`
  writeFileSync(join(resources, 'app-update.yml'), written)
  expect(feedOf(resources)).toEqual({ feed, publisherNames: ['Example AB', 'Other AB'] })
})
