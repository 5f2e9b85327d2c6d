import { expect, test } from 'vitest'
import { largeCompany } from '../../../bench/support/large-company.ts'
import { applyEdits } from '../../../src/core/configuration/edits/apply-edits.ts'
import { parseConfiguration } from '../../../src/core/configuration/parse.ts'
import { serializeConfiguration } from '../../../src/core/configuration/serialize.ts'
import type { GroupNumberId } from '../../../src/core/configuration/types.ts'

const company = largeCompany({ agents: 10, groupNumbers: 5, exceptions: 20 })
const group = 'group-3' as GroupNumberId

test('an edit keeps every part that it does not touch as the same object', () => {
  const made = applyEdits(company, [{ type: 'renameGroupNumber', group, name: 'Nytt' }])
  if (!made.ok) throw new Error(JSON.stringify(made.problem))
  expect(made.value.groupNumbers.map((each, at) => each === company.groupNumbers[at])).toEqual([
    true,
    true,
    true,
    false,
    true,
  ])
  expect(made.value.agents.every((each, at) => each === company.agents[at])).toBe(true)
})

test('a document of parts read before has the same bytes as one that is read whole', () => {
  const made = applyEdits(company, [{ type: 'renameGroupNumber', group, name: 'Nytt' }])
  if (!made.ok) throw new Error(JSON.stringify(made.problem))
  const unknown: unknown = JSON.parse(JSON.stringify(made.value))
  const whole = parseConfiguration(unknown)
  expect(whole.ok && serializeConfiguration(whole.value)).toBe(serializeConfiguration(made.value))
})

test('a fault among parts read before is told at its place in the whole document', () => {
  const [first, second, ...others] = company.groupNumbers
  const broken = { ...company, groupNumbers: [first, { ...second, name: '' }, ...others] }
  const parsed = parseConfiguration(broken)
  expect(parsed.ok ? [] : parsed.problem.map(({ path }) => path)).toEqual(['groupNumbers[1].name'])
})

test('a part that was read can be changed by nobody', () => {
  expect(() => Object.assign(company.groupNumbers[0]?.settings ?? {}, { ringSeconds: -1 })).toThrow(TypeError)
})
