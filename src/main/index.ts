import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import {
  app,
  BrowserWindow,
  crashReporter,
  dialog,
  globalShortcut,
  ipcMain,
  Menu,
  net,
  powerMonitor,
  protocol,
  safeStorage,
  screen,
  session,
} from 'electron'
import { desktopOrigin } from '../contract/console.ts'
import { serviceArgument, type DesktopNotices, type TrayState } from '../contract/desktop.ts'
import { applicationMenu } from './application-menu.ts'
import { findService } from './company-service.ts'
import { openCrashLog } from './crash-log.ts'
import { openDesktopSettings } from './desktop-settings.ts'
import { openForward } from './forward.ts'
import { guardSession, guardWindow, openOutside } from './guard-window.ts'
import { autostartEntry } from './login-entry.ts'
import { keepUpdated } from './keep-updated.ts'
import { languageOf, menuWords } from './menu-words.ts'
import { openOfflineCopy } from './offline-copy.ts'
import { openPages } from './open-pages.ts'
import { startOwnService, type OwnService } from './own-service.ts'
import { isOurs, webPreferences } from './policy.ts'
import { openRinging } from './ringing.ts'
import { openSecretFile } from './secret-file.ts'
import { serveRequests } from './serve-requests.ts'
import { openSettingsFile } from './settings-file.ts'
import { useShortcuts } from './shortcuts.ts'
import { numberAmong, numberOfLink } from './tel-link.ts'
import { openTray } from './tray.ts'
import { openingBounds, smallest } from './window-bounds.ts'

/** The desktop program: starts the service and the switch, or finds the company's, and shows the console. */
const data = app.getPath('userData')
/** Beside the archive where the program is packed. */
const resources = join(app.isPackaged ? process.resourcesPath : app.getAppPath(), 'resources')
const preload = join(import.meta.dirname, '../preload/index.cjs')
const crashed = openCrashLog(join(data, 'crashes.log'), () => new Date())
let window: BrowserWindow | undefined
let ringing: ReturnType<typeof openRinging> | undefined
let tray: ReturnType<typeof openTray> | undefined
let state: TrayState | undefined
let ownService: OwnService | undefined
let leaving = false
/** Of a link that came before the window was there. */
let toDial = numberAmong(process.argv)

app.enableSandbox()
crashReporter.start({ uploadToServer: false })
protocol.registerSchemesAsPrivileged([
  {
    scheme: new URL(desktopOrigin).protocol.slice(0, -1),
    privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true },
  },
])
for (const scheme of ['tel', 'callto']) app.setAsDefaultProtocolClient(scheme)

if (app.requestSingleInstanceLock()) {
  app.on('second-instance', (_event, args) => {
    dial(numberAmong(args))
    showWindow()
  })
  app.on('open-url', (event, url) => {
    event.preventDefault()
    dial(numberOfLink(url))
    showWindow()
  })
  app.on('before-quit', leave)
  // The window closes to the tray: calls go on.
  app.on('window-all-closed', () => undefined)
  app.on('activate', showWindow)
  app.on('render-process-gone', (_event, _contents, { reason, exitCode }) => {
    crashed('window', { reason, code: exitCode })
    // Calls are in the switch: the desk comes back into them.
    if (!leaving && reason !== 'clean-exit') window?.reload()
  })
  app.on('child-process-gone', (_event, { type, reason, exitCode, name }) => {
    crashed(name ?? type, { reason, code: exitCode })
  })
  void app.whenReady().then(start)
} else app.quit()

function start() {
  const settings = openSettingsFile(join(data, 'desktop.json'))
  const language = languageOf(app.getLocale())
  Menu.setApplicationMenu(Menu.buildFromTemplate(applicationMenu(language, process.platform)))
  tray = openTray({
    directory: join(resources, 'icons'),
    language,
    show: showWindow,
    quit: () => {
      app.quit()
    },
  })
  guardSession(session.defaultSession)
  const token = openSecretFile(join(data, 'session'), safeStorage)
  const copy = openOfflineCopy(join(data, 'offline-copy'), safeStorage, () => Date.now())
  let pages: ReturnType<typeof openPages> | undefined
  protocol.handle('app', (request) => pages?.(request) ?? Response.error())

  const pressed = (act: DesktopNotices['asked']) => {
    if (act === 'show' || act === 'answer') showWindow()
    tellWindow('asked', act)
  }
  const chosen = openDesktopSettings({
    file: settings,
    findService: (origin) => findService(origin, (url, init) => net.fetch(url, init)),
    startAtLogin,
    useShortcuts: (shortcuts) => useShortcuts(shortcuts, globalShortcut, pressed),
    serviceChanged: () => {
      token.remove()
      copy.remove()
      openConsole()
    },
  })
  useShortcuts(settings.current.shortcuts, globalShortcut, pressed)
  serveRequests(
    ipcMain,
    {
      showRinging: (card) => ringing?.start(card),
      stopRinging: () => ringing?.stop(),
      tell: (note) => ringing?.tell(note),
      press: pressed,
      showState: (told) => {
        state = told
        tray?.draw(told)
      },
      openOutside,
      sessionToken: () => token.read(),
      readCopy: copy.read,
      keepCopy: copy.keep,
      removeCopy: copy.remove,
      readSettings: chosen.read,
      changeSettings: chosen.change,
    },
    isOurs,
  )
  powerMonitor.on('resume', () => {
    tellWindow('woke', null)
  })
  powerMonitor.on('unlock-screen', () => {
    tellWindow('woke', null)
  })
  keepUpdated(crashed)
  openConsole()

  /** At the company's service where one is chosen, else at the one inside the program. */
  function openConsole() {
    const { service } = settings.current
    if (service === undefined) return startOwn()
    void ownService?.stop()
    ownService = undefined
    showConsole(service, '')
  }

  function startOwn() {
    ownService = startOwnService({
      initial: join(resources, 'example'),
      ready: ({ origin, link }) => {
        showConsole(origin, new URL(link).hash)
      },
      failed: fail,
      ended: (what, code) => {
        if (!leaving && code !== 0) crashed(what, { code: code ?? 'none' })
      },
    })
  }

  function showConsole(service: string, hash: string) {
    pages = openPages({
      directory: join(app.getAppPath(), 'out/renderer'),
      service,
      forward: openForward({ service, token, fetch: (url, init) => net.fetch(url, init) }),
    })
    const old = window
    ringing?.stop()
    const kept = settings.current.window
    const opened = new BrowserWindow({
      ...openingBounds(
        kept?.bounds,
        screen.getAllDisplays().map(({ workArea }) => workArea),
      ),
      minWidth: smallest.width,
      minHeight: smallest.height,
      show: false,
      webPreferences: { ...webPreferences, preload, additionalArguments: [`${serviceArgument}${service}`] },
    })
    window = opened
    ringing = openRinging({ window: opened, preload, guard: guardWindow, show: showWindow, press: pressed })
    opened.once('ready-to-show', () => {
      if (kept?.maximized === true) opened.maximize()
      if (!process.argv.includes('--hidden')) opened.show()
      console.log('Gruppnummer is ready')
    })
    opened.webContents.on('did-finish-load', () => {
      dial(toDial)
    })
    opened.on('close', (event) => {
      settings.change({ window: { bounds: opened.getNormalBounds(), maximized: opened.isMaximized() } })
      if (leaving || window !== opened) return
      event.preventDefault()
      opened.hide()
    })
    guardWindow(opened)
    if (old && !old.isDestroyed()) old.destroy()
    void opened.loadURL(`${desktopOrigin}/${hash}`)
  }
}

function tellWindow<Name extends keyof DesktopNotices>(name: Name, told: DesktopNotices[Name]) {
  if (window && !window.isDestroyed()) window.webContents.send(name, told)
}

/** Fills in, and never dials; kept until there is a window. */
function dial(number: string | undefined) {
  toDial = number
  if (number === undefined || !window || window.webContents.isLoading()) return
  toDial = undefined
  tellWindow('dial', number)
}

function startAtLogin(on: boolean) {
  if (process.platform !== 'linux') return app.setLoginItemSettings({ openAtLogin: on, args: ['--hidden'] })
  const entry = join(app.getPath('appData'), 'autostart', 'gruppnummer.desktop')
  if (!on) return rmSync(entry, { force: true })
  mkdirSync(dirname(entry), { recursive: true })
  writeFileSync(entry, autostartEntry(process.env.APPIMAGE ?? process.execPath))
}

function showWindow() {
  window?.show()
  window?.focus()
}

function leave(event: Electron.Event) {
  if (leaving) return
  if (state?.mark === 'talking' && !isSure(state.language)) return event.preventDefault()
  leaving = true
  if (!ownService) return
  event.preventDefault()
  void ownService.stop().then(() => {
    app.quit()
  })
}

function isSure(language: TrayState['language']): boolean {
  const { inCall, inCallDetail, stay, quit } = menuWords[language]
  const asked = { type: 'question' as const, message: inCall, detail: inCallDetail, buttons: [stay, quit], cancelId: 0 }
  return dialog.showMessageBoxSync(asked) === 1
}

function fail(why: string) {
  leaving = true
  console.error(`Gruppnummer could not start: ${why}`)
  dialog.showErrorBox('Gruppnummer', why)
  app.exit(2)
}
