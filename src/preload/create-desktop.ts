import type { IpcRenderer, IpcRendererEvent } from 'electron'
import type { Desktop, DesktopNotices, DesktopRequests } from '../contract/desktop.ts'

/** Named functions for the window, and no way to name a channel. */
export function createDesktop(ipc: Pick<IpcRenderer, 'invoke' | 'on' | 'off'>, service: string): Desktop {
  const ask = <Name extends keyof DesktopRequests>(name: Name, ...given: Parameters<DesktopRequests[Name]>) =>
    ipc.invoke(name, ...given) as Promise<ReturnType<DesktopRequests[Name]>>

  return {
    service,
    showRinging: (card) => ask('showRinging', card),
    stopRinging: () => ask('stopRinging'),
    tell: (note) => ask('tell', note),
    press: (act) => ask('press', act),
    showState: (state) => ask('showState', state),
    openOutside: (url) => ask('openOutside', url),
    sessionToken: () => ask('sessionToken'),
    readCopy: () => ask('readCopy'),
    keepCopy: (text) => ask('keepCopy', text),
    removeCopy: () => ask('removeCopy'),
    readSettings: () => ask('readSettings'),
    changeSettings: (change) => ask('changeSettings', change),
    on(name, listener) {
      if (!notices.includes(name)) throw new Error(`${name}: expected one of ${notices.join(', ')}`)
      const forward = (_: IpcRendererEvent, told: Parameters<typeof listener>[0]) => listener(told)
      ipc.on(name, forward)
      return () => void ipc.off(name, forward)
    },
  }
}

const notices: readonly (keyof DesktopNotices)[] = ['asked', 'dial', 'woke']
