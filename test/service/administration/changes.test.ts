import { expect, test } from 'vitest'
import type { Account } from '../../../src/service/ports.ts'
import type {
  AccountRead,
  AuditRead,
  CheckRead,
  Compared,
  EffectsRead,
  HistoryRead,
  Invitation,
  VersionRead,
} from '../../../src/contract/administration.ts'
import { inWords } from '../../../src/core/configuration/difference-in-words.ts'
import { instant } from '../../../src/core/time.ts'
import type { CallerWay } from '../../../src/core/hours/caller-way.ts'
import type { E164 } from '../../../src/core/configuration/types.ts'
import { officeDays } from '../../core/configuration/edits/office.ts'
import { openOwnReading } from '../../../src/service/administration/own-reading.ts'
import { administers, outcomeOf, valueOf, type Scene } from './administration-scene.ts'

const ringing = (group: string, ringSeconds: number) => ({ type: 'setSettings', group, set: { ringSeconds } })
const renamed = (group: string, name: string) => ({ type: 'renameGroupNumber', group, name })
const supportNumber = '+46122260980' as E164
const nameOf = ({ store }: Scene, id: string) =>
  store.current().configuration.groupNumbers.find((group) => group.id === id)?.name

test('[A10] a change is kept with its author and what changed, in words, and told in the audit log', async () => {
  const scene = await administers()
  const boss = await scene.signedIn('supervisor')
  expect(await scene.edits(boss, [ringing('support', 40)])).toEqual({ outcome: 'done', revision: 2 })
  const { revisions, more } = valueOf<HistoryRead>(await scene.ask(scene.root, { type: 'history', limit: 1 }))
  expect({ revisions, more }).toMatchObject({
    revisions: [{ revision: 2, author: 'supervisor', summary: 'Support: Ringtid per agent 25 s → 40 s' }],
    more: true,
  })
  const audit = valueOf<readonly AuditRead[]>(
    await scene.ask(scene.root, { type: 'audit', containing: 'configuration' }),
  )
  const summary = 'Support: Ringtid per agent 25 s → 40 s'
  const said = { kind: 'configurationChanged', values: { revision: '2', summary } }
  expect(audit).toMatchObject([{ by: 'supervisor', what: `configuration 2: ${summary}`, said }])
})

test('[A10] an edit that changes nothing makes no version, and the author may say it otherwise', async () => {
  const scene = await administers()
  expect(await scene.edits(scene.root, [ringing('support', 25)])).toEqual({ outcome: 'done', revision: 1 })
  await scene.ask(scene.root, { type: 'edit', onto: 1, edits: [ringing('support', 30)], summary: 'Längre signal' })
  expect(scene.store.history()[0]).toMatchObject({ revision: 2, summary: 'Längre signal' })
})

test('[A11] two who change other fields of one version both have their change', async () => {
  const scene = await administers()
  await scene.edits(scene.root, [renamed('support', 'Hjälp')], 1)
  expect(await scene.edits(scene.root, [ringing('support', 40)], 1)).toEqual({ outcome: 'done', revision: 3 })
  expect(scene.store.current().configuration.groupNumbers[0]).toMatchObject({
    name: 'Hjälp',
    settings: { ringSeconds: 40 },
  })
})

test('[A11] the second to change a field sees the conflict, and chooses', async () => {
  const scene = await administers()
  const boss = await scene.signedIn('supervisor')
  await scene.edits(scene.root, [ringing('support', 30), renamed('support', 'Hjälp')])
  const mine = [ringing('support', 40), renamed('support', 'Stöd')]
  const path = (...rest: string[]) => ['groupNumbers', 'support', ...rest]
  expect(await scene.edits(boss, mine, 1)).toEqual({
    outcome: 'conflict',
    revision: 2,
    byWhom: ['root'],
    fields: [
      { path: path('name'), before: 'Support', yours: 'Stöd', theirs: 'Hjälp' },
      { path: path('settings', 'ringSeconds'), before: 25, yours: 40, theirs: 30 },
    ],
  })
  expect(scene.store.current().revision).toBe(2)

  const choices = { on: 2, yours: [path('name')] }
  const chosen = await scene.ask(boss, { type: 'edit', onto: 1, edits: mine, choices })
  expect(outcomeOf(chosen)).toEqual({ outcome: 'done', revision: 3 })
  expect(scene.store.current().configuration.groupNumbers[0]).toMatchObject({
    name: 'Stöd',
    settings: { ringSeconds: 30 },
  })
})

test('[A11] a choice made on a version that is no longer the newest is a conflict anew', async () => {
  const scene = await administers()
  await scene.edits(scene.root, [ringing('support', 30)])
  await scene.edits(scene.root, [ringing('support', 35)])
  const choices = { on: 2, yours: [['groupNumbers', 'support', 'settings', 'ringSeconds']] }
  const reply = await scene.ask(scene.root, { type: 'edit', onto: 1, edits: [ringing('support', 40)], choices })
  expect(outcomeOf(reply)).toMatchObject({ outcome: 'conflict', revision: 3, fields: [{ theirs: 35 }] })
})

test('[A11] removing what another has just given a new use mends that use too', async () => {
  const scene = await administers()
  await scene.edits(scene.root, [{ type: 'addMembers', group: 'sales', members: [{ agent: 'anna' }] }])
  expect(await scene.edits(scene.root, [{ type: 'removeAgent', agent: 'anna' }], 1)).toMatchObject({ outcome: 'done' })
  expect(scene.store.current().configuration.groupNumbers[1]?.members).toEqual([{ agent: 'bo' }])
})

test('[A12] undo takes back the last change, and a given one where nothing later stands on it', async () => {
  const scene = await administers()
  await scene.edits(scene.root, [renamed('support', 'Hjälp')])
  await scene.edits(scene.root, [renamed('sales', 'Sälj')])
  expect(outcomeOf(await scene.ask(scene.root, { type: 'undo' }))).toEqual({ outcome: 'done', revision: 4 })
  expect([nameOf(scene, 'support'), nameOf(scene, 'sales')]).toEqual(['Hjälp', 'Försäljning'])
  expect(outcomeOf(await scene.ask(scene.root, { type: 'undo', revision: 2 }))).toMatchObject({ outcome: 'done' })
  expect(nameOf(scene, 'support')).toBe('Support')

  await scene.edits(scene.root, [renamed('sales', 'Kund')])
  expect(outcomeOf(await scene.ask(scene.root, { type: 'undo', revision: 3 }))).toMatchObject({
    outcome: 'conflict',
    fields: [{ yours: 'Försäljning', theirs: 'Kund' }],
  })
})

test('[A12] for a supervisor the last change is the last of the supervised group numbers', async () => {
  const scene = await administers()
  const boss = await scene.signedIn('supervisor')
  await scene.edits(scene.root, [renamed('support', 'Hjälp')])
  await scene.edits(scene.root, [renamed('sales', 'Sälj')])
  expect(outcomeOf(await scene.ask(boss, { type: 'undo', revision: 3 }))).toBe('forbidden')
  expect(outcomeOf(await scene.ask(boss, { type: 'undo' }))).toMatchObject({ outcome: 'done' })
  expect([nameOf(scene, 'support'), nameOf(scene, 'sales')]).toEqual(['Support', 'Sälj'])
})

test('[A12] restoring is all of a version for an admin, the supervised group numbers for a supervisor', async () => {
  const scene = await administers()
  const boss = await scene.signedIn('supervisor')
  await scene.edits(scene.root, [renamed('support', 'Hjälp'), renamed('sales', 'Sälj'), ringing('support', 40)])
  expect(outcomeOf(await scene.ask(boss, { type: 'restore', revision: 1 }))).toEqual({ outcome: 'done', revision: 3 })
  expect([nameOf(scene, 'support'), nameOf(scene, 'sales')]).toEqual(['Support', 'Sälj'])
  await scene.ask(scene.root, { type: 'restore', revision: 1 })
  const first = await scene.store.version(1)
  expect({ ok: true, value: scene.store.current().configuration }).toEqual(first)
  expect(scene.store.history()[0]?.summary).toBe('Återställde version 1')
})

test('[A12] what was removed since is taken out of what a supervisor restores', async () => {
  const scene = await administers()
  const boss = await scene.signedIn('supervisor')
  await scene.edits(scene.root, [
    { type: 'removeAgent', agent: 'anna' },
    { type: 'removeMessage', message: 'hello' },
    { type: 'removeGroupNumber', group: 'sales' },
    renamed('support', 'Hjälp'),
  ])
  expect(outcomeOf(await scene.ask(boss, { type: 'restore', revision: 1 }))).toMatchObject({ outcome: 'done' })
  const [group] = scene.store.current().configuration.groupNumbers
  expect(group).toMatchObject({ name: 'Support', members: [{ agent: 'bo', level: 2 }], settings: { ringSeconds: 25 } })
})

test('[A13] a supervisor reads the history of the supervised group numbers, in words of those alone', async () => {
  const scene = await administers()
  const boss = await scene.signedIn('supervisor')
  await scene.edits(scene.root, [renamed('sales', 'Hemligt')])
  await scene.edits(scene.root, [renamed('sales', 'Hemligare'), ringing('support', 40)])
  const history = valueOf<HistoryRead>(await scene.ask(boss, { type: 'history' }))
  expect(history.revisions).toMatchObject([{ revision: 3, summary: 'Support: Ringtid per agent 25 s → 40 s' }])
  const compared = valueOf<Compared>(await scene.ask(boss, { type: 'compare', from: 1 }))
  expect(compared.changes.map((change) => inWords(change, 'sv'))).toEqual(['Support: Ringtid per agent 25 s → 40 s'])
  const version = valueOf<VersionRead>(await scene.ask(boss, { type: 'version', revision: 3 }))
  expect(JSON.stringify([history, compared, version])).not.toMatch(/Hemlig/)
})

test('[A13] a version says whose it is, so that a supervisor reads the history without reading versions back', async () => {
  const scene = await administers()
  const boss = await scene.signedIn('supervisor')
  await scene.edits(scene.root, [renamed('sales', 'Hemligt')])
  await scene.edits(boss, [ringing('support', 40)])
  await scene.edits(scene.root, [renamed('sales', 'Hemligare'), ringing('support', 41)])
  const asked: number[] = []
  const reading = openOwnReading({
    ...scene.store,
    version: (revision) => {
      asked.push(revision)
      return scene.store.version(revision)
    },
  })
  const { revisions } = await reading.history(boss, { type: 'history' })
  expect(revisions.map(({ revision }) => revision)).toEqual([4, 3])
  // Of version 4, which is another's too, what is this one's own is looked up; the first version says nothing of itself.
  expect(asked).toEqual([3, 1, 0])
  expect(Object.keys(revisions[0] ?? {})).toEqual(['revision', 'at', 'author', 'summary'])
  const everything = await reading.history(scene.root, { type: 'history' })
  expect(JSON.stringify(everything)).not.toContain('touches')
})

test('[A14] effects name the accounts that lose by it, for an admin', async () => {
  const scene = await administers()
  await scene.signedIn('supervisor')
  const asked = { type: 'effects', edits: [{ type: 'removeGroupNumber', group: 'support' }] } as const
  const { effects, accounts } = valueOf<EffectsRead>(await scene.ask(scene.root, { ...asked, edits: [...asked.edits] }))
  expect(effects).toEqual([])
  expect(accounts).toMatchObject([{ name: 'supervisor' }])
  expect(scene.store.current().revision).toBe(1)
})

test('[A14] what a caller hears and the check are asked of edits before they are saved', async () => {
  const scene = await administers()
  const boss = await scene.signedIn('supervisor')
  const hears = async (account: Account, edits?: unknown[], number = supportNumber) =>
    valueOf<CallerWay>(
      await scene.ask(account, {
        type: 'whatCallerHears',
        number,
        at: instant(Date.UTC(2026, 10, 23, 9)),
        staffing: 'busy',
        ...(edits && { edits }),
      }),
    )
  expect(await hears(boss)).toMatchObject({
    steps: [{ open: true, reason: { kind: 'schedule', name: 'Ordinarie' } }, {}, { as: 'welcome' }, {}, {}, {}, {}],
  })
  const schedule = { id: 'ordinary', name: 'Kort', week: officeDays({ from: '14:00', to: '15:00' }) }
  expect(await hears(boss, [{ type: 'putSchedule', group: 'support', schedule }])).toMatchObject({
    steps: [{ open: false, reason: { name: 'Kort' } }, { why: 'closed' }, { as: 'closed', message: 'shut' }, {}],
  })
  expect(await hears(boss, undefined, '+46122260990' as E164)).toEqual({ kind: 'unknown' })

  const empty = { ...schedule, week: officeDays() }
  const { problems } = valueOf<CheckRead>(
    await scene.ask(boss, { type: 'check', edits: [{ type: 'putSchedule', group: 'support', schedule: empty }] }),
  )
  expect(problems.map(({ path }) => path.join('/'))).toContain('groupNumbers/support/schedules/ordinary/week')
  expect(problems.filter(({ path }) => path.includes('sales'))).toEqual([])
  expect(scene.store.current().revision).toBe(1)
})

test('[A14] a message whose audio is not there is refused, and one that is there is taken', async () => {
  const scene = await administers()
  const message = {
    id: 'new',
    name: 'Nytt',
    kind: 'welcome',
    language: 'sv',
    transcript: '',
    seconds: 2,
    origin: 'uploaded',
  }
  const missing = { ...message, file: 'audio/none.wav', sha256: 'b'.repeat(64) }
  expect(await scene.edits(scene.root, [{ type: 'putMessage', message: missing }])).toMatchObject({
    outcome: 'refused',
    problems: [{ path: ['messages', 'new', 'file'], key: 'gone' }],
  })
  const there = { ...message, ...scene.hasAudio() }
  expect(await scene.edits(scene.root, [{ type: 'putMessage', message: there }])).toMatchObject({ outcome: 'done' })
})

test('[A15] accounts are made, invited for 72 hours, and taken away, all of it audited', async () => {
  const scene = await administers()
  const put = { name: 'Cia', roles: ['supervisor' as const], supervises: ['support' as never, 'gone' as never] }
  const made = valueOf<AccountRead>(await scene.ask(scene.root, { type: 'putAccount', account: put }))
  expect(made).toMatchObject({ name: 'Cia', supervises: ['support'], hasPassword: false, sessions: 0 })

  const invitation = valueOf<Invitation>(await scene.ask(scene.root, { type: 'inviteAccount', account: made.id }))
  scene.clock.pass(72 * 3_600_000 - 1)
  expect(await scene.accounts.redeem(invitation.link)).toMatchObject({ signedIn: { name: 'Cia' } })

  expect(await scene.ask(scene.root, { type: 'removeAccount', account: made.id })).toEqual({ ok: true })
  expect(await scene.ask(scene.root, { type: 'removeAccount', account: scene.root.id })).toMatchObject({
    problem: { kind: 'invalid', message: 'expected at least one account with the role admin' },
  })
  const told = valueOf<readonly AuditRead[]>(await scene.ask(scene.root, { type: 'audit', containing: 'cia' }))
  expect(told.map(({ what }) => what)).toEqual([
    'account Cia: taken away',
    'account Cia: invited',
    'account Cia: supervisor; supervises support',
  ])
  expect(told.map(({ said }) => said?.kind)).toEqual(['accountRemoved', 'accountInvited', 'accountPut'])
})

test('[A15] an account with the role agent needs an agent that there is', async () => {
  const scene = await administers()
  const account = { name: 'Eva', roles: ['agent' as const], supervises: [] }
  expect(await scene.ask(scene.root, { type: 'putAccount', account })).toMatchObject({ problem: { kind: 'invalid' } })
  const unknown = { ...account, agent: 'eva' as never }
  expect(await scene.ask(scene.root, { type: 'putAccount', account: unknown })).toMatchObject({
    problem: { kind: 'invalid' },
  })
})
