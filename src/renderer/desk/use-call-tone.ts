import { onScopeDispose, watch } from 'vue'
import { sendTo } from './sound/test-tone.ts'

/** A tone in pulses; the pitch of Swedish telephones' own, 425 Hz. */
interface Pulses {
  /** Both in seconds. */
  readonly on: number
  readonly every: number
  /** 0 to 1. */
  readonly gain: number
}

/** Ringing, as whoever calls hears it (ETSI TR 101 041, Sweden). */
export const ringBackPulses: Pulses = { on: 1, every: 5, gain: 0.08 }
/** Somebody waits while one talks: short, and softer than a voice. */
export const waitingPulses: Pulses = { on: 0.2, every: 4, gain: 0.04 }

const pitch = 425

/** Sounds at `device` (undefined: the system's own) while `wanted` says so. */
export function useCallTone(
  wanted: () => boolean,
  device: () => string | undefined,
  { on, every, gain: loudness }: Pulses,
) {
  let stop: (() => void) | undefined
  const end = () => {
    stop?.()
    stop = undefined
  }
  watch(wanted, (sounds) => {
    end()
    if (!sounds || !('AudioContext' in window)) return
    const context = new AudioContext()
    const stopFollowing = watch(device, (now) => void sendTo(context, now), { immediate: true })
    const pulse = () => {
      const from = context.currentTime
      const voice = context.createOscillator()
      const gain = context.createGain()
      voice.frequency.value = pitch
      gain.gain.setValueAtTime(0, from)
      gain.gain.linearRampToValueAtTime(loudness, from + 0.02)
      gain.gain.setValueAtTime(loudness, from + on - 0.02)
      gain.gain.linearRampToValueAtTime(0, from + on)
      voice.connect(gain).connect(context.destination)
      voice.start(from)
      voice.stop(from + on)
    }
    pulse()
    const timer = setInterval(pulse, every * 1000)
    stop = () => {
      clearInterval(timer)
      stopFollowing()
      void context.close()
    }
  })
  onScopeDispose(end)
}
