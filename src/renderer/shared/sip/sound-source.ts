import type { Microphone } from '../../desk/softphone/softphone.ts'

/** The shared microphone of this window: opened once, cloned for each call, so that a call's end does not stop it. */
export interface SoundInput {
  readonly microphone: Microphone
  /** A track for one call: the microphone's, or one that makes a sound of its own where there is none. */
  track(): MediaStreamTrack
  /** 0 to 1. */
  level(): number
  /** From here on this device; undefined, or one that is not there: the system's own. */
  use(device: string | undefined): void
  /** Called after `microphone` changed. */
  changed(listener: () => void): void
  close(): void
}

/**
 * Asks for the microphone at once. `instead` is what a call sends meanwhile, and without one: silence, so that packets
 * flow and the far side knows that the line is alive; or a tone, by which a caller without a microphone is heard.
 */
export function openSoundInput(instead: 'silence' | 'tone'): SoundInput {
  const context = new AudioContext()
  const listeners: (() => void)[] = []
  const meter = context.createAnalyser()
  meter.fftSize = 512
  const samples = new Float32Array(meter.fftSize)
  let stream: MediaStream | undefined
  let source: MediaStreamAudioSourceNode | undefined
  let microphone: Microphone = { state: 'unasked' }
  let closed = false
  let device: string | undefined
  let asked = 0
  /** A sound of its own goes into a call. */
  let makes = false
  let rest: ReturnType<typeof setTimeout> | undefined

  void ask()

  return {
    get microphone() {
      return microphone
    },
    track() {
      // A context that was made before the first click stands still until one.
      wake()
      const [live] = stream?.getAudioTracks() ?? []
      return live?.readyState === 'live' ? live.clone() : made()
    },
    level() {
      if (!stream) return 0
      wake()
      meter.getFloatTimeDomainData(samples)
      const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length
      return Math.min(1, Math.sqrt(power) * 4)
    },
    use(wanted) {
      if (wanted === device) return
      device = wanted
      void ask()
    },
    changed: (listener) => void listeners.push(listener),
    close() {
      closed = true
      listeners.length = 0
      clearTimeout(rest)
      stop(stream)
      void context.close()
    },
  }

  async function ask() {
    const devices = mediaDevices()
    if (!devices) return become({ state: 'listenOnly', why: 'insecure' })
    const mine = ++asked
    let opened: MediaStream
    try {
      opened = await open(devices, device)
    } catch (error) {
      return mine === asked ? become({ state: 'listenOnly', why: whyNot(error) }) : undefined
    }
    // Another device was wanted meanwhile.
    if (closed || mine !== asked) return stop(opened)
    const before = stream
    stream = opened
    const [track] = opened.getAudioTracks()
    track?.addEventListener('ended', () => {
      if (stream !== opened) return
      stream = undefined
      become({ state: 'listenOnly', why: 'missing' })
      // Pulled out: whatever else there is.
      void ask()
    })
    source?.disconnect()
    source = context.createMediaStreamSource(opened)
    source.connect(meter)
    wake()
    queueMicrotask(() => {
      stop(before)
    })
    become({ state: 'ready', label: track?.label ?? '' })
  }

  /** Running costs some per cent of a processor, and a desk stands all day: it sleeps while nobody looks at the level. */
  function wake() {
    if (closed) return
    if (context.state === 'suspended') void context.resume()
    clearTimeout(rest)
    if (!makes) rest = setTimeout(() => void context.suspend(), restAfter)
  }

  function become(next: Microphone) {
    if (closed) return
    microphone = next
    for (const listener of listeners) listener()
  }

  function made(): MediaStreamTrack {
    makes = true
    wake()
    const destination = context.createMediaStreamDestination()
    const oscillator = context.createOscillator()
    const gain = context.createGain()
    oscillator.frequency.value = toneFrequency
    gain.gain.value = instead === 'tone' ? 0.25 : 0
    oscillator.connect(gain).connect(destination)
    oscillator.start()
    const [track] = destination.stream.getAudioTracks()
    if (!track) throw new Error('an audio destination without a track')
    return track
  }

  function stop(given: MediaStream | undefined) {
    for (const track of given?.getTracks() ?? []) track.stop()
  }
}

/** The system's own where the one wanted is not there. */
async function open(devices: MediaDevices, device: string | undefined): Promise<MediaStream> {
  const audio = { echoCancellation: true, noiseSuppression: true, autoGainControl: true }
  if (device === undefined) return devices.getUserMedia({ audio })
  try {
    return await devices.getUserMedia({ audio: { ...audio, deviceId: { exact: device } } })
  } catch (error) {
    if (error instanceof DOMException && error.name === 'NotAllowedError') throw error
    return devices.getUserMedia({ audio })
  }
}

/** Milliseconds. */
const restAfter = 2_000

/** What a caller without a microphone sends, Hz: the pitch of a telephone's dial tone in Sweden (425 Hz, PTS), easily known. */
export const toneFrequency = 425

/** Absent in a page that is not a secure context, whatever the types say. */
function mediaDevices(): MediaDevices | undefined {
  return (navigator as { mediaDevices?: MediaDevices }).mediaDevices
}

function whyNot(error: unknown): 'denied' | 'missing' | 'busy' {
  const name = error instanceof DOMException ? error.name : ''
  if (name === 'NotFoundError' || name === 'OverconstrainedError') return 'missing'
  return name === 'NotReadableError' ? 'busy' : 'denied'
}
