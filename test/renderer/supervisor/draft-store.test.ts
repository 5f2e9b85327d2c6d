import { expect, test } from 'vitest'
import type { Ask } from '../../../src/contract/console.ts'
import type { Edit } from '../../../src/core/configuration/edits/edit-schema.ts'
import type { AgreementId, Configuration, GroupNumberId } from '../../../src/core/configuration/types.ts'
import { useDraftStore } from '../../../src/renderer/stores/draft-store.ts'
import { openConsolePage } from '../support/console-page.ts'
import { editingService } from '../support/editing-service.ts'
import { exampleCompany } from '../support/kept-versions.ts'

const support = 'support' as GroupNumberId
const rename = (name: string): Edit => ({ type: 'renameGroupNumber', group: support, name })
const agreement = (name: string): Edit => ({ type: 'putAgreement', agreement: { id: 'new' as AgreementId, name } })
const nameIn = (configuration: Configuration | undefined) =>
  configuration?.groupNumbers.find(({ id }) => id === support)?.name
const renamed = (configuration: Configuration, name: string): Configuration => ({
  ...configuration,
  groupNumbers: configuration.groupNumbers.map((group) => (group.id === support ? { ...group, name } : group)),
})

async function open(first = exampleCompany, answer?: (ask: Ask) => unknown) {
  const service = editingService(first)
  const opened = await openConsolePage(
    { template: '<p></p>' },
    {},
    { answer: (ask) => answer?.(ask) ?? service.answer(ask) },
  )
  const draft = useDraftStore()
  const done = async <Value>(promise: Promise<Value>) => {
    await opened.settle()
    return promise
  }
  return { ...opened, service, draft, done }
}

test('what is proposed is shown, and nothing of it is saved until it is saved', async () => {
  const { draft, service, done } = await open()
  draft.propose(rename('Teknik'))
  draft.propose(agreement('Nytt'))
  expect(nameIn(draft.configuration)).toBe('Teknik')
  expect(nameIn(service.newest())).toBe('Support')
  expect(await done(draft.save())).toBe(true)
  expect(nameIn(service.newest())).toBe('Teknik')
  expect(draft.isProposed).toBe(false)
  expect(draft.saved).toMatchObject({ revision: 2 })
})

test('undo takes back one act, redo does it again, discard takes back all', async () => {
  const { draft } = await open()
  draft.propose(rename('A'), agreement('Nytt'))
  draft.propose(rename('B'))
  draft.undo()
  expect(nameIn(draft.configuration)).toBe('A')
  draft.redo()
  expect(nameIn(draft.configuration)).toBe('B')
  draft.undo()
  draft.undo()
  expect(draft.isProposed).toBe(false)
  expect(nameIn(draft.configuration)).toBe('Support')
  draft.redo()
  expect(nameIn(draft.configuration)).toBe('A')
  draft.discard()
  expect(draft.edits).toEqual([])
  expect(draft.canRedo).toBe(false)
})

test('what another saved meanwhile is put together with this person’s', async () => {
  const { draft, service, done } = await open()
  draft.propose(agreement('Nytt'))
  service.save(renamed(service.newest(), 'Deras'))
  expect(await done(draft.save())).toBe(true)
  expect(nameIn(service.newest())).toBe('Deras')
  expect(service.newest().agreements.at(-1)?.name).toBe('Nytt')
})

test.each([
  ['mine', [['groupNumbers', 'support', 'name']], 'Mitt'],
  ['theirs', [], 'Deras'],
])('the same field changed by two is chosen by the second: %s', async (_, yours, expected) => {
  const { draft, service, done } = await open()
  draft.propose(rename('Mitt'))
  service.save(renamed(service.newest(), 'Deras'))
  expect(await done(draft.save())).toBe(false)
  expect(draft.conflict?.fields).toEqual([
    { path: ['groupNumbers', 'support', 'name'], before: 'Support', yours: 'Mitt', theirs: 'Deras' },
  ])
  expect(draft.isProposed).toBe(true)
  expect(await done(draft.save(undefined, yours))).toBe(true)
  expect(nameIn(service.newest())).toBe(expected)
  expect(draft.conflict).toBeUndefined()
})

test('what cannot be saved says why, and the rest is still shown', async () => {
  const { draft } = await open()
  draft.propose(rename('Teknik'))
  draft.propose({ type: 'moveGroupNumber', group: support, agreement: 'nowhere' as AgreementId })
  expect(draft.problems).toMatchObject([{ edit: 1, key: 'gone', path: ['agreement'] }])
  expect(nameIn(draft.configuration)).toBe('Teknik')
})

test('a part that names what is not in it is no problem of the edits', async () => {
  const [group] = exampleCompany.groupNumbers
  const part: Configuration = {
    ...exampleCompany,
    groupNumbers: [
      { ...group!, id: support, settings: { whenClosed: { do: 'group', to: 'hidden' as GroupNumberId } } },
    ],
  }
  const { draft } = await open(part)
  draft.propose(rename('Teknik'))
  expect(draft.problems).toEqual([])
  expect(nameIn(draft.configuration)).toBe('Teknik')
})

test('what counts at once leaves what is proposed alone', async () => {
  const { draft, service, done } = await open()
  draft.propose(rename('Teknik'))
  const saved = await done(
    draft.saveNow([{ type: 'setOverride', group: support, override: { effect: 'closed' } }], 'Stängt'),
  )
  expect(saved.ok).toBe(true)
  expect(nameIn(service.newest())).toBe('Support')
  expect(service.newest().groupNumbers.find(({ id }) => id === support)?.override).toEqual({ effect: 'closed' })
  expect(draft.isProposed).toBe(true)
  expect(await done(draft.save())).toBe(true)
  expect(service.newest().groupNumbers.find(({ id }) => id === support)).toMatchObject({
    name: 'Teknik',
    override: { effect: 'closed' },
  })
})

test('applied edits are saved at once, but proposed where something is half made', async () => {
  const { draft, service, done } = await open()
  expect(await done(draft.apply([rename('A')]))).toEqual({ ok: true, value: 'saved' })
  draft.propose(agreement('Nytt'))
  expect(await done(draft.apply([rename('B')]))).toEqual({ ok: true, value: 'proposed' })
  expect(nameIn(service.newest())).toBe('A')
})

test('what was saved a moment ago can be taken back', async () => {
  const { draft, service, done } = await open()
  await done(draft.apply([rename('A')], 'A är sparat.'))
  expect(draft.saved).toEqual({ revision: 2, words: 'A är sparat.' })
  expect(await done(draft.takeBack())).toBe(true)
  expect(nameIn(service.newest())).toBe('Support')
  expect(nameIn(draft.configuration)).toBe('Support')
})

test('a refusal of the service is kept for the page to say', async () => {
  const { draft, done } = await open(exampleCompany, (ask) =>
    ask.type === 'edit'
      ? { outcome: 'refused', problems: [{ edit: 0, path: [], key: 'gone', message: 'gone' }] }
      : undefined,
  )
  draft.propose(rename('A'))
  expect(await done(draft.save())).toBe(false)
  expect(draft.notSaved).toMatchObject({ kind: 'refused', problems: [{ key: 'gone' }] })
  expect(draft.isProposed).toBe(true)
})

test('a new revision is read, but a draft keeps the base it was made on', async () => {
  const { draft, service, console, settle } = await open()
  const tell = async (revision: number) => {
    console.socket.say({
      type: 'delta',
      revision,
      now: 0 as never,
      changes: [{ in: 'service', key: 'service', value: { switch: 'attached', engine: 'embedded', revision } }],
    })
    await settle()
  }
  service.save(renamed(service.newest(), 'Deras'))
  await tell(2)
  expect(nameIn(draft.configuration)).toBe('Deras')
  draft.propose(agreement('Nytt'))
  service.save(renamed(service.newest(), 'Igen'))
  await tell(3)
  expect(nameIn(draft.configuration)).toBe('Deras')
  expect(nameIn(draft.newest?.configuration)).toBe('Igen')
  expect(draft.isOvertaken).toBe(true)
})
