import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Programs beside ours that a test talks with: where each is; undefined: not on this machine. */
export const peers = {
  chromium: process.env.CHROMIUM ?? find('chromium') ?? find('google-chrome'),
  sipp: find('sipp'),
  baresip: find('baresip'),
} as const

/** For `test.skipIf`: a test that is skipped for lack of a peer is counted as such, and its name says which. */
export function lacks(...names: readonly (keyof typeof peers)[]): boolean {
  return names.some((name) => peers[name] === undefined)
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
