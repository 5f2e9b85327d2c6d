import { spawnSync } from 'node:child_process'
import { cpSync, rmSync } from 'node:fs'
import { buildConsole } from './build.ts'

/**
 * What `npm pack` takes along: the command line as JavaScript in `dist/`, since Node strips no types under
 * `node_modules`, with the built console beside it. False where something could not be built.
 */
export function buildPackage(): boolean {
  rmSync('dist', { recursive: true, force: true })
  const compiled = spawnSync('tsc', ['-p', 'tsconfig.dist.json'], {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
  if (compiled.status !== 0 || !buildConsole()) return false
  cpSync('out/renderer', 'dist/renderer', { recursive: true })
  return true
}

if (import.meta.main) process.exitCode = buildPackage() ? 0 : 1
