import { readFileSync } from 'node:fs'
import { flushPromises } from '@vue/test-utils'
import { expect, test } from 'vitest'
import { computed, defineComponent, h, provide } from 'vue'
import type { StoredAudio } from '../../../../src/contract/administration.ts'
import type { Configuration, Message } from '../../../../src/core/configuration/types.ts'
import { failed, ok, type Result } from '../../../../src/core/result.ts'
import type { Locale } from '../../../../src/renderer/i18n/i18n.ts'
import { useDraftStore } from '../../../../src/renderer/stores/draft-store.ts'
import MessagesPage from '../../../../src/renderer/supervisor/messages/MessagesPage.vue'
import {
  openRecorderKey,
  type NoMicrophone,
  type Recorder,
} from '../../../../src/renderer/supervisor/messages/recorder.ts'
import {
  soundServiceKey,
  type SoundProblem,
  type SoundService,
} from '../../../../src/renderer/supervisor/messages/sound-service.ts'
import { openConsolePage } from '../../support/console-page.ts'
import { button, expectNoFaults } from '../../support/mount.ts'

const example = JSON.parse(readFileSync('resources/example/gruppnummer.json', 'utf8')) as Configuration
const own = example.messages.find(({ groupNumber }) => groupNumber !== undefined)!
const stored: StoredAudio = { file: 'audio/new.wav', sha256: 'b'.repeat(64), seconds: 3, warnings: [] }

/** A store of sounds in memory; what it answers is what the test says. */
function soundsInMemory({ speech = true }: { speech?: boolean } = {}) {
  let settle: (outcome: Result<StoredAudio, SoundProblem>) => void = () => undefined
  const sent: Blob[] = []
  const service: SoundService = {
    send(sound, progress) {
      sent.push(sound)
      progress(0.5)
      const done = new Promise<Result<StoredAudio, SoundProblem>>((resolve) => (settle = resolve))
      return { done, cancel: () => settle(failed('cancelled')) }
    },
    speak: () => Promise.resolve(ok(stored)),
    canSpeak: () => Promise.resolve(speech),
  }
  return {
    service,
    sent,
    answers: async (outcome: Result<StoredAudio, SoundProblem>) => {
      settle(outcome)
      await flushPromises()
    },
  }
}

const microphoneInMemory: Recorder = {
  level: () => 0.3,
  stop: () => Promise.resolve(ok(new Blob(['sound']))),
  close: () => undefined,
}

async function open({
  configuration = example,
  all = false,
  admin = true,
  locale = 'sv',
  speech = true,
  microphone = ok(microphoneInMemory),
}: {
  configuration?: Configuration
  all?: boolean
  admin?: boolean
  locale?: Locale
  speech?: boolean
  microphone?: Result<Recorder, NoMicrophone>
} = {}) {
  const sounds = soundsInMemory({ speech })
  const Page = defineComponent({
    setup() {
      provide(soundServiceKey, sounds.service)
      provide(openRecorderKey, () => Promise.resolve(microphone))
      const draft = useDraftStore()
      const group = computed(() => draft.configuration?.groupNumbers[0])
      return () => (group.value ? h(MessagesPage, { group: group.value }) : h('p'))
    },
  })
  const { page, router, settle } = await openConsolePage(
    Page,
    {},
    { configuration, signedIn: { roles: [admin ? 'admin' : 'supervisor'] } },
    locale,
  )
  if (all) {
    await router.push({ query: { view: 'all' } })
    await settle()
  }
  const draft = useDraftStore()
  return {
    page,
    draft,
    router,
    sounds,
    messages: () => draft.configuration!.messages,
    chosen: () => draft.configuration!.groupNumbers[0]!.messages,
    use: (name: string) => {
      const found = page.findAll('article').find((one) => one.find('h3').text() === name)
      if (!found) throw new Error(`no ${name}`)
      return found
    },
    unfold: async (name: string) => {
      await button(page, name).trigger('click')
    },
    upload: async () => {
      const field = page.find<HTMLInputElement>('input[type=file]')
      Object.defineProperty(field.element, 'files', { value: [new File(['x'], 'Hälsning.mp3')], configurable: true })
      Object.defineProperty(field.element, 'value', { value: '', writable: true })
      await field.trigger('change')
    },
  }
}

test('says what callers hear as each kind of message, and that nothing is wrong with the page', async () => {
  const { page, use } = await open()
  expect(page.findAll('article h3').map((each) => each.text())).toEqual([
    'Välkomstmeddelande',
    'Stängtmeddelande',
    'Repeterat kömeddelande',
    'Overflowmeddelande',
    'Musik under kötid',
  ])
  expect(use('Välkomstmeddelande').text()).toContain(own.transcript)
  await expectNoFaults(page)
})

test('silence and the prerecorded message are chosen by one click, and undone by another', async () => {
  const { use, chosen, draft } = await open()
  const welcome = use('Välkomstmeddelande')
  await welcome.find('input[value=silence]').setValue()
  expect(chosen().welcome).toBeNull()
  expect(welcome.text()).toContain('inget meddelande spelas')
  await welcome.find('input[value=prerecorded]').setValue()
  expect(chosen().welcome).toBeUndefined()
  draft.undo()
  draft.undo()
  expect(chosen().welcome).toBe(own.id)
})

test('own, where there are several to choose from, changes nothing until one is chosen', async () => {
  const { use, chosen, draft } = await open()
  const closed = use('Stängtmeddelande')
  await closed.find('input[value=own]').setValue()
  expect(draft.isProposed).toBe(false)
  expect(closed.text()).toContain('Tills ett meddelande är valt')
  const english = example.messages.find(({ kind, language }) => kind === 'closed' && language === 'en')!
  await closed.find('select').setValue(english.id)
  expect(chosen().closed).toBe(english.id)
})

test('an uploaded sound is heard and named, and used where it was asked for', async () => {
  const { page, sounds, upload, messages, chosen } = await open()
  await button(page, 'Nytt').trigger('click')
  await flushPromises()
  await upload()
  expect(page.find('progress').attributes('value')).toBe('0.5')
  await sounds.answers(ok({ ...stored, warnings: ['clipped', 'quiet'] }))
  expect(page.text()).toContain('inspelat för starkt')
  expect(page.text()).toContain('inspelat mycket svagt')
  await expectNoFaults(page)
  await page.find('form').trigger('submit')
  const added = messages().at(-1)!
  expect(added).toMatchObject({ name: 'Hälsning', kind: 'welcome', origin: 'uploaded', sha256: stored.sha256 })
  expect(added.groupNumber).toBe(example.groupNumbers[0]!.id)
  expect(chosen().welcome).toBe(added.id)
})

test('what is wrong with a file is said, and another can be chosen', async () => {
  const { page, sounds, upload } = await open({ all: true })
  await button(page, 'Lägg till talsvarsmeddelande').trigger('click')
  await upload()
  await sounds.answers(failed('notSound'))
  expect(page.find('[role=alert]').text()).toContain('gick inte att läsa som ljud')
  await upload()
  expect(page.find('[role=alert]').exists()).toBe(false)
})

test('a recording is made in the window, with a meter that says how loud it is', async () => {
  const { page, sounds, messages } = await open({ all: true })
  await button(page, 'Lägg till talsvarsmeddelande').trigger('click')
  await page.find('input[value=record]').setValue()
  await button(page, 'Spela in').trigger('click')
  await flushPromises()
  expect(page.find('[role=meter]').attributes('aria-label')).toBe('Ljudstyrka')
  await button(page, 'Klar').trigger('click')
  await flushPromises()
  await sounds.answers(ok(stored))
  await page.find('form').trigger('submit')
  expect(messages().at(-1)).toMatchObject({ origin: 'recorded' })
})

test('where there is no microphone it says why, and what to do', async () => {
  const { page } = await open({ all: true, microphone: failed('denied') })
  await button(page, 'Lägg till talsvarsmeddelande').trigger('click')
  await page.find('input[value=record]').setValue()
  await button(page, 'Spela in').trigger('click')
  await flushPromises()
  expect(page.find('[role=alert]').text()).toContain('Tillåt den i adressfältet')
})

test('a text is spoken, and is the transcript', async () => {
  const { page, messages } = await open({ all: true })
  await button(page, 'Lägg till talsvarsmeddelande').trigger('click')
  await flushPromises()
  await page.find('input[value=speak]').setValue()
  await page.find('textarea').setValue('Vi har flyttat.')
  await button(page, 'Läs upp').trigger('click')
  await flushPromises()
  await page.find('form').trigger('submit')
  expect(messages().at(-1)).toMatchObject({ origin: 'synthesized', transcript: 'Vi har flyttat.' })
})

test('without a voice a text cannot be spoken, and it says so', async () => {
  const { page } = await open({ all: true, speech: false })
  await button(page, 'Lägg till talsvarsmeddelande').trigger('click')
  await flushPromises()
  expect(page.find('input[value=speak]').attributes('disabled')).toBeDefined()
  expect(page.text()).toContain('ingen talsyntes')
})

test('before a message is removed it says where it is used and what plays instead', async () => {
  const { page, unfold, messages, chosen, draft } = await open({ all: true })
  await unfold(own.name)
  expect(page.text()).toContain('Om meddelandet tas bort spelas i stället')
  expect(page.text()).toContain('Kundtjänst, välkomstmeddelande: Välkomstmeddelande')
  await expectNoFaults(page)
  await button(page, `Ta bort ${own.name}`).trigger('click')
  expect(messages().some(({ id }) => id === own.id)).toBe(false)
  expect(chosen().welcome).toBeUndefined()
  draft.undo()
  expect(chosen().welcome).toBe(own.id)
})

test('one message is replaced by another everywhere', async () => {
  const { page, unfold, chosen } = await open({ all: true })
  const english = example.messages.find(({ kind, language }) => kind === 'welcome' && language === 'en')!
  await unfold(own.name)
  const replace = page.findAll('select').find((each) => each.text().startsWith('Ersätt med'))!
  await replace.setValue(english.id)
  expect(chosen().welcome).toBe(english.id)
})

test('a name is not lost: an empty one is asked for, and the old one holds', async () => {
  const { page, unfold, messages } = await open({ all: true })
  const name = (): Message => messages().find(({ id }) => id === own.id)!
  await unfold(own.name)
  const field = page.find('tbody input[type=text]')
  await field.setValue(' ')
  await field.trigger('change')
  expect(page.text()).toContain('Skriv ett namn')
  expect(name().name).toBe(own.name)
  await field.setValue('Hej')
  await field.trigger('change')
  expect(name().name).toBe('Hej')
})

test('who administers a group number may not change the company’s messages', async () => {
  const { page, unfold } = await open({ all: true, admin: false })
  const company = example.messages.find(({ groupNumber, kind }) => groupNumber === undefined && kind === 'music')!
  await unfold(company.name)
  expect(page.text()).toContain('ändras av huvudadministratören')
  expect(page.findAll('textarea')).toHaveLength(0)
})

test('reads as well in English', async () => {
  const { page } = await open({ all: true, locale: 'en' })
  expect(page.text()).toContain('Add a message')
  await expectNoFaults(page)
})
