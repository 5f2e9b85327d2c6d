import { afterEach, expect } from 'vitest'
import type { Settings } from '../../../src/core/configuration/types.ts'
import { closedNumber, openName, openNumber, type Tone } from './company.ts'
import { heard, heardSoFar, openOffice, type Engine, type Office } from './office.ts'
import { peers, testWith } from './peers.ts'
import type { SippCaller } from './sipp-caller.ts'
import { heardIn } from './tones.ts'

/** What a company is for: calls from real telephones to real browsers, by their sound, whatever the switch. */
export function callScenes(engine: Engine) {
  const scene = (...names: readonly (keyof typeof peers)[]) =>
    engine === 'asterisk' ? testWith('asterisk', ...names) : testWith(...names)

  let office: Office | undefined

  afterEach(async () => {
    await office?.close()
    office = undefined
  })

  async function open(settings?: Partial<Settings>) {
    office = await openOffice(settings, { engine })
    return office
  }

  const soon = { timeout: 15_000, interval: 50 }

  /** Not what may be anything: a moment of a machine that is busy. */
  const sounds = (caller: SippCaller) => heardSoFar(caller.ear).filter((sound) => sound !== 'speech')

  /** What the caller has heard, of which `last` goes on. */
  async function heardUntilNow(caller: SippCaller, last: Tone) {
    await expect.poll(() => sounds(caller).at(-1), soon).toBe(last)
    return sounds(caller)
  }

  /** Nothing else came between. */
  async function goesOnHearing(caller: SippCaller, before: readonly Tone[]) {
    await expect.poll(() => heard(caller.ear.hears()), soon).toEqual(before.slice(-1))
    expect(sounds(caller)).toEqual(before)
  }

  scene('chromium', 'sipp')('a caller of SIPp reaches an agent in Chromium, and both hear each other', async () => {
    const company = await open()
    const anna = await company.desk('anna')
    const caller = await company.sipp(openNumber)
    await anna.incoming.waitFor()
    await anna.answers()
    await anna.inCall.waitFor()
    await expect.poll(() => heard(caller.ear.hears()), soon).toEqual(['anna'])
    await expect.poll(async () => heard(await anna.hears()), soon).toEqual(['caller'])
    await anna.hangsUp()
    expect(await caller.ended).toBe(0)
  })

  scene('chromium', 'baresip')(
    'a caller of baresip reaches an agent in Chromium, and both hear each other',
    async () => {
      const company = await open()
      const anna = await company.desk('anna')
      const caller = await company.baresip()
      caller.dial(openNumber)
      await anna.incoming.waitFor()
      await anna.answers()
      await expect.poll(() => heard(caller.hears()), soon).toEqual(['anna'])
      await expect.poll(async () => heard(await anna.hears()), soon).toEqual(['caller'])
      caller.hangUp()
      await anna.page.getByText('Ready for calls').waitFor()
    },
  )

  scene('chromium')('a caller in a browser reaches an agent in another, and both hear each other', async () => {
    const company = await open()
    const anna = await company.desk('anna')
    const caller = await company.callerBrowser()
    await caller.page.goto(`${company.origin}/caller`)
    await caller.page.getByLabel(openName).check()
    await caller.page.getByRole('button', { name: 'Ring', exact: true }).click()
    await anna.incoming.waitFor()
    await anna.answers()
    await expect.poll(async () => heard(await caller.hears()), soon).toEqual(['anna'])
    await expect.poll(async () => heard(await anna.hears()), soon).toEqual(['caller'])
  })

  scene('sipp')('a caller hears the welcome message, and then music', async () => {
    const company = await open()
    const caller = await company.sipp(openNumber)
    await expect.poll(() => heardSoFar(caller.ear), soon).toEqual(['welcome', 'music'])
  })

  scene('sipp')('a caller outside the opening hours hears the closed message, and is let go', async () => {
    const company = await open()
    const caller = await company.sipp(closedNumber)
    await expect.poll(() => heardSoFar(caller.ear), soon).toEqual(['closed'])
    expect(await caller.ended).toBe(0)
  })

  scene('chromium', 'sipp')(
    'a call that is not answered rings the next agent, and the first sees a missed call',
    async () => {
      const company = await open({ ringSeconds: 5 })
      const [anna, ben] = await Promise.all([company.desk('anna'), company.desk('ben')])
      const caller = await company.sipp(openNumber)
      await anna.incoming.waitFor()
      await expect.poll(() => heard(caller.ear.hears()), soon).toEqual(['music'])
      await ben.incoming.waitFor()
      await anna.incoming.waitFor({ state: 'detached' })
      await anna.missedCalls.getByText(`${openName} · missed`).waitFor()
      await ben.answers()
      await expect.poll(() => heard(caller.ear.hears()), soon).toEqual(['ben'])
      await expect.poll(async () => heard(await ben.hears()), soon).toEqual(['caller'])
    },
  )

  scene('chromium', 'baresip')("a caller who hangs up while it rings stops the agent's ringing", async () => {
    const company = await open()
    const anna = await company.desk('anna')
    const caller = await company.baresip()
    caller.dial(openNumber)
    await anna.incoming.waitFor()
    await expect.poll(() => heard(caller.hears()), soon).toEqual(['music'])
    caller.hangUp()
    await anna.incoming.waitFor({ state: 'detached', timeout: 5000 })
    await anna.page.getByText('Ready for calls').waitFor()
    await anna.missedCalls.getByText('the caller hung up').waitFor()
  })

  scene('chromium', 'sipp')(
    'of two agents who answer in the same instant one gets the call, and the other sees that a colleague did',
    async () => {
      const company = await open({ strategy: 'ringAll' })
      const [anna, ben] = await Promise.all([company.desk('anna'), company.desk('ben')])
      const caller = await company.sipp(openNumber)
      await Promise.all([anna.incoming.waitFor(), ben.incoming.waitFor()])
      await Promise.all([anna.answers(), ben.answers()])
      await expect.poll(() => heard(caller.ear.hears()).length, soon).toBe(1)
      await expect.poll(() => ['anna', 'ben'].includes(heard(caller.ear.hears())[0] ?? ''), soon).toBe(true)
      const [taken] = heard(caller.ear.hears())
      const [winner, loser, name] = taken === 'anna' ? [anna, ben, 'Anna'] : [ben, anna, 'Ben']
      await expect.poll(async () => heard(await winner.hears()), soon).toEqual(['caller'])
      await loser.missedCalls.getByText(`answered by ${name}`).waitFor()
      await winner.inCall.waitFor()
      await loser.inCall.waitFor({ state: 'detached' })
      expect(heard(await loser.hears())).toEqual([])
    },
  )

  scene('chromium', 'sipp')(
    "when an agent's browser dies in a call the caller hears music within 10 s, and the next agent is rung",
    async () => {
      const company = await open()
      const [anna, ben] = await Promise.all([company.desk('anna'), company.desk('ben')])
      const caller = await company.sipp(openNumber)
      await anna.incoming.waitFor()
      await anna.answers()
      await expect.poll(() => heard(caller.ear.hears()), soon).toEqual(['anna'])
      anna.kill()
      await expect.poll(() => heard(caller.ear.hears()), { timeout: 10_000, interval: 50 }).toEqual(['music'])
      await ben.incoming.waitFor()
      await ben.answers()
      await expect.poll(() => heard(caller.ear.hears()), soon).toEqual(['ben'])
      await expect.poll(async () => heard(await ben.hears()), soon).toEqual(['caller'])
    },
  )

  scene('chromium', 'sipp')(
    "a caller whose agent's browser died comes before one who has waited meanwhile",
    async () => {
      const company = await open()
      const chief = await company.asks()
      const anna = await company.desk('anna')
      const caller = await company.sipp(openNumber)
      await anna.incoming.waitFor()
      await anna.answers()
      await expect.poll(() => heard(caller.ear.hears()), soon).toEqual(['anna'])
      const later = await company.sipp(openNumber, 'laterCaller')
      const laterHeard = await heardUntilNow(later, 'music')
      anna.kill()
      await expect.poll(() => heard(caller.ear.hears()), { timeout: 10_000, interval: 50 }).toEqual(['music'])
      // Until then the agent's page may be on its way back into the call.
      const waiting = async () => Object.values((await chief.live()).calls).filter(({ phase }) => phase === 'waiting')
      await expect.poll(async () => (await waiting()).length, soon).toBe(2)
      const ben = await company.desk('ben')
      await ben.incoming.waitFor()
      await ben.answers()
      await expect.poll(async () => heard(await ben.hears()), soon).toEqual(['caller'])
      await expect.poll(() => heard(caller.ear.hears()), soon).toEqual(['ben'])
      await goesOnHearing(later, laterHeard)
    },
  )

  scene('chromium', 'sipp')(
    'a call goes on while the service is killed, and the desk shows it again when it is back',
    async () => {
      const company = await open()
      const anna = await company.desk('anna')
      const caller = await company.sipp(openNumber)
      await anna.incoming.waitFor()
      await anna.answers()
      const before = await heardUntilNow(caller, 'anna')
      await company.killService()
      await anna.lostContact.waitFor()
      await goesOnHearing(caller, before)
      await expect.poll(async () => heard(await anna.hears()), soon).toEqual(['caller'])

      await company.startService()
      await anna.lostContact.waitFor({ state: 'detached' })
      await anna.inCall.waitFor()
      await goesOnHearing(caller, before)
      await expect.poll(async () => heard(await anna.hears()), soon).toEqual(['caller'])
      await anna.hangsUp()
      expect(await caller.ended).toBe(0)
    },
  )

  scene('chromium', 'sipp')(
    'a caller who waits hears music while the service is killed, and is put through when it is back',
    async () => {
      const company = await open()
      const caller = await company.sipp(openNumber)
      const before = await heardUntilNow(caller, 'music')
      await company.killService()
      await goesOnHearing(caller, before)
      await company.startService()
      const anna = await company.desk('anna')
      await anna.incoming.waitFor()
      await goesOnHearing(caller, before)
      await anna.answers()
      await expect.poll(() => heard(caller.ear.hears()), soon).toEqual(['anna'])
      await expect.poll(async () => heard(await anna.hears()), soon).toEqual(['caller'])
      await anna.hangsUp()
      expect(await caller.ended).toBe(0)
    },
  )

  scene('chromium', 'sipp')(
    'a caller hears music while the agent holds the call, and the agent again after',
    async () => {
      const company = await open()
      const anna = await company.desk('anna')
      const caller = await company.sipp(openNumber)
      await anna.incoming.waitFor()
      await anna.answers()
      await expect.poll(() => heard(caller.ear.hears()), soon).toEqual(['anna'])
      await anna.inCall.getByRole('button', { name: 'Hold' }).click()
      await expect.poll(() => heard(caller.ear.hears()), soon).toEqual(['music'])
      await anna.inCall.getByRole('button', { name: 'Resume' }).click()
      await expect.poll(() => heard(caller.ear.hears()), soon).toEqual(['anna'])
      await expect.poll(async () => heard(await anna.hears()), soon).toEqual(['caller'])
      await anna.inCall.getByRole('button', { name: 'Mute', exact: true }).click()
      await expect.poll(() => heard(caller.ear.hears()), soon).toEqual([])
    },
  )

  scene('chromium')('without a microphone the caller sends a tone, and the desk listens only and says so', async () => {
    const company = await open()
    const anna = await company.desk('anna', { microphone: false })
    await anna.page.getByText('You can listen but are not heard', { exact: false }).first().waitFor()
    const caller = await company.callerBrowser({ microphone: false })
    await caller.page.goto(`${company.origin}/caller`)
    await caller.page.getByLabel(openName).check()
    await caller.page.getByRole('button', { name: 'Ring', exact: true }).click()
    await anna.incoming.waitFor()
    await anna.answers()
    await caller.page.getByText('en provton på 425 Hz').waitFor()
    const dialTone = async () => heardIn({ dialTone: 425 }, await anna.hears())
    await expect.poll(dialTone, soon).toEqual(['dialTone'])
    await caller.page.getByText('tystnad').waitFor()
    // Packets flow all the same, so that the line is not taken for dead.
    await anna.page.getByRole('timer').getByText('0:1').first().waitFor()
    await expect.poll(dialTone, soon).toEqual(['dialTone'])
    await anna.hangsUp()
    await caller.page.getByText('Samtalet är slut.').waitFor()
  })
}
