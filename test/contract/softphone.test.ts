import { expect, test } from 'vitest'
import { offerText, readOffer } from '../../src/contract/softphone.ts'
import type { CallId, OfferId } from '../../src/core/routing/messages.ts'

test('an offer is read as it was written, with a server in front of the call too', () => {
  for (const call of ['1795901393.52', 'north:1795901393.52', '9f3c'] as CallId[])
    expect(readOffer(offerText(call, 'o12' as OfferId))).toEqual({ call, offer: 'o12' })
})

test.each([undefined, '', 'o1', '/o1', 'c1/', 'c1/o1/x'])('%j is no offer', (text) => {
  expect(readOffer(text)).toBeUndefined()
})
