import '../../src/renderer/shared/without-eval.ts'
import '../../src/renderer/styles/tokens.css'
import '../../src/renderer/styles/base.css'
import { createPinia, disposePinia } from 'pinia'
import { createApp, nextTick, watchEffect } from 'vue'
import type { FromConsole } from '../../src/contract/console.ts'
import type { SoftphoneEvents } from '../../src/renderer/desk/softphone/softphone.ts'
import App from '../../src/renderer/App.vue'
import { openSoftphoneKey } from '../../src/renderer/desk/softphone-store.ts'
import { createWords, type Locale } from '../../src/renderer/i18n/i18n.ts'
import { createRoutes } from '../../src/renderer/router.ts'
import type { ConnectionPorts } from '../../src/renderer/stores/connection.ts'
import { connectionPortsKey } from '../../src/renderer/stores/console-store.ts'
import { usePreferencesStore } from '../../src/renderer/stores/preferences-store.ts'
import { fakeConsole } from '../renderer/support/fake-console.ts'
import { fakeSoftphone } from '../renderer/support/fake-softphone.ts'
import { about, pictures, type Picture, type PictureName } from './pictures.ts'

/**
 * The console itself, in any state of a call: its own components and stores, at the two ports where else the service and the
 * softphone are. `/?picture=NAME&locale=sv` shows one, `/` all of them; time stands still.
 */
declare global {
  interface Window {
    showPicture?: typeof showPicture
    /** What the softphone in the picture was told to do. */
    told?: readonly string[]
  }
}

let hide: () => void = () => undefined

async function showPicture(name: PictureName, locale: Locale): Promise<void> {
  hide()
  localStorage.setItem('gruppnummer.preferences', JSON.stringify({ locale }))
  const picture: Picture = pictures[name]
  const service = fakeConsole()
  const softphone = fakeSoftphone({ quality: picture.quality, level: 0.3, does: picture.does })
  window.told = softphone.told
  const pinia = createPinia()
  const words = createWords(locale)
  const router = createRoutes()
  const app = createApp(App)
  app.use(pinia).use(words).use(router)
  app.provide(connectionPortsKey, withAnswers(service.ports))
  app.provide(openSoftphoneKey, softphone.open)
  const preferences = usePreferencesStore(pinia)
  const stop = watchEffect(() => {
    words.global.locale.value = preferences.locale
    document.documentElement.lang = preferences.locale
    document.documentElement.dataset.density = preferences.density
  })
  app.mount('#app')
  hide = () => {
    stop()
    app.unmount()
    disposePinia(pinia)
  }

  await nextTick()
  service.welcome(picture.live, picture.signedIn)
  await router.replace('/desk')
  await nextTick()
  for (const event of ['registration', 'microphone', 'ringing', 'calls', 'listening'] as const) tell(event)
  if (picture.link) service.socket.drop()
  if (picture.link === 'connecting') service.pass(5)
  await settled()
  for (const key of picture.press ?? []) {
    buttonOf(words.global.t(key)).click()
    await settled()
  }

  function tell(event: keyof SoftphoneEvents) {
    const { phone }: { phone: Partial<SoftphoneEvents> } = picture
    if (event in phone) softphone.set(event, phone[event])
  }
}

/** What comes of an ask comes in a later task, and is drawn in another. */
async function settled() {
  for (let times = 0; times < 3; times += 1) await new Promise((resolve) => setTimeout(resolve))
}

function buttonOf(words: string): HTMLButtonElement {
  const found = [...document.querySelectorAll<HTMLButtonElement>('article button')].find(({ textContent }) =>
    textContent.trim().startsWith(words),
  )
  if (!found) throw new Error(`no button with the words ${words}`)
  return found
}

/** A service that knows the caller, and does whatever it is asked. */
function withAnswers(ports: ConnectionPorts): ConnectionPorts {
  return {
    ...ports,
    openSocket(listener) {
      const socket = ports.openSocket(listener)
      return {
        ...socket,
        send(text) {
          socket.send(text)
          const said = JSON.parse(text) as FromConsole
          if (said.type !== 'ask') return
          const value = said.ask.type === 'callAbout' ? about : undefined
          const reply = { type: 'reply', id: said.id, reply: { ok: true, value } }
          setTimeout(() => listener.heard(JSON.stringify(reply)))
        },
      }
    },
  }
}

/** All of them beside each other, for whoever looks. */
function showAll() {
  const root = document.querySelector<HTMLElement>('#app')
  for (const name of Object.keys(pictures)) {
    const heading = document.createElement('h2')
    heading.textContent = name
    root?.append(heading)
    for (const [width, height, locale] of [
      [800, 600, 'sv'],
      [360, 640, 'en'],
    ] as const) {
      const frame = document.createElement('iframe')
      frame.title = `${name}, ${width}`
      Object.assign(frame, { width, height, loading: 'lazy', src: `?picture=${name}&locale=${locale}` })
      root?.append(frame)
    }
  }
}

const asked = new URLSearchParams(location.search)
const name = asked.get('picture')
if (name === null) showAll()
else if (name in pictures) await showPicture(name as PictureName, asked.get('locale') === 'en' ? 'en' : 'sv')
else throw new Error(`no picture ${name}`)
window.showPicture = showPicture
