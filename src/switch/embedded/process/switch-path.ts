import { createHash } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

/** A path longer than this does not fit in `sockaddr_un` (104 bytes on macOS, 108 on Linux). */
const longestPath = 100

/**
 * Where the switch of a data directory listens: beside the data, or where that path is too long for a
 * socket, in a directory of this user's own under the temporary one; on Windows a pipe.
 */
export function switchPath(directory: string, name = 'switch.sock'): string {
  const whole = resolve(directory)
  const hash = createHash('sha256').update(whole).digest('hex').slice(0, 16)
  if (process.platform === 'win32') return `\\\\.\\pipe\\gruppnummer-${hash}-${name}`
  const beside = join(whole, 'switch', name)
  if (Buffer.byteLength(beside) <= longestPath) return beside
  return join(tmpdir(), `gruppnummer-${process.getuid?.() ?? 0}-${hash}`, name)
}
