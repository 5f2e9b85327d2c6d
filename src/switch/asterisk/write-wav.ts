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
