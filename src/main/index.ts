import { join } from 'node:path'
import {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  nativeImage,
  Notification,
  session,
  shell,
  Tray,
  utilityProcess,
  type UtilityProcess,
} from 'electron'
import { menuWords } from './menu-words.ts'
import { isOurs, mayOpenOutside, mayShow, mayUse, webPreferences, type Origin } from './policy.ts'
import { serveRequests } from './serve-requests.ts'
import { type FromServiceProcess, fromServiceSchema, type ToServiceProcess } from './service-talk.ts'

/** The desktop program: starts the service and the switch, each a process of its own, and shows the console. */
let window: BrowserWindow | undefined
let tray: Tray | undefined
let service: UtilityProcess | undefined
let leaving = false

app.enableSandbox()
if (app.requestSingleInstanceLock()) {
  app.on('second-instance', showWindow)
  app.on('before-quit', leave)
  // The window closes to the tray: calls go on.
  app.on('window-all-closed', () => undefined)
  void app.whenReady().then(start)
} else app.quit()

function start() {
  service = utilityProcess.fork(join(import.meta.dirname, 'serve.js'), [join(app.getAppPath(), 'resources/example')])
  service.on('message', (message: unknown) => {
    heard(fromServiceSchema.parse(message))
  })
  service.once('exit', (code) => {
    if (!leaving) fail(`the service ended (code ${code})`)
  })
}

function heard(message: FromServiceProcess) {
  switch (message.type) {
    case 'ready':
      openWindow(message.origin, message.link)
      break
    case 'startSwitch':
      startSwitch(message.program, message.argument)
      break
    case 'failed':
      fail(message.why)
  }
}

function startSwitch(program: string, argument: string) {
  utilityProcess.fork(program, [argument]).once('exit', (code) => {
    tellService({ type: 'switchEnded', code })
  })
}

function openWindow(origin: Origin, link: string) {
  guardSession(origin)
  const opened = new BrowserWindow({
    width: 1280,
    height: 800,
    minWidth: 360,
    minHeight: 480,
    show: false,
    webPreferences: { ...webPreferences, preload: join(import.meta.dirname, '../preload/index.cjs') },
  })
  window = opened
  opened.once('ready-to-show', () => {
    opened.show()
    console.log('Gruppnummer is ready')
  })
  opened.on('close', (event) => {
    if (leaving) return
    event.preventDefault()
    opened.hide()
  })
  guardNavigation(opened, origin)
  listenTo(opened, origin)
  openTray()
  void opened.loadURL(link)
}

function guardSession(origin: Origin) {
  const { defaultSession } = session
  defaultSession.setPermissionRequestHandler((_contents, permission, answer, details) => {
    const mediaTypes = 'mediaTypes' in details ? details.mediaTypes : undefined
    answer(
      mayUse(
        permission,
        { url: details.requestingUrl, mainFrame: details.isMainFrame, ...(mediaTypes && { mediaTypes }) },
        origin,
      ),
    )
  })
  defaultSession.setPermissionCheckHandler((_contents, permission, requestingOrigin, details) =>
    mayUse(
      permission,
      {
        url: requestingOrigin,
        mainFrame: details.isMainFrame,
        ...(details.mediaType !== undefined && { mediaTypes: [details.mediaType] }),
      },
      origin,
    ),
  )
}

function guardNavigation({ webContents }: BrowserWindow, origin: Origin) {
  webContents.setWindowOpenHandler(({ url }) => {
    if (mayOpenOutside(url)) void shell.openExternal(url)
    return { action: 'deny' }
  })
  webContents.on('will-attach-webview', (event) => {
    event.preventDefault()
  })
  const guard = (event: Electron.Event<{ url: string }>) => {
    if (!mayShow(event.url, origin)) event.preventDefault()
  }
  webContents.on('will-navigate', guard)
  webContents.on('will-frame-navigate', guard)
  webContents.on('will-redirect', guard)
}

function listenTo(opened: BrowserWindow, origin: Origin) {
  let shown: Notification | undefined
  serveRequests(
    ipcMain,
    {
      showRinging({ title, body }) {
        opened.flashFrame(true)
        if (opened.isFocused()) return
        shown = new Notification({ title, body, urgency: 'critical' })
        shown.once('click', showWindow)
        shown.show()
      },
      stopRinging() {
        opened.flashFrame(false)
        shown?.close()
        shown = undefined
      },
    },
    (frame) => isOurs(frame, origin),
  )
}

function openTray() {
  tray ??= new Tray(nativeImage.createFromPath(join(app.getAppPath(), 'resources/icons/tray.png')))
  const { show, quit } = menuWords(app.getLocale())
  tray.setToolTip('Gruppnummer')
  tray.on('click', showWindow)
  tray.setContextMenu(
    Menu.buildFromTemplate([
      { label: show, click: showWindow },
      { label: quit, click: () => app.quit() },
    ]),
  )
}

function showWindow() {
  window?.show()
  window?.focus()
}

function leave(event: Electron.Event) {
  if (leaving || !service) return
  leaving = true
  event.preventDefault()
  service.once('exit', () => {
    app.quit()
  })
  tellService({ type: 'stop' })
}

function tellService(message: ToServiceProcess) {
  service?.postMessage(message)
}

function fail(why: string) {
  leaving = true
  console.error(`Gruppnummer could not start: ${why}`)
  dialog.showErrorBox('Gruppnummer', why)
  app.exit(2)
}
