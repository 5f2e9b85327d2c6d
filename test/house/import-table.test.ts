import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, expect, test } from 'vitest'

// Inside the project, so that packages resolve; the table is asked about planted files only.
mkdirSync('.cache', { recursive: true })
const house = mkdtempSync('.cache/house-')
for (const file of ['.dependency-cruiser.mjs', 'tsconfig.base.json', 'tsconfig.test.json', 'package.json'])
  cpSync(file, join(house, file))

const thing = 'export const thing = 1\n'

afterAll(() => {
  rmSync(house, { recursive: true })
})

function complaints(files: Record<string, string>): string[] {
  rmSync(join(house, 'src'), { recursive: true, force: true })
  rmSync(join(house, 'test'), { recursive: true, force: true })
  for (const [file, text] of Object.entries({ 'test/thing.ts': thing, ...files })) {
    mkdirSync(dirname(join(house, file)), { recursive: true })
    writeFileSync(join(house, file), text)
  }
  const { stdout } = spawnSync(
    'depcruise',
    ['src', '--config', '.dependency-cruiser.mjs', '--output-type', 'json', '--no-cache'],
    { cwd: house, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  )
  const { summary } = JSON.parse(stdout) as { summary: { violations: { rule: { name: string } }[] } }
  return summary.violations.map(({ rule }) => rule.name).toSorted()
}

test.each([
  ['core uses the service', 'src/core/planted.ts', 'src/service/thing.ts', ['core-uses-only-core']],
  [
    'the service uses an engine',
    'src/service/planted.ts',
    'src/switch/scripted/thing.ts',
    ['only-the-two-starts-name-concrete-parts', 'service-uses-only-core-contract-service'],
  ],
  [
    'an engine uses another',
    'src/switch/embedded/planted.ts',
    'src/switch/scripted/thing.ts',
    ['switch-embedded-uses-only-core-contract-switch-embedded'],
  ],
  [
    'the console uses the service',
    'src/renderer/planted.ts',
    'src/service/thing.ts',
    ['renderer-uses-only-core-contract-renderer'],
  ],
  ['the program uses a test', 'src/service/planted.ts', 'test/thing.ts', ['src-never-uses-test']],
])('the import table sees when %s', (_, planted, used, rules) => {
  const path = used.split('/')
  const way = [
    ...planted
      .split('/')
      .slice(1)
      .map(() => '..'),
    ...path,
  ].join('/')
  expect(
    complaints({ [planted]: `import { thing } from '${way}'\nexport const planted = thing\n`, [used]: thing }),
  ).toEqual(rules)
})

test('the import table reads components too', () => {
  const component =
    '<script setup lang="ts">\nimport { thing } from \'../service/thing.ts\'\n</script>\n<template>{{ thing }}</template>\n'
  expect(complaints({ 'src/renderer/Planted.vue': component, 'src/service/thing.ts': thing })).toEqual([
    'renderer-uses-only-core-contract-renderer',
  ])
})

test('core may not use Node or a package', () => {
  expect(complaints({ 'src/core/planted.ts': "import 'node:fs'\n" })).toEqual(['core-is-pure'])
  expect(complaints({ 'src/core/planted.ts': "import 'fastify'\n" })).toEqual(['core-is-pure'])
  expect(complaints({ 'src/core/configuration/planted.ts': "import 'zod'\n" })).toEqual([])
})

test('only cli/serve.ts and main/index.ts may name an engine', () => {
  const text = "import '../switch/scripted/thing.ts'\n"
  expect(complaints({ 'src/cli/planted.ts': text, 'src/switch/scripted/thing.ts': thing })).toEqual([
    'only-the-two-starts-name-concrete-parts',
  ])
  expect(complaints({ 'src/cli/serve.ts': text, 'src/switch/scripted/thing.ts': thing })).toEqual([])
})

test('circles are seen', () => {
  expect(
    complaints({
      'src/core/a.ts': "import { b } from './b.ts'\nexport const a = () => b\n",
      'src/core/b.ts': "import { a } from './a.ts'\nexport const b = () => a\n",
    }),
  ).toEqual(['no-circles'])
})
