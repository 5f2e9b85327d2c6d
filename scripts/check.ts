import { spawnSync } from 'node:child_process'

/** What a check alone finds is said in CONTRIBUTING.md. */
const checks: readonly { readonly name: string; readonly command: readonly string[] }[] = [
  { name: 'format', command: ['prettier', '--check', '--log-level', 'warn', '.'] },
  { name: 'types', command: ['vue-tsc', '--build'] },
  { name: 'lint', command: ['eslint', '.', '--max-warnings', '0'] },
  { name: 'import table', command: ['depcruise', 'src', 'test', '--config', '.dependency-cruiser.mjs'] },
  { name: 'dead code', command: ['knip', '--no-progress'] },
]

/** Runs every check, also after one has failed. */
export function runChecks(): { passed: number; failed: number } {
  let failed = 0
  for (const { name, command } of checks) {
    const [program = '', ...given] = command
    const { status } = spawnSync(program, given, { stdio: 'inherit', shell: process.platform === 'win32' })
    console.log(`${status === 0 ? 'ok    ' : 'FAILED'} ${name}`)
    if (status !== 0) failed += 1
  }
  return { passed: checks.length - failed, failed }
}

if (import.meta.main) process.exitCode = runChecks().failed === 0 ? 0 : 1
