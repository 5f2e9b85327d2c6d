import { afterEach, expect } from 'vitest'
import { testWith } from '../../e2e/support/peers.ts'
import { startAsterisk, type RunningAsterisk } from '../../support/asterisk/start-asterisk.ts'

const running: RunningAsterisk[] = []
afterEach(async () => {
  for (const asterisk of running.splice(0)) await asterisk.close()
})

testWith('asterisk')('a real Asterisk loads the generated configuration without a warning', async () => {
  const asterisk = await startAsterisk()
  running.push(asterisk)
  expect(asterisk.complaints()).toEqual([])
})
