import { BrowserWindow, Notification, screen } from 'electron'
import { desktopOrigin } from '../contract/console.ts'
import type { CardAct, Note, RingingCard } from '../contract/desktop.ts'
import { webPreferences } from './policy.ts'

interface RingingParts {
  /** The window that rings. */
  readonly window: BrowserWindow
  readonly preload: string
  readonly guard: (opened: BrowserWindow) => void
  readonly show: () => void
  readonly press: (act: CardAct) => void
}

/** What says that a call rings while the window is not in front: a notification, and a small card above other programs. */
export function openRinging({ window, preload, guard, show, press }: RingingParts) {
  let notification: Notification | undefined
  let card: BrowserWindow | undefined

  function start(told: RingingCard) {
    stop()
    window.flashFrame(true)
    if (window.isFocused()) return
    notification = new Notification({
      title: told.title,
      body: told.body,
      urgency: 'critical',
      // The window rings itself.
      silent: true,
      // Buttons are shown on macOS alone; elsewhere the card has them.
      actions: [
        { type: 'button', text: told.answer },
        { type: 'button', text: told.reject },
      ],
    })
    notification.on('click', show)
    notification.on('action', (_event, index) => {
      press(index === 0 ? 'answer' : 'reject')
    })
    notification.show()
    card = openCard(told)
  }

  function openCard(told: RingingCard): BrowserWindow {
    const { workArea } = screen.getPrimaryDisplay()
    const size = { width: 340, height: 132 }
    const opened = new BrowserWindow({
      ...size,
      x: workArea.x + workArea.width - size.width - 16,
      y: workArea.y + workArea.height - size.height - 16,
      frame: false,
      resizable: false,
      alwaysOnTop: true,
      skipTaskbar: true,
      show: false,
      title: told.title,
      webPreferences: { ...webPreferences, preload },
    })
    opened.setAlwaysOnTop(true, 'screen-saver')
    guard(opened)
    // What is typed in another program goes on there.
    opened.once('ready-to-show', () => {
      opened.showInactive()
    })
    void opened.loadURL(`${desktopOrigin}/card.html#${encodeURIComponent(JSON.stringify(told))}`)
    return opened
  }

  function stop() {
    if (!window.isDestroyed()) window.flashFrame(false)
    notification?.close()
    notification = undefined
    if (card && !card.isDestroyed()) card.destroy()
    card = undefined
  }

  /** Of what does not ring. */
  function tell({ title, body }: Note) {
    if (window.isFocused()) return
    const note = new Notification({ title, body, silent: true })
    note.on('click', show)
    note.show()
  }

  return { start, stop, tell }
}
