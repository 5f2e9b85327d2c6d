import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { chromium, type Browser, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect } from 'vitest'
import { buildGallery } from '../../scripts/build.ts'
import { pictures, shownBy, type PictureName, type StateShown } from '../gallery/pictures.ts'
import { statesIn } from '../gallery/states-in.ts'
import { findings } from './support/findings.ts'
import { hiddenFromView, tooSmallToTouch } from './support/layout.ts'
import { peers, testWith } from './support/peers.ts'

const origin = 'http://gallery.localhost'
const built = fileURLToPath(new URL('../../.cache/gallery', import.meta.url))
const names = Object.keys(pictures) as PictureName[]

let browser: Browser | undefined
beforeAll(async () => {
  if (!peers.chromium) return
  expect(buildGallery()).toBe(true)
  const args = ['--disable-dev-shm-usage', '--autoplay-policy=no-user-gesture-required']
  if (process.getuid?.() === 0) args.push('--no-sandbox')
  browser = await chromium.launch({ executablePath: peers.chromium, args })
})
afterAll(() => browser?.close())

const sizes = { wide: { width: 800, height: 600 }, narrow: { width: 360, height: 640 } }

async function openGallery(size: keyof typeof sizes): Promise<Page> {
  if (!browser) throw new Error('no browser')
  const context = await browser.newContext({ viewport: sizes[size], reducedMotion: 'reduce' })
  await context.route(`${origin}/**`, async (route) => {
    const { pathname } = new URL(route.request().url())
    const file = pathname.startsWith('/assets/') ? pathname : '/index.html'
    const type = { js: 'text/javascript', css: 'text/css', svg: 'image/svg+xml', html: 'text/html' }[
      file.split('.').at(-1) ?? ''
    ]
    await route.fulfill({ body: await readFile(built + file), ...(type && { contentType: type }) })
  })
  const page = await context.newPage()
  page.setDefaultTimeout(15_000)
  await page.goto(`${origin}/?picture=free`)
  await page.waitForFunction(() => 'showPicture' in window)
  return page
}

const show = (page: Page, name: PictureName, locale: 'sv' | 'en') =>
  page.evaluate(([picture, language]) => window.showPicture?.(picture, language), [name, locale] as const)

testWith()('every state of a call is in the picture that is said to show it', async () => {
  const wrong: string[] = []
  for (const [state, name] of Object.entries(shownBy) as [StateShown, PictureName][])
    if (!(await statesIn(pictures[name])).has(state)) wrong.push(`${name} does not show: ${state}`)
  expect(wrong).toEqual([])
})

for (const [size, locale, scheme] of [
  ['wide', 'sv', 'light'],
  ['narrow', 'en', 'dark'],
] as const)
  testWith('chromium')(`axe finds nothing in any state of a call: ${size}, ${locale}, ${scheme}`, async () => {
    const page = await openGallery(size)
    const found: string[] = []
    for (const name of names) {
      await show(page, name, locale)
      const troubles = await findings(page, { schemes: [scheme] })
      found.push(...troubles.map((trouble) => `${name}: ${trouble}`))
    }
    expect(found).toEqual([])
    await page.context().close()
  })

for (const size of ['wide', 'narrow'] as const)
  testWith('chromium')(
    `[A33] [W47] in no state of a call is anything hidden or too small to touch: ${size}`,
    async () => {
      const page = await openGallery(size)
      const found: string[] = []
      for (const [index, name] of names.entries()) {
        // What is longer in the one language is shorter in the next picture.
        const locale = index % 2 === 0 ? 'sv' : 'en'
        await show(page, name, locale)
        const below = size === 'narrow' ? await page.evaluate(belowTheWindow) : []
        const troubles = [...below, ...(await hiddenFromView(page)), ...(await tooSmallToTouch(page))]
        found.push(...troubles.map((trouble) => `${name}, ${locale}: ${trouble}`))
      }
      expect(found).toEqual([])
      await page.context().close()
    },
  )

/** In the page: the state of a call and what can be done with it, as far as one must scroll for it. */
function belowTheWindow(): readonly string[] {
  const card = document.querySelector('.pane.call article')
  if (!card) return []
  const floor = document.querySelector('.desk > :last-child')?.getBoundingClientRect().top ?? innerHeight
  return [...card.querySelectorAll<HTMLElement>('.what, .caller, .acts button')]
    .filter((part) => part.getBoundingClientRect().bottom > floor)
    .map(({ textContent }) => `to be scrolled for: ${textContent.trim()}`)
}

testWith('chromium')('[A32] in every state of a call Tab comes to every control, and a call has a name', async () => {
  const page = await openGallery('wide')
  const troubles: string[] = []
  for (const name of names) {
    await show(page, name, 'sv')
    const controls = await page.evaluate(markControls)
    for (let tabs = 0; tabs < controls + 2; tabs += 1) {
      await page.keyboard.press('Tab')
      await page.evaluate(() => document.activeElement?.removeAttribute('data-not-reached'))
    }
    const left = await page
      .locator('[data-not-reached]')
      .evaluateAll((all) => all.map((element) => element.outerHTML.replace(/ data-v-\w+=""/g, '').slice(0, 110)))
    troubles.push(...left.map((markup) => `${name}: Tab does not come to ${markup}`))
    const unnamed = await page.locator('article:not([aria-label])').count()
    if (unnamed > 0) troubles.push(`${name}: a call without a name`)
  }
  expect(troubles).toEqual([])
  await page.context().close()
})

/** In the page: marks what the keyboard is to come to, and says how many. */
function markControls(): number {
  ;(document.activeElement as HTMLElement | null)?.blur()
  const radios = new Set<string>()
  const controls = [...document.querySelectorAll<HTMLElement>('a[href], button, input, select, textarea, [tabindex]')]
    .filter((element) => element.tabIndex >= 0 && element.checkVisibility() && !element.matches(':disabled'))
    .filter((element) => {
      // The arrow keys go from one to the next, and Tab to the one chosen.
      if (!(element instanceof HTMLInputElement) || element.type !== 'radio') return true
      if (radios.has(element.name) || !element.checked) return false
      radios.add(element.name)
      return true
    })
  for (const control of controls) control.dataset.notReached = ''
  return controls.length
}

const acts: readonly [PictureName, button: string, key: 'Enter' | 'Space', told: string][] = [
  ['rings', 'Svara', 'Enter', 'answer offer-1'],
  ['rings', 'Avvisa', 'Space', 'reject offer-1'],
  ['ringsTwice', 'Avvisa', 'Enter', 'reject offer-2'],
  ['anotherWaits', 'Svara', 'Space', 'answer offer-2'],
  ['inCall', 'Parkera', 'Enter', 'hold line-1'],
  ['held', 'Återta', 'Space', 'resume line-1'],
  ['inCall', 'Tyst', 'Space', 'mute true'],
  ['muted', 'Ljud på', 'Enter', 'mute false'],
  ['inCall', 'Lägg på', 'Enter', 'hangUp line-1'],
  ['itRings', 'Lägg på', 'Space', 'hangUp line-2'],
  ['keypad', 'Tonval 5', 'Enter', 'digit 5'],
  ['busy', 'Ring igen', 'Space', 'dial +46701740605'],
  ['busy', 'Stäng', 'Enter', 'forget line-2'],
]

testWith('chromium')('[A32] what can be done with a call is done by Enter and by Space', async () => {
  const page = await openGallery('narrow')
  const done: string[] = []
  for (const [name, button, key] of acts) {
    await show(page, name, 'sv')
    await page.locator('.pane.call').getByRole('button', { name: button, exact: true }).last().focus()
    await page.keyboard.press(key)
    done.push((await page.evaluate(() => window.told?.at(-1))) ?? 'nothing')
  }
  expect(done).toEqual(acts.map(([, , , told]) => told))
  await page.context().close()
})
