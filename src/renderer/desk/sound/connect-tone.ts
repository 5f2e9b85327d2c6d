import { sendTo } from './test-tone.ts'

/** Milliseconds until a sound can be made. */
const mayTake = 500
/** Two short rising notes: a caller is put through now. `length` in milliseconds, the rest in seconds. */
const length = 450
const notes = [
  { pitch: 587.33, from: 0, to: 0.18 },
  { pitch: 880, from: 0.22, to: 0.42 },
]

/** Settles when they have been heard on this device (undefined: the system's own): true; false where the page may make no sound yet. */
export async function playConnectTone(device: string | undefined): Promise<boolean> {
  if (!('AudioContext' in window)) return false
  const context = new AudioContext()
  try {
    await sendTo(context, device)
    // Never settles where the page may make no sound yet.
    if (!(await Promise.race([context.resume().then(() => true), after(mayTake, false)]))) return false
    const start = context.currentTime
    for (const { pitch, from, to } of notes) {
      const voice = context.createOscillator()
      const gain = context.createGain()
      voice.frequency.value = pitch
      gain.gain.setValueAtTime(0, start + from)
      gain.gain.linearRampToValueAtTime(0.15, start + from + 0.02)
      gain.gain.setValueAtTime(0.15, start + to - 0.02)
      gain.gain.linearRampToValueAtTime(0, start + to)
      voice.connect(gain).connect(context.destination)
      voice.start(start + from)
      voice.stop(start + to)
    }
    return await after(length, true)
  } finally {
    void context.close()
  }
}

function after<Value>(millis: number, value: Value): Promise<Value> {
  return new Promise((resolve) => {
    setTimeout(() => {
      resolve(value)
    }, millis)
  })
}
