import { expect, test } from 'vitest'
import { whyRejected } from '../../../src/renderer/desk/softphone/registration.ts'

test.each([
  ['another window has the telephone', 403, 'SIP;cause=403;text="Registered on a newer connection"', 'elsewhere'],
  ['the credential is refused', 403, undefined, 'refused'],
  ['the digest is wrong', 401, undefined, 'refused'],
  ['the agent is no longer there', 404, undefined, 'refused'],
  ['the switch is full', 503, undefined, 'unreachable'],
  ['the registrar has a fault', 500, undefined, 'unreachable'],
] as const)('a REGISTER is rejected: %s', (_, status, reason, why) => {
  expect(whyRejected(status, reason)).toBe(why)
})
