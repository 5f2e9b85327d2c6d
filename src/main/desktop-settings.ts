import type { DesktopSettings, SettingsChange, SettingsProblem } from '../contract/desktop.ts'
import { originOfAddress } from './company-service.ts'
import { shownSettings, type SettingsFile } from './settings-file.ts'

interface SettingsParts {
  readonly file: SettingsFile
  /** Whether a group service answers at an origin. */
  readonly findService: (origin: string) => Promise<SettingsProblem | undefined>
  readonly startAtLogin: (on: boolean) => void
  readonly useShortcuts: (shortcuts: DesktopSettings['shortcuts']) => SettingsProblem | undefined
  /** The service is another one: signed out of the old, and the window opened anew. */
  readonly serviceChanged: () => void
}

/** What a person chooses of the desktop program: kept only when it could be done. */
export function openDesktopSettings({ file, findService, startAtLogin, useShortcuts, serviceChanged }: SettingsParts) {
  async function change(asked: SettingsChange): Promise<SettingsProblem | undefined> {
    if (asked.shortcuts) {
      const shortcuts = { ...file.current.shortcuts, ...asked.shortcuts }
      const problem = useShortcuts(shortcuts)
      if (problem) {
        useShortcuts(file.current.shortcuts)
        return problem
      }
      file.change({ shortcuts })
    }
    if (asked.startAtLogin !== undefined) {
      startAtLogin(asked.startAtLogin)
      file.change({ startAtLogin: asked.startAtLogin })
    }
    return asked.service === undefined ? undefined : changeService(asked.service)
  }

  async function changeService(address: string | null): Promise<SettingsProblem | undefined> {
    const origin = address === null ? undefined : originOfAddress(address)
    if (address !== null) {
      if (origin === undefined) return { kind: 'address' }
      const problem = await findService(origin)
      if (problem) return problem
    }
    if (origin === file.current.service) return undefined
    file.change({ service: origin })
    serviceChanged()
    return undefined
  }

  return { read: () => shownSettings(file.current), change }
}
