import { afterEach, expect } from 'vitest'
import { openNumber, type Tone } from './support/company.ts'
import { heard, openOffice, type Office } from './support/office.ts'
import { testWith } from './support/peers.ts'
import type { Snippet } from './support/tones.ts'

let office: Office | undefined
afterEach(async () => {
  await office?.close()
  office = undefined
})

const soon = { timeout: 15_000, interval: 50 }
const outsideNumber = '+46855512345'
const parties: readonly Tone[] = ['anna', 'caller', 'outside']

/** Who is heard; of two loud voices at once the mixture is cut off, and has tones of its own. */
const who = (snippets: readonly Snippet[]) =>
  heard(snippets)
    .filter((tone) => parties.includes(tone))
    .toSorted()

testWith('chromium', 'baresip')(
  '[W40] [W42] an agent asks a number outside and puts all three together; a killed service and a page loaded anew change nothing; the agent leaves, and the others go on',
  async () => {
    office = await openOffice()
    const anna = await office.desk('anna')
    const [caller, outside] = [await office.baresip(), await office.outside(outsideNumber, 'outside')]
    const allThree = async () => {
      await expect.poll(() => who(caller.hears()), soon).toEqual(['anna', 'outside'])
      await expect.poll(() => who(outside.hears()), soon).toEqual(['anna', 'caller'])
      await expect.poll(async () => who(await anna.hears()), soon).toEqual(['caller', 'outside'])
    }
    caller.dial(openNumber)
    await anna.incoming.waitFor()
    await anna.answers()
    await expect.poll(() => who(caller.hears()), soon).toEqual(['anna'])
    await anna.inCall.getByRole('button', { name: 'Transfer' }).click()
    await anna.page.getByRole('combobox', { name: 'Colleague, group number or number' }).fill(outsideNumber)
    await anna.page.keyboard.press('Enter')
    await outside.answers()
    await expect.poll(async () => who(await anna.hears()), soon).toEqual(['outside'])
    await anna.page.getByText('You talk to', { exact: false }).waitFor()
    await anna.page.keyboard.press('Alt+G')
    const three = anna.page.getByText('There are three of you in the call', { exact: false })
    await three.waitFor()
    await allThree()

    await office.killService()
    await anna.lostContact.waitFor()
    await allThree()
    await office.startService()
    await anna.lostContact.waitFor({ state: 'detached' })
    await three.waitFor()
    await allThree()

    await anna.page.reload()
    await three.waitFor()
    await allThree()
    await anna.page.getByRole('button', { name: 'Leave the call to them' }).click()
    await expect.poll(() => who(caller.hears()), soon).toEqual(['outside'])
    await expect.poll(() => who(outside.hears()), soon).toEqual(['caller'])
    await anna.missedCalls.getByText('with 08-555 123 45', { exact: false }).waitFor()
    caller.hangUp()
    await expect.poll(() => outside.events, soon).toContain('CALL_CLOSED')
  },
)
