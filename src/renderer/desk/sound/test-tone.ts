/** One second of a calm tone from this device; undefined: the system's own. */
export async function playTestTone(device: string | undefined): Promise<void> {
  const context = new AudioContext()
  await sendTo(context, device)
  const from = context.currentTime
  const gain = context.createGain()
  gain.gain.setValueAtTime(0, from)
  gain.gain.linearRampToValueAtTime(0.2, from + 0.05)
  gain.gain.setValueAtTime(0.2, from + 0.9)
  gain.gain.linearRampToValueAtTime(0, from + 1)
  const voice = context.createOscillator()
  voice.frequency.value = 587.33
  voice.connect(gain).connect(context.destination)
  voice.onended = () => void context.close()
  voice.start(from)
  voice.stop(from + 1)
}

/** Where the browser cannot send a sound to a device of its own, it is heard where everything is. */
export async function sendTo(sink: AudioContext | HTMLMediaElement, device: string | undefined): Promise<void> {
  const { setSinkId } = sink as { setSinkId?: (id: string) => Promise<void> }
  await setSinkId?.call(sink, device ?? '').catch(() => undefined)
}
