import { warning, type Problem } from '../configuration/problem.ts'
import type { Configuration } from '../configuration/types.ts'

const actions = ['whenClosed', 'whenFull', 'whenTimeout', 'whenNoAgents'] as const

/** What a document asks for that calls do not get yet (`docs/behaviour/routing.md`): warnings, each with its place. */
export function findNotBuilt(configuration: Configuration): readonly Problem[] {
  return configuration.groupNumbers.flatMap((group, index) => {
    const place = ['groupNumbers', index]
    const decided = [
      ...group.exceptions.map(({ action }, number) => ({ action, path: [...place, 'exceptions', number, 'action'] })),
      { action: group.override?.action, path: [...place, 'override', 'action'] },
      ...actions.map((key) => ({ action: group.settings[key], path: [...place, 'settings', key] })),
    ]
    return decided
      .filter(({ action }) => action?.do === 'voicemail')
      .map(({ path }) => warning(path, 'voicemail is not built yet: the caller hears the message and is hung up on'))
  })
}
