import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { createPinia, disposePinia, type Pinia } from 'pinia'
import { afterEach } from 'vitest'
import { computed, h, ref, type Component } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import type { Ask, Live, Reply, SignedIn } from '../../../src/contract/console.ts'
import type { Configuration } from '../../../src/core/configuration/types.ts'
import { createWords, type Locale } from '../../../src/renderer/i18n/i18n.ts'
import { nowKey, timeZoneKey } from '../../../src/renderer/shared/use-words.ts'
import { connectionPortsKey, useConsoleStore } from '../../../src/renderer/stores/console-store.ts'
import { useDraftStore } from '../../../src/renderer/stores/draft-store.ts'
import { routeOf } from '../../../src/renderer/supervisor/route-of.ts'
import { sections } from '../../../src/renderer/supervisor/sections.ts'
import { fakeConsole } from './fake-console.ts'
import { liveOf, signedInAnna, tenOClock } from './live.ts'

export interface ServiceAnswers {
  readonly configuration?: Configuration
  readonly live?: Live
  readonly signedIn?: Partial<SignedIn>
  /** The value that an ask is answered with; undefined: refused as `unknown`. */
  readonly answer?: (ask: Ask) => unknown
}

const opened: { pinia: Pinia; page: VueWrapper }[] = []
afterEach(() => {
  for (const { pinia, page } of opened.splice(0)) {
    page.unmount()
    disposePinia(pinia)
  }
  document.body.replaceChildren()
})

/** A page of the supervisor's console before a service that answers at once. */
export async function openConsolePage(
  component: Component,
  props: Record<string, unknown> = {},
  { configuration, live = liveOf(), signedIn = {}, answer }: ServiceAnswers = {},
  locale: Locale = 'sv',
  provided: Record<symbol, unknown> = {},
) {
  const pinia = createPinia()
  const console = fakeConsole()
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [
      { path: '/', name: 'start', component: { template: '<p></p>' } },
      ...sections.map((section) => ({
        path: `/${section.of}/${section.of === 'groupNumber' ? ':group/' : ''}${section.name}`,
        name: routeOf(section),
        component: { template: '<p></p>' },
      })),
    ],
  })
  await router.push('/')
  // As in the window: a page is shown when the service has answered.
  const shown = ref(false)
  const page = mount(
    { render: () => (shown.value ? h(component, props) : h('p')) },
    {
      attachTo: document.body,
      global: {
        plugins: [pinia, createWords(locale), router],
        provide: {
          [connectionPortsKey as symbol]: console.ports,
          [nowKey as symbol]: computed(() => tenOClock),
          [timeZoneKey as symbol]: computed(() => 'Europe/Stockholm'),
          ...provided,
        },
      },
    },
  )
  opened.push({ pinia, page })
  const service = useConsoleStore(pinia)
  useDraftStore(pinia).keepCurrent()
  service.open()
  console.socket.open()
  console.socket.say({
    type: 'welcome',
    protocol: 1,
    signedIn: { ...signedInAnna, roles: ['admin'], ...signedIn },
    now: tenOClock,
  })
  console.socket.say({ type: 'snapshot', revision: 1, now: tenOClock, live })

  const answered = new Set<string>()
  /** Answers all that is asked, and what is asked because of the answers. */
  async function settle() {
    for (let round = 0; round < 6; round += 1) {
      await flushPromises()
      for (const message of console.socket.heard) {
        if (message.type !== 'ask' || answered.has(message.id)) continue
        answered.add(message.id)
        console.socket.say({ type: 'reply', id: message.id, reply: replyTo(message.ask) })
      }
    }
    await flushPromises()
  }
  function replyTo(ask: Ask): Reply {
    const given = answer?.(ask)
    const value =
      given === undefined && ask.type === 'readConfiguration' && configuration
        ? { revision: live.service.service.revision, configuration }
        : given
    if (value === undefined) return { ok: false, problem: { kind: 'unknown', message: ask.type } }
    return { ok: true, ...(value !== null && { value }) }
  }
  shown.value = true
  await settle()
  return { page, console, router, pinia, settle, asks: () => console.asks() }
}
