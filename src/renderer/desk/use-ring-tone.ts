import { onScopeDispose, ref, watch } from 'vue'
import { sendTo } from './sound/test-tone.ts'

/**
 * Rings at `device` (undefined: the system's own) while `ringing` says so: two tones, a second on, two off, made here, so that no file is to be had.
 *
 * A browser lets a page be heard only after a click or a key in it; until then `blocked` is true.
 */
export function useRingTone(ringing: () => boolean, wanted: () => boolean, device: () => string | undefined) {
  const blocked = ref(false)
  let context: AudioContext | undefined

  function wake() {
    if (context?.state === 'suspended') void context.resume()
  }

  watch(
    wanted,
    (isWanted, _, onEnd) => {
      if (!isWanted || !('AudioContext' in window)) return
      const made = new AudioContext()
      context = made
      const stopFollowing = watch(device, (now) => void sendTo(made, now), { immediate: true })
      const look = () => (blocked.value = made.state === 'suspended')
      made.onstatechange = look
      look()
      window.addEventListener('pointerdown', wake)
      window.addEventListener('keydown', wake)
      onEnd(() => {
        context = undefined
        stopFollowing()
        blocked.value = false
        made.onstatechange = null
        window.removeEventListener('pointerdown', wake)
        window.removeEventListener('keydown', wake)
        void made.close()
      })
    },
    { immediate: true },
  )

  let timer: ReturnType<typeof setInterval> | undefined
  let silence: (() => void) | undefined
  const stop = () => {
    clearInterval(timer)
    silence?.()
    silence = undefined
  }
  const burst = () => {
    if (context?.state === 'running') silence = ringOnce(context)
  }
  watch(ringing, (isRinging) => {
    stop()
    if (!isRinging) return
    wake()
    burst()
    timer = setInterval(burst, 3000)
  })
  onScopeDispose(stop)

  return { blocked }
}

/** One second of a warble; the returned function ends it at once, without a click. */
function ringOnce(context: AudioContext): () => void {
  const from = context.currentTime
  const gain = context.createGain()
  gain.gain.setValueAtTime(0, from)
  gain.connect(context.destination)
  const voices = [587.33, 739.99].map((frequency) => {
    const voice = context.createOscillator()
    voice.frequency.value = frequency
    voice.connect(gain)
    voice.start(from)
    voice.stop(from + 1.2)
    return voice
  })
  for (let beat = 0; beat < 10; beat += 1) {
    const at = from + beat / 10
    gain.gain.linearRampToValueAtTime(beat % 2 === 0 ? 0.16 : 0.06, at + 0.02)
    gain.gain.setValueAtTime(beat % 2 === 0 ? 0.16 : 0.06, at + 0.1)
  }
  gain.gain.linearRampToValueAtTime(0, from + 1.1)
  return () => {
    gain.gain.cancelScheduledValues(context.currentTime)
    gain.gain.setTargetAtTime(0, context.currentTime, 0.01)
    for (const voice of voices) voice.stop(context.currentTime + 0.05)
  }
}
