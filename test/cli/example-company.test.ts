import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { checkConfiguration } from '../../src/core/configuration/check.ts'
import { musicFor, messageFor } from '../../src/core/configuration/message-for.ts'
import { parseConfigurationText } from '../../src/core/configuration/parse.ts'
import { serializeConfiguration } from '../../src/core/configuration/serialize.ts'
import { resources } from './command.ts'

describe.each(['example', 'prerecorded'])('the documents we ship: %s', (folder) => {
  const directory = join(resources, folder)
  const text = readFileSync(join(directory, 'gruppnummer.json'), 'utf8')
  const parsed = parseConfigurationText(text)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problem))
  const configuration = parsed.value

  test('is canonical, without errors and without warnings', () => {
    expect(serializeConfiguration(configuration)).toBe(text)
    expect(checkConfiguration(configuration)).toEqual([])
  })

  test('has every sound that it names, and no other', () => {
    const named = configuration.messages.map(({ file }) => file.replace('audio/', ''))
    expect(readdirSync(join(directory, 'audio')).toSorted()).toEqual(named.toSorted())
  })

  test.each(configuration.messages.map((message) => [message.id, message] as const))(
    '%s is PCM of 8 kHz, 16 bits, mono, as long and with the sum that is said',
    (_, { file, seconds, sha256 }) => {
      const wav = readFileSync(join(directory, file))
      expect(createHash('sha256').update(wav).digest('hex')).toBe(sha256)
      expect(wav.toString('latin1', 0, 4) + wav.toString('latin1', 8, 16)).toBe('RIFFWAVEfmt ')
      expect([wav.readUInt16LE(20), wav.readUInt16LE(22), wav.readUInt32LE(24), wav.readUInt16LE(34)]).toEqual([
        1, 1, 8000, 16,
      ])
      expect(Math.round(((wav.length - 44) / 16_000) * 1000) / 1000).toBe(seconds)
    },
  )

  test.each(['sv', 'en'] as const)('has a prerecorded message of each kind in %s', (language) => {
    const kinds = configuration.messages
      .filter(
        (message) => message.origin === 'prerecorded' && message.language === language && message.kind !== 'music',
      )
      .map(({ kind }) => kind)
    expect(kinds).toEqual(['welcome', 'closed', 'comfort', 'overflow'])
  })
})

test('in the example company no caller meets silence', () => {
  const parsed = parseConfigurationText(readFileSync(join(resources, 'example', 'gruppnummer.json'), 'utf8'))
  if (!parsed.ok) throw new Error('not a configuration')
  for (const group of parsed.value.groupNumbers) {
    for (const kind of ['welcome', 'closed', 'comfort', 'overflow'] as const)
      expect(messageFor(parsed.value, group, kind)).not.toBeNull()
    expect(musicFor(parsed.value, group)).not.toEqual([])
  }
})
