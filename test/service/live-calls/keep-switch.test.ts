import { pino } from 'pino'
import { expect, test } from 'vitest'
import type { Switch } from '../../../src/contract/switch.ts'
import { failed } from '../../../src/core/result.ts'
import { keepSwitch } from '../../../src/service/live-calls/keep-switch.ts'
import { openScriptedSwitch } from '../../../src/switch/scripted/open-scripted-switch.ts'
import { fakeClock } from '../../support/persistence/fake-clock.ts'

function keeps() {
  const clock = fakeClock()
  const scripted = openScriptedSwitch({ clock })
  const logged: string[] = []
  const away = { now: true, asked: 0 }
  const engine: Switch = {
    softphoneSocket: undefined,
    attach: (attachment) => {
      away.asked += 1
      return away.now ? Promise.resolve(failed({ kind: 'gone' })) : scripted.attach(attachment)
    },
    prepare: (setup) => scripted.prepare(setup),
    perform: (command) => scripted.perform(command),
    detach: () => scripted.detach(),
  }
  let epoch = 0
  const kept = keepSwitch({
    switch: engine,
    liveCalls: { happened: () => undefined, performBy: () => undefined },
    letThrough: (event) => event,
    clock,
    nextEpoch: () => Promise.resolve((epoch += 1)),
    setup: () =>
      Promise.resolve({ numbers: [], serviceNumbers: [], softphones: [], callers: [], trunks: [], sounds: {} }),
    log: pino({ level: 'warn' }, { write: (line: string) => logged.push(line) }),
  })
  /** Until it has been asked anew; answers the milliseconds that passed. */
  async function untilAsked(): Promise<number> {
    const [before, from] = [away.asked, clock.now()]
    while (away.asked === before) {
      clock.pass(10)
      await new Promise((resolve) => setImmediate(resolve))
    }
    return clock.now() - from
  }
  return { kept, away, logged, untilAsked }
}

test('[T14] a switch that is away is looked for twice a second, however long it is away, and that is said once a minute', async () => {
  const { kept, away, logged, untilAsked } = keeps()
  const waits: number[] = []
  while (waits.reduce((sum, wait) => sum + wait, 0) < 170_000) waits.push(await untilAsked())
  expect(Math.max(...waits)).toBeLessThanOrEqual(520)
  expect(logged).toHaveLength(3)
  away.now = false
  await untilAsked()
  await expect.poll(() => kept.state).toBe('attached')
})
