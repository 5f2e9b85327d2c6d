import type { IpcRenderer } from 'electron'
import type { Desktop } from '../contract/desktop.ts'

/** Named functions for the window, and no way to name a channel. */
export function createDesktop(ipc: Pick<IpcRenderer, 'invoke'>): Desktop {
  return {
    showRinging: async (call) => void (await ipc.invoke('showRinging', call)),
    stopRinging: async () => void (await ipc.invoke('stopRinging')),
  }
}
