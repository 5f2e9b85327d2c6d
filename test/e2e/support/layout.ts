import type { Page } from 'playwright-core'

/**
 * What somebody cannot see or reach on the page as it is: the page scrolls sideways, a control lies outside it, something
 * covers one however one scrolls, one lies over the next, or words are cut off that nothing else tells. `within`: a part of the page, by selector.
 */
export async function hiddenFromView(page: Page, within = 'body'): Promise<readonly string[]> {
  return page.evaluate((selector) => {
    const found: string[] = []
    const root = document.querySelector(selector)
    if (!root) return [`there is no ${selector}`]
    const { scrollWidth, clientWidth } = document.documentElement
    if (scrollWidth > clientWidth) found.push(`the page is ${scrollWidth} wide in a window of ${clientWidth}`)

    const markup = (element: Element) => element.outerHTML.replace(/ data-v-\w+=""/g, '').slice(0, 110)
    const seen = (element: Element) => {
      const { width, height } = element.getBoundingClientRect()
      return width > 1 && height > 1 && element.checkVisibility({ opacityProperty: true, visibilityProperty: true })
    }
    const scrollsSideways = (element: Element) => {
      for (let each = element.parentElement; each; each = each.parentElement)
        if (/auto|scroll/.test(getComputedStyle(each).overflowX) && each.scrollWidth > each.clientWidth) return true
      return false
    }
    for (const control of root.querySelectorAll<HTMLElement>('a[href], button, input, select, textarea, summary')) {
      // For those who read by ear, or shown when it has the focus.
      if (control.matches('.hidden, .skip')) continue
      if (!seen(control)) continue
      control.scrollIntoView({ block: 'center', inline: 'nearest', behavior: 'instant' })
      const { left, right, top, height } = control.getBoundingClientRect()
      if ((left < -1 || right > innerWidth + 1) && !scrollsSideways(control))
        found.push(`outside the window: ${markup(control)}`)
      const at = document.elementFromPoint((Math.max(0, left) + Math.min(innerWidth, right)) / 2, top + height / 2)
      const label = control.closest('label')
      if (!at || !(control.contains(at) || at.contains(control) || label?.contains(at)))
        found.push(`covered by ${at ? markup(at) : 'nothing'}: ${markup(control)}`)
    }
    const fields = [...root.querySelectorAll<HTMLElement>('input, select, textarea, button')].filter(
      (element) => seen(element) && !element.matches('.hidden, .skip, [type=radio], [type=checkbox]'),
    )
    fields.forEach((field, index) => {
      const next = fields[index + 1]
      if (!next || field.contains(next) || next.contains(field)) return
      const [here, there] = [field.getBoundingClientRect(), next.getBoundingClientRect()]
      const across = Math.min(here.right, there.right) - Math.max(here.left, there.left)
      const down = Math.min(here.bottom, there.bottom) - Math.max(here.top, there.top)
      // Segments of one choice share a border.
      if (across > 2 && down > 2) found.push(`${markup(field)} lies over ${markup(next)}`)
    })
    for (const element of root.querySelectorAll<HTMLElement>('*')) {
      if (!seen(element) || element.childElementCount > 0 || element.matches('select, input, textarea, option'))
        continue
      const clips = element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).overflowX !== 'visible'
      const told = element.closest('[title], [aria-label]')
      if (clips && !told) found.push(`cut off and told nowhere: ${markup(element)}`)
    }
    return found
  }, within)
}

/**
 * Controls that a finger misses (WCAG 2.2, 2.5.8): smaller than 24 by 24 and without that much room around them. Words in a
 * running text are excepted there, and so here.
 */
export async function tooSmallToTouch(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const markup = (element: Element) => element.outerHTML.replace(/ data-v-\w+=""/g, '').slice(0, 110)
    const targets = [...document.querySelectorAll<HTMLElement>('a[href], button, input, select, textarea, summary')]
      // A field's label is part of it.
      .map((element) => ({ element, box: (element.closest('label') ?? element).getBoundingClientRect() }))
      .filter(({ element, box }) => box.width > 1 && box.height > 1 && element.checkVisibility())
    const middle = ({ left, width, top, height }: DOMRect) => ({ x: left + width / 2, y: top + height / 2 })
    return targets
      .filter(({ element, box }) => {
        if (box.width >= 24 && box.height >= 24) return false
        if (getComputedStyle(element).display === 'inline' && element.matches('p a, li a, span a')) return false
        const { x, y } = middle(box)
        return targets.some((other) => {
          if (other.element === element || other.element.contains(element) || element.contains(other.element))
            return false
          const { left, right, top, bottom } = other.box
          const dx = Math.max(left - x, 0, x - right)
          const dy = Math.max(top - y, 0, y - bottom)
          return Math.hypot(dx, dy) < 12
        })
      })
      .map(({ element }) => markup(element))
  })
}
