import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { afterEach, describe, expect } from 'vitest'
import { WebSocket } from 'ws'
import { testWith } from '../../e2e/support/peers.ts'
import { ringWithSipp } from '../../e2e/support/sipp-caller.ts'
import { heardIn, toneWav } from '../../e2e/support/tones.ts'
import { startAsterisk, type AsteriskWishes, type RunningAsterisk } from '../../support/asterisk/start-asterisk.ts'

const number = '+46122260980'
const tones = { away: 620, music: 440, sorry: 800, service: 1300, caller: 1000 }
const waiting = { timeout: 25_000, interval: 50 }

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

/** Each sound is known by its tone. */
async function server({ overlay, ...wishes }: AsteriskWishes = {}) {
  const tone = (name: keyof typeof tones, seconds: number) => () => toneWav(tones[name], { seconds, rate: 8000 })
  const asterisk = await startAsterisk({
    ...wishes,
    overlay: {
      'sounds/away-sv.wav': tone('away', 3),
      'sounds/sorry-sv.wav': tone('sorry', 3),
      'moh/music.wav': tone('music', 2),
      ...overlay,
    },
  })
  closing.push(() => asterisk.close())
  return asterisk
}

async function rings(asterisk: RunningAsterisk) {
  const caller = await ringWithSipp({
    to: number,
    from: '+46701234567',
    switchPort: asterisk.sipPort,
    hertz: tones.caller,
    directory: asterisk.directory,
    address: '127.0.0.2',
  })
  closing.push(() => caller.kill())
  return { ...caller, hears: () => heardIn(tones, caller.ear.hears())[0] }
}

/** The least a service is: it has the application, and plays its tone to who comes. */
async function attach({ ari: { url, user, password, application }, directory }: RunningAsterisk) {
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
  const socket = new WebSocket(`${url.replace('http', 'ws')}/events?app=${application}`, { headers: { authorization } })
  const arrivals: { entrance: string | undefined; to: string; state: string }[] = []
  const ask = (path: string) => fetch(`${url}/channels/${path}`, { method: 'POST', headers: { authorization } })
  socket.on('message', (text: Buffer) => {
    const event = JSON.parse(text.toString()) as {
      type: string
      args: string[]
      channel: { id: string; state: string; dialplan: { exten: string } }
    }
    if (event.type !== 'StasisStart') return
    const { id, state, dialplan } = event.channel
    arrivals.push({ entrance: event.args[0], to: dialplan.exten, state })
    // The sign of life first: else the dialplan takes the caller back.
    void ask(`${id}/variable?variable=TIMEOUT(absolute)&value=0`)
      .then(() => ask(`${id}/answer`))
      .then(() => ask(`${id}/play?media=${encodeURIComponent(`sound:${directory}/service`)}`))
  })
  await once(socket, 'open')
  const leave = async () => {
    socket.terminate()
    if (socket.readyState !== WebSocket.CLOSED) await once(socket, 'close')
  }
  closing.push(leave)
  return { arrivals, leave }
}

const withServiceTone = { '../service.wav': () => toneWav(tones.service, { seconds: 20, rate: 8000 }) }

describe('while the service is away', { timeout: 60_000 }, () => {
  testWith('asterisk', 'sipp')(
    '[T7] a caller hears why, then music, and is handed over when the service is back; who rings then goes to it at once',
    async () => {
      const asterisk = await server({ overlay: withServiceTone })
      const early = await rings(asterisk)
      await expect.poll(early.hears, waiting).toBe('away')
      await expect.poll(early.hears, waiting).toBe('music')

      const service = await attach(asterisk)
      await expect.poll(early.hears, waiting).toBe('service')
      expect(service.arrivals).toEqual([{ entrance: 'caller', to: number, state: 'Up' }])
      const late = await rings(asterisk)
      await expect.poll(late.hears, waiting).toBe('service')
      expect(service.arrivals[1]).toEqual({ entrance: 'caller', to: number, state: 'Ring' })
      const away = /(outbound websocket per-call config for|Stasis) app 'gruppnummer'/
      expect(asterisk.complaints().filter((line) => !away.test(line))).toEqual([])

      await service.leave()
      const lost = await rings(asterisk)
      await expect.poll(lost.hears, waiting).toBe('away')
    },
  )

  testWith('asterisk', 'sipp')('[T7] who has waited for ten minutes is told to ring again, and hung up', async () => {
    const tenMinutes = /> 600\]/
    const asterisk = await server({
      overlay: {
        'extensions.conf': (written) => {
          expect(written).toMatch(tenMinutes)
          return written.replace(tenMinutes, '> 3]')
        },
      },
    })
    const caller = await rings(asterisk)
    await expect.poll(caller.hears, waiting).toBe('sorry')
    expect(await caller.ended).toBe(0)
  })

  testWith('asterisk', 'sipp')(
    '[T7] a fallback telephone is rung after 20 s, to music, where one was named',
    async () => {
      const operator = createSocket('udp4')
      operator.bind(0, '127.0.0.3')
      await once(operator, 'listening')
      closing.push(() => operator.close())
      const asterisk = await server({
        trunkAt: { host: '127.0.0.3', port: operator.address().port },
        options: { fallbackNumber: '+46855512345' },
        overlay: { 'extensions.conf': (written) => written.replace('< 20]', '< 1]') },
      })
      const caller = await rings(asterisk)
      const [invite] = (await once(operator, 'message')) as [Buffer]
      expect(invite.toString()).toMatch(/^INVITE sip:\+46855512345@127\.0\.0\.3/)
      await expect.poll(caller.hears, waiting).toBe('music')
    },
  )
})
