import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { playedOf, readStory } from '../../src/cli/read-story.ts'
import { readConfiguration } from '../../src/cli/read-configuration.ts'
import type { Line } from '../../src/core/routing/story.ts'

/**
 * Stories whose lines were written down from `docs/behaviour/routing.md` alone, before they were played; where the two
 * disagreed, the document was mended. A line that changes here changes a rule.
 */
const directory = fileURLToPath(new URL('predicted/', import.meta.url))
const names = readdirSync(directory).flatMap((file) => /^(.+)\.expected\.json$/.exec(file)?.slice(1) ?? [])

test.each(names)('%s comes about as the rules say', (name) => {
  const file = join(directory, `${name}.json`)
  const story = readStory(file)
  const configuration = readConfiguration(join(dirname(file), String(story.configuration)))
  const expected = JSON.parse(readFileSync(join(directory, `${name}.expected.json`), 'utf8')) as string[]
  expect(playedOf(file, story, configuration).map(inWords)).toEqual(expected)
})

/** All of a line but the ids of offers and plays: `5 ring c3 bo +46701111111`. */
function inWords({ at, kind: _, type, offer: _offer, play: _play, ...rest }: Line): string {
  return [at, type, ...Object.entries(rest).map(([key, value]) => word(key, value))].join(' ')
}

function word(key: string, value: unknown): string {
  if (key === 'show') return (value as { number?: string }).number ?? 'hidden'
  if (key === 'callback') return key
  if (key === 'parts') return (value as Record<string, unknown>[]).map((part) => part.text ?? part.number).join(' ')
  return typeof value === 'string' ? value : JSON.stringify(value)
}
