import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'

/** `out/renderer` of the checkout or the package, wherever this file lies in it. */
export function builtConsole(): string {
  const up = extname(import.meta.url) === '.ts' ? '../../out/renderer' : '../renderer'
  return fileURLToPath(new URL(up, import.meta.url))
}
