import { join } from 'node:path'
import { Menu, nativeImage, Tray } from 'electron'
import type { TrayState } from '../contract/desktop.ts'
import { menuWords, type Language } from './menu-words.ts'

interface TrayParts {
  /** Of the icons. */
  readonly directory: string
  readonly language: Language
  readonly show: () => void
  readonly quit: () => void
}

/** The program's mark beside the clock: the agent's state at a glance, and the way back to the window. */
export function openTray({ directory, language, show, quit }: TrayParts) {
  const icon = (mark: TrayState['mark'] | 'none') =>
    nativeImage.createFromPath(join(directory, mark === 'none' ? 'tray.png' : `tray-${mark}.png`))
  const tray = new Tray(icon('none'))
  tray.on('click', show)
  draw('none', language, undefined)

  function draw(mark: TrayState['mark'] | 'none', spoken: Language, words: string | undefined) {
    const menu = menuWords[spoken]
    tray.setImage(icon(mark))
    tray.setToolTip(words === undefined ? 'Gruppnummer' : `Gruppnummer: ${words}`)
    tray.setContextMenu(
      Menu.buildFromTemplate([
        ...(words === undefined ? [] : [{ label: words, enabled: false }, { type: 'separator' } as const]),
        { label: menu.show, click: show },
        { label: menu.quit, click: quit },
      ]),
    )
  }

  return {
    draw: ({ mark, language: spoken, words }: TrayState) => {
      draw(mark, spoken, words)
    },
    destroy: () => {
      tray.destroy()
    },
  }
}
