import { afterEach, expect } from 'vitest'
import { findings } from './support/findings.ts'
import { openOffice, type Office } from './support/office.ts'
import { openNumber } from './support/company.ts'
import { testWith } from './support/peers.ts'

let office: Office | undefined

afterEach(async () => {
  await office?.close()
  office = undefined
})

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

testWith('chromium')(
  "axe finds nothing on any page of the supervisor's console, nor on what cannot be saved",
  async () => {
    office = await openOffice()
    const { page } = await office.administration('chief')
    const found: string[] = []
    const look = async (where: string) => {
      found.push(...(await findings(page)).map((finding) => `${where}: ${finding}`))
    }
    for (const locale of ['en', 'sv'] as const) {
      await page.evaluate((wanted) => {
        localStorage.setItem('gruppnummer.preferences', JSON.stringify({ locale: wanted }))
      }, locale)
      for (const place of ['/admin', '/admin/numbers/support']) {
        await page.goto(`${office.origin}${place}`)
        const links = page.locator('nav.tabs a')
        await links.first().waitFor()
        for (const link of await links.all()) {
          await link.click()
          await link.and(page.locator('[aria-current=page]')).waitFor()
          await page.waitForLoadState('networkidle')
          await look(`${locale} ${page.url()}`)
        }
      }
    }
    await page.goto(`${office.origin}/admin/numbers/support/messages?view=all`)
    await page.getByRole('table').waitFor()
    await look('all messages')
    await page.goto(`${office.origin}/admin/numbers/support/hours`)
    await page.getByLabel('Schemats namn').fill('')
    await page.getByLabel('Schemats namn').press('Enter')
    await page.getByRole('region', { name: 'Osparade ändringar' }).getByRole('alert').waitFor()
    await look('a schedule without a name')
    expect(found).toEqual([])
  },
)

testWith('chromium')("axe finds nothing in the dialogs of the supervisor's console", async () => {
  office = await openOffice()
  const { page, dialog } = await office.administration('chief')
  const found: string[] = []
  const opening: readonly (readonly [place: string, ...buttons: string[]])[] = [
    ['numbers/support', 'Stäng nu'],
    ['numbers/night/agents', 'Lägg till agent i gruppnumret'],
    ['numbers/night/agents', 'Lägg till agent i gruppnumret', 'Skapa ny agent'],
    ['numbers/night/agents', 'Läs in CSV'],
    ['numbers/support/hours', 'Lägg till avvikelse'],
    ['numbers/support/hours', 'Helgdagar'],
    ['company', 'Nytt avtal'],
    ['company', 'Nytt gruppnummer'],
    ['company', 'Ta bort Support'],
    ['accounts', 'Nytt konto'],
    ['accounts', 'Bjud in anna med en länk'],
    ['accounts', 'Var chief är inloggad'],
  ]
  for (const [place, ...buttons] of opening) {
    await page.goto(`${office.origin}/admin/${place}`)
    for (const name of buttons) await page.getByRole('button', { name, exact: true }).click()
    await dialog.waitFor()
    found.push(...(await findings(page)).map((finding) => `${buttons.join(', ')}: ${finding}`))
  }
  expect(found).toEqual([])
})
