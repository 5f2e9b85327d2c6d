import { expect, test, vi } from 'vitest'
import { pcmInWav } from '../../../../src/core/sound/pcm-in-wav.ts'
import { mostBytes, readAnswer, soundService } from '../../../../src/renderer/supervisor/messages/sound-service.ts'
import { wavOf } from '../../../../src/renderer/supervisor/messages/wav.ts'

test('a recording becomes a WAV file that core reads, and what is too loud is cut', () => {
  const file = wavOf(Float32Array.from([0, 0.5, -1, 1.5]), 8000)
  const pcm = pcmInWav(file)
  if (!pcm.ok) throw new Error(pcm.problem)
  const view = new DataView(pcm.value.buffer, pcm.value.byteOffset, pcm.value.byteLength)
  expect([0, 2, 4, 6].map((at) => view.getInt16(at, true))).toEqual([0, 16_384, -32_767, 32_767])
})

const stored = { file: 'audio/x.wav', sha256: 'a'.repeat(64), seconds: 4.2, warnings: ['clipped'] }

test.each<[string, number, string, string]>([
  ['no answer at all', 0, '', 'noContact'],
  ['too much of it', 413, '{}', 'tooBig'],
  ['too long a sound', 422, '{"error":{"kind":"tooLong","message":"it is longer"}}', 'tooBig'],
  ['no sound that can be read', 415, '{}', 'notSound'],
  ['not this account', 403, '{}', 'forbidden'],
  ['too many at once', 429, '{}', 'tooMany'],
  ['no voice', 503, '{}', 'unavailable'],
  ['an answer that is none', 200, '<html>', 'unavailable'],
])('%s is told in its own words', (_, status, body, problem) => {
  expect(readAnswer(status, body)).toEqual({ ok: false, problem })
})

test('a stored sound is read with its warnings', () => {
  expect(readAnswer(200, JSON.stringify(stored))).toEqual({ ok: true, value: stored })
})

test('a file that is too big is not even sent', async () => {
  const sending = soundService.send({ size: mostBytes + 1 } as Blob, () => undefined)
  expect(await sending.done).toEqual({ ok: false, problem: 'tooBig' })
})

test('a file is sent as it is, and another kind that only this browser reads is sent as it decodes it', async () => {
  const sent: Blob[] = []
  class Request extends EventTarget {
    readonly upload = new EventTarget()
    status = 0
    responseText = ''
    open = () => undefined
    setRequestHeader = () => undefined
    send(body: Blob) {
      sent.push(body)
      const isRead = sent.length === 1 || body.type === 'audio/wav'
      this.status = isRead ? 200 : 415
      this.responseText = isRead ? JSON.stringify(stored) : '{}'
      this.dispatchEvent(new Event('load'))
    }
  }
  class Decoder {
    decodeAudioData = () =>
      Promise.resolve({
        duration: 1,
        numberOfChannels: 1,
        sampleRate: 16_000,
        getChannelData: () => new Float32Array(16_000),
      })
  }
  vi.stubGlobal('XMLHttpRequest', Request)
  vi.stubGlobal('OfflineAudioContext', Decoder)
  try {
    const known = new Blob(['fLaC'])
    expect(await soundService.send(known, () => undefined).done).toEqual({ ok: true, value: stored })
    const foreign = new Blob(['....ftypM4A'])
    expect(await soundService.send(foreign, () => undefined).done).toEqual({ ok: true, value: stored })
    expect(sent.slice(0, 2)).toEqual([known, foreign])
    expect(sent[2]?.type).toBe('audio/wav')
  } finally {
    vi.unstubAllGlobals()
  }
})
