import { afterEach, expect } from 'vitest'
import { openName, openNumber } from './support/company.ts'
import { heard, openOffice, pins, type Office } from './support/office.ts'
import { testWith } from './support/peers.ts'
import type { RtpEar } from './support/rtp-ear.ts'

/* The numbers to log in and to record, from a telephone on the line: keys by RFC 4733, and what is heard. */

let office: Office | undefined

afterEach(async () => {
  await office?.close()
  office = undefined
})

const soon = { timeout: 30_000, interval: 50 }
const annasPhone = '+46701000001'

/** Each key a tenth of a second after the one before, as quick fingers do. */
async function press(ear: RtpEar, keys: string) {
  for (const key of keys) {
    ear.press(key)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

const loudestNow = (ear: RtpEar) =>
  Math.max(0, ...ear.hears().flatMap(({ samples }) => Array.from(samples, (sample) => Math.abs(sample))))

/** The line is there, and somebody speaks. */
const hearsWords = (ear: RtpEar) => expect.poll(() => loudestNow(ear), soon).toBeGreaterThan(0.05)

/** Longer than any pause between words: the other side listens. */
function hearsSilence(ear: RtpEar) {
  let looks = 0
  return expect
    .poll(() => {
      looks = loudestNow(ear) < 0.01 ? looks + 1 : 0
      return looks
    }, soon)
    .toBeGreaterThan(40)
}

testWith('chromium', 'sipp')(
  'an agent logs out and in by telephone with a PIN, and the own desk shows it at once',
  async () => {
    office = await openOffice()
    const anna = await office.desk('anna')
    const ready = anna.page.getByText('Ready for calls')
    const { ear } = await office.sipp('833', 'caller', annasPhone)
    await hearsWords(ear)
    await press(ear, `${pins.anna}#`)
    // A key that comes while the PIN is checked is no choice yet, and is pressed again.
    const pressedUntil = (key: string, isReady: boolean) =>
      expect.poll(async () => (ear.press(key), ready.isVisible()), { ...soon, interval: 500 }).toBe(isReady)
    await pressedUntil('2', false)
    await anna.page.getByRole('button', { name: 'Log in to all' }).first().waitFor()
    await pressedUntil('1', true)
    const caller = await office.sipp(openNumber)
    await anna.incoming.waitFor()
    await anna.answers()
    await expect.poll(() => heard(caller.ear.hears()), soon).toEqual(['anna'])
  },
)

testWith('chromium', 'sipp')(
  'a welcome message is recorded by telephone, is among the messages at once, and is heard when it is chosen',
  async () => {
    office = await openOffice()
    const admin = await office.administration('lead')
    const { page } = admin
    await admin.chooseNumber(openName)
    await admin.choose('Talsvarsmeddelanden')
    await page.getByRole('link', { name: 'Lägg till och ta bort talsvarsmeddelanden' }).click()
    await page.getByRole('table').getByText('welcome').first().waitFor()
    const recorded = page.getByRole('table').getByText(/^Välkomstmeddelande \d{4}-\d\d-\d\d/)
    expect(await recorded.count()).toBe(0)

    const { ear } = await office.sipp('844', 'laterCaller')
    await hearsWords(ear)
    await press(ear, `${openNumber.replace('+46', '0')}#1`)
    await press(ear, `${pins.lead}#`)
    // "Tala in efter tonen", and then it is recorded for as long as nothing is heard.
    await hearsWords(ear)
    await hearsSilence(ear)
    await press(ear, '#')
    await expect.poll(() => heard(ear.hears()), soon).toEqual(['laterCaller'])
    await press(ear, '1')

    await recorded.first().waitFor()
    await admin.choose('Talsvarsmeddelanden')
    await page.getByRole('article').filter({ hasText: 'Välkomstmeddelande' }).getByText('Eget').first().click()
    const choice = page.getByLabel('Vilket välkomstmeddelande')
    const option = choice.locator('option').filter({ hasText: /^Välkomstmeddelande \d{4}/ })
    await choice.selectOption((await option.getAttribute('value')) ?? '')
    await admin.saves()
    const caller = await office.sipp(openNumber)
    await expect.poll(() => heard(caller.ear.hears()), soon).toEqual(['laterCaller'])
  },
)
