import type { Locator } from 'playwright-core'
import type { PartyBrowser } from './browser.ts'
import { tones, type Tone } from './company.ts'
import { toneWav } from './tones.ts'

/** The supervisor's console in Swedish, in the words of the administrator's quick guide. */
export interface Administration extends PartyBrowser {
  readonly dialog: Locator
  /** Chooses the group number in the list beside. */
  chooseNumber(name: string): Promise<void>
  /** A section of what is chosen: "Agenter", "Öppettider". */
  choose(section: string): Promise<void>
  /** A page of the company's: "Företag och avtal", "Konton". */
  chooseOfCompany(section: string): Promise<void>
  /** "Spara" in the bar below, until it says that it is saved. */
  saves(): Promise<void>
  /** Waits until the service has kept a change, and closes what says so: "Ångra" then means what is saved next. */
  hasSaved(): Promise<void>
  /** Uploads a tone in the list of all messages, named as the tone; nothing is saved yet. */
  uploads(tone: Tone, wanted: { readonly chosenAsWelcome: boolean }): Promise<void>
  /** "Lägg till öppettider för måndagar" and the same around the clock on every day, in the schedule shown. */
  opensAroundTheClock(): Promise<void>
}

/** Signs in by a link, chooses no password, and waits for the list of group numbers. */
export async function openAdministration(browser: PartyBrowser, link: string): Promise<Administration> {
  const { page } = browser
  page.setDefaultTimeout(15_000)
  await page.goto(link)
  await page.getByRole('button', { name: 'Senare' }).click()
  const numbers = page.getByRole('navigation', { name: 'Gruppnummer' })
  await numbers.waitFor()
  const sections = page.getByRole('navigation', { name: 'Sektioner' })
  const bar = page.getByRole('region', { name: 'Osparade ändringar' })
  const hasSaved = () => bar.getByRole('button', { name: 'Stäng' }).click()
  /**
   * Clicks and waits until that page is the one shown: pages are loaded when they are first wanted, and until then the menu is that of the
   * page before, where another section may have the same name.
   */
  const goesTo = async (link: Locator) => {
    await link.click()
    await link.and(page.locator('[aria-current="page"]')).waitFor()
  }
  const choose = (section: string) => goesTo(sections.getByRole('link', { name: section, exact: true }))
  return {
    ...browser,
    dialog: page.getByRole('dialog'),
    chooseNumber: (name) => goesTo(numbers.getByRole('link', { name })),
    choose,
    async chooseOfCompany(section) {
      await goesTo(numbers.getByRole('link').first())
      await choose(section)
    },
    async saves() {
      await bar.getByRole('button', { name: 'Spara' }).click()
      await hasSaved()
    },
    hasSaved,
    async uploads(tone, { chosenAsWelcome }) {
      await page.getByRole('button', { name: 'Lägg till talsvarsmeddelande' }).click()
      const form = page.getByRole('region', { name: 'Lägg till talsvarsmeddelande' })
      const buffer = toneWav(tones[tone], { seconds: 2, rate: 44_100 })
      await form.getByLabel('Välj fil').setInputFiles({ name: `${tone}.wav`, mimeType: 'audio/wav', buffer })
      await form.getByLabel('Namn').waitFor()
      await form.getByRole('checkbox', { name: 'Använd som' }).setChecked(chosenAsWelcome)
      await form.getByRole('button', { name: 'Lägg till', exact: true }).click()
      await page.getByRole('table').getByText(tone).first().waitFor()
    },
    async opensAroundTheClock() {
      await page.getByRole('button', { name: 'Lägg till öppettider för måndagar' }).click()
      await page.getByLabel('måndag, öppettid 1, från').fill('00:00')
      await page.getByLabel('måndag, öppettid 1, till').fill('24:00')
      await page.getByLabel('måndag, öppettid 1, till').press('Enter')
      await page.getByRole('button', { name: 'Kopiera tiderna för måndag till' }).click()
      await page.getByRole('button', { name: 'Alla dagar' }).click()
    },
  }
}
