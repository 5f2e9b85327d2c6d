import type { Page, WebSocketRoute } from 'playwright-core'
import { WebSocket } from 'ws'
import { desktopOrigin } from '../../../src/contract/console.ts'
import type { DesktopNotices, DesktopRequests } from '../../../src/contract/desktop.ts'
import { openForward } from '../../../src/main/forward.ts'
import { openPages } from '../../../src/main/open-pages.ts'
import type { RequestHandlers } from '../../../src/main/serve-requests.ts'

/** Stands for `app://gruppnummer`, which a browser does not know; only https is as safe to it. */
const origin = 'https://gruppnummer.test'

export interface DesktopWindow {
  readonly origin: string
  /** What the desktop program was asked, in order. */
  readonly asked: readonly (readonly [keyof DesktopRequests, ...unknown[]])[]
  tell<Name extends keyof DesktopNotices>(name: Name, told: DesktopNotices[Name]): Promise<void>
}

/**
 * A page as the desktop program shows it, without Electron: its own files, its HTTP handed on with the session's token, its
 * sockets opened from `app://gruppnummer`, and `window.desktop`.
 */
export async function openDesktopWindow(
  page: Page,
  service: string,
  given: Partial<RequestHandlers> = {},
): Promise<DesktopWindow> {
  const asked: (readonly [keyof DesktopRequests, ...unknown[]])[] = []
  let token: string | undefined
  const forward = openForward({
    service,
    token: { read: () => token, keep: (text) => (token = text), remove: () => (token = undefined) },
    fetch: (url, init) => fetch(url, init),
  })
  const pages = openPages({ directory: 'out/renderer', service, forward })
  await page.route(`${origin}/**`, async (route) => {
    const request = route.request()
    const body = request.postDataBuffer()
    const answer = await pages(
      new Request(request.url().replace(origin, desktopOrigin), {
        method: request.method(),
        headers: await request.allHeaders().then(withoutPseudo),
        ...(body && { body: new Uint8Array(body) }),
      }),
    )
    if (answer.type === 'error') return route.abort()
    await route.fulfill({
      status: answer.status,
      headers: Object.fromEntries(answer.headers),
      body: Buffer.from(await answer.arrayBuffer()),
    })
  })
  await page.routeWebSocket(new RegExp(`^${service.replace('http', 'ws')}/`), bridge)

  const handlers: Readonly<Record<string, (...told: never[]) => unknown>> = {
    sessionToken: () => token,
    readCopy: () => ({ mayKeep: false }),
    readSettings: () => ({ startAtLogin: false, shortcuts: {} }),
    ...given,
  }
  await page.exposeFunction('askDesktop', (name: keyof DesktopRequests, ...told: never[]) => {
    asked.push([name, ...told])
    return handlers[name]?.(...told)
  })
  await page.addInitScript((where) => {
    const listeners = new Map<string, Set<(told: unknown) => void>>()
    const ask =
      (name: string) =>
      (...told: unknown[]) =>
        (window as unknown as { askDesktop(name: string, ...told: unknown[]): Promise<unknown> }).askDesktop(
          name,
          ...told,
        )
    const names = [
      'showRinging',
      'stopRinging',
      'tell',
      'press',
      'showState',
      'openOutside',
      'sessionToken',
      'readCopy',
      'keepCopy',
      'removeCopy',
      'readSettings',
      'changeSettings',
    ]
    Object.assign(window, {
      desktop: {
        service: where,
        ...Object.fromEntries(names.map((name) => [name, ask(name)])),
        on(name: string, listener: (told: unknown) => void) {
          const all = listeners.get(name) ?? new Set()
          listeners.set(name, all.add(listener))
          return () => all.delete(listener)
        },
      },
      tellWindow: (name: string, told: unknown) => listeners.get(name)?.forEach((listener) => listener(told)),
    })
  }, service)

  return {
    origin,
    asked,
    async tell(name, told) {
      await page.evaluate(
        ([to, what]) => (window as unknown as { tellWindow(name: unknown, told: unknown): void }).tellWindow(to, what),
        [name, told] as const,
      )
    },
  }
}

const withoutPseudo = (headers: Record<string, string>) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith(':')))

/** What the page says goes on to the service as from the desktop program's own origin, and back. */
function bridge(route: WebSocketRoute) {
  const socket = new WebSocket(route.url(), route.url().endsWith('/sip') ? ['sip'] : [], { origin: desktopOrigin })
  const early: (string | Buffer)[] = []
  route.onMessage((message) => {
    if (socket.readyState === WebSocket.OPEN) socket.send(message)
    else early.push(message)
  })
  socket.on('open', () => {
    for (const message of early.splice(0)) socket.send(message)
  })
  socket.on('message', (data: Buffer, binary) => route.send(binary ? data : data.toString('utf8')))
  socket.on('close', () => void route.close())
  socket.on('error', () => undefined)
  route.onClose(() => {
    socket.close()
  })
}
