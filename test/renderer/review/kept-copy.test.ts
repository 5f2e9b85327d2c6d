import { expect, test } from 'vitest'
import { h } from 'vue'
import type { CallerRule, E164 } from '../../../src/core/configuration/types.ts'
import { instant } from '../../../src/core/time.ts'
import KeepCopy from '../../../src/renderer/review/KeepCopy.vue'
import { isTooOld, withoutCallers, type KeptCopies, type KeptCopy } from '../../../src/renderer/review/kept-copy.ts'
import { keptCopiesKey, useKeptCopyStore } from '../../../src/renderer/review/kept-copy-store.ts'
import OfflineOffer from '../../../src/renderer/review/OfflineOffer.vue'
import { openConsolePage, type ServiceAnswers } from '../support/console-page.ts'
import { exampleCompany } from '../support/kept-versions.ts'
import { at, signedInAnna, tenOClock } from '../support/live.ts'
import { show } from '../support/mount.ts'

function memory(copy?: KeptCopy) {
  let kept = copy
  const copies: KeptCopies = {
    read: () => Promise.resolve(kept),
    keep: (given) => Promise.resolve(void (kept = given)),
    remove: () => Promise.resolve(void (kept = undefined)),
  }
  return {
    copies,
    get kept() {
      return kept
    },
  }
}
const oldCopy = (days: number): KeptCopy => ({
  account: 'account-1',
  revision: 1,
  at: instant(tenOClock - days * 86_400_000),
  configuration: exampleCompany,
})

async function openKeeping(disk: ReturnType<typeof memory>, answers: ServiceAnswers = {}, askedBy?: string) {
  localStorage.clear()
  if (askedBy !== undefined) localStorage.setItem('gruppnummer.keepCopy', askedBy)
  const opened = await openConsolePage(
    { render: () => h(KeepCopy) },
    {},
    { configuration: exampleCompany, ...answers },
    'sv',
    { [keptCopiesKey as symbol]: disk.copies },
  )
  return { ...opened, store: useKeptCopyStore() }
}
const wanting = (answers?: ServiceAnswers, disk = memory()) =>
  openKeeping(disk, answers, 'account-1').then((opened) => ({ ...opened, disk }))

test('nothing is kept until it is asked for', async () => {
  const disk = memory()
  const { page, settle } = await openKeeping(disk)
  expect(disk.kept).toBeUndefined()
  await page.find('input[type=checkbox]').setValue(true)
  await settle()
  expect(disk.kept).toEqual({ account: 'account-1', revision: 1, at: tenOClock, configuration: exampleCompany })
  expect(page.text()).toContain('Sparad: version 1')
  await page.find('input[type=checkbox]').setValue(false)
  await settle()
  expect(disk.kept).toBeUndefined()
})

test('no number of a caller is kept', () => {
  const rule: CallerRule = { number: '+46701234567' as E164, block: true }
  const [first, ...rest] = exampleCompany.groupNumbers
  const settings = { ...first!.settings, callers: [rule], ringSeconds: 25 }
  const kept = withoutCallers({ ...exampleCompany, groupNumbers: [{ ...first!, settings }, ...rest] })
  expect(JSON.stringify(kept)).not.toContain('+46701234567')
  expect(kept.groupNumbers[0]?.settings.ringSeconds).toBe(25)
})

test.each(['signedOut', 'notSignedIn'] as const)('at %s the copy goes, and the wish with it', async (why) => {
  const { console, settle, disk } = await wanting()
  expect(disk.kept).toBeDefined()
  console.socket.say({ type: 'goodbye', why })
  await settle()
  expect(disk.kept).toBeUndefined()
  expect(localStorage.getItem('gruppnummer.keepCopy')).toBeNull()
})

test('while the service cannot be reached the copy stays', async () => {
  const { console, settle, disk } = await wanting()
  console.socket.drop()
  await settle()
  expect(disk.kept).toBeDefined()
})

test('who may read no more keeps nothing after the next contact', async () => {
  const { console, settle, disk } = await wanting()
  console.socket.say({
    type: 'welcome',
    protocol: 1,
    signedIn: { ...signedInAnna, roles: ['agent'] },
    now: tenOClock,
  })
  await settle()
  expect(disk.kept).toBeUndefined()
})

test('with fewer group numbers the copy is made anew', async () => {
  let configuration = exampleCompany
  const { console, settle, disk } = await wanting({
    answer: ({ type }) => (type === 'readConfiguration' ? { revision: 1, configuration } : undefined),
  })
  configuration = { ...exampleCompany, groupNumbers: exampleCompany.groupNumbers.slice(0, 1) }
  const [only] = configuration.groupNumbers
  console.socket.say({
    type: 'welcome',
    protocol: 1,
    signedIn: { ...signedInAnna, roles: ['supervisor'], supervises: [only!.id] },
    now: tenOClock,
  })
  await settle()
  expect(disk.kept?.configuration.groupNumbers).toHaveLength(1)
})

test('another account that signs in finds no copy', async () => {
  const { disk } = await wanting({ signedIn: { account: 'account-9' } }, memory(oldCopy(1)))
  expect(disk.kept).toBeUndefined()
})

test('after 30 days it is too old', () => {
  expect(isTooOld(oldCopy(29), tenOClock)).toBe(false)
  expect(isTooOld(oldCopy(31), tenOClock)).toBe(true)
})

test('without contact the copy is offered with its age', () => {
  const waiting = { state: 'waiting', retryAt: at(5) } as const
  const shown = show(OfflineOffer, { link: waiting, copy: oldCopy(3) })
  expect(shown.text()).toContain('Det finns en kopia av konfigurationen från fre 10:00, 3 dagar gammal')
  expect(show(OfflineOffer, { link: { state: 'open' }, copy: oldCopy(3) }).text()).toBe('')
})

test('[A24] where it is encrypted it is kept without being asked for, and another account finds none of it', async () => {
  const disk = memory(oldCopy(1))
  const always = { copies: { ...disk.copies, always: true as const } }
  const asked: (KeptCopy | undefined)[] = []
  const { page } = await openKeeping(Object.assign(Object.create(disk) as typeof disk, always), {
    signedIn: { account: 'account-9' },
    answer({ type }) {
      if (type === 'readConfiguration') asked.push(disk.kept)
      return undefined
    },
  })
  expect(page.find('input[type=checkbox]').exists()).toBe(false)
  expect(page.text()).toContain('krypterad')
  expect(asked[0]).toBeUndefined()
  expect(disk.kept?.account).toBe('account-9')
})
