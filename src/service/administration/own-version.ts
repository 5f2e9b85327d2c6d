import { withoutActions, withoutMessages } from '../../core/configuration/edits/mend.ts'
import type { Configuration, GroupNumber, GroupNumberId } from '../../core/configuration/types.ts'

/**
 * What is in force, with these group numbers and their own messages as they were in another version: for who may
 * restore them alone. Their number and agreement stay, and what they named that is no more is taken away.
 */
export function ownVersion(groups: readonly GroupNumberId[], now: Configuration, then: Configuration): Configuration {
  const restored = new Map(then.groupNumbers.flatMap((group) => (groups.includes(group.id) ? [[group.id, group]] : [])))
  const isRestored = (message: { readonly groupNumber?: GroupNumberId }) =>
    message.groupNumber !== undefined && restored.has(message.groupNumber)
  const wereThere = new Map(then.messages.filter(isRestored).map((message) => [message.id, message]))
  const kept = now.messages.flatMap((message) => (isRestored(message) ? (wereThere.get(message.id) ?? []) : [message]))
  const messages = [
    ...kept,
    ...[...wereThere.values()].filter(({ id }) => !now.messages.some((message) => message.id === id)),
  ]
  const known = {
    agents: new Set(now.agents.map(({ id }) => id)),
    groups: new Set(now.groupNumbers.map(({ id }) => id)),
    messages: new Set(messages.map(({ id }) => id)),
  }

  return { ...now, messages, groupNumbers: now.groupNumbers.map((group) => mended(restored.get(group.id), group)) }

  function mended(was: GroupNumber | undefined, group: GroupNumber): GroupNumber {
    if (!was) return withoutMessages(group, (message) => !known.messages.has(message))
    const { number, agreement } = group
    const members = was.members.filter(({ agent }) => known.agents.has(agent))
    const asItWas = { ...was, number, agreement, members }
    const led = withoutActions(asItWas, (action) => action.do === 'group' && !known.groups.has(action.to))
    return withoutMessages(led, (message) => !known.messages.has(message))
  }
}
