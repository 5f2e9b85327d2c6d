import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parseConfigurationText } from '../../src/core/configuration/parse.ts'
import { switchSetup } from '../../src/service/live-calls/switch-setup.ts'
import { findSoundProblems } from '../../src/service/sounds/sound-problems.ts'
import { soundPathIn } from '../../src/service/store/sound-path.ts'
import { resources } from '../cli/command.ts'
import { temporaryDirectory } from '../support/persistence/temporary-directory.ts'

function example() {
  const directory = join(temporaryDirectory(), 'company')
  cpSync(join(resources, 'example'), directory, { recursive: true })
  const parsed = parseConfigurationText(readFileSync(join(directory, 'gruppnummer.json'), 'utf8'))
  if (!parsed.ok) throw new Error('not a configuration')
  return { directory, configuration: parsed.value }
}

test('a sound with a path that is refused is left out of what the switch is told, and the others are not', async () => {
  const { directory, configuration } = example()
  const [first, ...others] = configuration.messages
  const setup = await switchSetup({
    configuration: { ...configuration, messages: [{ ...first!, file: 'accounts.json' }, ...others] },
    soundPath: (file) => soundPathIn(directory, file),
    agents: [],
    softphoneSecret: () => Promise.reject(new Error('nobody signs in')),
    mayRing: () => true,
    callers: [],
    trunks: [],
  })
  expect(Object.keys(setup.sounds)).toEqual(others.map(({ id }) => id))
  expect(setup.sounds[others[0]!.id]?.path).toBe(join(directory, others[0]!.file))
  expect(setup.sounds[first!.id]).toBeUndefined()
})

test('sounds that were good are not read again, and those that were not are', async () => {
  const { directory, configuration } = example()
  const good = new Set<string>()
  const look = () => findSoundProblems(configuration, (file) => soundPathIn(directory, file), good)
  const file = join(directory, configuration.messages[0]!.file)
  const bytes = readFileSync(file)
  writeFileSync(file, 'noise')
  expect((await look()).map(({ path }) => path)).toEqual(['messages[0].file'])
  writeFileSync(file, bytes)
  rmSync(join(directory, configuration.messages[1]!.file))
  expect(await look()).toEqual([])
})
