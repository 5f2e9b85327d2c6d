import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** What decides whether a desktop window can be had. */
export interface Surroundings {
  readonly platform: NodeJS.Platform
  /** The user's id; absent on Windows. */
  readonly uid: number | undefined
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** How long Electron's own installer may take, milliseconds. */
const installerLimit = 180_000
/** How long the program may take until it says that it is ready, milliseconds. */
const startLimit = 60_000

/** What the program prints when its window is there; the launcher waits for it. */
const readyLine = 'Gruppnummer is ready'

/** Why no window can be had here, whatever is installed, with the way out; undefined: one can. */
export function whyNoWindow({ platform, uid, environment }: Surroundings): string | undefined {
  if (platform !== 'linux') return undefined
  if (uid === 0) return 'you are root, and the window never runs without its sandbox; start as an ordinary user for it'
  if (!environment.DISPLAY && !environment.WAYLAND_DISPLAY)
    return 'there is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set)'
  return undefined
}

/**
 * Electron's binary, fetched by its own installer where it is missing; undefined: it cannot be had.
 *
 * The package is never imported: importing it starts a download without a limit.
 */
export function findElectron(): string | undefined {
  const home = dirname(createRequire(import.meta.url).resolve('electron/package.json'))
  const installed = () => {
    const file = join(home, 'path.txt')
    if (!existsSync(file)) return undefined
    const path = join(home, 'dist', readFileSync(file, 'utf8').trim())
    return existsSync(path) ? path : undefined
  }
  const found = installed()
  if (found) return found
  console.log('Fetching the desktop program’s Electron (once)')
  spawnSync(process.execPath, [join(home, 'install.js')], { stdio: 'ignore', timeout: installerLimit })
  return installed()
}

/** Opens the desktop program; resolves with its process when it is ready, or with why it is not. */
export function openDesktop(electron: string): Promise<ChildProcess | { readonly failed: string }> {
  const child = spawn(electron, ['.'], { stdio: ['ignore', 'pipe', 'inherit'] })
  return new Promise((resolve) => {
    const limit = setTimeout(() => {
      child.kill()
      resolve({ failed: 'the desktop program did not become ready' })
    }, startLimit)
    const settle = (outcome: ChildProcess | { readonly failed: string }) => {
      clearTimeout(limit)
      resolve(outcome)
    }
    child.once('error', (error) => {
      settle({ failed: `the desktop program could not be started: ${error.message}` })
    })
    child.once('exit', (code) => {
      settle({ failed: `the desktop program ended before it was ready (code ${code ?? 'none'})` })
    })
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      process.stdout.write(text)
      if (text.includes(readyLine)) settle(child)
    })
  })
}
