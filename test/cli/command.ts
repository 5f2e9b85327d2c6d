import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export const resources = fileURLToPath(new URL('../../resources/', import.meta.url))
const program = fileURLToPath(new URL('../../bin/gruppnummer.mjs', import.meta.url))

/** What the command `gruppnummer` said, run as its own process. */
export function gruppnummer(args: readonly string[], input = '') {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], { encoding: 'utf8', input })
  return { code: status, out: stdout, err: stderr }
}
