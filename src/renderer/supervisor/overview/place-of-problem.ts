import type { RouteLocationRaw } from 'vue-router'
import type { FieldPath } from '../../../core/configuration/fields.ts'
import type { Configuration } from '../../../core/configuration/types.ts'
import { routeOf, type SectionName } from '../route-of.ts'

/**
 * The page on which a place of the document is mended; undefined: there is none. With the document, what belongs to
 * no group number is mended in the first that uses it.
 */
export function placeOfProblem(
  path: FieldPath,
  configuration?: Configuration,
): { readonly section: SectionName; readonly to: RouteLocationRaw } | undefined {
  const [list, group, part] = (configuration && throughGroup(path, configuration)) ?? path
  if (list === 'groupNumbers' && group !== undefined) {
    const name = sectionOfPart[part ?? ''] ?? 'overview'
    return { section: name, to: { name: routeOf({ name, of: 'groupNumber' }), params: { group } } }
  }
  return list === 'messages'
    ? undefined
    : { section: 'company', to: { name: routeOf({ name: 'company', of: 'company' }) } }
}

/** An agent is mended among the members of a group number, a message among its messages. */
function throughGroup([list, id]: FieldPath, { groupNumbers, messages }: Configuration): FieldPath | undefined {
  if (list === 'agents') {
    const group = groupNumbers.find(({ members }) => members.some(({ agent }) => agent === id))
    return group && ['groupNumbers', group.id, 'members']
  }
  if (list !== 'messages') return undefined
  const owner = messages.find((message) => message.id === id)?.groupNumber ?? groupNumbers[0]?.id
  return owner && ['groupNumbers', owner, 'messages']
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
