import { afterEach, expect } from 'vitest'
import { openNumber } from './support/company.ts'
import { findings } from './support/findings.ts'
import { hiddenFromView } from './support/layout.ts'
import { openOffice, type Office } from './support/office.ts'
import { testWith } from './support/peers.ts'

let office: Office | undefined
afterEach(async () => {
  await office?.close()
  office = undefined
})

const outcomes = [
  { code: '1', name: 'Order', active: true },
  { code: '2', name: 'Complaint', active: true },
]
const callPage = { url: 'https://crm.example.com/?to={groupNumber}&by={agent}', at: 'ringing' as const }

testWith('chromium', 'sipp')(
  '[W39] [W34] [W36] the page of a call opens once, what is written outlives a reload, an outcome is asked for, and the supervisor reads all of it',
  async () => {
    office = await openOffice({ wrapUpSeconds: 120, outcomes, outcomeRequired: true, callPage })
    const [anna, chief] = [await office.desk('anna'), await office.administration('chief')]
    const { page } = anna
    await page
      .context()
      .route('https://crm.example.com/**', (route) =>
        route.fulfill({ contentType: 'text/html', body: '<title>Card</title>' }),
      )
    const opens = page.context().waitForEvent('page')
    await office.sipp(openNumber)
    const card = await opens
    await card.waitForURL(`https://crm.example.com/?to=${encodeURIComponent(openNumber)}&by=anna`)
    expect(await card.evaluate(() => window.opener as unknown)).toBeNull()
    await page.bringToFront()
    await anna.incoming.waitFor()
    await page.getByRole('link', { name: 'Open the page at crm.example.com' }).waitFor()
    expect(await findings(page)).toEqual([])
    await anna.answers()
    await anna.inCall.waitFor()

    const note = page.getByRole('region', { name: 'Note of the call' })
    await page.keyboard.press('Alt+t')
    await page.keyboard.type('Wants another')
    await note.getByText('Saved').waitFor()
    expect(await findings(page)).toEqual([])
    await page.reload()
    await anna.inCall.waitFor()
    await expect.poll(() => note.getByLabel('Note', { exact: true }).inputValue()).toBe('Wants another')
    // Long enough to measure how it sounds, of which the desk tells.
    await page.getByText('Call quality').waitFor()
    await anna.hangsUp()

    const done = page.getByRole('article', { name: 'Wrap-up' }).getByRole('button', { name: 'Done' })
    await done.click()
    await note.getByRole('alert').waitFor()
    await page.keyboard.press('C')
    await expect.poll(() => note.getByLabel('Outcome').inputValue()).toBe('2')
    expect(await findings(page)).toEqual([])
    expect(await hiddenFromView(page)).toEqual([])
    await done.click()
    await page.getByText('Ready for calls').waitFor()
    expect(page.context().pages()).toHaveLength(2)

    await anna.missedCalls.getByText('Complaint').waitFor()
    await anna.missedCalls.getByRole('button', { name: /^Note: / }).click()
    await page.getByRole('dialog').getByLabel('Note', { exact: true }).fill('Wants two')
    expect(await findings(page)).toEqual([])
    await page.getByRole('dialog').getByRole('button', { name: 'Done' }).click()
    await anna.missedCalls.getByText('Wants two').waitFor()

    await chief.page.goto(`${office.origin}/admin/numbers/support/calls`)
    const row = chief.page.getByRole('row').filter({ hasText: 'Wants two' })
    await row.waitFor()
    const words = await row.innerText()
    expect(words).toContain('Complaint')
    expect(words).toMatch(/(god|ojämn|dålig) \d,\d/)
    expect(await findings(chief.page)).toEqual([])
  },
)
