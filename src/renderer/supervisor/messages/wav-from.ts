import { failed, ok, type Result } from '../../../core/result.ts'
import { wavOf } from './wav.ts'

/** Hz: twice what a telephone carries; and just that for what is long, so that it is not too big to send. */
const fineRate = 16_000
const telephoneRate = 8000
const longSeconds = 600
/** As long as the service takes. */
const longestSeconds = 1200

/**
 * A WAV file, mono, 16 bit, of whatever this browser can decode: what it recorded itself, and kinds that the service does not
 * read. `unknown`: it cannot, or there is no sound in it.
 */
export async function wavFrom(recorded: Blob): Promise<Result<Blob, 'unknown' | 'tooLong'>> {
  try {
    const bytes = await recorded.arrayBuffer()
    // A context decodes to its own rate; what is decoded takes its bytes along.
    const fine = await decoded(bytes.slice(0), fineRate)
    if (fine.duration > longestSeconds) return failed('tooLong')
    const sound = fine.duration > longSeconds ? await decoded(bytes, telephoneRate) : fine
    return ok(new Blob([wavOf(mixed(sound), sound.sampleRate)], { type: 'audio/wav' }))
  } catch {
    return failed('unknown')
  }
}

const decoded = (bytes: ArrayBuffer, rate: number) => new OfflineAudioContext(1, 1, rate).decodeAudioData(bytes)

function mixed(sound: AudioBuffer): Float32Array {
  const channels = Array.from({ length: sound.numberOfChannels }, (_, channel) => sound.getChannelData(channel))
  const [first = new Float32Array()] = channels
  if (channels.length === 1) return first
  return first.map((_, at) => channels.reduce((sum, channel) => sum + (channel[at] ?? 0), 0) / channels.length)
}
