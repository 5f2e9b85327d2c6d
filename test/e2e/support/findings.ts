import axe from 'axe-core'
import type { Page } from 'playwright-core'

/** What axe finds on the page as it is, light and dark; each finding with where. `within`: a part of the page, by selector. */
export async function findings(
  page: Page,
  {
    schemes = ['light', 'dark'],
    within,
  }: { readonly schemes?: readonly ('light' | 'dark')[]; readonly within?: string } = {},
): Promise<readonly string[]> {
  const found: string[] = []
  for (const colorScheme of schemes) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    // Through the debugger, which the page's policy against eval does not bind.
    if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source)
    const violations = await page.evaluate(async (selector) => {
      const { violations } = await (window as unknown as { axe: typeof axe }).axe.run(selector ?? document)
      return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
    }, within)
    found.push(...violations.map((violation) => `${colorScheme}: ${violation}`))
  }
  return found
}
