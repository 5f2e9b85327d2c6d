import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Browser, type Page } from 'playwright-core'
import { buildConsole } from '../scripts/build.ts'
import { peers } from '../test/e2e/support/peers.ts'
import { furnishCompany } from './support/furnished-company.ts'
import { quantile } from './support/quantile.ts'
import { runService } from '../test/support/crowd/run-service.ts'
import { large, small } from './store.ts'

/** Milliseconds from the click until the page can be used. */
export interface PageFigures {
  /** Its address, and who looks. */
  readonly name: string
  readonly large: Times
  readonly small: Times
}

interface Times {
  /** The first time, when the page's program is fetched too. */
  readonly first: number
  readonly median: number
  readonly slowest: number
}

/** Milliseconds, of any page. */
export const goal = 300

const rounds = 7
/** Not the first group number: of that one the menu's entries are clicked. */
const chosenNumber = '/admin/numbers/group-1'

/** Every entry of the console's menus, clicked in turn at a company of `large` size and at one of ten agents. */
export async function run(): Promise<readonly PageFigures[]> {
  if (!peers.chromium) throw new Error('no Chromium on this machine; CHROMIUM names one')
  if (!buildConsole()) throw new Error('the console could not be built')
  const directory = mkdtempSync(join(tmpdir(), 'gruppnummer-bench-'))
  const closing: (() => Promise<void>)[] = []
  try {
    const browser = await chromium.launch({
      executablePath: peers.chromium,
      args: ['--disable-dev-shm-usage', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
    })
    closing.push(() => browser.close())
    const windows = { large: await openCompany('large'), small: await openCompany('small') }
    const figures: PageFigures[] = []
    for (const who of ['admin', 'supervisor'] as const) {
      const [one, other] = [windows.large[who], windows.small[who]]
      for (const entry of await entriesOf(one))
        figures.push({ name: `${entry} (${who})`, ...(await compare(entry, { large: one, small: other })) })
    }
    return figures

    async function openCompany(name: 'large' | 'small') {
      const data = join(directory, name)
      const links = await furnishCompany(data, name === 'large' ? large : small)
      const service = await runService(data)
      closing.push(() => service.close())
      return {
        admin: await openWindow(browser, `${service.origin}/#link=${links.admin}`),
        supervisor: await openWindow(browser, `${service.origin}/#link=${links.supervisor}`),
      }
    }
  } finally {
    for (const close of closing.toReversed()) await close()
    rmSync(directory, { recursive: true, force: true, maxRetries: 5 })
  }
}

async function openWindow(browser: Browser, link: string): Promise<Page> {
  const context = await browser.newContext({ locale: 'sv-SE', viewport: { width: 1280, height: 800 } })
  await context.addInitScript(countAsks)
  const page = await context.newPage()
  await page.goto(link)
  await page.getByRole('button', { name: 'Senare' }).click()
  await page.locator('nav.tabs a').first().waitFor()
  return page
}

/** The addresses in the menus: the company's, where there is one, and the first group number's. */
async function entriesOf(page: Page): Promise<readonly string[]> {
  const groups = '.numbers .list a'
  const entries: string[] = []
  const company = page.locator('.numbers .company')
  if (await company.count()) {
    await company.click()
    entries.push(...(await addressesIn(page, 'nav.tabs a')))
  }
  await page.locator(groups).first().click()
  await page.locator('nav.tabs a[href$="/hours"]').waitFor()
  const ofGroup = (await addressesIn(page, 'nav.tabs a')).filter((address) => !entries.includes(address))
  // From the company's page: as one begins.
  return [...entries, ...ofGroup, ...(entries.length > 0 ? [chosenNumber] : [])]
}

const addressesIn = (page: Page, links: string) =>
  page.locator(links).evaluateAll((all) => [...new Set(all.map((link) => link.getAttribute('href') ?? ''))])

async function compare(entry: string, windows: { readonly large: Page; readonly small: Page }) {
  const times = { large: [] as number[], small: [] as number[] }
  for (let round = 0; round < rounds; round += 1)
    for (const size of ['large', 'small'] as const) {
      const page = windows[size]
      await page.bringToFront()
      await leave(page, entry)
      times[size].push(await page.evaluate(clickToUsable, entry))
    }
  return { large: timesOf(times.large), small: timesOf(times.small) }
}

function timesOf([first = NaN, ...later]: readonly number[]): Times {
  return { first, median: quantile(later, 0.5), slowest: Math.max(...later) }
}

/** To another page of the same menu; from a number chosen in the list beside, to the company's page. */
async function leave(page: Page, entry: string) {
  const pathname = () => new URL(page.url()).pathname
  if (entry === chosenNumber) {
    if (pathname() !== '/admin') await page.evaluate(clickToUsable, '/admin')
    return
  }
  const group = /^\/admin\/numbers\/[^/]+/.exec(entry)?.[0]
  const isHere = group === undefined ? !pathname().includes('/numbers/') : pathname().startsWith(group)
  if (!isHere && pathname() !== '/admin') await page.evaluate(clickToUsable, '/admin')
  if (group !== undefined && !pathname().startsWith(group)) await page.evaluate(clickToUsable, group)
  const others = (await addressesIn(page, 'nav.tabs a')).filter((address) => address !== entry)
  const other = others.find((address) => /(settings|company|check)$/.test(address)) ?? others[0] ?? ''
  if (pathname() !== other) await page.evaluate(clickToUsable, other)
}

// --- in the page --------------------------------------------------------------------------------

/** Before the page's own scripts: which asks of the console are without an answer. */
function countAsks() {
  const open = new Set<string>()
  const Plain = window.WebSocket
  window.WebSocket = class extends Plain {
    constructor(address: string | URL, protocols?: string | string[]) {
      super(address, protocols)
      this.addEventListener('message', ({ data }) => {
        const message = JSON.parse(String(data)) as { type: string; id?: string }
        if (message.type === 'reply') open.delete(message.id ?? '')
      })
    }
    override send(data: string) {
      const message = JSON.parse(data) as { type: string; id?: string }
      if (message.type === 'ask') open.add(message.id ?? '')
      super.send(data)
    }
  }
  Object.assign(window, { openAsks: open })
}

/**
 * Milliseconds from a click on the menu's entry until its page stands there, every question to the service answered, drawn,
 * and the window free to take a key.
 */
async function clickToUsable(entry: string): Promise<number> {
  const { openAsks } = window as unknown as { openAsks: ReadonlySet<string> }
  const link = document.querySelector<HTMLAnchorElement>(`a[href="${entry}"]`)
  if (!link) throw new Error(`no link to ${entry}`)
  const shown = () => document.querySelector('.content > :last-child')
  const before = shown()
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve))
  const begun = performance.now()
  link.click()
  for (;;) {
    await frame()
    // After the frame is drawn, and after what the thread had to do before.
    await new Promise((resolve) => setTimeout(resolve))
    const isThere = location.pathname === entry && shown() !== before
    if (isThere && openAsks.size === 0) return performance.now() - begun
    if (performance.now() - begun > 30_000)
      throw new Error(
        `${entry} never came: at ${location.pathname}, ${openAsks.size} questions open, ${shown() === before ? 'the page before' : 'another page'} shown`,
      )
  }
}

if (import.meta.main) {
  for (const { name, large: thousand, small: ten } of await run())
    console.log(
      `${name}: ${thousand.median.toFixed(0)} ms, slowest ${thousand.slowest.toFixed(0)}, first ${thousand.first.toFixed(0)} (goal ${goal}); ` +
        `with ten agents ${ten.median.toFixed(0)}, slowest ${ten.slowest.toFixed(0)}, first ${ten.first.toFixed(0)}`,
    )
  process.exit()
}
