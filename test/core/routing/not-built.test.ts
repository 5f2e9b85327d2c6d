import { expect, test } from 'vitest'
import { findNotBuilt } from '../../../src/core/routing/not-built.ts'
import { company } from '../../support/routing/company.ts'

test('what is asked for and not built is warned of with its place', () => {
  const configuration = company([{ members: ['anna'] }])
  expect(findNotBuilt(configuration)).toEqual([])
  expect(
    findNotBuilt({
      ...configuration,
      company: { ...configuration.company, serviceNumbers: { logIn: { short: '833' } } },
    }),
  ).toMatchObject([{ path: 'company.serviceNumbers.logIn', severity: 'warning' }])
})
