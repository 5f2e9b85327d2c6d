import type { Locator, Page } from 'playwright-core'
import { afterEach, expect } from 'vitest'
import type { ConfigurationRead } from '../../src/contract/console.ts'
import { anotherWindow } from './support/browser.ts'
import { findings } from './support/findings.ts'
import { hiddenFromView, tooSmallToTouch } from './support/layout.ts'
import { openOffice, type Office } from './support/office.ts'
import { closedNumber, openNumber } from './support/company.ts'
import { dialogPlaces, openByKeys, openByMouse, tabRound, type DialogPlace, type Scene } from './support/dialogs.ts'
import { testWith } from './support/peers.ts'

let office: Office | undefined

afterEach(async () => {
  await office?.close()
  office = undefined
})

const comes = (waited: Promise<unknown>) =>
  waited.then(
    () => true,
    () => false,
  )

/** The chief's window, in an office where someone has rung the closed number in vain, and the lead administers too. */
async function officeWithAMissedCall(): Promise<Scene> {
  office = await openOffice()
  const { origin } = office
  const [admin, caller, lead] = await Promise.all([
    office.administration('chief'),
    office.sipp(closedNumber),
    office.asks('lead'),
  ])
  expect(await caller.ended).toBe(0)
  return {
    page: admin.page,
    origin,
    async overtake() {
      const { revision, configuration } = (await lead.ask({ type: 'readConfiguration' })) as ConfigurationRead
      const [group] = configuration.groupNumbers
      const [schedule] = group?.schedules ?? []
      if (!group || !schedule) throw new Error('the lead sees no schedule')
      const renamed = { ...schedule, name: `${schedule.name} +` }
      const edits = [{ type: 'putSchedule' as const, group: group.id, schedule: renamed }]
      expect(await lead.ask({ type: 'edit', onto: revision, edits })).toMatchObject({ outcome: 'done' })
    },
  }
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

for (const [locale, language] of [
  ['sv', 'Swedish'],
  ['en', 'English'],
] as const)
  testWith('chromium')(`axe finds nothing on any page of the supervisor's console, in ${language}`, async () => {
    office = await openOffice()
    const { page } = await office.administration('chief')
    const found: string[] = []
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
        found.push(...(await findings(page)).map((finding) => `${page.url()}: ${finding}`))
      }
    }
    expect(found).toEqual([])
  })

testWith('chromium')('axe finds nothing in the list of messages, nor on what cannot be saved', async () => {
  office = await openOffice()
  const { page } = await office.administration('chief')
  await page.goto(`${office.origin}/admin/numbers/support/messages?view=all`)
  await page.getByRole('table').waitFor()
  expect(await findings(page)).toEqual([])
  await page.goto(`${office.origin}/admin/numbers/support/hours`)
  await page.getByLabel('Schemats namn').fill('')
  await page.getByLabel('Schemats namn').press('Enter')
  await page.getByRole('region', { name: 'Osparade ändringar' }).getByRole('alert').waitFor()
  expect(await findings(page)).toEqual([])
})

const ofNumber = ({ at }: DialogPlace) => at.startsWith('numbers/')
for (const [whose, places] of [
  ['a group number', dialogPlaces.filter(ofNumber)],
  ['the company', dialogPlaces.filter((place) => !ofNumber(place))],
] as const) {
  testWith('chromium', 'sipp')(`axe finds nothing in any dialog of ${whose}, in Swedish or English`, async () => {
    const scene = await officeWithAMissedCall()
    const { page } = scene
    // Chosen in another window of the browser, the language of an open dialog changes as well.
    const other = await page.context().newPage()
    await other.goto(scene.origin)
    const found: string[] = []
    for (const place of places) {
      await openByMouse(scene, place)
      // The colours are the same in both, and so is the page below.
      for (const [locale, looked] of [
        ['sv', {}],
        ['en', { schemes: ['light'], within: '[role=dialog]' }],
      ] as const) {
        await other.evaluate((chosen) => {
          localStorage.setItem('gruppnummer.preferences', JSON.stringify({ locale: chosen }))
        }, locale)
        await page.locator(`html[lang=${locale}]`).waitFor()
        found.push(...(await findings(page, looked)).map((finding) => `${place.name}, ${locale}: ${finding}`))
      }
      // The next one is opened by its Swedish words.
      await other.evaluate(() => {
        localStorage.removeItem('gruppnummer.preferences')
      })
    }
    expect(found).toEqual([])
  })

  testWith('chromium', 'sipp')(
    `[A32] every dialog of ${whose} is opened, gone through and left by keys alone, and gives the focus back`,
    async () => {
      const scene = await officeWithAMissedCall()
      const { page } = scene
      const troubles: string[] = []
      for (const place of places) {
        const { dialog, opener } = await openByKeys(scene, place)
        const root = await dialog.elementHandle()
        const inside = await comes(
          page.waitForFunction((element) => element.contains(document.activeElement), root, { timeout: 5000 }),
        )
        if (!inside) troubles.push(`${place.name}: it opens without the focus`)
        const { controls, came, outside } = await tabRound(page, dialog)
        if (came !== controls) troubles.push(`${place.name}: Tab comes to ${came} of its ${controls} controls`)
        troubles.push(...outside.map((markup) => `${place.name}: Tab leaves it for ${markup}`))
        await page.keyboard.press('Escape')
        await dialog.waitFor({ state: 'detached' })
        const returned = await comes(
          page.waitForFunction((element) => element === document.activeElement, opener, { timeout: 5000 }),
        )
        const focused = await page.evaluate(() => document.activeElement?.outerHTML.slice(0, 120))
        if (!returned) troubles.push(`${place.name}: the focus returns to ${focused ?? 'nothing'}`)
      }
      expect(troubles).toEqual([])
    },
  )
}

/** 1280 by 800 at 200 %: half as many CSS pixels each way, each twice as large. */
const zoomed = { viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 }

testWith('chromium')('[A33] at 200 % zoom nothing is cut off on any page, and no page scrolls sideways', async () => {
  office = await openOffice()
  const { origin } = office
  const [anna, chief] = [await office.desk('anna'), await office.administration('chief')]
  const found: string[] = []
  const look = async (page: Page) => {
    await page.waitForLoadState('networkidle')
    found.push(...(await hiddenFromView(page)).map((trouble) => `${page.url().slice(origin.length)}: ${trouble}`))
  }
  const page = await anotherWindow(chief.page, zoomed)
  for (const place of ['/admin', '/admin/numbers/support']) {
    await page.goto(`${origin}${place}`)
    const links = page.locator('nav.tabs a')
    await links.first().waitFor()
    for (const address of await links.evaluateAll((all) => all.map((link) => (link as HTMLAnchorElement).href))) {
      await page.goto(address)
      await page.locator('nav.tabs [aria-current=page]').waitFor()
      await look(page)
    }
  }
  for (const place of ['/admin/numbers/support/messages?view=all', '/configuration/support', '/review']) {
    await page.goto(`${origin}${place}`)
    await page.getByRole('heading').first().waitFor()
    await look(page)
  }
  await page.goto(`${origin}/admin/numbers/support/hours`)
  await page.getByLabel('Schemats namn').fill('')
  await page.getByLabel('Schemats namn').press('Enter')
  await page.getByRole('region', { name: 'Osparade ändringar' }).getByRole('alert').waitFor()
  await look(page)
  const desk = await anotherWindow(anna.page, zoomed)
  await desk.goto(`${origin}/desk`)
  await desk.getByRole('heading').first().waitFor()
  await look(desk)
  const outside = await (await desk.context().browser()!.newContext(zoomed)).newPage()
  for (const place of ['/', '/caller']) {
    await outside.goto(`${origin}${place}`)
    await outside.getByRole('button').first().waitFor()
    await look(outside)
  }
  expect(found).toEqual([])
})

testWith('chromium', 'sipp')('[A33] at 200 % zoom every control of every dialog is seen and reached', async () => {
  const scene = await officeWithAMissedCall()
  const page = await anotherWindow(scene.page, zoomed)
  const found: string[] = []
  for (const place of dialogPlaces) {
    await openByMouse({ ...scene, page }, place)
    found.push(...(await hiddenFromView(page, '[role=dialog]')).map((trouble) => `${place.name}: ${trouble}`))
  }
  expect(found).toEqual([])
})

const telephone = { viewport: { width: 360, height: 640 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 }

/** Taps what a finger hits: 44 by 44 at least, inside the window. */
async function tap(target: Locator) {
  await target.scrollIntoViewIfNeeded()
  const box = await target.boundingBox()
  const { width = 0, height = 0, x = 0 } = box ?? {}
  const words = (await target.textContent())?.trim()
  expect({ words, tooSmall: width < 44 || height < 44, outside: x < 0 || x + width > 360 }).toEqual({
    words,
    tooSmall: false,
    outside: false,
  })
  await target.tap()
}

testWith('chromium')('[A33] at 360 by 640 an agent logs in and out, pauses and resumes by touch', async () => {
  office = await openOffice()
  const { page: wide } = await office.desk('anna')
  const page = await anotherWindow(wide, telephone)
  await page.goto(`${office.origin}/desk`)
  const status = page.getByRole('region', { name: 'My status' })
  await status.getByText('available').waitFor()
  expect([...(await hiddenFromView(page)), ...(await tooSmallToTouch(page))]).toEqual([])

  await tap(status.getByRole('button', { name: 'Pause' }))
  expect(await tooSmallToTouch(page)).toEqual([])
  await tap(page.getByRole('button', { name: 'lunch' }))
  await status.getByText('paused (lunch)').waitFor()
  await tap(status.getByRole('button', { name: 'End pause' }))
  await status.getByText('available').waitFor()

  await tap(status.getByRole('button', { name: 'Logged in to 1 of 1' }))
  await tap(page.getByRole('menuitem', { name: 'Log out of all' }))
  await status.getByText('logged out').waitFor()
  await tap(status.getByRole('button', { name: 'Log in' }))
  await tap(page.getByRole('menuitem', { name: 'Log in to all' }))
  await status.getByText('available').waitFor()
  // What is done on the one is seen on the other.
  await wide.getByText('Ready for calls').waitFor()
})

testWith('chromium')(
  '[A33] at 360 by 640 a number is opened and closed, and an agent logged in and out, by touch',
  async () => {
    office = await openOffice()
    const { page: wide } = await office.administration('lead')
    const page = await anotherWindow(wide, telephone)
    await page.goto(`${office.origin}/admin/numbers/support`)
    await tap(page.getByRole('button', { name: 'Stäng nu' }))
    expect([...(await hiddenFromView(page, '[role=dialog]')), ...(await tooSmallToTouch(page))]).toEqual([])
    await tap(page.getByRole('dialog').getByRole('button', { name: 'Stäng nu' }))
    await page.getByRole('button', { name: 'Öppna nu' }).waitFor()
    await tap(page.getByRole('button', { name: 'Återgå till schemat' }))
    await page.getByRole('button', { name: 'Stäng nu' }).waitFor()

    await tap(page.getByRole('navigation', { name: 'Sektioner' }).getByRole('link', { name: 'Agenter' }))
    await tap(page.getByRole('button', { name: 'Logga in: Anna Ek' }))
    await tap(page.getByRole('button', { name: 'Logga ut: Anna Ek' }))
    await page.getByRole('button', { name: 'Logga in: Anna Ek' }).waitFor()
    expect([...(await hiddenFromView(page)), ...(await tooSmallToTouch(page))]).toEqual([])
  },
)
