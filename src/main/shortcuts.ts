import { shortcutActs, type DesktopSettings, type ShortcutAct, type SettingsProblem } from '../contract/desktop.ts'

/** Electron's `globalShortcut`, as far as it is used. */
export interface GlobalShortcuts {
  register(accelerator: string, act: () => void): boolean
  unregisterAll(): void
}

/** All of them anew: what is pressed anywhere on the machine. Those that can be had stay; the first that cannot is told. */
export function useShortcuts(
  shortcuts: DesktopSettings['shortcuts'],
  system: GlobalShortcuts,
  pressed: (act: ShortcutAct) => void,
): SettingsProblem | undefined {
  system.unregisterAll()
  let problem: SettingsProblem | undefined
  for (const act of shortcutActs) {
    const accelerator = shortcuts[act]
    if (accelerator === undefined || accelerator === '') continue
    if (!isRegistered(accelerator, () => pressed(act))) problem ??= { kind: 'shortcut', act }
  }
  return problem

  function isRegistered(accelerator: string, act: () => void): boolean {
    // Without a modifier it would take a key away from every other program.
    if (!/^(?:(?:Ctrl|Alt|Shift|Super|Cmd|CommandOrControl)\+)+(?:[A-Z0-9]|F\d{1,2}|Space)$/.test(accelerator))
      return false
    try {
      return system.register(accelerator, act)
    } catch {
      return false
    }
  }
}
