import type { Result } from '../../../core/result.ts'
import { ok } from '../../../core/result.ts'
import { pcmInWav } from '../../../core/sound/pcm-in-wav.ts'

/** The samples of a WAV file of 8 kHz, mono, 16 bit linear PCM; everything else is a problem that says what was found. */
export function readWav(file: Buffer): Result<Int16Array, string> {
  const pcm = pcmInWav(file)
  return pcm.ok ? ok(samplesOf(pcm.value)) : pcm
}

function samplesOf(pcm: Uint8Array): Int16Array {
  const view = new DataView(pcm.buffer, pcm.byteOffset, pcm.byteLength)
  const samples = new Int16Array(pcm.length >> 1)
  for (let at = 0; at < samples.length; at++) samples[at] = view.getInt16(at * 2, true)
  return samples
}
