import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'
import { type DesktopSettings, shortcutActs } from '../contract/desktop.ts'

const bounds = z.strictObject({ x: z.int(), y: z.int(), width: z.int().positive(), height: z.int().positive() })

const keptSchema = z.strictObject({
  service: z.string().exactOptional(),
  startAtLogin: z.boolean(),
  shortcuts: z.partialRecord(z.enum(shortcutActs), z.string()),
  window: z.strictObject({ bounds, maximized: z.boolean() }).exactOptional(),
})
export type KeptSettings = Readonly<z.infer<typeof keptSchema>>

export const presets: KeptSettings = { startAtLogin: false, shortcuts: {} }

export interface SettingsFile {
  readonly current: KeptSettings
  /** What is given undefined is taken away. */
  change(change: { readonly [Name in keyof KeptSettings]?: KeptSettings[Name] | undefined }): void
}

/** The desktop program's settings of this machine. A file that cannot be read is set aside as `….damaged`. */
export function openSettingsFile(path: string): SettingsFile {
  let current = stored()

  function stored(): KeptSettings {
    let text: string
    try {
      text = readFileSync(path, 'utf8')
    } catch {
      return presets
    }
    try {
      return keptSchema.parse(JSON.parse(text))
    } catch {
      renameSync(path, `${path}.damaged`)
      return presets
    }
  }

  return {
    get current() {
      return current
    },
    change(change) {
      const entries = Object.entries({ ...current, ...change }).filter(([, value]) => value !== undefined)
      current = keptSchema.parse(Object.fromEntries(entries))
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
      const unfinished = `${path}.new`
      writeFileSync(unfinished, `${JSON.stringify(current, undefined, 2)}\n`, { mode: 0o600, flush: true })
      renameSync(unfinished, path)
    },
  }
}

/** What of them the window is shown. */
export function shownSettings({ service, startAtLogin, shortcuts }: KeptSettings): DesktopSettings {
  return { ...(service !== undefined && { service }), startAtLogin, shortcuts }
}
