import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ok } from '../../../src/core/result.ts'
import type { Leg } from '../../../src/switch/asterisk/call.ts'
import { watchComebacks, type Comebacks } from '../../../src/switch/asterisk/comebacks.ts'
import type { AriClient } from '../../../src/switch/asterisk/open-ari-client.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
const closing: Comebacks[] = []
afterEach(() => {
  for (const watch of closing.splice(0)) watch.close()
  vi.useRealTimers()
})

/** An agent's softphone in a call, from which nothing comes any more, and which is registered as another one. */
function reloaded() {
  const leg = { line: { channel: 'anna-1' }, user: 'anna', state: 'answered' } as unknown as Leg
  const values: Readonly<Record<string, string>> = {
    'DB_KEYS(registrar/contact)': 'anna;@new',
    'PJSIP_CONTACT(anna;@new,uri)': 'sip:page2@127.0.0.1:5060',
    'CHANNEL(pjsip,target_uri)': '<sip:page1@127.0.0.1:5060>',
  }
  const ari = {
    request: ({ path, query, reply }) =>
      Promise.resolve(
        ok(reply.parse(path.endsWith('/rtp_statistics') ? { rxcount: 17 } : { value: values[query?.variable ?? ''] })),
      ),
  } as Pick<AriClient, 'request'> as AriClient
  let rings = 0
  const watch = watchComebacks({
    ari,
    legs: () => [leg],
    silenced: () => undefined,
    cameBack: () => (rings += 1),
  })
  closing.push(watch)
  return { leg, rings: () => rings }
}

/** Longer than any number of looks that are tried. */
const minute = 60_000

test('[W23] a page that was loaded anew is given its call once, while it rings there', async () => {
  const { leg, rings } = reloaded()
  while (rings() === 0) await vi.advanceTimersByTimeAsync(500)
  leg.again = {} as Leg
  await vi.advanceTimersByTimeAsync(minute)
  expect(rings()).toBe(1)
})

test('[W23] a ring that was lost there is tried again, a few times', async () => {
  const { rings } = reloaded()
  await vi.advanceTimersByTimeAsync(minute)
  expect(rings()).toBe(5)
})
