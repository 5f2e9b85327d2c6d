import axe from 'axe-core'
import type { Page } from 'playwright-core'
import { afterEach, expect } from 'vitest'
import { openOffice, type Office } from './support/office.ts'
import { openNumber } from './support/company.ts'
import { testWith } from './support/peers.ts'

let office: Office | undefined

afterEach(async () => {
  await office?.close()
  office = undefined
})

/** What axe finds on the page as it is, in both languages, light and dark; each finding with where. */
async function findings(page: Page): Promise<readonly string[]> {
  const found: string[] = []
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    // Through the debugger, which the page's policy against eval does not bind.
    await page.evaluate(axe.source)
    const violations = await page.evaluate(async () => {
      const { violations } = await (window as unknown as { axe: typeof axe }).axe.run(document)
      return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
    })
    found.push(...violations.map((violation) => `${colorScheme}: ${violation}`))
  }
  return found
}

testWith('chromium')('axe finds nothing on the sign-in page and the page that rings', async () => {
  office = await openOffice()
  const { page } = await office.callerBrowser()
  await page.goto(office.origin)
  await page.getByRole('button', { name: 'Svenska' }).waitFor()
  expect(await findings(page)).toEqual([])
  await page.getByRole('button', { name: 'English' }).click()
  expect(await findings(page)).toEqual([])
  await page.goto(`${office.origin}/caller`)
  await page.getByRole('radio').first().waitFor()
  expect(await findings(page)).toEqual([])
  await page.getByRole('button', { name: 'In English' }).click()
  expect(await findings(page)).toEqual([])
})

testWith('chromium', 'sipp')(
  'axe finds nothing at the desk: logged out, free, ringing, in a call, wrapping up',
  async () => {
    office = await openOffice({ wrapUpSeconds: 60 })
    const anna = await office.desk('anna')
    expect(await findings(anna.page)).toEqual([])
    await office.sipp(openNumber)
    await anna.incoming.waitFor()
    expect(await findings(anna.page)).toEqual([])
    await anna.answers()
    await anna.inCall.waitFor()
    expect(await findings(anna.page)).toEqual([])
    await anna.hangsUp()
    await anna.page.getByRole('button', { name: 'Done' }).first().waitFor()
    expect(await findings(anna.page)).toEqual([])
  },
)
