import { defineStore } from 'pinia'
import { computed, onScopeDispose, shallowRef, watch } from 'vue'
import { z } from 'zod'
import {
  devicesOf,
  presentDevice,
  withWish,
  type DeviceWish,
  type SoundDevice,
  type SoundUse,
} from './sound/device-wishes.ts'

const wish = z.object({ id: z.string(), label: z.string() })
const wishes = z.array(wish).max(20).catch([])
const schema = z.object({ microphone: wishes, speaker: wishes, ringer: wishes }).catch({
  microphone: [],
  speaker: [],
  ringer: [],
})
type Wishes = Readonly<Record<SoundUse, readonly DeviceWish[]>>

const key = 'gruppnummer.sound'

/**
 * Which devices this browser's sound comes from and goes to: the last one chosen that is plugged in, so that a headset that is
 * pulled out is replaced by the one before it, and is taken again when it comes back.
 */
export const useSoundStore = defineStore('sound', () => {
  const kept = shallowRef<Wishes>(read())
  const inputs = shallowRef<readonly SoundDevice[]>([])
  const outputs = shallowRef<readonly SoundDevice[]>([])
  const media = (navigator as { mediaDevices?: MediaDevices }).mediaDevices

  const microphone = computed(() => presentDevice(kept.value.microphone, inputs.value))
  const speaker = computed(() => presentDevice(kept.value.speaker, outputs.value))
  /** Where nothing is chosen for ringing, it is heard where callers are. */
  const ringer = computed(() => presentDevice(kept.value.ringer, outputs.value) ?? speaker.value)

  /** As chosen; undefined where it follows the callers' sound. */
  const ringerChosen = computed(() => presentDevice(kept.value.ringer, outputs.value)?.id)

  async function look() {
    const listed = (await media?.enumerateDevices().catch(() => [])) ?? []
    inputs.value = devicesOf('audioinput', listed)
    outputs.value = devicesOf('audiooutput', listed)
  }

  function choose(use: SoundUse, id: string) {
    const device = (use === 'microphone' ? inputs : outputs).value.find((each) => each.id === id)
    kept.value = { ...kept.value, [use]: withWish(kept.value[use], device) }
  }

  watch(kept, (now) => {
    try {
      localStorage.setItem(key, JSON.stringify(now))
    } catch {
      // Storage full or forbidden: the choice holds for as long as the window.
    }
  })
  const changed = () => void look()
  media?.addEventListener('devicechange', changed)
  onScopeDispose(() => media?.removeEventListener('devicechange', changed))
  void look()

  return { inputs, outputs, microphone, speaker, ringer, ringerChosen, choose, look }
})

function read(): Wishes {
  try {
    return schema.parse(JSON.parse(localStorage.getItem(key) ?? '{}'))
  } catch {
    return schema.parse({})
  }
}
