import { describe, expect, test } from 'vitest'
import {
  isAdministrationAsk,
  type AccountRead,
  type AdministrationAsk,
  type EditType,
} from '../../../src/contract/administration.ts'
import type { Role } from '../../../src/contract/console.ts'
import { editRights } from '../../../src/service/administration/edit-rights.ts'
import { rights } from '../../../src/service/console/rights.ts'
import { office, officeDays } from '../../core/configuration/edits/office.ts'
import { administers, outcomeOf, valueOf, type Scene } from './administration-scene.ts'

const roles: readonly Role[] = ['admin', 'supervisor', 'agent', 'reviewer']
const instant = 0 as Extract<AdministrationAsk, { type: 'whatCallerHears' }>['at']
const number = '+46122260980' as Extract<AdministrationAsk, { type: 'findAgent' }>['phone']

// --- asks ---------------------------------------------------------------------------------------

const asks: { readonly [Type in AdministrationAsk['type']]: Extract<AdministrationAsk, { type: Type }> } = {
  edit: { type: 'edit', onto: 1, edits: [{ type: 'clearOverride', group: 'support' }] },
  effects: { type: 'effects', edits: [{ type: 'clearOverride', group: 'support' }] },
  history: { type: 'history' },
  version: { type: 'version', revision: 1 },
  compare: { type: 'compare', from: 1 },
  restore: { type: 'restore', revision: 1 },
  undo: { type: 'undo', revision: 2 },
  check: { type: 'check' },
  whatCallerHears: { type: 'whatCallerHears', number, at: instant, staffing: 'free' },
  findAgent: { type: 'findAgent', phone: number },
  listAccounts: { type: 'listAccounts' },
  putAccount: { type: 'putAccount', account: { name: 'new', roles: ['reviewer'], supervises: [] } },
  removeAccount: { type: 'removeAccount', account: 'nobody' },
  inviteAccount: { type: 'inviteAccount', account: 'nobody' },
  sessions: { type: 'sessions' },
  endSession: { type: 'endSession', session: 'none' },
  endSessions: { type: 'endSessions' },
  pin: { type: 'pin' },
  setPin: { type: 'setPin', pin: '90417' },
  removePin: { type: 'removePin' },
  unlockPin: { type: 'unlockPin', account: 'nobody' },
  audit: { type: 'audit' },
}

const mayAsk: Readonly<Record<AdministrationAsk['type'], readonly Role[]>> = {
  edit: ['admin', 'supervisor'],
  effects: ['admin', 'supervisor'],
  history: ['admin', 'supervisor', 'reviewer'],
  version: ['admin', 'supervisor', 'reviewer'],
  compare: ['admin', 'supervisor', 'reviewer'],
  restore: ['admin', 'supervisor'],
  undo: ['admin', 'supervisor'],
  check: ['admin', 'supervisor', 'reviewer'],
  whatCallerHears: ['admin', 'supervisor', 'reviewer'],
  findAgent: ['admin', 'supervisor'],
  listAccounts: ['admin'],
  putAccount: ['admin'],
  removeAccount: ['admin'],
  inviteAccount: ['admin'],
  sessions: roles,
  endSession: roles,
  endSessions: roles,
  pin: roles,
  setPin: roles,
  removePin: roles,
  unlockPin: ['admin'],
  audit: ['admin'],
}

test('[A8] every ask of administration has a line in the table and in this test', () => {
  expect(Object.keys(asks).every((type) => isAdministrationAsk({ type }))).toBe(true)
  expect(
    Object.keys(rights)
      .filter((type) => isAdministrationAsk({ type }))
      .toSorted(),
  ).toEqual(Object.keys(asks).toSorted())
})

test.each(roles)('[A8] %s may ask exactly what the table says', async (role) => {
  const scene = await administers()
  await scene.edits(scene.root, [{ type: 'renameGroupNumber', group: 'support', name: 'Hjälp' }])
  const account = await scene.signedIn(role)
  for (const [type, ask] of Object.entries(asks)) {
    const outcome = outcomeOf(await scene.ask(account, ask))
    const isForbidden = !mayAsk[type as AdministrationAsk['type']].includes(role)
    expect(outcome === 'forbidden', `${role} ${type}: ${JSON.stringify(outcome)}`).toBe(isForbidden)
  }
})

test('[A8] of sessions an account sees and ends its own, an admin all', async () => {
  const scene = await administers()
  const agent = await scene.signedIn('agent')
  await scene.accounts.redeem(await scene.accounts.makeLink(scene.root.id, 1000))
  await scene.accounts.redeem(await scene.accounts.makeLink(agent.id, 1000))
  const [rootSession, agentSession] = scene.accounts.sessions().map(({ id }) => id)

  expect(outcomeOf(await scene.ask(agent, { type: 'sessions', account: scene.root.id }))).toBe('forbidden')
  expect(outcomeOf(await scene.ask(agent, { type: 'endSessions', account: scene.root.id }))).toBe('forbidden')
  expect(outcomeOf(await scene.ask(agent, { type: 'endSession', session: rootSession ?? '' }))).toBe('unknown')
  expect(await scene.ask(agent, { type: 'sessions' })).toMatchObject({ value: [{ id: agentSession }] })
  expect(await scene.ask(scene.root, { type: 'endSession', session: agentSession ?? '' })).toEqual({ ok: true })
  expect(scene.accounts.sessions().map(({ account }) => account)).toEqual([scene.root.id])
})

test('[S28] of PINs an account sets and removes its own; an admin sees that there is one, unlocks and removes it', async () => {
  const scene = await administers()
  const agent = await scene.signedIn('agent')
  for (const [pin, why] of [
    ['123', '4 to 12 digits'],
    ['9041x', '4 to 12 digits'],
    ['1234567890123', '4 to 12 digits'],
    ['7777', 'harder to guess'],
    ['8901', 'harder to guess'],
    ['4321', 'harder to guess'],
  ] as const)
    expect(await scene.ask(agent, { type: 'setPin', pin })).toMatchObject({
      ok: false,
      problem: { kind: 'invalid', message: expect.stringContaining(why) as string },
    })
  expect(await scene.ask(agent, { type: 'pin' })).toEqual({ ok: true, value: { pin: 'none' } })
  expect(await scene.ask(agent, { type: 'setPin', pin: '90417' })).toEqual({ ok: true })
  expect(await scene.ask(agent, { type: 'pin' })).toEqual({ ok: true, value: { pin: 'set' } })
  const read = async () =>
    valueOf<AccountRead[]>(await scene.ask(scene.root, { type: 'listAccounts' })).find(({ id }) => id === agent.id)
  for (const wrong of ['1', '2', '3', '4', '5']) await scene.accounts.checkPin([agent.id], wrong)
  expect(await read()).toMatchObject({ pin: 'locked' })

  const boss = await scene.signedIn('supervisor')
  expect(outcomeOf(await scene.ask(boss, { type: 'unlockPin', account: agent.id }))).toBe('forbidden')
  expect(outcomeOf(await scene.ask(boss, { type: 'removePin', account: agent.id }))).toBe('forbidden')
  expect(await scene.ask(scene.root, { type: 'unlockPin', account: agent.id })).toEqual({ ok: true })
  expect(await read()).toMatchObject({ pin: 'set' })
  expect(await scene.accounts.checkPin([agent.id], '90417')).toMatchObject({ id: agent.id })
  expect(await scene.ask(scene.root, { type: 'removePin', account: agent.id })).toEqual({ ok: true })
  expect(await read()).toMatchObject({ pin: 'none' })
  const told = (await scene.accounts.readAudit({ containing: 'PIN' })).map(({ by, what }) => `${by}: ${what}`)
  expect(told.toReversed()).toEqual([
    'agent: account agent: PIN set',
    'gruppnummer: account agent: PIN locked',
    'root: account agent: PIN unlocked',
    'root: account agent: PIN removed',
  ])
  expect(scene.logged.join('')).not.toContain('90417')
})

// --- edits --------------------------------------------------------------------------------------

type Where = 'own' | 'other' | 'company'
type Given = Readonly<Partial<Record<Where, object>>>

const week = officeDays({ from: '08:00', to: '12:00' })
const exception = { id: 'may', name: 'Maj', effect: 'closed', from: '2027-05-01T00:00', to: '2027-05-02T00:00' }
const [anna, bo, cia] = office().agents
const inBoth = (edit: object): Given => ({ own: { ...edit, group: 'support' }, other: { ...edit, group: 'sales' } })

/** `own` is about support, `other` about sales; `company` about neither alone. */
function edits(scene: Scene): Readonly<Record<EditType, Given>> {
  const audio = scene.hasAudio()
  const message = { ...office().messages[0], ...audio, id: 'new', name: 'Ny' }
  return {
    putCompany: { company: { company: { ...office().company, name: 'Nytt AB' } } },
    putAgreement: { company: { agreement: { id: 'main', name: 'Annat' } } },
    removeAgreement: { company: { agreement: 'north', moveTo: 'main' } },
    putAgent: {
      own: { agent: { ...anna, phone: '+46701740699' } },
      other: { agent: { ...bo, phone: '+46701740699' } },
    },
    removeAgent: { own: { agent: 'anna' }, other: { agent: 'bo' } },
    putGroupNumber: {
      company: { group: { id: 'support', number: '+46122260981', name: 'Support', agreement: 'main' } },
    },
    renameGroupNumber: inBoth({ name: 'Nytt namn' }),
    moveGroupNumber: { company: { group: 'support', agreement: 'north' } },
    removeGroupNumber: { company: { group: 'support' } },
    setMembers: inBoth({ members: [{ agent: 'bo', level: 3 }] }),
    addMembers: inBoth({ members: [{ agent: 'cia' }] }),
    removeMembers: inBoth({ agents: ['bo'] }),
    putSchedule: inBoth({ schedule: { id: 'new', name: 'Nytt', week } }),
    removeSchedule: inBoth({ schedule: 'ordinary', activate: null }),
    activateSchedule: inBoth({ schedule: null }),
    putException: inBoth({ exception }),
    removeException: inBoth({ exception: 'eve' }),
    setOverride: inBoth({ override: { effect: 'open' } }),
    clearOverride: inBoth({}),
    setGroupMessages: inBoth({ set: { welcome: null } }),
    putMessage: {
      own: { message: { ...message, groupNumber: 'support' } },
      other: { message: { ...message, groupNumber: 'sales' } },
      company: { message },
    },
    replaceMessage: { own: { message: 'shut', by: 'ours' }, other: { message: 'dull', by: 'ours' } },
    removeMessage: { own: { message: 'note' }, other: { message: 'pitch' }, company: { message: 'shut' } },
    setSettings: inBoth({ set: { ringSeconds: 33 } }),
  }
}

/** Support has a message of its own, too, and sales chooses one of the company's that support does not. */
function twoOffices() {
  const given = office()
  const [hello] = given.messages
  if (!hello) throw new Error('no message')
  return {
    ...given,
    groupNumbers: given.groupNumbers.map((group) =>
      group.id === 'sales'
        ? { ...group, messages: { ...group.messages, closed: 'dull' }, exceptions: [{ ...exception, id: 'eve' }] }
        : group,
    ),
    messages: [
      ...given.messages,
      { ...hello, id: 'note', groupNumber: 'support' },
      { ...hello, id: 'dull', kind: 'closed' },
    ],
  } as unknown as ReturnType<typeof office>
}

const mayMake = (role: Role, type: EditType, where: Where) =>
  role === 'admin' || (role === 'supervisor' && where === 'own' && editRights[type].supervisor === 'groups')

test('[A9] the table of edits has a line for each, and a test of every cell', async () => {
  expect(Object.keys(edits(await administers())).toSorted()).toEqual(Object.keys(editRights).toSorted())
})

describe.each(roles)('[A9] %s', (role) => {
  test('may make exactly the edits that the table says, of what it says', async () => {
    const scene = await administers({ configuration: twoOffices() })
    const account = await scene.signedIn(role)
    for (const [type, cases] of Object.entries(edits(scene)))
      for (const [where, edit] of Object.entries(cases)) {
        const before = scene.store.current()
        const outcome = await scene.edits(account, [{ type, ...edit }])
        const after = scene.store.current()
        const cell = `${role} ${type} ${where}: ${JSON.stringify(outcome)}`
        if (mayMake(role, type as EditType, where as Where)) expect(outcome, cell).toMatchObject({ outcome: 'done' })
        else {
          // What is hidden is answered like what is not there.
          const isHidden = ['removeMessage', 'putMessage'].includes(type) && role === 'supervisor' && where === 'other'
          if (isHidden) expect(outcome, cell).toMatchObject({ outcome: 'refused', problems: [{ key: 'gone' }] })
          else expect(outcome, cell).toBe('forbidden')
          expect(after, cell).toEqual(before)
        }
        if (after.revision !== before.revision)
          await scene.store.change({
            onto: after.revision,
            author: 'test',
            summary: 'again',
            configuration: twoOffices(),
          })
      }
  })
})

test('[A9] of an agent who also answers elsewhere a supervisor changes name and agreement only', async () => {
  const scene = await administers()
  const boss = await scene.signedIn('supervisor')
  const named = { ...bo, firstName: 'Bosse', agreement: 'north' }
  expect(await scene.edits(boss, [{ type: 'putAgent', agent: named }])).toMatchObject({ outcome: 'done' })
  for (const change of [{ phone: '+46701740699' }, { answersAt: 'phone' }, { wrapUpSeconds: 5 }])
    expect(await scene.edits(boss, [{ type: 'putAgent', agent: { ...named, ...change } }])).toBe('forbidden')
})

test('[A9] a supervisor makes a new agent for the supervised group numbers, and no other', async () => {
  const scene = await administers()
  const boss = await scene.signedIn('supervisor')
  const agent = { ...cia, id: 'new', phone: '+46701740688' }
  expect(await scene.edits(boss, [{ type: 'putAgent', agent }])).toBe('forbidden')
  const joined = { type: 'addMembers', group: 'support', members: [{ agent: 'new' }] }
  expect(await scene.edits(boss, [{ type: 'putAgent', agent }, joined])).toMatchObject({ outcome: 'done' })
})

test('[A9] what is hidden is answered like what is not there', async () => {
  const scene = await administers()
  const boss = await scene.signedIn('supervisor')
  const welcome = (message: string) =>
    scene.edits(boss, [{ type: 'setGroupMessages', group: 'support', set: { welcome: message } }])
  const sent = (to: string) =>
    scene.edits(boss, [{ type: 'setSettings', group: 'support', set: { whenTimeout: { do: 'group', to } } }])
  const shown = async (outcome: Promise<unknown>, id: string) => JSON.stringify(await outcome).replaceAll(id, 'ID')
  expect(await shown(welcome('pitch'), 'pitch')).toBe(await shown(welcome('never'), 'never'))
  expect(await shown(sent('sales'), 'sales')).toBe(await shown(sent('never'), 'never'))
  expect(await scene.edits(boss, [{ type: 'renameGroupNumber', group: 'never', name: 'x' }])).toBe('forbidden')
})

test('[A9] a supervisor keeps what an admin chose from elsewhere', async () => {
  const scene = await administers()
  const boss = await scene.signedIn('supervisor')
  expect(await scene.edits(boss, [{ type: 'setSettings', group: 'support', set: { ringSeconds: 40 } }])).toMatchObject({
    outcome: 'done',
  })
  expect(scene.store.current().configuration.groupNumbers[0]?.settings).toMatchObject({
    ringSeconds: 40,
    whenFull: { do: 'group', to: 'sales' },
  })
})
