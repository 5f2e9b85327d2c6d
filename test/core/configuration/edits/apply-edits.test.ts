import { describe, expect, test } from 'vitest'
import { changedFields } from '../../../../src/core/configuration/changed-fields.ts'
import { applyEdits, parseEdits } from '../../../../src/core/configuration/edits/apply-edits.ts'
import { editSchema, type EditType } from '../../../../src/core/configuration/edits/edit-schema.ts'
import { edits, office, officeDays } from './office.ts'

type Given = Parameters<typeof edits>[0]

/** What differs after it, as `path: value`; a removed thing as `path: -`. */
function changes(...given: Given[]): string[] {
  const before = office()
  const applied = applyEdits(before, edits(...given))
  if (!applied.ok) return applied.problem.map(({ edit, path, key }) => `${String(edit)} ${path.join('/')}: ${key}`)
  return changedFields(before, applied.value).map(
    ({ path, after }) => `${path.join('/')}: ${after === undefined ? '-' : JSON.stringify(after)}`,
  )
}

const evening = { id: 'evening', name: 'Kväll', week: officeDays({ from: '17:00', to: '21:00' }) }
const holiday = { id: 'may', name: 'Första maj', effect: 'closed', from: '2027-05-01T00:00', to: '2027-05-02T00:00' }
const agent = { id: 'dan', firstName: 'Dan', lastName: 'Al', phone: '+46701740608', agreement: 'main' }
const dan = { ...agent, answersAt: 'phone' }
const anna = { ...agent, id: 'anna', firstName: 'Annika', lastName: 'Ek', phone: '+46701740605' }
const note = { ...office().messages[0], id: 'note', name: 'Nytt' }

const scenes: Readonly<Record<EditType, readonly (readonly [string, Given[], string[]])[]>> = {
  putCompany: [
    [
      'the company is another',
      [{ type: 'putCompany', company: { ...office().company, name: 'Nytt AB' } }],
      ['company/name: "Nytt AB"'],
    ],
  ],
  putAgreement: [
    [
      'a new one',
      [{ type: 'putAgreement', agreement: { id: 'south', name: 'Syd', parent: 'main' } }],
      ['agreements/south: {"id":"south","name":"Syd","parent":"main"}'],
    ],
    [
      'a known one, in its place',
      [{ type: 'putAgreement', agreement: { id: 'north', name: 'Norr' } }],
      ['agreements/north/parent: -'],
    ],
    [
      'never below itself',
      [{ type: 'putAgreement', agreement: { id: 'main', name: 'Huvudavtal', parent: 'north' } }],
      ['0 agreement/parent: agreementLoop'],
    ],
    [
      'never below one that is not there',
      [{ type: 'putAgreement', agreement: { id: 'main', name: 'Huvudavtal', parent: 'south' } }],
      ['0 agreement/parent: gone'],
    ],
  ],
  removeAgreement: [
    [
      'with what belongs to it moved',
      [{ type: 'removeAgreement', agreement: 'main', moveTo: 'north' }],
      [
        'agreements/main: -',
        'agreements/north/parent: -',
        'agents/anna/agreement: "north"',
        'agents/bo/agreement: "north"',
        'groupNumbers/support/agreement: "north"',
      ],
    ],
    ['not while others belong to it', [{ type: 'removeAgreement', agreement: 'north' }], ['0 moveTo: agreementInUse']],
    ['not one that is not there', [{ type: 'removeAgreement', agreement: 'south' }], ['0 agreement: gone']],
    ['not into itself', [{ type: 'removeAgreement', agreement: 'north', moveTo: 'north' }], ['0 moveTo: gone']],
  ],
  putAgent: [
    ['a new one', [{ type: 'putAgent', agent: dan }], [`agents/dan: ${JSON.stringify(dan)}`]],
    [
      'a known one, in its place',
      [{ type: 'putAgent', agent: { ...anna, answersAt: 'softphone' } }],
      ['agents/anna/firstName: "Annika"'],
    ],
    [
      'not with the phone of another',
      [{ type: 'putAgent', agent: { ...dan, phone: '+46701740605' } }],
      ['0 agent/phone: phoneTaken'],
    ],
    [
      'two may change phones with each other',
      [
        { type: 'putAgent', agent: { ...office().agents[0], phone: '+46701740606' } },
        { type: 'putAgent', agent: { ...office().agents[1], phone: '+46701740605' } },
      ],
      ['agents/anna/phone: "+46701740606"', 'agents/bo/phone: "+46701740605"'],
    ],
    [
      'not under an agreement that is not there',
      [{ type: 'putAgent', agent: { ...dan, agreement: 'south' } }],
      ['0 agent/agreement: gone'],
    ],
  ],
  removeAgent: [
    [
      'out of every group number',
      [{ type: 'removeAgent', agent: 'bo' }],
      ['agents/bo: -', 'groupNumbers/support/members/bo: -', 'groupNumbers/sales/members/bo: -'],
    ],
    ['not one that is not there', [{ type: 'removeAgent', agent: 'eva' }], ['0 agent: gone']],
  ],
  putGroupNumber: [
    [
      'a known one keeps all else',
      [
        {
          type: 'putGroupNumber',
          group: { id: 'support', number: '+46122260981', name: 'Hjälp', agreement: 'north' },
        },
      ],
      [
        'groupNumbers/support/number: "+46122260981"',
        'groupNumbers/support/name: "Hjälp"',
        'groupNumbers/support/agreement: "north"',
      ],
    ],
    [
      'a new one is empty',
      [{ type: 'putGroupNumber', group: { id: 'new', number: '+46122260970', name: 'Ny', agreement: 'main' } }],
      [
        'groupNumbers/new: {"id":"new","number":"+46122260970","name":"Ny","agreement":"main","members":[],"schedules":[],"exceptions":[],"messages":{"music":[]},"settings":{}}',
      ],
    ],
    [
      'not with the number of another',
      [{ type: 'putGroupNumber', group: { id: 'new', number: '+46122260990', name: 'Ny', agreement: 'south' } }],
      ['0 group/number: numberTaken', '0 group/agreement: gone'],
    ],
  ],
  renameGroupNumber: [
    [
      'has another name',
      [{ type: 'renameGroupNumber', group: 'support', name: 'Hjälp' }],
      ['groupNumbers/support/name: "Hjälp"'],
    ],
    ['not one that is not there', [{ type: 'renameGroupNumber', group: 'new', name: 'Ny' }], ['0 group: gone']],
  ],
  moveGroupNumber: [
    [
      'belongs to another agreement',
      [{ type: 'moveGroupNumber', group: 'support', agreement: 'north' }],
      ['groupNumbers/support/agreement: "north"'],
    ],
    [
      'not to one that is not there',
      [{ type: 'moveGroupNumber', group: 'support', agreement: 'south' }],
      ['0 agreement: gone'],
    ],
  ],
  removeGroupNumber: [
    [
      'with its own messages, and nobody sent there any more',
      [{ type: 'removeGroupNumber', group: 'sales' }],
      [
        'groupNumbers/sales: -',
        'groupNumbers/support/exceptions/eve/action: -',
        'groupNumbers/support/override: {"effect":"closed","until":"2026-11-20T12:00","message":"shut"}',
        'groupNumbers/support/settings/whenFull: -',
        'messages/pitch: -',
      ],
    ],
    ['not one that is not there', [{ type: 'removeGroupNumber', group: 'new' }], ['0 group: gone']],
  ],
  setMembers: [
    [
      'in another order, with levels and weights',
      [
        {
          type: 'setMembers',
          group: 'support',
          members: [
            { agent: 'bo', level: 1 },
            { agent: 'anna', weight: 2 },
          ],
        },
      ],
      [
        'groupNumbers/support/members/anna/weight: 2',
        'groupNumbers/support/members/bo/level: 1',
        'groupNumbers/support/members/order: ["bo","anna"]',
      ],
    ],
    [
      'nobody twice, and nobody unknown',
      [{ type: 'setMembers', group: 'support', members: [{ agent: 'bo' }, { agent: 'bo' }, { agent: 'eva' }] }],
      ['0 members/1/agent: memberTwice', '0 members/2/agent: gone'],
    ],
  ],
  addMembers: [
    [
      'last, and a known one keeps the place',
      [{ type: 'addMembers', group: 'support', members: [{ agent: 'cia' }, { agent: 'anna', level: 3 }] }],
      ['groupNumbers/support/members/anna/level: 3', 'groupNumbers/support/members/cia: {"agent":"cia"}'],
    ],
    [
      'a new agent in the same change',
      [
        { type: 'putAgent', agent: dan },
        { type: 'addMembers', group: 'support', members: [{ agent: 'dan' }] },
        { type: 'addMembers', group: 'sales', members: [{ agent: 'dan' }] },
      ],
      [
        `agents/dan: ${JSON.stringify(dan)}`,
        'groupNumbers/support/members/dan: {"agent":"dan"}',
        'groupNumbers/sales/members/dan: {"agent":"dan"}',
      ],
    ],
    [
      'not one that is not there',
      [{ type: 'addMembers', group: 'support', members: [{ agent: 'eva' }] }],
      ['0 members/0/agent: gone'],
    ],
  ],
  removeMembers: [
    [
      'only from this group number',
      [{ type: 'removeMembers', group: 'support', agents: ['bo', 'eva'] }],
      ['groupNumbers/support/members/bo: -'],
    ],
  ],
  putSchedule: [
    [
      'a further one is not active',
      [{ type: 'putSchedule', group: 'support', schedule: evening }],
      [`groupNumbers/support/schedules/evening: ${JSON.stringify(evening)}`],
    ],
    [
      'the first one is',
      [
        { type: 'removeSchedule', group: 'sales', schedule: 'ordinary' },
        { type: 'putSchedule', group: 'sales', schedule: evening },
      ],
      [
        'groupNumbers/sales/schedules/ordinary: -',
        `groupNumbers/sales/schedules/evening: ${JSON.stringify(evening)}`,
        'groupNumbers/sales/activeSchedule: "evening"',
      ],
    ],
    [
      'not with a message that is not there',
      [{ type: 'putSchedule', group: 'support', schedule: { ...evening, closed: 'bye' } }],
      ['0 schedule/closed: gone'],
    ],
  ],
  removeSchedule: [
    [
      'one that is not active',
      [{ type: 'removeSchedule', group: 'support', schedule: 'summer' }],
      ['groupNumbers/support/schedules/summer: -'],
    ],
    [
      'the active one needs a choice',
      [{ type: 'removeSchedule', group: 'support', schedule: 'ordinary' }],
      ['0 activate: chooseActive'],
    ],
    [
      'the active one, for another',
      [{ type: 'removeSchedule', group: 'support', schedule: 'ordinary', activate: 'summer' }],
      ['groupNumbers/support/schedules/ordinary: -', 'groupNumbers/support/activeSchedule: "summer"'],
    ],
    [
      'the active one, for none',
      [{ type: 'removeSchedule', group: 'support', schedule: 'ordinary', activate: null }],
      ['groupNumbers/support/schedules/ordinary: -', 'groupNumbers/support/activeSchedule: -'],
    ],
    [
      'not for itself',
      [{ type: 'removeSchedule', group: 'support', schedule: 'ordinary', activate: 'ordinary' }],
      ['0 activate: gone'],
    ],
    [
      'the only one needs none',
      [{ type: 'removeSchedule', group: 'sales', schedule: 'ordinary' }],
      ['groupNumbers/sales/schedules/ordinary: -', 'groupNumbers/sales/activeSchedule: -'],
    ],
    ['not one that is not there', [{ type: 'removeSchedule', group: 'sales', schedule: 'x' }], ['0 schedule: gone']],
  ],
  activateSchedule: [
    [
      'another one',
      [{ type: 'activateSchedule', group: 'support', schedule: 'summer' }],
      ['groupNumbers/support/activeSchedule: "summer"'],
    ],
    [
      'none',
      [{ type: 'activateSchedule', group: 'support', schedule: null }],
      ['groupNumbers/support/activeSchedule: -'],
    ],
    ['not one that is not there', [{ type: 'activateSchedule', group: 'sales', schedule: 'x' }], ['0 schedule: gone']],
  ],
  putException: [
    [
      'a new one',
      [{ type: 'putException', group: 'support', exception: holiday }],
      [`groupNumbers/support/exceptions/may: ${JSON.stringify(holiday)}`],
    ],
    [
      'not one that ends before it begins',
      [{ type: 'putException', group: 'support', exception: { ...holiday, to: '2027-05-01T00:00' } }],
      ['0 exception/to: exceptionEnd'],
    ],
    [
      'not a yearly one of more than a year',
      [{ type: 'putException', group: 'support', exception: { ...holiday, to: '2028-05-02T00:00', yearly: true } }],
      ['0 exception/to: exceptionEnd'],
    ],
    [
      'not to a group number that is not there',
      [
        {
          type: 'putException',
          group: 'support',
          exception: { ...holiday, message: 'x', action: { do: 'group', to: 'x' } },
        },
      ],
      ['0 exception/message: gone', '0 exception/action/to: gone'],
    ],
  ],
  removeException: [
    [
      'it is gone',
      [{ type: 'removeException', group: 'support', exception: 'eve' }],
      ['groupNumbers/support/exceptions/eve: -'],
    ],
    ['not one that is not there', [{ type: 'removeException', group: 'sales', exception: 'x' }], ['0 exception: gone']],
  ],
  setOverride: [
    [
      'opened by hand',
      [{ type: 'setOverride', group: 'sales', override: { effect: 'open', until: '2026-11-23T18:00' } }],
      ['groupNumbers/sales/override: {"effect":"open","until":"2026-11-23T18:00"}'],
    ],
    [
      'not with a message that is not there',
      [{ type: 'setOverride', group: 'sales', override: { effect: 'closed', message: 'x' } }],
      ['0 override/message: gone'],
    ],
  ],
  clearOverride: [
    ['by the schedule again', [{ type: 'clearOverride', group: 'support' }], ['groupNumbers/support/override: -']],
  ],
  setGroupMessages: [
    [
      'only what is named',
      [{ type: 'setGroupMessages', group: 'support', set: { closed: null }, reset: ['welcome', 'music'] }],
      [
        'groupNumbers/support/messages/welcome: -',
        'groupNumbers/support/messages/closed: null',
        'groupNumbers/support/messages/music: []',
      ],
    ],
    [
      'not a message that is not there',
      [{ type: 'setGroupMessages', group: 'support', set: { welcome: 'x', music: ['tune', 'y'] } }],
      ['0 set/welcome: gone', '0 set/music/1: gone'],
    ],
  ],
  putMessage: [
    ['a new one', [{ type: 'putMessage', message: note }], [`messages/note: ${JSON.stringify(note)}`]],
    [
      'not of a group number that is not there',
      [{ type: 'putMessage', message: { ...note, groupNumber: 'x' } }],
      ['0 message/groupNumber: gone'],
    ],
  ],
  replaceMessage: [
    [
      'wherever it is chosen',
      [{ type: 'replaceMessage', message: 'shut', by: 'ours' }],
      [
        'groupNumbers/support/exceptions/eve/message: "ours"',
        'groupNumbers/support/override: {"effect":"closed","until":"2026-11-20T12:00","message":"ours","action":{"do":"group","to":"sales"}}',
        'groupNumbers/support/messages/closed: "ours"',
      ],
    ],
    ['not by one that is not there', [{ type: 'replaceMessage', message: 'shut', by: 'x' }], ['0 by: gone']],
  ],
  removeMessage: [
    [
      'wherever it is chosen',
      [{ type: 'removeMessage', message: 'hello' }],
      [
        'groupNumbers/support/schedules/ordinary/welcome: -',
        'groupNumbers/support/messages/welcome: -',
        'messages/hello: -',
      ],
    ],
    ['not one that is not there', [{ type: 'removeMessage', message: 'x' }], ['0 message: gone']],
  ],
  setSettings: [
    [
      'own values, and back to the preset',
      [{ type: 'setSettings', group: 'support', set: { comfortSeconds: 90 }, reset: ['ringSeconds'] }],
      ['groupNumbers/support/settings/whenFull: {"do":"group","to":"sales"}', 'x']
        .slice(2)
        .concat(['groupNumbers/support/settings/ringSeconds: -', 'groupNumbers/support/settings/comfortSeconds: 90']),
    ],
    [
      'not to a group number that is not there',
      [{ type: 'setSettings', group: 'support', set: { whenClosed: { do: 'group', to: 'x' } } }],
      ['0 set/whenClosed/to: gone'],
    ],
  ],
}

describe.each(Object.entries(scenes))('[A1] %s', (_, each) => {
  test.each(each)('%s', (__, given, expected) => {
    expect(changes(...given).toSorted()).toEqual(expected.toSorted())
  })
})

test('[A1] every edit has a scene', () => {
  const types = editSchema.options.map(({ shape }) => shape.type.value)
  expect(Object.keys(scenes).toSorted()).toEqual([...types].toSorted())
})

test('[A2] a list of edits is done whole or not at all', () => {
  expect(
    changes(
      { type: 'renameGroupNumber', group: 'support', name: 'Hjälp' },
      { type: 'removeAgent', agent: 'eva' },
      { type: 'removeMessage', message: 'x' },
    ),
  ).toEqual(['1 agent: gone', '2 message: gone'])
})

test('[A2] what a later edit takes away again is no fault of an earlier one', () => {
  expect(
    changes(
      { type: 'putSchedule', group: 'sales', schedule: { ...evening, closed: 'shut' } },
      { type: 'removeMessage', message: 'shut' },
    ).filter((line) => line.startsWith('groupNumbers/sales')),
  ).toEqual([`groupNumbers/sales/schedules/evening: ${JSON.stringify(evening)}`])
})

test('[A3] an edit of a wrong form is a problem with its place, not an exception', () => {
  const parsed = parseEdits([
    { type: 'putException', group: 'support', exception: { ...holiday, to: '2027-13-01T00:00' } },
    { type: 'removeEverything' },
    null,
    { type: 'setSettings', group: 'support', set: { ringSeconds: 1 } },
  ])
  expect(
    parsed.ok ? [] : parsed.problem.map(({ edit, path, key }) => `${String(edit)} ${path.join('/')}: ${key}`),
  ).toEqual(['0 exception/to: shape', '1 type: shape', '2 : shape', '3 set/ringSeconds: shape'])
})
