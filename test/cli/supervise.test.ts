import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { expect, test } from 'vitest'
import { supervise, type Supervised } from '../../src/cli/supervise.ts'
import { temporaryDirectory } from '../support/persistence/temporary-directory.ts'
import { runCommand } from './run-command.ts'

/** A program that does what its text says; how often it was started is in the file `starts`. */
function supervised(text: string, limits: Partial<Supervised['limits']> = {}) {
  const directory = temporaryDirectory()
  const program = join(directory, 'program.mjs')
  writeFileSync(
    program,
    `import { appendFileSync } from 'node:fs'\nappendFileSync('${directory}/starts', '.')\n${text}`,
  )
  const said: string[] = []
  const stop = Promise.withResolvers<undefined>()
  const ended = supervise(
    {
      command: process.execPath,
      args: [program],
      limits: {
        ...{ look: 25, first: 400, later: 40, backOff: [0], well: 60_000, stop: 15_000 },
        ...limits,
      },
      say: (words) => said.push(words),
    },
    stop.promise.then(() => undefined),
  )
  const starts = () =>
    existsSync(join(directory, 'starts')) ? readFileSync(join(directory, 'starts'), 'utf8').length : 0
  return {
    said,
    ended,
    starts,
    stop: () => {
      stop.resolve(undefined)
    },
  }
}

const alive = `process.send('alive'); setInterval(() => process.send('alive'), 20)\n`

test('what is frozen is ended and started again', async () => {
  const { said, starts, stop, ended } = supervised(`${alive}setTimeout(() => { for (;;); }, 100)`)
  await expect.poll(starts).toBeGreaterThan(2)
  expect(new Set(said)).toEqual(new Set(['the service was frozen and has been ended']))
  stop()
  await ended
})

test('what dies is started again, and what is told to stop ends with it', async () => {
  const { said, starts, stop, ended } = supervised(
    `${alive}process.on('SIGTERM', () => process.exit(0)); setTimeout(() => process.exit(7), 100)`,
  )
  await expect.poll(starts).toBeGreaterThan(1)
  expect(said[0]).toBe('the service ended (7)')
  stop()
  expect(await ended).toBe(0)
})

test('what does not heed is made to stop', async () => {
  const { starts, stop, ended } = supervised(`${alive}process.on('SIGTERM', () => {})`, { stop: 100 })
  await expect.poll(starts).toBe(1)
  stop()
  await ended
  expect(starts()).toBe(1)
})

test('what cannot be served at all is not tried again', async () => {
  const { code, stderr } = await runCommand('supervise', ['--config', temporaryDirectory(), '--port', 'none']).ended
  expect(code).toBe(2)
  expect(stderr).toBe('gruppnummer serve: --port none: expected a port, 0 to 65535\n')
})

test('systemd is told that the service is ready and alive, where it asks', async () => {
  const directory = temporaryDirectory()
  const said = join(directory, 'said')
  // In place of systemd's own, which needs a systemd.
  const program = join(directory, 'systemd-notify')
  writeFileSync(program, `#!/bin/sh\necho "$@" >> '${said}'\n`)
  chmodSync(program, 0o755)
  const environment = {
    PATH: `${directory}${delimiter}${process.env.PATH ?? ''}`,
    NOTIFY_SOCKET: join(directory, 'notify'),
    WATCHDOG_USEC: '200000',
  }
  const data = join(directory, 'data')
  const serving = runCommand('serve', ['--config', data, '--port', '0'], environment)
  await serving.prints(/listens on/)
  const lines = () => (existsSync(said) ? readFileSync(said, 'utf8').split('\n') : [])
  await expect.poll(() => lines().filter((line) => line === 'WATCHDOG=1').length).toBeGreaterThan(2)
  await expect.poll(lines).toContain('--ready WATCHDOG=1')
  serving.process.kill('SIGTERM')
  expect((await serving.ended).code).toBe(0)
  expect(lines()).toContain('STOPPING=1')
})
