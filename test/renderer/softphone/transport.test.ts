import { expect, test } from 'vitest'
import { addressOf, backOff } from '../../../src/renderer/shared/sip/transport.ts'

test('the bound of the wait doubles with each try, up to 20 seconds', () => {
  const longest = (tries: number) => backOff(tries, () => 1)
  expect([0, 1, 2, 5, 6, 100].map(longest)).toEqual([500, 1_000, 2_000, 16_000, 20_000, 20_000])
})

test('any wait below the bound may come, none at all included', () => {
  expect(backOff(4, () => 0)).toBe(0)
  expect(backOff(4, () => 0.5)).toBe(4_000)
})

test('a group number is rung by its own digits', () => {
  expect(addressOf('+46122260980').toString()).toBe('sip:+46122260980@gruppnummer.invalid')
})

test('an id with signs of its own stays one user', () => {
  expect(addressOf('anna@b;c')).toMatchObject({ user: 'anna@b;c', host: 'gruppnummer.invalid' })
})
