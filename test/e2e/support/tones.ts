/** A sound file: WAV, mono, 16 bit, one sine at half of full scale, whole periods so that it can be repeated. */
export function toneWav(hertz: number, { seconds, rate }: { seconds: number; rate: number }): Buffer {
  const samples = Math.round(seconds * rate)
  const wav = Buffer.alloc(44 + samples * 2)
  wav.write('RIFF', 0)
  wav.writeUInt32LE(36 + samples * 2, 4)
  wav.write('WAVEfmt ', 8)
  wav.writeUInt32LE(16, 16)
  wav.writeUInt16LE(1, 20)
  wav.writeUInt16LE(1, 22)
  wav.writeUInt32LE(rate, 24)
  wav.writeUInt32LE(rate * 2, 28)
  wav.writeUInt16LE(2, 32)
  wav.writeUInt16LE(16, 34)
  wav.write('data', 36)
  wav.writeUInt32LE(samples * 2, 40)
  for (let at = 0; at < samples; at++)
    wav.writeInt16LE(Math.round(16_384 * Math.sin((2 * Math.PI * hertz * at) / rate)), 44 + at * 2)
  return wav
}

/** A piece of what a party heard just now; samples from -1 to 1. */
export interface Snippet {
  readonly rate: number
  readonly samples: ArrayLike<number>
}

/**
 * How strong one pitch is, by Goertzel's algorithm, normalised by (N/2)^2: `toneWav` reads 0.25, another
 * pitch about 1e-6, silence less.
 */
function levelOf(hertz: number, { rate, samples }: Snippet): number {
  const count = samples.length
  if (count === 0) return 0
  const factor = 2 * Math.cos((2 * Math.PI * hertz) / rate)
  let last = 0
  let beforeLast = 0
  for (let at = 0; at < count; at++) {
    // A Hann window: G.711's steps and a piece that is no whole number of periods leak less.
    const window = 1 - Math.cos((2 * Math.PI * at) / count)
    const next = (samples[at] ?? 0) * window + factor * last - beforeLast
    beforeLast = last
    last = next
  }
  return (last * last + beforeLast * beforeLast - factor * last * beforeLast) / (count / 2) ** 2
}

/** Above this a pitch counts as heard; one of a message that was evened to -23 LUFS reads 0.004. */
const audible = 0.001

/** Names the pitches heard, strongest first. `tones`: name to Hz. */
export function heardIn<Name extends string>(
  tones: Readonly<Record<Name, number>>,
  snippets: readonly Snippet[],
): readonly Name[] {
  const levels = (Object.keys(tones) as Name[]).map((name) => {
    const level = Math.max(0, ...snippets.map((snippet) => levelOf(tones[name], snippet)))
    return { name, level }
  })
  return levels
    .filter(({ level }) => level > audible)
    .toSorted((a, b) => b.level - a.level)
    .map(({ name }) => name)
}

/** What was heard from the beginning on, in order: names of pitches, and `speech` for sound that is no pitch of these. */
export function heardInOrder<Name extends string>(
  tones: Readonly<Record<Name, number>>,
  { rate, samples }: Snippet,
): readonly (Name | 'speech')[] {
  const sound = Float32Array.from(samples)
  const [length, step] = [rate / 10, rate / 20]
  const inOrder: (Name | 'speech')[] = []
  let last: { readonly what: Name | 'speech' | undefined; times: number } = { what: undefined, times: 0 }
  for (let at = 0; at + length <= sound.length; at += step) {
    const what = soundOf(tones, { rate, samples: sound.subarray(at, at + length) })
    if (last.what === what) last.times++
    else last = { what, times: 1 }
    // Where one sound goes over into the next, a piece may look like anything.
    if (last.times === steady && what !== undefined && what !== inOrder.at(-1)) inOrder.push(what)
  }
  return inOrder
}

/** Pieces alike, one after the other, that make a sound: 0.2 s. */
const steady = 3

/** Undefined: silence. */
function soundOf<Name extends string>(
  tones: Readonly<Record<Name, number>>,
  snippet: Snippet,
): Name | 'speech' | undefined {
  const samples = Array.from(snippet.samples)
  // As `levelOf`: what one pitch alone would read.
  const all = (2 * samples.reduce((sum, sample) => sum + sample * sample, 0)) / samples.length
  if (all < 0.0005) return undefined
  const [strongest] = heardIn(tones, [snippet])
  return strongest !== undefined && levelOf(tones[strongest], snippet) > 0.7 * all ? strongest : 'speech'
}
