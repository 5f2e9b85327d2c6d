import type { ElementHandle, Locator, Page } from 'playwright-core'

/** One thing done on the way to a dialog; `inside` the one that stands already. */
type Step = { readonly inside?: true } & (
  | { readonly button: string }
  /** The button of a menu, and what is chosen in it. */
  | { readonly menu: string; readonly item: string }
  | { readonly type: string; readonly into: string }
  /** What the service is asked for comes, and this field has the focus. */
  | { readonly begins: string }
  /** Another administrator saves the same field at the moment before. */
  | { readonly button: string; readonly overtaken: true }
)

/** Where a dialog is, and how one comes to it. */
export interface DialogPlace {
  /** Its title, or that of the one that stands first. */
  readonly name: string
  /** After /admin/. */
  readonly at: string
  readonly steps: readonly Step[]
}

/** Where dialogs are opened. */
export interface Scene {
  readonly page: Page
  readonly origin: string
  /** Another administrator renames the schedule of Support, to a name that it never had. */
  readonly overtake: () => Promise<void>
}

/** Every dialog of the supervisor's console, in an office where someone has rung in vain. */
export const dialogPlaces: readonly DialogPlace[] = [
  { name: 'Stäng nu', at: 'numbers/support', steps: [{ button: 'Stäng nu' }] },
  { name: 'Lägg till agent', at: 'numbers/night/agents', steps: [{ button: 'Lägg till agent i gruppnumret' }] },
  {
    name: 'Skapa ny agent',
    at: 'numbers/night/agents',
    steps: [{ button: 'Lägg till agent i gruppnumret' }, { button: 'Skapa ny agent', inside: true }],
  },
  {
    name: 'Skapa ny agent, uppgifter',
    at: 'numbers/night/agents',
    steps: [
      { button: 'Lägg till agent i gruppnumret' },
      { button: 'Skapa ny agent', inside: true },
      { type: '070-100 00 09', into: 'Telefonnummer', inside: true },
      { button: 'Spara', inside: true },
      { begins: 'Förnamn', inside: true },
    ],
  },
  { name: 'Läs in CSV', at: 'numbers/night/agents', steps: [{ button: 'Läs in CSV' }] },
  { name: 'Ändra agent', at: 'numbers/support/agents', steps: [{ menu: 'Mer för Anna Ek', item: 'Ändra …' }] },
  { name: 'Ta bort agent', at: 'numbers/support/agents', steps: [{ menu: 'Mer för Anna Ek', item: 'Ta bort …' }] },
  { name: 'Ny avvikelse', at: 'numbers/support/hours', steps: [{ button: 'Lägg till avvikelse' }] },
  {
    name: 'Samma fält är ändrade av två',
    at: 'numbers/support/hours',
    steps: [
      { type: 'Dygnet runt', into: 'Schemats namn' },
      { button: 'Spara', overtaken: true },
    ],
  },
  { name: 'Helgdagar', at: 'numbers/support/hours', steps: [{ button: 'Helgdagar' }] },
  { name: 'Anteckning', at: 'missed', steps: [{ menu: 'Gör något med 070-123 45 67', item: 'Anteckna …' }] },
  { name: 'Nytt avtal', at: 'company', steps: [{ button: 'Nytt avtal' }] },
  { name: 'Ändra avtal', at: 'company', steps: [{ button: 'Ändra Filial' }] },
  { name: 'Ta bort avtal', at: 'company', steps: [{ button: 'Ta bort Filial' }] },
  { name: 'Nytt gruppnummer', at: 'company', steps: [{ button: 'Nytt gruppnummer' }] },
  { name: 'Ändra gruppnummer', at: 'company', steps: [{ button: 'Ändra Support' }] },
  { name: 'Ta bort gruppnummer', at: 'company', steps: [{ button: 'Ta bort Support' }] },
  { name: 'Nytt konto', at: 'accounts', steps: [{ button: 'Nytt konto' }] },
  { name: 'Ändra konto', at: 'accounts', steps: [{ button: 'Ändra lead' }] },
  { name: 'Inbjudan', at: 'accounts', steps: [{ button: 'Bjud in anna med en länk' }] },
  { name: 'Inloggningar', at: 'accounts', steps: [{ button: 'Var chief är inloggad' }] },
  { name: 'Ta bort konto', at: 'accounts', steps: [{ button: 'Ta bort ben' }] },
  { name: 'Mitt konto', at: 'check', steps: [{ menu: 'Konto: chief', item: 'Mitt konto' }] },
  { name: 'Kortkommandon', at: 'check', steps: [{ menu: 'Konto: chief', item: 'Kortkommandon' }] },
  {
    name: 'Osparade ändringar',
    at: 'company',
    steps: [
      { type: 'Annat AB', into: 'Namn' },
      { menu: 'Konto: chief', item: 'Logga ut från programmet' },
    ],
  },
]

const stepTarget = (page: Page, step: Step): Locator => {
  const root = step.inside ? page.getByRole('dialog') : page
  if ('menu' in step) return root.getByRole('button', { name: step.menu })
  if ('into' in step || 'begins' in step)
    return root.getByLabel('into' in step ? step.into : step.begins, { exact: true }).first()
  return root.getByRole('button', { name: step.button, exact: true })
}

/** Goes there and opens it with the mouse. */
export async function openByMouse({ page, origin, overtake }: Scene, { at, steps }: DialogPlace): Promise<Locator> {
  await arrive(page, origin, at)
  for (const step of steps) {
    if ('into' in step) {
      await stepTarget(page, step).fill(step.type)
      await stepTarget(page, step).press('Tab')
    } else if ('begins' in step) {
      await hasTheFocus(page, stepTarget(page, step))
    } else {
      const target = stepTarget(page, step)
      if ('overtaken' in step) {
        // Shown when the change is proposed, on what was saved until now.
        await target.waitFor()
        await overtake()
      }
      await target.click()
    }
    if ('menu' in step) await page.getByRole('menuitem', { name: step.item }).click()
  }
  return shown(page)
}

/**
 * Goes there and opens it with nothing but keys: Tab until what is wanted has the focus, Enter; arrows in menus. Tells what
 * had the focus when the first dialog opened, to which it returns.
 */
export async function openByKeys(
  { page, origin, overtake }: Scene,
  { at, steps }: DialogPlace,
): Promise<{ readonly dialog: Locator; readonly opener: ElementHandle }> {
  await arrive(page, origin, at)
  let opener: ElementHandle | undefined
  for (const step of steps) {
    if ('begins' in step) {
      await hasTheFocus(page, stepTarget(page, step))
      continue
    }
    await tabTo(page, stepTarget(page, step))
    if (!step.inside) opener = (await page.evaluateHandle(() => document.activeElement)).asElement() ?? undefined
    if ('into' in step) {
      await page.keyboard.press('Control+A')
      await page.keyboard.type(step.type)
      // What is typed counts when the field is left.
      await page.keyboard.press('Tab')
    } else {
      if ('overtaken' in step) await overtake()
      await page.keyboard.press('Enter')
    }
    if ('menu' in step) {
      const item = page.getByRole('menuitem', { name: step.item })
      await item.waitFor()
      while (!(await hasFocus(item))) await page.keyboard.press('ArrowDown')
      await page.keyboard.press('Enter')
    }
  }
  const dialog = await shown(page)
  if (opener === undefined) throw new Error('a dialog without a step')
  return { dialog, opener }
}

async function hasTheFocus(page: Page, wanted: Locator) {
  await page.waitForFunction((element) => element === document.activeElement, await wanted.elementHandle())
}

/** Presses Tab until it has the focus; throws where it never has. */
async function tabTo(page: Page, wanted: Locator) {
  await wanted.waitFor()
  for (let presses = 0; presses < 200; presses += 1) {
    if (await hasFocus(wanted)) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`Tab never comes to ${String(wanted)}`)
}

/**
 * One round with Tab: how many controls the dialog has, how many of them the focus came to, and where else it was, by its markup. Of
 * radio buttons of one name the browser takes one.
 */
export async function tabRound(page: Page, dialog: Locator): Promise<Round> {
  const controls = await controlsIn(dialog)
  const round = await oneRound(page, dialog, controls)
  const after = await controlsIn(dialog)
  const isSame = await controls.evaluate(
    (before, now) => before.length === now.length && before.every((each, at) => each === now[at]),
    after,
  )
  // What the service was asked for has come meanwhile: it has a round of its own.
  return isSame ? round : tabRound(page, dialog)
}

interface Round {
  readonly controls: number
  readonly came: number
  readonly outside: readonly string[]
}

type Controls = Awaited<ReturnType<typeof controlsIn>>

async function oneRound(page: Page, dialog: Locator, controls: Controls): Promise<Round> {
  const count = await controls.evaluate((all) => all.length)
  const came = new Set<string>()
  const outside: string[] = []
  for (let presses = 0; presses < 2 * count + 2; presses += 1) {
    await page.keyboard.press('Tab')
    const focused = await dialog.evaluate((root, all) => {
      const active = document.activeElement as HTMLInputElement | null
      const markup = active?.outerHTML.slice(0, 120) ?? ''
      const isIt = (each: HTMLInputElement) =>
        each === active || (each.type === 'radio' && active?.type === 'radio' && each.name === active.name)
      const at = all.findIndex(isIt)
      return { markup, at: at < 0 ? markup : String(at), isInside: root.contains(active) }
    }, controls)
    if (focused.isInside) came.add(focused.at)
    else outside.push(focused.markup)
  }
  return { controls: count, came: came.size, outside }
}

async function controlsIn(dialog: Locator) {
  return dialog.evaluateHandle((root) => {
    const wanted = 'a[href], button, input, select, textarea, [tabindex]'
    const seen = new Set<string>()
    return [...root.querySelectorAll<HTMLInputElement>(wanted)].filter((each) => {
      if (each.disabled || each.tabIndex < 0 || !each.checkVisibility()) return false
      if (each.type === 'radio') {
        if (seen.has(each.name)) return false
        seen.add(each.name)
      }
      return true
    })
  })
}

const hasFocus = (locator: Locator) => locator.evaluate((element) => element === document.activeElement)

async function arrive(page: Page, origin: string, at: string) {
  await page.goto(`${origin}/admin/${at}`)
  await page.getByRole('navigation', { name: 'Sektioner' }).waitFor()
}

async function shown(page: Page): Promise<Locator> {
  const dialog = page.getByRole('dialog')
  await dialog.waitFor()
  return dialog
}
