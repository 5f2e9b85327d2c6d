import { spawnSync } from 'node:child_process'

/** The random stories of the router, ten times as many as `npm test` tells; `STORIES` says another number. */
const { status } = spawnSync('vitest', ['run', '--project', 'unit', 'test/core/routing/properties.test.ts'], {
  stdio: ['ignore', 'inherit', 'inherit'],
  shell: process.platform === 'win32',
  env: { ...process.env, STORIES: process.env.STORIES ?? '100000' },
})
process.exitCode = status ?? 1
