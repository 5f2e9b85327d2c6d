import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { gruppnummer } from './command.ts'

const stories = fileURLToPath(new URL('../stories/', import.meta.url))
const story = join(stories, 'every-event.json')
const company = join(stories, 'predicted/company/gruppnummer.json')

let directory = ''
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'gruppnummer-stories-'))
})
afterAll(() => rmSync(directory, { recursive: true }))

function written(name: string, content: unknown): string {
  const file = join(directory, name)
  writeFileSync(file, JSON.stringify(content))
  return file
}

const read = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'))

/** As the command itself lists them. */
function kindsOfEvents(): readonly string[] {
  const unknown = { configuration: company, events: [{ at: '2026-11-23T09:00:00Z', type: 'unheardOf' }] }
  const { err } = gruppnummer(['replay', written('unknown.json', unknown)])
  return /expected one of ([\w, ]+)/.exec(err)?.[1]?.split(', ') ?? []
}

test('replay plays a story with every kind of event', () => {
  const { events } = read(story) as { events: { type: string }[] }
  const kinds = kindsOfEvents()
  expect(kinds).toContain('timePassed')
  expect(new Set(events.map(({ type }) => type))).toEqual(new Set(kinds))

  const { code, out, err } = gruppnummer(['replay', story, '--json'])
  expect({ code, err }).toEqual({ code: 0, err: '' })
  const lines = out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { kind: string; type: string })
  const types = (wanted: string) =>
    [...new Set(lines.flatMap(({ kind, type }) => (kind === wanted ? type : [])))].toSorted()
  expect(types('command')).toEqual([
    'answer',
    'callOut',
    'cancelTransfer',
    'completeTransfer',
    'connect',
    'consult',
    'hangUp',
    'hangUpAgent',
    'monitor',
    'music',
    'play',
    'record',
    'ring',
    'say',
    'stopPlaying',
    'stopRinging',
    'takeMessage',
    'threeWay',
  ])
  expect(types('notice')).toEqual([
    'agentState',
    'callbackAsked',
    'completed',
    'connected',
    'left',
    'moved',
    'queued',
    'returned',
    'served',
    'threeWayEnded',
    'threeWayStarted',
    'voicemailLeft',
    'wrapUpStarted',
  ])
})

test('diff replays it under two configurations, and says which callers fare otherwise', () => {
  const document = read(company) as { groupNumbers: { id: string; settings: object }[] }
  const changes: Readonly<Record<string, object>> = {
    back: { callback: null },
    hours: { whenClosed: { do: 'forward', to: '+46855512345' } },
  }
  const groupNumbers = document.groupNumbers.map((group) => ({
    ...group,
    settings: { ...group.settings, ...changes[group.id] },
  }))
  const changed = written('changed.json', { ...document, groupNumbers })

  expect(gruppnummer(['diff', company, company, '--replay', story])).toEqual({ code: 0, out: '', err: '' })
  const { code, out, err } = gruppnummer(['diff', company, changed, '--replay', story])
  expect({ code, err }).toEqual({ code: 0, err: '' })
  const closed = 'left after 5 s in hours (closed)'
  expect(out.trimEnd().split('\n')).toEqual([
    'c3: answered by bo after 319 s in back, to be rung back; with the new one: left after 600 s in back (lost)',
    `c5: ${closed}, then left a message of 2 s; with the new one: ${closed}, then put through to +46855512345`,
  ])
})
