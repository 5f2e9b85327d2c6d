import { enableAutoUnmount } from '@vue/test-utils'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { nextTick } from 'vue'
import type { CallAbout } from '../../../src/contract/call-records.ts'
import type { Ask, Live, PastCall } from '../../../src/contract/console.ts'
import type { CallId } from '../../../src/core/routing/messages.ts'
import { mayOpen } from '../../../src/renderer/desk/around/open-outside.ts'
import DeskPage from '../../../src/renderer/desk/DeskPage.vue'
import { openConsolePage } from '../support/console-page.ts'
import { agentLive, anna, at, callView, firstCall, liveOf, ringingAtAnna, support } from '../support/live.ts'
import { button, expectNoFaults } from '../support/mount.ts'

enableAutoUnmount(afterEach)
beforeEach(() => {
  localStorage.clear()
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const told: CallAbout = {
  contacts: [],
  outcomes: [
    { code: '1', name: 'Beställning' },
    { code: '2', name: 'Klagomål' },
  ],
  outcomeRequired: false,
}
const talking = () =>
  liveOf({
    agents: [agentLive({ state: 'talking', call: firstCall })],
    calls: [callView({ phase: 'talking', agent: anna, talkingSince: at(-3) })],
  })
const over: PastCall = { id: 'call-1 1', call: firstCall, way: 'taken', at: at(-60), group: support, seconds: 50 }
const wrappingUp = (): Live => ({
  ...liveOf({ agents: [agentLive({ state: 'wrapUp', wrapUpUntil: at(20) })] }),
  history: { [over.id]: over },
})
async function openDesk(live: Live, about: Partial<CallAbout> = {}) {
  const desk = await openConsolePage(
    DeskPage,
    { ringBlocked: false },
    {
      live,
      signedIn: { roles: ['agent'] },
      answer: (ask: Ask) =>
        ask.type === 'callAbout'
          ? { ...told, ...about }
          : ask.type === 'noteCall' || ask.type === 'endWrapUp'
            ? null
            : undefined,
    },
  )
  const noted = () => desk.asks().filter((ask) => ask.type === 'noteCall')
  return { ...desk, noted, text: () => desk.page.find('textarea'), choice: () => desk.page.find('.note select') }
}

test('[W34] what is written is kept after a pause, and a choice at once', async () => {
  const desk = await openDesk(talking())
  const field = desk.text().element
  field.value = 'Vill ha en till'
  field.dispatchEvent(new Event('input'))
  await desk.settle()
  expect(desk.noted()).toEqual([])
  vi.advanceTimersByTime(800)
  await desk.settle()
  expect(desk.noted()).toEqual([{ type: 'noteCall', call: firstCall, note: 'Vill ha en till' }])
  expect(desk.page.find('.note [role=status]').text()).toBe('Sparat')
  await desk.choice().setValue('2')
  await desk.settle()
  expect(desk.noted().at(-1)).toEqual({ type: 'noteCall', call: firstCall, note: 'Vill ha en till', outcome: '2' })
  vi.useRealTimers()
  await expectNoFaults(desk.page)
})

test('[W34] a window that is loaded again shows what was written, in the call and in the wrap-up', async () => {
  for (const live of [talking(), wrappingUp()]) {
    const desk = await openDesk(live, { note: 'Vill ha en till', outcome: { code: '9', name: 'Utgått' } })
    expect(desk.text().element.value).toBe('Vill ha en till')
    // Not offered any more, and yet chosen.
    expect((desk.choice().element as HTMLSelectElement).value).toBe('9')
  }
})

test('[W34] the keys lead to the note', async () => {
  const desk = await openDesk(talking())
  window.dispatchEvent(new KeyboardEvent('keydown', { altKey: true, code: 'KeyT', key: 't', cancelable: true }))
  expect(document.activeElement).toBe(desk.text().element)
})

test('[W36] an outcome that is asked for comes before the end by hand, and not before the end of the time', async () => {
  const desk = await openDesk(wrappingUp(), { outcomeRequired: true })
  expect(desk.page.text()).toContain('När efterbehandlingen tar slut sparas samtalet utan.')
  await button(desk.page, 'Klar').trigger('click')
  await desk.settle()
  expect(desk.asks().some(({ type }) => type === 'endWrapUp')).toBe(false)
  expect(desk.page.find('.note [role=alert]').text()).toContain('Välj ett utfall först')
  expect(document.activeElement).toBe(desk.choice().element)
  await desk.choice().setValue('1')
  await desk.settle()
  expect(desk.page.find('.note [role=alert]').exists()).toBe(false)
  await button(desk.page, 'Klar').trigger('click')
  await desk.settle()
  expect(desk.asks().map(({ type }) => type)).toEqual(expect.arrayContaining(['noteCall', 'endWrapUp']))
})

test('[W36] what was not written down when the time ended is', async () => {
  const desk = await openDesk(wrappingUp())
  desk.text().element.value = 'Halv'
  desk.text().element.dispatchEvent(new Event('input'))
  desk.console.socket.say({
    type: 'delta',
    revision: 2,
    now: at(20),
    changes: [{ in: 'agents', key: anna, value: agentLive() }],
  })
  await desk.settle()
  expect(desk.noted()).toEqual([{ type: 'noteCall', call: firstCall, note: 'Halv' }])
})

test('[W34] a note of a call that is over is written from the calls', async () => {
  const live = {
    ...liveOf(),
    history: { [over.id]: { ...over, note: 'Förut', outcome: { code: '1', name: 'Beställning' } } },
  }
  const desk = await openDesk(live, { note: 'Förut', outcome: { code: '1', name: 'Beställning' } })
  expect(desk.page.find('.passed').text()).toContain('Beställning · Förut')
  await button(desk.page, 'Anteckning:').trigger('click')
  await desk.settle()
  const field = document.querySelector<HTMLTextAreaElement>('[role=dialog] textarea')!
  expect(field.value).toBe('Förut')
  field.value = 'Efteråt'
  field.dispatchEvent(new Event('input'))
  field.closest('form')?.dispatchEvent(new Event('submit', { cancelable: true }))
  await desk.settle()
  expect(desk.noted()).toEqual([{ type: 'noteCall', call: firstCall, note: 'Efteråt' }])
})

test('[W34] what is written before the service has told what it kept stands', async () => {
  const kept = { note: 'Förut', outcome: { code: '1', name: 'Beställning' } }
  const desk = await openDesk({ ...liveOf(), history: { [over.id]: { ...over, ...kept } } }, kept)
  await button(desk.page, 'Anteckning:').trigger('click')
  await nextTick()
  const field = document.querySelector<HTMLTextAreaElement>('[role=dialog] textarea')!
  expect(field.value).toBe('')
  field.value = 'Efteråt'
  field.dispatchEvent(new Event('input'))
  await desk.settle()
  expect(field.value).toBe('Efteråt')
  field.closest('form')?.dispatchEvent(new Event('submit', { cancelable: true }))
  await desk.settle()
  expect(desk.noted()).toEqual([{ type: 'noteCall', call: firstCall, note: 'Efteråt' }])
})

const url = 'https://crm.example.com/?tel=%2B46701234567'
const ordinaryPhone = { answersAt: 'phone' as const }
const ringing = () =>
  liveOf({ agents: [agentLive({ state: 'ringing', call: firstCall, ...ordinaryPhone })], calls: [ringingAtAnna()] })
const answered = (call: CallId = firstCall) =>
  liveOf({
    agents: [agentLive({ state: 'talking', call, ...ordinaryPhone })],
    calls: [callView({ call, phase: 'talking', agent: anna, talkingSince: at(-3) })],
  })

function browserThat(opens: boolean) {
  const went: string[] = []
  const beside = { opener: {} as unknown, location: { replace: (to: string) => void went.push(to) } }
  const open = vi.fn(() => (opens ? beside : null))
  vi.stubGlobal('open', open)
  return { went, open, beside }
}

test('[W39] the page opens when it rings, once, whatever is loaded again; and nothing of ours is known there', async () => {
  const { went, open, beside } = browserThat(true)
  const page = { url, at: 'ringing' as const }
  const desk = await openDesk(ringing(), { page })
  expect(went).toEqual([url])
  expect(beside.opener).toBeNull()
  expect(open).toHaveBeenCalledWith('', '_blank')
  expect(desk.page.find('a[target=_blank]').attributes()).toMatchObject({ href: url, rel: 'noopener noreferrer' })
  await openDesk(ringing(), { page })
  await openDesk(answered(), { page })
  expect(went).toEqual([url])
  await openDesk(answered('call-2' as CallId), { page })
  expect(went).toHaveLength(2)
})

test('[W39] or when it is answered', async () => {
  const { went } = browserThat(true)
  await openDesk(ringing(), { page: { url, at: 'answer' } })
  expect(went).toEqual([])
  await openDesk(answered(), { page: { url, at: 'answer' } })
  expect(went).toEqual([url])
})

test('[W39] where the browser opens none, the link says so', async () => {
  browserThat(false)
  const desk = await openDesk(ringing(), { page: { url, at: 'ringing' } })
  expect(desk.page.text()).toContain('Webbläsaren öppnade den inte')
})

test('[W39] in the desktop program it is handed over, and nothing is opened here', async () => {
  const { open } = browserThat(true)
  const openOutside = vi.fn(() => Promise.resolve(true))
  vi.stubGlobal('desktop', { openOutside, on: () => () => undefined })
  await openDesk(ringing(), { page: { url, at: 'ringing' } })
  expect(openOutside).toHaveBeenCalledWith(url)
  expect(open).not.toHaveBeenCalled()
})

test.each([
  'javascript:alert(1)',
  'http://crm.example.com/',
  'file:///etc/passwd',
  'https://a:b@crm.example.com/',
  '//x',
  '',
])('[W38] %j is neither opened nor shown, whoever tells it', async (bad) => {
  const { open } = browserThat(true)
  expect(mayOpen(bad)).toBe(false)
  const desk = await openDesk(ringing(), { page: { url: bad, at: 'ringing' } })
  expect(open).not.toHaveBeenCalled()
  expect(desk.page.find('a[target=_blank]').exists()).toBe(false)
  expect(desk.page.text()).toContain('ringer')
})
