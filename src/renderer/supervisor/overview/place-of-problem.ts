import type { RouteLocationRaw } from 'vue-router'
import type { FieldPath } from '../../../core/configuration/fields.ts'
import { routeOf, sections, type SectionName } from '../sections.ts'

/** The page on which a place of the document is mended; undefined: there is none (yet). */
export function placeOfProblem(
  path: FieldPath,
): { readonly section: SectionName; readonly to: RouteLocationRaw } | undefined {
  const [list, group, part] = path
  if (list === 'groupNumbers' && group !== undefined) {
    const name = sectionOfPart[part ?? ''] ?? 'overview'
    if (!sections.some((section) => section.name === name && section.of === 'groupNumber')) return undefined
    return { section: name, to: { name: routeOf({ name, of: 'groupNumber' }), params: { group } } }
  }
  if (!sections.some(({ name }) => name === 'company')) return undefined
  return list === 'messages'
    ? undefined
    : { section: 'company', to: { name: routeOf({ name: 'company', of: 'company' }) } }
}

const sectionOfPart: Readonly<Record<string, SectionName>> = {
  members: 'agents',
  schedules: 'hours',
  activeSchedule: 'hours',
  exceptions: 'hours',
  override: 'overview',
  messages: 'messages',
  settings: 'settings',
}
