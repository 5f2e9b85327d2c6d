import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { temporaryDirectory } from '../support/persistence/temporary-directory.ts'
import { runCommand } from './run-command.ts'

const example = fileURLToPath(new URL('../../resources/example', import.meta.url))
test('a file that is no configuration is refused in one line, and nothing listens', async () => {
  const file = join(temporaryDirectory(), 'gruppnummer.json')
  writeFileSync(file, '{"schemaVersion": 1}')
  const { code, stdout, stderr } = await runCommand('review', [file]).ended
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toMatch(/^gruppnummer: .*gruppnummer\.json: .*expected.*\n$/)
})

test('a port that is none is refused', async () => {
  const { code, stderr } = await runCommand('review', [example, '--port', '70000']).ended
  expect(code).toBe(2)
  expect(stderr).toBe('gruppnummer: --port 70000: expected a port from 0 to 65535\n')
})
