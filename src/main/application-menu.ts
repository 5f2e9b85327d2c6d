import type { MenuItemConstructorOptions } from 'electron'
import { menuWords, type Language } from './menu-words.ts'

/** The program's menu bar; what is in it does what the system's own does, in the system's words. */
export function applicationMenu(language: Language, platform: NodeJS.Platform): MenuItemConstructorOptions[] {
  const words = menuWords[language]
  return [
    ...(platform === 'darwin' ? [{ role: 'appMenu' } as const] : []),
    {
      label: words.edit,
      submenu: [
        { role: 'undo' },
        { role: 'redo' },
        { type: 'separator' },
        { role: 'cut' },
        { role: 'copy' },
        { role: 'paste' },
        { role: 'selectAll' },
      ],
    },
    {
      label: words.view,
      submenu: [
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { type: 'separator' },
        { role: 'togglefullscreen' },
      ],
    },
    {
      label: words.window,
      submenu: [
        { role: 'minimize' },
        { role: 'close' },
        ...(platform === 'darwin'
          ? []
          : [{ type: 'separator' } as const, { role: 'quit', label: words.quit } as const]),
      ],
    },
  ]
}
