import type { InjectionKey } from 'vue'
import { failed, ok, type Result } from '../../../core/result.ts'
import { wavFrom } from './wav-from.ts'

/** A recording under way. */
export interface Recorder {
  /** How loud it is just now: 0 to 1, where 1 is as loud as can be. */
  level(): number
  /** Ends it; the WAV file, mono, 16 bit. Fails where nothing could be made of what was heard. */
  stop(): Promise<Result<Blob, 'nothing'>>
  /** Ends it and forgets it. */
  close(): void
}

/** `insecure`: a page without TLS, where a browser gives no microphone. */
export type NoMicrophone = 'denied' | 'missing' | 'busy' | 'insecure'

export type OpenRecorder = () => Promise<Result<Recorder, NoMicrophone>>
export const openRecorderKey: InjectionKey<OpenRecorder> = Symbol('open recorder')

/** Seconds. */
export const longestRecording = 600

/** Records the microphone from now on. */
export const openRecorder: OpenRecorder = async () => {
  const devices = mediaDevices()
  if (!devices) return failed('insecure')
  let stream: MediaStream
  try {
    stream = await devices.getUserMedia({
      audio: { echoCancellation: false, noiseSuppression: true, autoGainControl: true },
    })
  } catch (error) {
    return failed(whyNot(error))
  }
  const context = new AudioContext()
  const meter = context.createAnalyser()
  meter.fftSize = 2048
  context.createMediaStreamSource(stream).connect(meter)
  const samples = new Float32Array(meter.fftSize)

  const pieces: Blob[] = []
  // Many times what speech needs, so that coding it once is not heard.
  const recorder = new MediaRecorder(stream, { audioBitsPerSecond: 256_000 })
  recorder.addEventListener('dataavailable', ({ data }) => pieces.push(data))
  const stopped = new Promise<void>((resolve) => {
    recorder.addEventListener('stop', () => resolve(), { once: true })
  })
  recorder.start()

  return ok({
    level() {
      meter.getFloatTimeDomainData(samples)
      return Math.min(
        1,
        samples.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0),
      )
    },
    async stop() {
      if (recorder.state !== 'inactive') recorder.stop()
      await stopped
      close()
      const made = await wavFrom(new Blob(pieces, { type: recorder.mimeType }))
      return made.ok ? made : failed('nothing')
    },
    close,
  })

  function close() {
    if (recorder.state !== 'inactive') recorder.stop()
    for (const track of stream.getTracks()) track.stop()
    if (context.state !== 'closed') void context.close()
  }
}

/** Absent in a page that is not a secure context, whatever the types say. */
function mediaDevices(): MediaDevices | undefined {
  return (navigator as { mediaDevices?: MediaDevices }).mediaDevices
}

function whyNot(error: unknown): NoMicrophone {
  const name = error instanceof DOMException ? error.name : ''
  if (name === 'NotFoundError' || name === 'OverconstrainedError') return 'missing'
  return name === 'NotReadableError' ? 'busy' : 'denied'
}
