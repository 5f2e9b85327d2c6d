import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { withoutPeers } from '../../e2e/support/peers.ts'
import { faults, openCrowdedOffice, type CrowdedOffice } from '../../support/crowd/crowded-office.ts'

const missing = withoutPeers('asterisk', 'sipp')

/** Each fault once; `npm run test:faults` has each of them many times. */
describe.skipIf(missing !== undefined)(
  missing ?? 'under 10 calls a second with 200 agents',
  { timeout: 120_000 },
  () => {
    let office: CrowdedOffice

    beforeAll(async () => {
      office = await openCrowdedOffice({ seed: 20_261_123, seconds: 4 })
    }, 60_000)

    afterAll(async () => {
      await office.abandon()
    }, 60_000)

    test.each(faults)('%s: every caller whom Asterisk still held is served, by one agent', async (fault) => {
      const { lost, doubled, left, callers } = await office.goesThrough(fault)
      expect({ lost, doubled, left }).toEqual({ lost: [], doubled: [], left: [] })
      expect(callers).toBe(40)
    })

    test('after all of them, every call has exactly one end in the journal, and nothing is left in Asterisk', async () => {
      const { endless, connectedTwice, left, calls } = await office.close()
      expect({ endless, connectedTwice, left }).toEqual({ endless: [], connectedTwice: [], left: [] })
      expect(calls).toBeGreaterThan(40 * (faults.length - 1))
    })
  },
)
