import { expect, test } from 'vitest'
import { findNotBuilt } from '../../../src/core/routing/not-built.ts'
import { company } from '../../support/routing/company.ts'

test('what is asked for and not built is warned of with its place', () => {
  const configuration = company([
    {
      members: ['anna'],
      override: { effect: 'closed', action: { do: 'voicemail' } },
      settings: { whenFull: { do: 'voicemail' } },
    },
  ])
  expect(findNotBuilt(configuration).map(({ path, severity }) => [path, severity])).toEqual([
    ['groupNumbers[0].override.action', 'warning'],
    ['groupNumbers[0].settings.whenFull', 'warning'],
  ])
  expect(findNotBuilt(company([{ members: ['anna'] }]))).toEqual([])
})
