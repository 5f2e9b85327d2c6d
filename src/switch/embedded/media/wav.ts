import type { Result } from '../../../core/result.ts'
import { ok } from '../../../core/result.ts'
import { pcmInWav } from '../../../core/sound/pcm-in-wav.ts'

/** The samples of a WAV file of 8 kHz, mono, 16 bit linear PCM; everything else is a problem that says what was found. */
export function readWav(file: Buffer): Result<Int16Array, string> {
  const pcm = pcmInWav(file)
  return pcm.ok ? ok(samplesOf(pcm.value)) : pcm
}

/** A WAV file of 8 kHz, mono, 16 bit linear PCM (Multimedia Programming Interface 1.0, chapter 3). */
export function writeWav(samples: Int16Array): Buffer {
  const size = samples.length * 2
  const file = Buffer.alloc(44 + size)
  file.write('RIFF', 0)
  file.writeUInt32LE(36 + size, 4)
  file.write('WAVEfmt ', 8)
  file.writeUInt32LE(16, 16)
  file.writeUInt16LE(1, 20)
  file.writeUInt16LE(1, 22)
  file.writeUInt32LE(8000, 24)
  file.writeUInt32LE(16_000, 28)
  file.writeUInt16LE(2, 32)
  file.writeUInt16LE(16, 34)
  file.write('data', 36)
  file.writeUInt32LE(size, 40)
  samples.forEach((sample, at) => file.writeInt16LE(sample, 44 + at * 2))
  return file
}

function samplesOf(pcm: Uint8Array): Int16Array {
  const view = new DataView(pcm.buffer, pcm.byteOffset, pcm.byteLength)
  const samples = new Int16Array(pcm.length >> 1)
  for (let at = 0; at < samples.length; at++) samples[at] = view.getInt16(at * 2, true)
  return samples
}
