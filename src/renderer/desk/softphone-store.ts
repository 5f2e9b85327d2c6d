import { defineStore } from 'pinia'
import { inject, onScopeDispose, ref, shallowRef, watch, type InjectionKey } from 'vue'
import type { SoftphoneCredential } from '../../contract/console.ts'
import { sipPath } from '../../contract/softphone.ts'
import { socketAddress } from '../stores/socket-address.ts'
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
  const open = inject(openSoftphoneKey, undefined)
  const credential = shallowRef<SoftphoneCredential>()
  const phone = shallowRef<Softphone>()
  const registration = shallowRef<Registration>({ state: 'off' })
  const ringing = shallowRef<readonly Invitation[]>([])
  const call = shallowRef<SoftphoneCall>()
  const listening = shallowRef<Listening>()
  const microphone = shallowRef<Microphone>({ state: 'unasked' })
  /** 0 to 1; and a mean opinion score once there is something to measure. Both only in a call. */
  const level = ref(0)
  const quality = ref<number>()

  function start(given: SoftphoneCredential) {
    if (open === undefined) return
    const audio = new Audio()
    audio.autoplay = true
    const opened = open({ url: socketAddress(sipPath), credential: given, audio })
    opened.on('registration', (told) => (registration.value = told))
    opened.on('ringing', (told) => (ringing.value = told))
    opened.on('call', (told) => (call.value = told))
    opened.on('listening', (told) => (listening.value = told))
    opened.on('microphone', (told) => (microphone.value = told))
    phone.value = opened
    registration.value = opened.registration
    microphone.value = opened.microphone
  }

  function stop() {
    const closed = phone.value
    phone.value = undefined
    registration.value = { state: 'off' }
    ringing.value = []
    call.value = undefined
    listening.value = undefined
    microphone.value = { state: 'unasked' }
    void closed?.dispose()
  }

  watch(credential, (given) => {
    stop()
    if (given !== undefined) start(given)
  })
  onScopeDispose(stop)

  const inCall = () => call.value?.state === 'talking' || call.value?.state === 'held'
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

  return {
    credential,
    phone,
    registration,
    ringing,
    call,
    listening,
    microphone,
    level,
    quality,
  }
})
