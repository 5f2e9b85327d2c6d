import { mount, type DOMWrapper } from '@vue/test-utils'
import axe from 'axe-core'
import { expect } from 'vitest'
import { computed, type Component } from 'vue'
import type { Instant } from '../../../src/core/time.ts'
import { createWords, type Locale } from '../../../src/renderer/i18n/i18n.ts'
import { nowKey, timeZoneKey } from '../../../src/renderer/shared/use-words.ts'
import { tenOClock } from './live.ts'

/** What a test looks at of a mounted component. */
export interface Shown {
  readonly element: unknown
  text(): string
  find(selector: string): DOMWrapper<Element>
  findAll(selector: string): DOMWrapper<Element>[]
  emitted(): Record<string, unknown[]>
  setProps(props: Record<string, unknown>): Promise<void>
}

/** A component with words, the time and its zone, in the document. */
export function show(
  component: Component,
  props: Record<string, unknown> = {},
  { locale = 'sv', now = tenOClock }: { locale?: Locale; now?: Instant } = {},
): Shown {
  return mount(component, {
    props,
    attachTo: document.body,
    global: {
      plugins: [createWords(locale)],
      provide: { [nowKey as symbol]: computed(() => now), [timeZoneKey as symbol]: computed(() => 'Europe/Stockholm') },
      stubs: { RouterLink: { template: '<a href="/"><slot /></a>' } },
    },
  })
}

/** What axe finds wrong; colours and page landmarks are looked at in a real browser. */
export async function expectNoFaults(wrapper: Shown) {
  const found = await axe.run(wrapper.element as Element, {
    rules: { 'color-contrast': { enabled: false }, region: { enabled: false } },
  })
  expect(found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([])
}

export const button = (wrapper: Shown, name: string) => {
  const found = wrapper.findAll('button').find((one) => (one.attributes('aria-label') ?? one.text()).startsWith(name))
  if (found === undefined) throw new Error(`no button ${name} in ${wrapper.text()}`)
  return found
}
