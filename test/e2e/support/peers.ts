import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { test } from 'vitest'

/** Programs beside ours that a test talks with: where each is; undefined: not on this machine. */
export const peers = {
  chromium: process.env.CHROMIUM ?? find('chromium') ?? find('google-chrome'),
  sipp: find('sipp'),
  baresip: find('baresip'),
} as const

/**
 * A test that talks with these programs: skipped, and counted as such, where one is missing; its name then
 * says which.
 */
export function testWith(...names: readonly (keyof typeof peers)[]) {
  const missing = names.filter((name) => peers[name] === undefined)
  return (name: string, scene: () => Promise<void>) => {
    test.skipIf(missing.length > 0)(missing.length > 0 ? `${name} (no ${missing.join(', ')} here)` : name, scene)
  }
}

function find(program: string): string | undefined {
  for (const directory of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(directory, program)
    try {
      accessSync(path, constants.X_OK)
      return path
    } catch {
      // The next one.
    }
  }
  return undefined
}
