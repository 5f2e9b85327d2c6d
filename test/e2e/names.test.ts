import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterEach, expect } from 'vitest'
import { openOffice, type Office } from './support/office.ts'
import { testWith } from './support/peers.ts'

let office: Office | undefined

afterEach(async () => {
  await office?.close()
  office = undefined
})

/** A name that would run if it were taken for markup, for a template, or for one of the program's own texts. */
const hostile = '<script>ran()</script><img src=x onerror=ran()>{{ran()}}${ran()}{name}@:app.name|%'

/** Everything that has a name, and every text, has the hostile one before it. */
function nameAll(part: object) {
  for (const [key, value] of Object.entries(part) as [string, unknown][]) {
    if (typeof value === 'object' && value !== null) nameAll(value)
    else if (['name', 'firstName', 'transcript'].includes(key) && typeof value === 'string')
      Object.assign(part, { [key]: `${hostile} ${value}` })
  }
}

/** What ran, and what the page's policy had to stop. */
async function watch(page: Page) {
  const ran: string[] = []
  await page.exposeFunction('ran', () => ran.push(page.url()))
  await page.exposeFunction('stopped', (what: string) => ran.push(`${page.url()}: ${what}`))
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
      ;(window as unknown as { stopped: (what: string) => void }).stopped(`${violatedDirective} ${blockedURI}`)
    })
  })
  page.on('dialog', (dialog) => {
    if (dialog.type() !== 'beforeunload') ran.push(`${page.url()}: ${dialog.message()}`)
    void dialog.accept()
  })
  return ran
}

testWith('chromium')('[A34] markup in a name is shown as text on every page, and nothing of it runs', async () => {
  office = await openOffice({}, { adapt: nameAll })
  const { origin } = office
  const { page } = await office.administration('chief')
  const ran = await watch(page)
  const trouble: string[] = []
  async function look(place: string, pageOf = page) {
    await pageOf.waitForLoadState('networkidle')
    const shown = await pageOf.getByText(hostile, { exact: false }).first().isVisible()
    const alive = await pageOf.locator('#app img, #app script').count()
    if (!shown) trouble.push(`${place}: the name is not shown as it is`)
    if (alive > 0) trouble.push(`${place}: ${alive} elements of the name are alive`)
  }
  const places = ['', '/company', '/messages', '/monitor', '/missed', '/check', '/history', '/accounts']
  const sections = ['', '/agents', '/hours', '/messages', '/messages?view=all', '/settings', '/monitor', '/history']
  for (const place of [...places, ...sections.map((section) => `/numbers/support${section}`)]) {
    await page.goto(`${origin}/admin${place}`)
    await page.getByRole('navigation', { name: 'Sektioner' }).waitFor()
    await look(place)
  }
  // A change with such a name in words, and what a caller hears.
  await page.goto(`${origin}/admin/numbers/support/hours`)
  await page.getByRole('button', { name: 'Vad hör den som ringer?' }).click()
  await page.getByLabel('Schemats namn').fill(`${hostile} nytt`)
  await page.getByLabel('Schemats namn').press('Enter')
  const bar = page.getByRole('region', { name: 'Osparade ändringar' })
  await bar.getByText(`${hostile} nytt`).waitFor()
  await bar.getByRole('button', { name: 'Spara' }).click()
  await bar.getByRole('button', { name: 'Stäng' }).click()
  await page.locator('.way').getByText(hostile, { exact: false }).first().waitFor()
  await page.goto(`${origin}/admin/history`)
  await page.getByText(`${hostile} nytt`).first().waitFor()
  await look('/history')

  for (const place of ['/configuration', '/configuration/support']) {
    await page.goto(origin + place)
    await page.getByRole('heading', { level: 1 }).waitFor()
    await look(place)
  }
  // The same file, reviewed with nobody signed in; and who rings.
  const { page: outside } = await office.callerBrowser()
  const ranOutside = await watch(outside)
  await outside.goto(`${origin}/review`)
  await outside
    .locator('input[type=file]')
    .first()
    .setInputFiles({
      name: `${hostile.replaceAll('/', '')}.json`,
      mimeType: 'application/json',
      buffer: readFileSync(office.file('gruppnummer.json')),
    })
  await outside.getByRole('button', { name: hostile }).first().click()
  await look('/review', outside)
  await outside.goto(`${origin}/caller`)
  await outside.getByRole('radio').first().waitFor()
  await look('/caller', outside)

  expect({ trouble, ran, ranOutside }).toEqual({ trouble: [], ran: [], ranOutside: [] })
})
