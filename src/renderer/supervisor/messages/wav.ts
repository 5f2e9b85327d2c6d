/** A WAV file (RIFF) of 16 bit linear PCM, mono. Samples from -1 to 1; what is louder is cut. */
export function wavOf(samples: Float32Array, rate: number): Uint8Array<ArrayBuffer> {
  const file = new Uint8Array(headerBytes + samples.length * 2)
  const view = new DataView(file.buffer)
  writeName(view, 0, 'RIFF')
  view.setUint32(4, file.length - 8, true)
  writeName(view, 8, 'WAVE')
  writeName(view, 12, 'fmt ')
  view.setUint32(16, 16, true)
  view.setUint16(20, 1, true)
  view.setUint16(22, 1, true)
  view.setUint32(24, rate, true)
  view.setUint32(28, rate * 2, true)
  view.setUint16(32, 2, true)
  view.setUint16(34, 16, true)
  writeName(view, 36, 'data')
  view.setUint32(40, samples.length * 2, true)
  samples.forEach((sample, index) => {
    view.setInt16(headerBytes + index * 2, Math.round(Math.max(-1, Math.min(1, sample)) * 32_767), true)
  })
  return file
}

const headerBytes = 44

function writeName(view: DataView, at: number, name: string) {
  for (let place = 0; place < name.length; place++) view.setUint8(at + place, name.charCodeAt(place))
}
