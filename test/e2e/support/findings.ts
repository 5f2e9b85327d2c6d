import axe from 'axe-core'
import type { Page } from 'playwright-core'

/** What axe finds on the page as it is, light and dark unless one is named; each finding with where. */
export async function findings(
  page: Page,
  schemes: readonly ('light' | 'dark')[] = ['light', 'dark'],
): Promise<readonly string[]> {
  const found: string[] = []
  for (const colorScheme of schemes) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    // Through the debugger, which the page's policy against eval does not bind.
    await page.evaluate(axe.source)
    const violations = await page.evaluate(async () => {
      const { violations } = await (window as unknown as { axe: typeof axe }).axe.run(document)
      return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
    })
    found.push(...violations.map((violation) => `${colorScheme}: ${violation}`))
  }
  return found
}
