import type { IpcMainInvokeEvent, WebFrameMain } from 'electron'
import { expect, test } from 'vitest'
import type { Desktop, RingingCard } from '../../src/contract/desktop.ts'
import { isOurs } from '../../src/main/policy.ts'
import { serveRequests } from '../../src/main/serve-requests.ts'
import { createDesktop } from '../../src/preload/create-desktop.ts'

const home = 'http://127.0.0.1:8330'
const card = { title: '070-123 45 67', body: 'Kundtjänst' }

/** Joins the window's side and the main side without Electron. */
function joined(from: string) {
  const shown: (RingingCard | 'stopped')[] = []
  const handlers = new Map<string, (event: IpcMainInvokeEvent, ...given: unknown[]) => unknown>()
  serveRequests(
    { handle: (name, handler) => void handlers.set(name, handler) },
    { showRinging: (call) => void shown.push(call), stopRinging: () => void shown.push('stopped') },
    (frame) => isOurs(frame, home),
  )
  const event = { senderFrame: { url: from, parent: null } as WebFrameMain } as IpcMainInvokeEvent
  const desktop: Desktop = createDesktop({
    invoke: async (name, ...given: unknown[]) => Promise.resolve(handlers.get(name)?.(event, ...given)),
  })
  return { desktop, shown, handlers, event }
}

test('what the window asks reaches the desktop', async () => {
  const { desktop, shown } = joined(`${home}/desk`)
  await desktop.showRinging(card)
  await desktop.stopRinging()
  expect(shown).toEqual([card, 'stopped'])
})

test('another page is not listened to', async () => {
  const { desktop, shown } = joined('https://example.com/')
  await expect(desktop.showRinging(card)).rejects.toThrow('not ours')
  expect(shown).toEqual([])
})

test('an argument of the wrong form is refused', () => {
  const { handlers, event, shown } = joined(`${home}/desk`)
  expect(() => handlers.get('showRinging')?.(event, { title: 1 })).toThrow()
  expect(() => handlers.get('showRinging')?.(event, card, 'more')).toThrow()
  expect(shown).toEqual([])
})
