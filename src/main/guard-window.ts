import { shell, type BrowserWindow, type Session } from 'electron'
import { mayOpenOutside, mayShow, mayUse, mayUseDevice } from './policy.ts'

/** Asks `policy.ts` at every permission of a session. */
export function guardSession(session: Session) {
  session.setPermissionRequestHandler((_contents, permission, answer, details) => {
    const mediaTypes = 'mediaTypes' in details ? details.mediaTypes : undefined
    const asking = { url: details.requestingUrl, mainFrame: details.isMainFrame }
    answer(mayUse(permission, { ...asking, ...(mediaTypes && { mediaTypes }) }))
  })
  session.setPermissionCheckHandler((_contents, permission, requestingOrigin, details) => {
    const asking = { url: requestingOrigin, mainFrame: details.isMainFrame }
    return mayUse(permission, {
      ...asking,
      ...(details.mediaType !== undefined && { mediaTypes: [details.mediaType] }),
    })
  })
  session.setDevicePermissionHandler(mayUseDevice)
  session.on('select-hid-device', (event, { deviceList }, choose) => {
    event.preventDefault()
    // The page asks for telephony devices alone.
    choose(deviceList[0]?.deviceId)
  })
}

/** Hands a page of others to the person's browser, where that may be. Whether it was. */
export async function openOutside(url: string): Promise<boolean> {
  if (!mayOpenOutside(url)) return false
  return shell.openExternal(url).then(
    () => true,
    () => false,
  )
}

/** A window stays on our own pages; others open in the person's browser, where they may. */
export function guardWindow({ webContents }: BrowserWindow) {
  webContents.setWindowOpenHandler(({ url }) => {
    void openOutside(url)
    return { action: 'deny' }
  })
  webContents.on('will-attach-webview', (event) => {
    event.preventDefault()
  })
  const guard = (event: Electron.Event<{ url: string }>) => {
    if (!mayShow(event.url)) event.preventDefault()
  }
  webContents.on('will-navigate', guard)
  webContents.on('will-frame-navigate', guard)
  webContents.on('will-redirect', guard)
}
