import electronUpdater from 'electron-updater'
import { app } from 'electron'
import type { openCrashLog } from './crash-log.ts'
import { feedOf, whyNoUpdates } from './updates.ts'

/** Hours between two looks at the feed. */
const every = 6

/** Fetches newer versions where their signature is proved, and puts them in when the program is quit: never in a call. */
export function keepUpdated(crashed: ReturnType<typeof openCrashLog>) {
  const installed = { platform: process.platform, packaged: app.isPackaged, ...feedOf(process.resourcesPath) }
  const why = whyNoUpdates(installed)
  if (why !== undefined) return
  const { autoUpdater } = electronUpdater
  autoUpdater.autoInstallOnAppQuit = true
  autoUpdater.allowDowngrade = false
  autoUpdater.on('error', (error) => {
    crashed('update', { reason: error.message })
  })
  const look = () => void autoUpdater.checkForUpdates().catch(() => undefined)
  look()
  setInterval(look, every * 3_600_000)
}
