import { relative, resolve, sep } from 'node:path'

/**
 * Absolute, of a message's file in the data directory, or throws.
 *
 * A path out of the directory, or to a file of ours that is no sound (`accounts.json`), would let who
 * edits messages read it as audio: such a name is refused.
 */
export function soundPathIn(directory: string, name: string): string {
  const root = resolve(directory)
  const path = resolve(root, name)
  const inside = relative(root, path)
  const isSound = inside.startsWith(`audio${sep}`) || /\.(wav|mp3|ogg|oga|opus|flac|m4a)$/i.test(inside)
  if (!path.startsWith(root + sep) || !isSound || name.includes('\0'))
    throw new Error(`${JSON.stringify(name)}: expected a sound file in ${root}, such as audio/welcome-sv.wav`)
  return path
}
