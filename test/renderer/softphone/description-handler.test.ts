import { expect, test } from 'vitest'
import { directionOf } from '../../../src/renderer/shared/sip/description-handler.ts'

test.each([
  ['nobody holds', { held: false, farHolds: false }, 'sendrecv'],
  ['we hold', { held: true, farHolds: false }, 'sendonly'],
  ['the far side holds', { held: false, farHolds: true }, 'recvonly'],
  ['both hold', { held: true, farHolds: true }, 'inactive'],
] as const)('%s', (_, hold, direction) => {
  expect(directionOf(hold)).toBe(direction)
})

test('a call that both held comes back in both directions, whoever lets go first', () => {
  expect(directionOf({ held: false, farHolds: true })).toBe('recvonly')
  expect(directionOf({ held: false, farHolds: false })).toBe('sendrecv')
})
