import { configurationSchema } from '../../../core/configuration/schema.ts'
import type { Outcome } from '../../../core/configuration/types.ts'

export type OutcomeFault = 'code' | 'name' | 'twice'

export const emptyOutcome: Outcome = { code: '', name: '', active: true }

const { settings } = configurationSchema.shape.groupNumbers.element.shape
const { element } = settings.shape.outcomes.unwrap()

/** Reads the rows; each has its fault, or none. `outcomes` only where no row has one. */
export function readOutcomes(typed: readonly Outcome[]): {
  readonly faults: readonly (OutcomeFault | undefined)[]
  readonly outcomes?: readonly Outcome[]
} {
  const read = typed.map(({ code, name, active }) => ({ code: code.trim(), name: name.trim(), active }))
  const faults = read.map(({ code, name }, index): OutcomeFault | undefined => {
    if (!element.shape.code.safeParse(code).success) return 'code'
    if (read.findIndex((each) => each.code === code) < index) return 'twice'
    return element.shape.name.safeParse(name).success ? undefined : 'name'
  })
  return faults.some((fault) => fault !== undefined) ? { faults } : { faults, outcomes: read }
}
