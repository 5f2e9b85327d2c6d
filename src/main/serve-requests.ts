import type { IpcMain, WebFrameMain } from 'electron'
import { type DesktopRequests, desktopArguments } from '../contract/desktop.ts'

/** One handler for each request; a missing one does not compile. */
export type RequestHandlers = {
  readonly [Name in keyof DesktopRequests]: (
    ...given: Parameters<DesktopRequests[Name]>
  ) => ReturnType<DesktopRequests[Name]> | Promise<ReturnType<DesktopRequests[Name]>>
}

/** Listens to the window's requests: from our own page only, and with parsed arguments. */
export function serveRequests(
  ipc: Pick<IpcMain, 'handle'>,
  handlers: RequestHandlers,
  isOurs: (frame: WebFrameMain | null) => boolean,
) {
  const listen = (name: keyof DesktopRequests) => {
    const handle = handlers[name] as (...given: unknown[]) => unknown
    ipc.handle(name, (event, ...given: unknown[]) => {
      if (!isOurs(event.senderFrame)) throw new Error(`${name} asked by a page that is not ours`)
      return handle(...desktopArguments[name].parse(given))
    })
  }
  for (const name of Object.keys(desktopArguments)) listen(name as keyof DesktopRequests)
}
