import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { pcmInWav } from '../../../src/core/sound/pcm-in-wav.ts'
import { numberWords } from '../../../src/core/speech/words-of-number.ts'
import { numberSounds } from '../../../src/service/live-calls/number-sounds.ts'

test.each(['sv', 'en'] as const)(
  'every piece of a number is there in %s, a short sound the switch can play',
  (language) => {
    const sounds = numberSounds(language)
    expect(Object.keys(sounds).toSorted()).toEqual(Object.keys(numberWords[language]).toSorted())
    for (const { path } of Object.values(sounds)) {
      const pcm = pcmInWav(readFileSync(path))
      if (!pcm.ok) throw new Error(pcm.problem)
      const seconds = pcm.value.length / 16_000
      expect(seconds).toBeGreaterThan(0.1)
      expect(seconds).toBeLessThan(1.2)
    }
  },
)
