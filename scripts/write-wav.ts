/** Of all sounds we ship: what a phone call carries. */
export const sampleRate = 8000

/** RIFF WAVE, PCM, 16 bits, mono (Multimedia Programming Interface 1.0, chapter 3). */
export function writeWav(samples: Int16Array): Buffer {
  const size = samples.length * 2
  const header = Buffer.alloc(44)
  header.write('RIFF', 0)
  header.writeUInt32LE(36 + size, 4)
  header.write('WAVEfmt ', 8)
  header.writeUInt32LE(16, 16)
  header.writeUInt16LE(1, 20)
  header.writeUInt16LE(1, 22)
  header.writeUInt32LE(sampleRate, 24)
  header.writeUInt32LE(sampleRate * 2, 28)
  header.writeUInt16LE(2, 32)
  header.writeUInt16LE(16, 34)
  header.write('data', 36)
  header.writeUInt32LE(size, 40)
  const body = Buffer.alloc(size)
  samples.forEach((sample, index) => body.writeInt16LE(sample, index * 2))
  return Buffer.concat([header, body])
}
