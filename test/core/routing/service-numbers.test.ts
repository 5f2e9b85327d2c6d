import { describe, expect, test } from 'vitest'
import type { Configuration } from '../../../src/core/configuration/types.ts'
import { openRouter } from '../../../src/core/routing/open-router.ts'
import { instant } from '../../../src/core/time.ts'
import { company, supportNumber } from '../../support/routing/company.ts'
import {
  agentHangsUp,
  answers,
  arrives,
  dials,
  hangsUp,
  logsIn,
  scene,
  type Happening,
} from '../../support/routing/scene.ts'

const salesNumber = '+46122260981'
const annasPhone = '+46709000001'

const configuration: Configuration = (() => {
  const made = company(
    [
      { name: 'Kundtjänst', members: ['anna', 'bo'] },
      { id: 'sales', number: salesNumber, name: 'Sälj', members: ['anna'] },
    ],
    { agents: [{ id: 'anna', phone: annasPhone as never }] },
  )
  const serviceNumbers = { logIn: { short: '833', long: '+46771000833' as never }, record: { short: '844' } }
  return { ...made, company: { ...made.company, serviceNumbers } }
})()

const calls = (to: string, from = annasPhone): Happening => arrives('s1', { to, from })
const pin = (ok: boolean): Happening => ({ type: 'pinChecked', call: 's1', ok })
const press = (digits: string): Happening[] => dials('s1', digits)
const records = (seconds: number): Happening => ({ type: 'recorded', call: 's1', file: 'r1.wav', seconds })

describe('logging in and out by telephone', () => {
  test('[R101] [R103] known by the number called from, with a PIN, and told the state after each key', () => {
    const { said } = scene(configuration, {
      0: [calls('833')],
      5: [...press('1234#'), pin(true)],
      6: press('1'),
      7: press('2'),
      8: [hangsUp('s1')],
    })
    expect(said('answer', 'say', 'agentState', 'served', 'hangUp')).toEqual([
      '0 answer s1',
      '0 say s1 Slå din pinkod och avsluta med fyrkant.',
      '5 say s1 Du är utloggad. Tryck 1 för att logga in i alla, 2 för att logga ut ur alla, 3 för ett gruppnummer i taget.',
      '6 agentState anna available',
      '6 say s1 Du är inloggad i alla gruppnummer. Tryck 1 för att logga in i alla, 2 för att logga ut ur alla, 3 för ett gruppnummer i taget.',
      '7 agentState anna loggedOut',
      '7 say s1 Du är utloggad. Tryck 1 för att logga in i alla, 2 för att logga ut ur alla, 3 för ett gruppnummer i taget.',
      '8 served s1 logIn',
    ])
  })

  test('[R103] one group number at a time: each key changes that one', () => {
    const { said } = scene(configuration, {
      0: [calls('+46771000833'), pin(true)],
      1: press('3'),
      2: press('2'),
      3: press('9'),
      4: press('2*'),
    })
    expect(said('say').slice(2, 4)).toEqual([
      '1 say s1 Du är utloggad. Tryck 1 för Kundtjänst Tryck 2 för Sälj Tryck stjärna för att gå tillbaka.',
      '2 say s1 Du är inloggad i Sälj Tryck 1 för Kundtjänst Tryck 2 för Sälj Tryck stjärna för att gå tillbaka.',
    ])
    expect(said('agentState')).toEqual([
      '2 agentState anna sales available',
      '4 agentState anna sales loggedOut',
      '4 agentState anna loggedOut',
    ])
    expect(said('say').at(-1)).toMatch(/^4 say s1 Du är utloggad. Tryck 1 för att logga in/)
  })

  test('[R102] a wrong PIN three times ends the call; an unknown phone at once', () => {
    const wrong = scene(configuration, { 0: [calls('833'), pin(false), pin(false), pin(false), pin(true)], 60: [] })
    expect(wrong.said('say', 'served', 'hangUp').slice(-3)).toEqual([
      '0 say s1 Fel pinkod. Hej då.',
      '2 hangUp s1 served',
      '2 served s1 logIn',
    ])
    const unknown = scene(configuration, { 0: [calls('833', '+46709999999')], 9: [pin(true), ...press('1')] })
    expect(unknown.said('say', 'served', 'hangUp', 'agentState')).toEqual([
      '0 say s1 Det här numret känns inte igen. Hej då.',
      '4 hangUp s1 served',
      '4 served s1 logIn',
    ])
  })

  test('[R101] who is known beyond doubt is asked for no PIN to log in, but for one to record', () => {
    const sure = (to: string) => arrives('s1', { to, from: annasPhone, trusted: true })
    const { said } = scene(configuration, { 0: [sure('833')], 1: press('1') })
    expect(said('say', 'agentState').slice(0, 2)).toEqual([
      '0 say s1 Du är utloggad. Tryck 1 för att logga in i alla, 2 för att logga ut ur alla, 3 för ett gruppnummer i taget.',
      '1 agentState anna available',
    ])
    const recording = scene(configuration, { 0: [sure('844'), ...press('0122260981#'), ...press('2')] })
    expect(recording.said('say').at(-1)).toBe('0 say s1 Slå din pinkod och avsluta med fyrkant.')
  })

  test('[R105] 60 s without a key end the call; logging in while talking to a caller is no hindrance', () => {
    const { said } = scene(configuration, { 0: [calls('833'), pin(true)], 10: press('1'), 80: [] })
    expect(said('hangUp', 'served')).toEqual(['70 hangUp s1 served', '70 served s1 logIn'])
    const both = scene(configuration, {
      0: [logsIn('anna', 'sales'), arrives('c1', { to: salesNumber }), answers('anna', 'c1'), calls('833'), pin(true)],
      5: press('1'),
      9: [agentHangsUp('anna', 'c1')],
    })
    expect(both.said('completed')).toEqual(['9 completed c1 anna agent 9'])
  })
})

describe('recording by telephone', () => {
  const toPin = [calls('844', '+46708888888'), ...press('0122260981#'), ...press('2')]

  test('[R104] which group number and message, the PIN, the recording, played back and accepted', () => {
    const { said, lines } = scene(configuration, {
      0: toPin,
      1: [pin(true)],
      20: [records(12)],
      40: press('1'),
      41: [hangsUp('s1')],
    })
    expect(said('say', 'record', 'served', 'hangUp')).toEqual([
      '0 say s1 Slå gruppnumret och avsluta med fyrkant.',
      '0 say s1 Välj meddelande. Tryck 1 för välkomstmeddelande. Tryck 2 för stängtmeddelande. Tryck 3 för kömeddelande. Tryck 4 för overflowmeddelande.',
      '0 say s1 Slå din pinkod och avsluta med fyrkant.',
      '1 say s1 Tala in efter tonen och avsluta med fyrkant.',
      '4 record s1 300',
      '20 say s1 r1.wav Tryck 1 för att spara, 2 för att tala in på nytt, 3 för att lyssna igen.',
      '40 served s1 record sales,closed,r1.wav,12',
      '40 say s1 Meddelandet är sparat. Hej då.',
    ])
    expect(lines.find(({ type }) => type === 'served')?.recorded).toEqual({
      group: 'sales',
      kind: 'closed',
      file: 'r1.wav',
      seconds: 12,
    })
  })

  test('[R104] once more, and a recording of nothing', () => {
    const { said } = scene(configuration, {
      0: toPin,
      1: [pin(true)],
      10: [records(0)],
      20: [records(3)],
      25: press('2'),
      40: [],
    })
    expect(said('record')).toEqual(['4 record s1 300', '15 record s1 300', '28 record s1 300'])
  })

  test('[R104] an unknown group number is asked for again; who hangs up has recorded nothing', () => {
    const { said } = scene(configuration, {
      0: [calls('844'), ...press('0700#'), ...press('0122260980#'), ...press('1'), pin(true)],
      9: [records(5)],
      10: [hangsUp('s1')],
    })
    expect(said('say')[1]).toBe('0 say s1 Det gruppnumret finns inte. Slå gruppnumret och avsluta med fyrkant.')
    expect(said('served')).toEqual(['10 served s1 record'])
  })
})

test('[R105] a key cuts what is being said short, and one that means nothing has it said again', () => {
  const menu = scene(configuration, { 0: [calls('833'), pin(true)], 1: press('7') })
  expect(
    menu
      .said('say')
      .slice(1)
      .map((line) => line.slice(0, 24)),
  ).toEqual(['0 say s1 Du är utloggad.', '1 say s1 Du är utloggad.'])
  const { said } = scene(configuration, {
    2: [calls('844')],
    3: [...press('0122261'), ...press('*0122260981#'), ...press('9'), ...press('1'), pin(true)],
    // Before the words that lead to the recording have been said.
    4: press('0'),
    5: press('5'),
    9: [records(3)],
    10: press('1'),
    11: press('#'),
  })
  const kinds =
    'Välj meddelande. Tryck 1 för välkomstmeddelande. Tryck 2 för stängtmeddelande. Tryck 3 för kömeddelande. Tryck 4 för overflowmeddelande.'
  expect(said('say', 'record', 'hangUp')).toEqual([
    '2 say s1 Slå gruppnumret och avsluta med fyrkant.',
    `3 say s1 ${kinds}`,
    `3 say s1 ${kinds}`,
    '3 say s1 Slå din pinkod och avsluta med fyrkant.',
    '3 say s1 Tala in efter tonen och avsluta med fyrkant.',
    '4 record s1 300',
    '9 say s1 r1.wav Tryck 1 för att spara, 2 för att tala in på nytt, 3 för att lyssna igen.',
    '10 say s1 Meddelandet är sparat. Hej då.',
    '11 hangUp s1 served',
  ])
})

test('[R104] [R106] whose PIN it was is told with the recording, also after a restart', () => {
  const started = openRouter({ configuration, seed: 1, at: instant(0) })
  const at = instant(0)
  const s1 = { call: 's1' as never, at }
  started.handle({ type: 'callArrived', to: '844' as never, ...s1 })
  for (const digit of '0122260981#2') started.handle({ type: 'digitPressed', digit, ...s1 })
  started.handle({ type: 'pinChecked', ok: true, by: 'Eva' as never, ...s1 })
  const router = openRouter({ snapshot: started.snapshot() })
  const heard = router.handle({ type: 'timePassed', at: instant(0) })
  expect(heard).toEqual([])
  router.handle({ type: 'played', ...s1 })
  router.handle({ type: 'recorded', file: 'r1.wav', seconds: 12, ...s1 })
  const outputs = router.handle({ type: 'digitPressed', digit: '1', ...s1 })
  expect(outputs.flatMap((output) => (output.kind === 'notice' ? [output.notice] : []))).toEqual([
    {
      type: 'served',
      call: 's1',
      service: 'record',
      recorded: { group: 'sales', kind: 'closed', file: 'r1.wav', seconds: 12, by: 'Eva' },
      at: instant(0),
    },
  ])
})

test('[R101] [R106] what the desks and the service see: in step pin the digits are the service’s', () => {
  const router = openRouter({ configuration, seed: 1, at: instant(0) })
  router.handle({
    type: 'callArrived',
    call: 's1' as never,
    to: '833' as never,
    from: annasPhone as never,
    at: instant(0),
  })
  expect(router.view().calls).toEqual([])
  expect(router.view().served).toEqual([{ call: 's1', service: 'logIn', step: 'pin', from: annasPhone, agent: 'anna' }])
  const held = { call: 's1' as never, to: '833' as never, arrived: instant(0), answered: true, offers: [] } as const
  const again = router.handle({
    type: 'switchAttached',
    calls: [{ ...held, hears: { kind: 'nothing' } }],
    at: instant(4000),
  })
  expect(again.map((output) => output.kind === 'command' && output.command.type)).toEqual(['stopPlaying', 'say'])
  router.handle({ type: 'switchAttached', calls: [], at: instant(5000) })
  expect(router.view().served).toBeUndefined()
})

test('[R7] [C18] service numbers are 833 and 844 until the company says other ones, or none', () => {
  const preset = company([{ number: supportNumber }])
  expect(scene(preset, { 0: [arrives('s1', { to: '844' })] }).said('say')).toEqual([
    '0 say s1 Slå gruppnumret och avsluta med fyrkant.',
  ])
  const none = { ...preset, company: { ...preset.company, serviceNumbers: {} } }
  expect(scene(none, { 0: [arrives('s1', { to: '833' })] }).said('hangUp')).toEqual(['0 hangUp s1 unknownNumber'])
})
