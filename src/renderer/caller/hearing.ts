/** What comes out of the receiver just now. `tone`: one pitch alone, in Hz. */
export type Hearing =
  { readonly kind: 'silence' } | { readonly kind: 'sound' } | { readonly kind: 'tone'; readonly hertz: number }

/** Amplitude below which nothing is heard, of a full scale of 1. */
const quiet = 0.004
/** The part of all power that lies around the strongest pitch when a sound is a tone. */
const purity = 0.8

/** Judges one moment of sound from its waveform and its spectrum (magnitudes in dB, as an AnalyserNode gives them). */
export function judge(samples: Float32Array, spectrum: Float32Array, sampleRate: number): Hearing {
  const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length
  if (Math.sqrt(power) < quiet) return { kind: 'silence' }
  const powers = spectrum.map((decibels) => 10 ** (decibels / 10))
  const strongest = powers.reduce((best, value, index) => (value > (powers[best] ?? 0) ? index : best), 0)
  const near = powers.slice(Math.max(0, strongest - 3), strongest + 4).reduce((sum, value) => sum + value, 0)
  const all = powers.reduce((sum, value) => sum + value, 0)
  if (near < purity * all) return { kind: 'sound' }
  return { kind: 'tone', hertz: Math.round((strongest * sampleRate) / (2 * spectrum.length)) }
}

/** Listens to a stream; the returned function says what is heard at this moment. */
export function listenTo(stream: MediaStream): { hear(): Hearing; stop(): void } {
  const context = new AudioContext()
  const analyser = context.createAnalyser()
  analyser.fftSize = 4096
  analyser.smoothingTimeConstant = 0
  const samples = new Float32Array(analyser.fftSize)
  const spectrum = new Float32Array(analyser.frequencyBinCount)
  context.createMediaStreamSource(stream).connect(analyser)
  return {
    hear() {
      analyser.getFloatTimeDomainData(samples)
      analyser.getFloatFrequencyData(spectrum)
      return judge(samples, spectrum, context.sampleRate)
    },
    stop: () => void context.close(),
  }
}
