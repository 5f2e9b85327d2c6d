import { defineStore } from 'pinia'
import { computed, inject, onScopeDispose, ref, shallowRef, watch, type InjectionKey } from 'vue'
import type { SoftphoneCredential } from '../../contract/console.ts'
import type { E164 } from '../../core/configuration/types.ts'
import { sipPath } from '../../contract/softphone.ts'
import { sendTo } from './sound/test-tone.ts'
import { useSoundStore } from './sound-store.ts'
import { socketAddress } from '../stores/socket-address.ts'
import type { SoundQuality } from './softphone/quality.ts'
import type {
  Invitation,
  Listening,
  Microphone,
  OpenSoftphone,
  Registration,
  Softphone,
  SoftphoneCall,
} from './softphone/softphone.ts'

export const openSoftphoneKey: InjectionKey<OpenSoftphone> = Symbol('open softphone')

/** The window's one softphone and its state; it lives as long as somebody who answers here is signed in, whatever page is shown. */
export const useSoftphoneStore = defineStore('softphone', () => {
  const sound = useSoundStore()
  const open = inject(openSoftphoneKey, undefined)
  const credential = shallowRef<SoftphoneCredential>()
  const phone = shallowRef<Softphone>()
  const registration = shallowRef<Registration>({ state: 'off' })
  const ringing = shallowRef<readonly Invitation[]>([])
  const listening = shallowRef<Listening>()
  const calls = shallowRef<readonly SoftphoneCall[]>([])
  const microphone = shallowRef<Microphone>({ state: 'unasked' })
  /** 0 to 1; and how it sounds, once there is something to measure. Both only in a call. */
  const level = ref(0)
  const quality = shallowRef<SoundQuality>()

  function start(given: SoftphoneCredential) {
    if (open === undefined) return
    const audio = new Audio()
    audio.autoplay = true
    const opened = open({ url: socketAddress(sipPath), credential: given, audio })
    opened.on('registration', (told) => (registration.value = told))
    opened.on('ringing', (told) => (ringing.value = told))
    opened.on('listening', (told) => (listening.value = told))
    opened.on('calls', (told) => (calls.value = told))
    opened.on('microphone', (told) => (microphone.value = told))
    watchDevices(opened, audio)
    phone.value = opened
    registration.value = opened.registration
    microphone.value = opened.microphone
  }

  let unwatch: (() => void) | undefined
  function watchDevices(opened: Softphone, audio: HTMLAudioElement) {
    const stops = [
      watch(
        () => sound.microphone?.id,
        (device, before) => {
          if (device !== before) opened.useMicrophone(device)
        },
        { immediate: true },
      ),
      watch(
        () => sound.speaker?.id,
        (device, before) => {
          if (device !== before) void sendTo(audio, device)
        },
        { immediate: true },
      ),
      // Their names are told only to who may use the microphone.
      watch(microphone, () => void sound.look()),
    ]
    unwatch = () => {
      for (const each of stops) each()
    }
  }

  function stop() {
    unwatch?.()
    unwatch = undefined
    const closed = phone.value
    phone.value = undefined
    registration.value = { state: 'off' }
    ringing.value = []
    listening.value = undefined
    calls.value = []
    microphone.value = { state: 'unasked' }
    void closed?.dispose()
  }

  watch(credential, (given) => {
    stop()
    if (given !== undefined) start(given)
  })
  onScopeDispose(stop)

  const inCall = () => calls.value.some(({ state }) => state === 'talking' || state === 'held')
  watch(inCall, (talking, _, onEnd) => {
    if (!talking) return
    const timer = setInterval(() => {
      level.value = phone.value?.level() ?? 0
      quality.value = phone.value?.quality()
    }, 150)
    onEnd(() => {
      clearInterval(timer)
      level.value = 0
      quality.value = undefined
    })
  })

  /** A call is on its way, made or answered: no other is begun meanwhile. */
  const isMaking = computed(() => calls.value.some(({ state }) => isUnderWay[state] === true))

  /** `as`: a number to be shown as; empty: the agent's own. */
  async function dial(to: string, as: string) {
    return phone.value?.dial(to, as === '' ? undefined : (as as E164))
  }

  return {
    isMaking,
    dial,
    credential,
    phone,
    registration,
    ringing,
    listening,
    calls,
    microphone,
    level,
    quality,
  }
})

const isUnderWay: Readonly<Partial<Record<SoftphoneCall['state'], true>>> = {
  dialling: true,
  ringing: true,
  connecting: true,
}
