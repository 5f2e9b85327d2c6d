import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { serve } from '../src/cli/serve.ts'
import { tryOut } from '../src/service/try-out.ts'
import type { Configuration } from '../src/core/configuration/types.ts'
import { openPartyBrowser } from '../test/e2e/support/browser.ts'
import { endSwitches } from '../test/e2e/support/office.ts'
import { buildConsole } from './build.ts'

/** `npm run pictures`: takes the pictures of the guides in the real console, with the example company, into docs/images. */
const images = 'docs/images'
const directory = mkdtempSync(join(tmpdir(), 'gruppnummer-pictures-'))
const data = join(directory, 'data')
const initial = join(directory, 'initial')
cpSync('resources/example', initial, { recursive: true })

if (!buildConsole()) throw new Error('the console could not be built')
const serving = await serve({ directory: data, initial, port: 0 })
try {
  const links = await tryOut(serving, serving)
  await serving.accounts.put({ name: 'Maria', roles: ['admin'], supervises: [] }, 'pictures')
  const maria = await serving.makeLink('Maria')
  if (!maria.ok) throw new Error(maria.problem)
  // Who has been free the longest is rung.
  const desk = await logIn(links.agent)
  await logIn(links.supervisor)
  await takeDeskPictures(desk)
  await takePictures(maria.value)
} finally {
  await serving.close()
  endSwitches(data)
  rmSync(directory, { recursive: true, force: true, maxRetries: 5 })
}
process.exit()

/** An agent at a desk that stays open. */
async function logIn(link: string): Promise<Page> {
  const { page } = await openPartyBrowser(440, directory)
  await page.setViewportSize({ width: 1280, height: 800 })
  await page.emulateMedia({ reducedMotion: 'reduce', colorScheme: 'light' })
  await page.goto(link)
  await page.getByRole('button', { name: 'Senare' }).click()
  await page.getByRole('button', { name: 'Logga in på alla' }).first().click()
  await page.getByText('Redo för samtal').waitFor()
  return page
}

/** A call at the desk, from its ring to what is written of it. */
async function takeDeskPictures(page: Page) {
  const caller = await openPartyBrowser(1000, directory)
  await caller.page.goto(`${serving.origin}/caller`)
  await caller.page.getByLabel('Support').check()
  await caller.page.getByRole('button', { name: 'Ring', exact: true }).click()
  const pane = page.locator('.pane.call')
  const picture = (name: string, of: Locator) => of.screenshot({ path: join(images, `agent-${name}.png`) })
  const rings = page.getByRole('article', { name: 'Inkommande samtal' })
  const inCall = page.getByRole('article', { name: 'I samtal' })

  // Until it is in the softphone too.
  await rings.getByRole('button', { name: 'Svara' }).click({ trial: true })
  await page.screenshot({ path: join(images, 'desk.png') })
  await rings.getByRole('button', { name: 'Svara' }).click()
  await inCall
    .getByRole('timer')
    .getByText(/:0[3-9]/)
    .waitFor()
  await picture('in-call', inCall)
  await inCall.getByRole('button', { name: 'Koppla' }).click()
  await inCall.getByRole('combobox').fill('an')
  await inCall.getByRole('option').first().waitFor()
  await picture('transfer', inCall)
  await inCall.getByRole('button', { name: 'Lägg på' }).click()
  await page.getByRole('article', { name: 'Efterbehandling' }).waitFor()
  await picture('wrap-up', pane)
  await page.getByRole('article', { name: 'Efterbehandling' }).getByRole('button', { name: 'Klar' }).click()
  await page.getByText('Redo för samtal').waitFor()
  const number = pane.getByRole('combobox', { name: 'Ring nummer eller kollega' })
  await number.fill('an')
  await pane.getByRole('option').first().waitFor()
  await picture('dial', pane.locator('.dial'))
  await number.fill('')
  await caller.close()
}

async function takePictures(link: string) {
  const { page } = await openPartyBrowser(620, directory)
  await page.setViewportSize({ width: 1280, height: 800 })
  await page.emulateMedia({ reducedMotion: 'reduce', colorScheme: 'light' })
  await page.goto(link)
  await page.getByRole('button', { name: 'Senare' }).click()
  await page.getByRole('navigation', { name: 'Gruppnummer' }).waitFor()

  const goTo = async (path: string) => {
    await page.goto(serving.origin + path)
    await page.getByRole('heading').first().waitFor()
    await page.waitForLoadState('networkidle')
  }
  const picture = (name: string) => page.screenshot({ path: join(images, `${name}.png`) })

  await goTo('/admin/numbers/support')
  await page.getByText('kan svara just nu').waitFor()
  await picture('administrator-overview')
  await goTo('/admin/numbers/kundtjanst/agents')
  await picture('administrator-agents')
  await goTo('/admin/numbers/kundtjanst/hours')
  await page.getByRole('button', { name: 'Lägg till öppettider för lördagar' }).click()
  await page.getByLabel('lördag, öppettid 1, från').fill('10:00')
  await page.getByLabel('lördag, öppettid 1, till').fill('14:00')
  await page.getByLabel('lördag, öppettid 1, till').press('Enter')
  await picture('administrator-hours')
  await page.getByRole('button', { name: 'Vad hör den som ringer?' }).click()
  // By the day and the hour, it is open or closed.
  await page
    .locator('.way')
    .getByText(/Stängtmeddelande|Välkomstmeddelande/)
    .first()
    .waitFor()
  await picture('administrator-caller')
  await page.getByRole('region', { name: 'Osparade ändringar' }).getByText('Ångra', { exact: true }).click()
  await goTo('/admin/numbers/kundtjanst/messages')
  await picture('administrator-messages')

  const file = join(initial, 'gruppnummer.json')
  await goTo('/review')
  await page.locator('input[type=file]').first().setInputFiles(file)
  await page.getByRole('button', { name: 'Kundtjänst' }).click()
  await picture('reviewer-read')
  await page.getByText('Vad hör den som ringer?').click()
  await page.locator('.script').waitFor()
  await picture('reviewer-ask')
  await page.getByLabel('Jämför med …').setInputFiles(olderFile(file))
  await page.getByText('Skillnaden').or(page.locator('.compared')).first().waitFor()
  await picture('reviewer-compare')
}

/** The same company, some changes ago. */
function olderFile(file: string): string {
  const now = JSON.parse(readFileSync(file, 'utf8')) as Configuration
  const older = {
    ...now,
    groupNumbers: now.groupNumbers.map((group, index) =>
      index > 0
        ? group
        : { ...group, exceptions: group.exceptions.slice(1), settings: { ...group.settings, maxWaitSeconds: 600 } },
    ),
  }
  const path = join(directory, 'gruppnummer-oktober.json')
  writeFileSync(path, JSON.stringify(older))
  return path
}
