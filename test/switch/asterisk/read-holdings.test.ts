import { expect, test } from 'vitest'
import { readHoldings } from '../../../src/switch/asterisk/read-holdings.ts'
import { openLine } from '../../../src/switch/asterisk/line.ts'
import type { AriClient } from '../../../src/switch/asterisk/open-ari-client.ts'
import { failed, ok } from '../../../src/core/result.ts'

const caller = (id: string, creationtime: string) => ({
  id,
  name: `PJSIP/trunk-${id}`,
  state: 'Ring',
  caller: { number: '+46701234567', name: '' },
  dialplan: {
    context: 'gruppnummer-callers',
    exten: '+46122260980',
    app_name: 'Stasis',
    app_data: 'gruppnummer,caller',
  },
  creationtime,
})

/** Asterisk with callers whom nobody has taken, listed as it keeps them: in no order. */
function withStrays(...channels: ReturnType<typeof caller>[]) {
  const bodies: Readonly<Record<string, unknown>> = {
    '/channels': channels,
    '/bridges': [],
  }
  return {
    request: ({ path, reply }) => {
      const body = bodies[path]
      return Promise.resolve(
        body === undefined ? failed({ kind: 'refused', status: 404, reason: '' }) : ok(reply.parse(body)),
      )
    },
    send: () => Promise.resolve(ok(undefined)),
  } as Pick<AriClient, 'request' | 'send'> as AriClient
}

test('[T14] callers whom no service has taken yet come in the order in which they rang', async () => {
  const ari = withStrays(
    caller('third', '2026-11-23T09:00:03.100+0100'),
    caller('first', '2026-11-23T09:00:01.900+0100'),
    caller('second', '2026-11-23T09:00:03.000+0100'),
  )
  const found = await readHoldings({
    ari,
    application: 'gruppnummer',
    lineOf: (channel, answered, found) =>
      openLine({ ari, channel, answered, ...found } as Parameters<typeof openLine>[0]),
  })
  expect(found.ok && found.value.strays.map(({ id }) => id)).toEqual(['first', 'second', 'third'])
})
