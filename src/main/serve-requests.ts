import type { IpcMain, WebFrameMain } from 'electron'
import { type DesktopRequests, desktopArguments } from '../contract/desktop.ts'

/** Listens to the window's requests: from our own page only, and with parsed arguments. A missing one does not compile. */
export function serveRequests(
  ipc: Pick<IpcMain, 'handle'>,
  requests: DesktopRequests,
  isOurs: (frame: WebFrameMain | null) => boolean,
) {
  const listen = (name: keyof DesktopRequests, act: (given: unknown[]) => void) => {
    ipc.handle(name, (event, ...given: unknown[]) => {
      if (!isOurs(event.senderFrame)) throw new Error(`${name} asked by a page that is not ours`)
      act(given)
    })
  }
  listen('showRinging', (given) => {
    requests.showRinging(...desktopArguments.showRinging.parse(given))
  })
  listen('stopRinging', (given) => {
    requests.stopRinging(...desktopArguments.stopRinging.parse(given))
  })
}
