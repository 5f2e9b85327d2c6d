import { enableAutoUnmount, flushPromises, mount } from '@vue/test-utils'
import { createPinia, disposePinia, type Pinia } from 'pinia'
import { afterEach, beforeEach, expect, test, onTestFinished } from 'vitest'
import App from '../../src/renderer/App.vue'
import type { CallView } from '../../src/core/routing/view.ts'
import { openSoftphoneKey, useSoftphoneStore } from '../../src/renderer/desk/softphone-store.ts'
import { createWords } from '../../src/renderer/i18n/i18n.ts'
import { createRoutes } from '../../src/renderer/router.ts'
import { connectionPortsKey } from '../../src/renderer/stores/console-store.ts'
import { fakeConsole } from './support/fake-console.ts'
import type { LineId } from '../../src/renderer/desk/softphone/softphone.ts'
import { fakeSoftphone } from './support/fake-softphone.ts'
import {
  agentLive,
  anna,
  at,
  bo,
  boLive,
  callView,
  firstCall,
  firstOffer,
  liveOf,
  ringingAtAnna,
  support,
} from './support/live.ts'
import { button, expectNoFaults, type Shown } from './support/mount.ts'

let pinia: Pinia
let requests: { path: string; method: string; body: unknown }[]
let answerWith: { status: number }

beforeEach(() => {
  localStorage.clear()
  history.replaceState(null, '', '/')
  requests = []
  answerWith = { status: 200 }
  globalThis.fetch = ((path: string, init: RequestInit) => {
    requests.push({
      path,
      method: init.method ?? '',
      body: typeof init.body === 'string' ? (JSON.parse(init.body) as unknown) : undefined,
    })
    return Promise.resolve(new Response('{}', { status: answerWith.status }))
  }) as typeof fetch
})

afterEach(() => {
  disposePinia(pinia)
})
// After the line above, since the last one asked runs first: the app goes before its stores.
enableAutoUnmount(afterEach)

async function openApp({ link }: { link?: string } = {}) {
  pinia = createPinia()
  const console = fakeConsole()
  const softphone = fakeSoftphone()
  const router = createRoutes()
  const app: Shown = mount(App, {
    props: { link },
    attachTo: document.body,
    global: {
      plugins: [pinia, createWords('sv'), router],
      provide: { [connectionPortsKey as symbol]: console.ports, [openSoftphoneKey as symbol]: softphone.open },
    },
  })
  await flushPromises()
  const press = async (key: string, more: KeyboardEventInit = {}, target: EventTarget = document.body) => {
    target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more }))
    await flushPromises()
  }
  const rings = async () => {
    console.welcome(liveOf({ agents: [agentLive({ state: 'ringing', call: firstCall })], calls: [ringingAtAnna()] }))
    await flushPromises()
    softphone.set('ringing', [{ offer: firstOffer, call: firstCall }])
    await flushPromises()
  }
  const talks = async () => {
    const call = callView({ phase: 'talking', agent: anna, talkingSince: at(-5) })
    console.welcome(liveOf({ agents: [agentLive({ state: 'talking', call: firstCall })], calls: [call] }))
    await flushPromises()
    const line = firstOffer as string as LineId
    const phoneCall = { line, offer: firstOffer, call: firstCall, muted: false, changing: false, soundLost: false }
    softphone.set('calls', [{ ...phoneCall, state: 'talking' }])
    await flushPromises()
  }
  return { app, console, softphone, router, press, rings, talks }
}

test('who is signed in already sees the desk', async () => {
  const { app, console, router } = await openApp()
  console.welcome()
  await flushPromises()
  expect(router.currentRoute.value.path).toBe('/desk')
  expect(app.text()).toContain('Redo för samtal')
  expect(app.text()).toContain('Öppet till 16:00')
  await expectNoFaults(app)
})

test('a number is typed and called, as the agent or as a group number; the call stands in front, and can be given up', async () => {
  const { app, console, softphone } = await openApp()
  console.welcome()
  await flushPromises()
  softphone.set('registration', { state: 'registered' })
  await flushPromises()
  const field = app.find('input[role=combobox]')
  await field.setValue('070-174 06 05')
  await field.trigger('keydown', { key: 'Enter' })
  await flushPromises()
  await app.find('.dial select').setValue('+46122260980')
  await field.setValue('bo')
  await field.trigger('keydown', { key: 'Enter' })
  await flushPromises()
  expect(softphone.told).toEqual(['dial +46701740605', 'dial bo as +46122260980'])
  const line = 'dialled-2' as LineId
  const calling = { line, dialled: 'bo', muted: false, changing: false, soundLost: false } as const
  softphone.set('calls', [{ ...calling, state: 'ringing', call: firstCall }])
  await flushPromises()
  expect(app.find('article').text()).toContain('Det ringer')
  expect(app.find('article').text()).toContain('Bo Ek')
  await expectNoFaults(app)
  await app.find('article .hang-up').trigger('click')
  expect(softphone.told.at(-1)).toBe('hangUp dialled-2')
  expect(console.asks()).toContainEqual({ type: 'hangUp', agent: anna, call: firstCall })
  softphone.set('calls', [{ ...calling, state: 'ended', failed: 'noAnswer' }])
  await flushPromises()
  expect(app.find('article').text()).toContain('Inget svar.')
  await expectNoFaults(app)
})

test('a link fills in the field and calls nobody', async () => {
  const heard = new Map<string, (told: string) => void>()
  const nothing = () => Promise.resolve(undefined)
  const on = (name: string, listener: (told: string) => void) => {
    heard.set(name, listener)
    return () => heard.delete(name)
  }
  Object.assign(window, { desktop: { on, showRinging: nothing, stopRinging: nothing, showState: nothing } })
  onTestFinished(() => void Reflect.deleteProperty(window, 'desktop'))
  const { app, console, softphone } = await openApp()
  console.welcome()
  await flushPromises()
  heard.get('dial')?.('tel:+46-70-174%2006%2005;ext=1')
  await flushPromises()
  const field = app.find('input[role=combobox]').element as HTMLInputElement
  expect(field.value).toBe('+46-70-174 06 05')
  expect(softphone.told).toEqual([])
})

test('answering from the desktop program is not lost while the call is on its way to the softphone', async () => {
  const heard = new Map<string, (told: string) => void>()
  const nothing = () => Promise.resolve(undefined)
  const on = (name: string, listener: (told: string) => void) => {
    heard.set(name, listener)
    return () => heard.delete(name)
  }
  Object.assign(window, { desktop: { on, showRinging: nothing, stopRinging: nothing, showState: nothing } })
  onTestFinished(() => void Reflect.deleteProperty(window, 'desktop'))
  const { console, softphone } = await openApp()
  console.welcome(liveOf({ agents: [agentLive({ state: 'ringing', call: firstCall })], calls: [ringingAtAnna()] }))
  softphone.set('registration', { state: 'registered' })
  await flushPromises()
  heard.get('asked')?.('answer')
  expect(softphone.told).toEqual([])
  softphone.set('ringing', [{ offer: firstOffer, call: firstCall }])
  await flushPromises()
  expect(softphone.told).toEqual(['answer offer-1'])
})

test('who is not signed in is asked for name and password, and then sees the desk', async () => {
  const { app, console, router } = await openApp()
  console.socket.open()
  console.socket.say({ type: 'goodbye', why: 'notSignedIn' })
  await flushPromises()
  expect(router.currentRoute.value.path).toBe('/sign-in')
  await expectNoFaults(app)
  await app.find('input[autocomplete=username]').setValue(' anna ')
  await app.find('input[type=password]').setValue('hemligt ord')
  await app.find('form').trigger('submit')
  await flushPromises()
  expect(requests).toEqual([{ path: '/api/session', method: 'POST', body: { name: 'anna', password: 'hemligt ord' } }])
  console.welcome()
  await flushPromises()
  expect(router.currentRoute.value.path).toBe('/desk')
})

test.each([
  [401, 'Namnet eller lösenordet stämmer inte'],
  [429, 'För många försök'],
  [500, 'Det gick inte just nu'],
])('a refusal %i is said in words', async (status, words) => {
  const { app, console } = await openApp()
  console.socket.say({ type: 'goodbye', why: 'notSignedIn' })
  await flushPromises()
  answerWith = { status }
  await app.find('form').trigger('submit')
  await flushPromises()
  expect(app.find('[role=alert]').text()).toContain(words)
})

test('a link is spent once, then a password may be chosen or left for later', async () => {
  const { app, console, router } = await openApp({ link: 'a-link-of-more-than-twenty' })
  expect(requests).toEqual([
    { path: '/api/session/link', method: 'POST', body: { link: 'a-link-of-more-than-twenty' } },
  ])
  console.welcome()
  await flushPromises()
  expect(router.currentRoute.value.path).toBe('/sign-in')
  await app.find('input[type=password]').setValue('kort')
  await app.find('form').trigger('submit')
  expect(app.text()).toContain('för kort')
  await expectNoFaults(app)
  await app.find('input[type=password]').setValue('ett längre lösenord')
  await app.find('form').trigger('submit')
  await flushPromises()
  expect(requests[1]).toMatchObject({ path: '/api/password', body: { password: 'ett längre lösenord' } })
  expect(router.currentRoute.value.path).toBe('/desk')
})

test('a spent link says so, and leaves name and password', async () => {
  answerWith = { status: 410 }
  const { app, console } = await openApp({ link: 'a-link-of-more-than-twenty' })
  expect(app.find('[role=alert]').text()).toContain('Länken är redan använd')
  expect(console.sockets).toHaveLength(0)
})

test('a ringing call is told in the card, in the title and aloud, and Enter answers it', async () => {
  const { app, softphone, rings, press } = await openApp()
  await rings()
  expect(app.text()).toContain('070-123 45 67')
  expect(document.title).toBe('☎ 070-123 45 67 – Kundtjänst')
  expect(app.find('[role=alert]').text()).toBe('Samtal från 070-123 45 67 till Kundtjänst')
  await press('Enter', { repeat: true })
  expect(softphone.told).toEqual([])
  await press('Enter')
  expect(softphone.told).toEqual(['answer offer-1'])
})

test('[W60] how a call sounded is told when it is over, and when the window goes, and once', async () => {
  const { console, softphone, talks } = await openApp()
  const quality = { seconds: 60, score: 4.1, worst: 3.9, loss: 0.1, jitter: 3, poorSeconds: 0 }
  const told = () => console.asks().filter(({ type }) => type === 'measuredCall')
  await talks()
  const [call] = useSoftphoneStore(pinia).calls
  softphone.set('calls', [{ ...call!, state: 'ended' }])
  await flushPromises()
  // Too short to measure.
  expect(told()).toEqual([])
  softphone.measures(quality)
  softphone.set('calls', [{ ...call!, state: 'ended' }])
  softphone.set('calls', [{ ...call!, state: 'ended', changing: false }])
  await flushPromises()
  expect(told()).toEqual([{ type: 'measuredCall', call: firstCall, quality }])
  softphone.set('calls', [{ ...call!, line: 'line-2' as LineId }])
  window.dispatchEvent(new Event('pagehide'))
  window.dispatchEvent(new Event('pagehide'))
  expect(told()).toHaveLength(2)
})

test('a colleague who rings is told by name, and no group number with it', async () => {
  const { app, console, softphone } = await openApp()
  console.welcome()
  await flushPromises()
  softphone.set('ringing', [{ offer: firstOffer, call: firstCall, name: 'Bo Ek' }])
  await flushPromises()
  expect(document.title).toBe('☎ Bo Ek – Gruppnummer')
  expect(app.find('[role=alert]').text()).toBe('Samtal från Bo Ek')
})

test('Escape rejects, but Enter on a button is that button’s', async () => {
  const { app, softphone, rings, press } = await openApp()
  await rings()
  await press('Enter', {}, button(app, 'Pausa').element)
  expect(softphone.told).toEqual([])
  await press('Escape')
  expect(softphone.told).toEqual(['reject offer-1'])
})

test('a call is muted, held and hung up by keys; hanging up goes both ways', async () => {
  const { console, softphone, talks, press } = await openApp()
  await talks()
  await press('m', { altKey: true, code: 'KeyM' })
  await press('p', { altKey: true, code: 'KeyP' })
  await press('l', { altKey: true, code: 'KeyL' })
  expect(softphone.told).toEqual(['mute true', 'hold offer-1', 'hangUp offer-1'])
  expect(console.asks()).toContainEqual({ type: 'hangUp', agent: anna, call: firstCall })
})

test('an act that the service refuses is said in words', async () => {
  const { app, console, press } = await openApp()
  console.welcome()
  await flushPromises()
  await press('a', { altKey: true, code: 'KeyA' })
  expect(console.asks()).toEqual([{ type: 'pause', agent: anna }])
  console.replyToLast({ ok: false, problem: { kind: 'forbidden', message: '' } })
  await flushPromises()
  expect(app.text()).toContain('Det får det här kontot inte göra.')
})

test('a lost connection is one bar, and the desk stays as it was', async () => {
  const { app, console } = await openApp()
  console.welcome()
  await flushPromises()
  console.socket.drop()
  await flushPromises()
  expect(app.text()).toContain('Ingen kontakt med tjänsten')
  expect(app.text()).toContain('Redo för samtal')
  // Each second for five minutes there is nothing to press.
  expect(app.text()).toContain('Ansluter …')
  expect(app.text()).not.toContain('Försök nu')
  console.pass(310)
  console.socket.drop()
  await flushPromises()
  await button(app, 'Försök nu').trigger('click')
  console.welcome()
  await flushPromises()
  expect(app.text()).not.toContain('Ingen kontakt med tjänsten')
})

test('[W55] a page that is looked at again tries at once', async () => {
  const { console } = await openApp()
  console.welcome()
  console.socket.drop()
  expect(console.sockets).toHaveLength(1)
  document.dispatchEvent(new Event('visibilitychange'))
  expect(console.sockets).toHaveLength(2)
})

test('a reconnect keeps the softphone; signing out lets go of it', async () => {
  const { console, softphone, router } = await openApp()
  console.welcome()
  await flushPromises()
  console.socket.drop()
  console.pass(20)
  console.welcome()
  await flushPromises()
  expect(softphone.told).toEqual([])
  console.socket.say({ type: 'goodbye', why: 'signedOut' })
  await flushPromises()
  expect(softphone.told).toEqual(['dispose'])
  expect(router.currentRoute.value.path).toBe('/sign-in')
})

/** A supervisor of support, who answers as Bo, and Anna in a call. */
async function supervises(monitors?: CallView['monitors']) {
  const opened = await openApp()
  const live = (given: CallView['monitors']) =>
    liveOf({
      agents: [agentLive({ state: 'talking', call: firstCall }), boLive()],
      calls: [callView({ phase: 'talking', agent: anna, talkingSince: at(-5), ...(given && { monitors: given }) })],
    })
  const { console, softphone } = opened
  console.welcome(live(monitors), { agent: bo, roles: ['supervisor'], supervises: [support] })
  await flushPromises()
  let revision = 1
  return {
    ...opened,
    become: async (mode: 'listen' | 'whisper' | 'barge' | undefined) => {
      const call = live(mode && [{ agent: bo, mode }]).calls[firstCall]
      const changes = [{ in: 'calls' as const, key: firstCall, value: call }]
      console.socket.say({ type: 'delta', revision: ++revision, now: at(0), changes })
      await flushPromises()
    },
    line: async (state: 'invited' | 'on' | undefined) => {
      softphone.set('listening', state && { call: firstCall, state })
      await flushPromises()
    },
  }
}

test('[W29] the softphone answers for who has asked to listen, and sends nothing until it is to be heard', async () => {
  const { app, softphone, become, line } = await supervises()
  expect(app.text()).not.toContain('Du lyssnar')
  await line('invited')
  // Nobody here has asked: a microphone is not opened by a telephone call.
  expect(softphone.told).not.toContain('listenIn')
  await become('listen')
  expect(softphone.told).toContain('listenIn')
  expect(app.text()).toContain('Du lyssnar på Anna Lindqvist')
  expect(app.text()).toContain('Kopplar upp')
  await line('on')
  expect(app.text()).toContain('Ingen hör dig.')
  expect(softphone.told).not.toContain('speakInto true')
  await become('whisper')
  expect(app.text()).toContain('Bara Anna Lindqvist hör dig.')
  expect(softphone.told.at(-1)).toBe('speakInto true')
  await become('listen')
  expect(softphone.told.at(-1)).toBe('speakInto false')
  await expectNoFaults(app)
})

test('[W29] on every page it is said that one listens, how, and how to stop', async () => {
  const { app, console, router } = await supervises([{ agent: bo, mode: 'listen' }])
  for (const [path, mode] of [
    ['/desk', 'barge'],
    ['/configuration', 'whisper'],
  ] as const) {
    await router.push(path)
    await flushPromises()
    const bar = app.find('section[aria-label="Du lyssnar på Anna Lindqvist"]')
    await bar.find(`input[value=${mode}]`).setValue()
    await button(app, 'Sluta lyssna').trigger('click')
  }
  const asked = console.asks().filter(({ type }) => type === 'monitor')
  expect(asked.map((ask) => 'mode' in ask && ask.mode)).toEqual(['barge', 'off', 'whisper', 'off'])
})

test.each([
  ['listen', 'Bo Ek lyssnar på samtalet.'],
  ['whisper', 'Bo Ek lyssnar och talar bara med dig.'],
  ['barge', 'Bo Ek är med i samtalet, och den som ringer hör det.'],
] as const)('[W30] the agent sees who is in the call: %s', async (mode, words) => {
  const { app, console } = await openApp()
  const call = callView({ phase: 'talking', agent: anna, monitors: [{ agent: bo, mode }] })
  console.welcome(liveOf({ agents: [agentLive({ state: 'talking', call: firstCall }), boLive()], calls: [call] }))
  await flushPromises()
  expect(app.find('article').text()).toContain(words)
  await expectNoFaults(app)
})
