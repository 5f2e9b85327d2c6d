import { warning, type Problem } from '../configuration/problem.ts'
import type { Configuration } from '../configuration/types.ts'

/** What a document asks for that calls do not get yet (`docs/behaviour/routing.md`): warnings, each with its place. */
export function findNotBuilt({ company: { serviceNumbers = {} } }: Configuration): readonly Problem[] {
  return Object.keys(serviceNumbers).map((key) =>
    warning(['company', 'serviceNumbers', key], 'service numbers are not built yet: who rings one is hung up on'),
  )
}
