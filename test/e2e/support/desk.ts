import type { Locator } from 'playwright-core'
import type { PartyBrowser } from './browser.ts'

/** An agent at the desk's page, in words of what is seen and clicked there. */
export interface Desk extends PartyBrowser {
  readonly incoming: Locator
  readonly inCall: Locator
  readonly missedCalls: Locator
  readonly lostContact: Locator
  answers(): Promise<void>
  hangsUp(): Promise<void>
}

/** Signs in by a link, logs in to all group numbers, and waits until the softphone can be rung. */
export async function openDesk(browser: PartyBrowser, link: string): Promise<Desk> {
  const { page } = browser
  await page.addInitScript(() => {
    localStorage.setItem('gruppnummer.preferences', JSON.stringify({ locale: 'en' }))
  })
  await page.goto(link)
  await page
    .getByRole('button', { name: 'Later' })
    .click()
    .catch(async (fault: unknown) => {
      const words = await page.locator('body').innerText()
      throw new Error(`not signed in: ${[page.url(), words, ...browser.troubles].join('; ')}`, { cause: fault })
    })
  await page.getByText('The phone is connected').waitFor()
  await page.getByRole('button', { name: 'Log in to all' }).first().click()
  // Whoever waits may ring at once.
  await page.getByText('Ready for calls').or(page.getByRole('article')).first().waitFor()
  const incoming = page.getByRole('article', { name: 'Incoming call' })
  const inCall = page.getByRole('article', { name: 'In a call' })
  return {
    ...browser,
    incoming,
    inCall,
    missedCalls: page.locator('section').filter({ has: page.getByRole('heading', { name: 'My calls' }) }),
    lostContact: page.getByText('No contact with the service'),
    answers: () => incoming.getByRole('button', { name: 'Answer' }).click(),
    hangsUp: () => inCall.getByRole('button', { name: 'Hang up' }).click(),
  }
}
