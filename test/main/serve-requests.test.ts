import type { IpcMainInvokeEvent, WebFrameMain } from 'electron'
import { expect, test } from 'vitest'
import { desktopArguments, type Desktop } from '../../src/contract/desktop.ts'
import { isOurs } from '../../src/main/policy.ts'
import { serveRequests } from '../../src/main/serve-requests.ts'
import { createDesktop } from '../../src/preload/create-desktop.ts'

const card = { title: '070-123 45 67', body: 'Kundtjänst', answer: 'Svara', reject: 'Avvisa' }
const settings = { startAtLogin: true, shortcuts: { answer: 'Ctrl+Alt+S' } }

/** Joins the window's side and the main side without Electron. */
function joined(from: string, parent: WebFrameMain | null = null) {
  const asked: unknown[] = []
  const handlers = new Map<string, (event: IpcMainInvokeEvent, ...given: unknown[]) => unknown>()
  const note = (name: string) => (given?: unknown) => void asked.push(given === undefined ? name : [name, given])
  serveRequests(
    { handle: (name, handler) => void handlers.set(name, handler) },
    {
      showRinging: note('showRinging'),
      stopRinging: note('stopRinging'),
      tell: note('tell'),
      press: note('press'),
      showState: note('showState'),
      openOutside: (url) => url === 'https://crm.example.com/',
      sessionToken: () => 'the token',
      readCopy: () => ({ mayKeep: true, text: 'the copy' }),
      keepCopy: note('keepCopy'),
      removeCopy: note('removeCopy'),
      readSettings: () => settings,
      changeSettings: ({ service }) => Promise.resolve(service === 'ftp://a' ? { kind: 'address' } : undefined),
    },
    isOurs,
  )
  const event = { senderFrame: { url: from, parent } as WebFrameMain } as IpcMainInvokeEvent
  const listeners = new Map<string, (event: never, told: unknown) => void>()
  const desktop: Desktop = createDesktop(
    {
      invoke: async (name, ...given: unknown[]) => Promise.resolve(handlers.get(name)?.(event, ...given)),
      on(name: string, listener: never) {
        listeners.set(name, listener)
        return this as never
      },
      off(name: string) {
        listeners.delete(name)
        return this as never
      },
    },
    'http://127.0.0.1:8330',
  )
  return { desktop, asked, handlers, event, listeners }
}

test('what the window asks reaches the desktop, and is answered', async () => {
  const { desktop, asked } = joined('app://gruppnummer/desk')
  const state = { mark: 'talking', words: 'i samtal', language: 'sv' } as const
  await desktop.showRinging(card)
  await desktop.stopRinging()
  await desktop.tell({ title: 'Gruppnummer', body: 'Cia loggade ut dig' })
  await desktop.press('reject')
  await desktop.showState(state)
  expect(asked).toEqual([
    ['showRinging', card],
    'stopRinging',
    ['tell', { title: 'Gruppnummer', body: 'Cia loggade ut dig' }],
    ['press', 'reject'],
    ['showState', state],
  ])
  expect(await desktop.openOutside('https://crm.example.com/')).toBe(true)
  expect(await desktop.openOutside('http://crm.example.com/')).toBe(false)
  expect(await desktop.sessionToken()).toBe('the token')
  expect(await desktop.readCopy()).toEqual({ mayKeep: true, text: 'the copy' })
  expect(await desktop.readSettings()).toEqual(settings)
  expect(await desktop.changeSettings({ service: null })).toBeUndefined()
  expect(await desktop.changeSettings({ service: 'ftp://a' })).toEqual({ kind: 'address' })
  expect(desktop.service).toBe('http://127.0.0.1:8330')
})

test('there is a handler for each request, and no other channel', () => {
  const { handlers } = joined('app://gruppnummer/desk')
  expect([...handlers.keys()].toSorted()).toEqual(Object.keys(desktopArguments).toSorted())
})

test.each(Object.keys(desktopArguments))('%s is not heard from another page, or from a frame', (name) => {
  for (const { handlers, event, asked } of [
    joined('https://example.com/'),
    joined('http://127.0.0.1:8330/desk'),
    joined('app://gruppnummer/desk', {} as WebFrameMain),
  ]) {
    expect(() => handlers.get(name)?.(event)).toThrow('not ours')
    expect(asked).toEqual([])
  }
})

test.each<[keyof typeof desktopArguments, ...unknown[]]>([
  ['showRinging', { title: 1 }],
  ['showRinging', card, 'more'],
  ['showRinging', { ...card, script: '' }],
  ['showRinging', { ...card, title: 'x'.repeat(201) }],
  ['press', 'hangUp'],
  ['tell', { title: 'Gruppnummer' }],
  ['showState', { mark: '../../secret', words: '', language: 'sv' }],
  ['openOutside', 7],
  ['openOutside', `https://${'x'.repeat(8000)}`],
  ['sessionToken', 'more'],
  ['changeSettings', { shortcuts: { quit: 'A' } }],
  ['changeSettings', { service: 'x'.repeat(301) }],
  ['changeSettings', { window: {} }],
])('%s refuses arguments of the wrong form', (name, ...given) => {
  const { handlers, event, asked } = joined('app://gruppnummer/desk')
  expect(() => handlers.get(name)?.(event, ...given)).toThrow()
  expect(asked).toEqual([])
})

test('what the desktop tells is heard until it is let go, and no channel can be named', () => {
  const { desktop, listeners } = joined('app://gruppnummer/desk')
  const heard: unknown[] = []
  const stop = desktop.on('dial', (number) => heard.push(number))
  listeners.get('dial')?.({} as never, '+46701234567')
  expect(heard).toEqual(['+46701234567'])
  stop()
  expect(listeners.size).toBe(0)
  expect(() => desktop.on('anything' as 'dial', () => undefined)).toThrow('expected one of')
})
