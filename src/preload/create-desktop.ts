import type { IpcRenderer } from 'electron'
import type { Desktop } from '../contract/desktop.ts'

/** Named functions for the window, and no way to name a channel. */
export function createDesktop(ipc: Pick<IpcRenderer, 'invoke'>): Desktop {
  return {
    async showRinging(call) {
      await ipc.invoke('showRinging', call)
    },
    async stopRinging() {
      await ipc.invoke('stopRinging')
    },
  }
}
