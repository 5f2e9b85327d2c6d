import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import fc from 'fast-check'
import { afterEach, expect, test } from 'vitest'
import type { Codec } from '../../../../src/switch/embedded/media/g711.ts'
import { frameLength } from '../../../../src/switch/embedded/media/g711.ts'
import type { Media, MediaLeg } from '../../../../src/switch/embedded/media/media.ts'
import type { MediaOptions } from '../../../../src/switch/embedded/media/open-media.ts'
import { openMedia } from '../../../../src/switch/embedded/media/open-media.ts'
import { sequenceDistance, timestampDistance } from '../../../../src/switch/embedded/media/rtp.ts'
import { FarPhone, read } from './far-ends.ts'
import { HandClock, heardIn, soundIn, toneSound, until } from './listening.ts'
import { Told } from './told.ts'

const tones = [300, 440, 700, 1000, 1600]
const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

test('what is played is heard once and to its end, then silence goes on', async () => {
  const { clock, call } = scene()
  const { leg, phone } = await call()
  const ended: number[] = []
  leg.play(await toneSound(440, 0.1), () => ended.push(clock.now()))
  const began = clock.now()
  clock.advance(200)
  const heard = await phone.hears(10)
  expect(heardIn(soundIn(heard.slice(0, 5), 'PCMA'), tones)).toBe(440)
  expect(heardIn(soundIn(heard.slice(5), 'PCMA'), tones)).toBe('silence')
  expect(ended).toEqual([began + 120])
  expect(heard.map(({ sequence }) => sequenceDistance(heard[0]?.sequence ?? 0, sequence))).toEqual([
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9,
  ])
  expect(new Set(heard.map(({ ssrc }) => ssrc)).size).toBe(1)
})

test('a sound that is stopped does not say that it has ended, and one begun at an end leaves no gap', async () => {
  const { clock, call } = scene()
  const { leg, phone } = await call()
  const told: string[] = []
  leg.play(await toneSound(440, 1), () => told.push('first'))
  clock.advance(40)
  leg.stopPlaying()
  const third = await toneSound(1000, 0.06)
  leg.play(await toneSound(700, 0.04), () => {
    told.push('second')
    leg.play(third, () => told.push('third'))
  })
  clock.advance(120)
  const heard = await phone.hears(8)
  expect(heard.map((packet) => heardIn(soundIn([packet], 'PCMA'), tones))).toEqual([
    440,
    440,
    700,
    700,
    1000,
    1000,
    1000,
    'silence',
  ])
  expect(told).toEqual(['second', 'third'])
})

test('music keeps its place under a played sound and a bridge, and goes round', async () => {
  const { clock, call } = scene()
  const [{ leg, phone }, { leg: other }] = [await call(), await call()]
  const music = [await toneSound(300, 0.06), await toneSound(1600, 0.06)]
  leg.music(music)
  clock.advance(40)
  leg.play(await toneSound(440, 0.04), () => undefined)
  clock.advance(40)
  leg.music([...music])
  clock.advance(40)
  leg.bridge(other)
  clock.advance(20)
  leg.unbridge()
  clock.advance(60)
  leg.stopMusic()
  clock.advance(20)
  leg.music(music)
  clock.advance(20)
  const heard = await phone.hears(12)
  expect(heard.map((packet) => heardIn(soundIn([packet], 'PCMA'), tones))).toEqual([
    300,
    300,
    440,
    440,
    300,
    1600,
    'silence',
    1600,
    1600,
    300,
    'silence',
    300,
  ])
})

test.each<[Codec, Codec]>([
  ['PCMA', 'PCMA'],
  ['PCMA', 'PCMU'],
  ['PCMU', 'PCMA'],
])('bridged legs of %s and %s hear each other at once, without the clock', async (one, two) => {
  const { call } = scene()
  const [a, b] = [await call(one), await call(two)]
  a.leg.bridge(b.leg)
  expect([a.leg.bridgedTo === b.leg, b.leg.bridgedTo === a.leg]).toEqual([true, true])
  for (let frame = 0; frame < 20; frame++) {
    a.phone.say(440)
    b.phone.say(1000)
  }
  expect(heardIn(soundIn(await b.phone.hears(20), two), tones)).toBe(440)
  expect(heardIn(soundIn(await a.phone.hears(20), one), tones)).toBe(1000)
  expect(a.leg.statistics).toMatchObject({ packetsReceived: 20, packetsSent: 20, packetsLost: 0 })
})

test('a bridge ends what is played, without saying that it has ended; a later bridge takes its place', async () => {
  const { clock, call } = scene()
  const [a, b, c] = [await call(), await call(), await call()]
  const told: string[] = []
  a.leg.play(await toneSound(440, 1), () => told.push('ended'))
  a.leg.bridge(b.leg)
  clock.advance(2000)
  a.leg.bridge(c.leg)
  expect([b.leg.bridgedTo, c.leg.bridgedTo === a.leg]).toEqual([undefined, true])
  c.leg.close()
  expect(a.leg.bridgedTo).toBeUndefined()
  expect(told).toEqual([])
})

test('what is lost before a bridge is seen to be lost behind it, and a change of source is marked', async () => {
  const { clock, call } = scene()
  const [a, b] = [await call(), await call()]
  clock.advance(40)
  a.leg.bridge(b.leg)
  clock.advance(5)
  a.phone.say(440)
  a.phone.lose()
  a.phone.say(440)
  const heard = await b.phone.hears(4)
  const [, last, first, second] = heard
  expect(heard.map(({ marker }) => marker)).toEqual([true, false, true, false])
  expect(sequenceDistance(last?.sequence ?? 0, first?.sequence ?? 0)).toBe(1)
  expect(timestampDistance(last?.timestamp ?? 0, first?.timestamp ?? 0)).toBe(frameLength)
  expect(sequenceDistance(first?.sequence ?? 0, second?.sequence ?? 0)).toBe(2)
  expect(timestampDistance(first?.timestamp ?? 0, second?.timestamp ?? 0)).toBe(2 * frameLength)
  await until(() => a.leg.statistics.packetsLost === 1)
})

test('a bridged leg whose other side sends nothing hears silence, so that packets keep flowing', async () => {
  const { clock, call } = scene()
  const [a, b] = [await call(), await call()]
  a.leg.music([await toneSound(300, 1)])
  a.leg.bridge(b.leg)
  clock.advance(100)
  expect(heardIn(soundIn(await a.phone.hears(5), 'PCMA'), tones)).toBe('silence')
})

test('a digit is told once, whatever comes of its packets, and goes through a bridge under the far payload type', async () => {
  const { call } = scene()
  const [a, b] = [await call('PCMA', 96), await call('PCMA', 110)]
  a.leg.bridge(b.leg)
  a.phone.press(5)
  a.phone.press(5)
  a.phone.press(11)
  a.phone.press(16)
  const heard = await b.phone.hears(24)
  expect(a.told.words).toEqual(['digit 5', 'digit 5', 'digit #'])
  expect(new Set(heard.map(({ payloadType }) => payloadType))).toEqual(new Set([110]))
  expect(new Set(heard.map(({ timestamp }) => timestamp)).size).toBe(4)
  expect(b.told.words).toEqual([])
})

test('digits are sent one after the other, each ending told three times, and the sound goes on after them', async () => {
  const { clock, call } = scene()
  const { leg, phone } = await call('PCMA', 97)
  leg.sendDigit('1')
  leg.sendDigit('x')
  leg.sendDigit('#')
  clock.advance(20 * 29)
  const heard = await phone.hears(23)
  const events = heard.filter(({ payloadType }) => payloadType === 97)
  expect(events.map(({ payload }) => `${payload[0]} ${(payload[1] ?? 0) >> 7} ${payload.readUInt16BE(2)}`)).toEqual(
    [1, 11].flatMap((event) => [
      ...[160, 320, 480, 640, 800, 960, 1120, 1280].map((duration) => `${event} 0 ${duration}`),
      ...[1280, 1280, 1280].map((duration) => `${event} 1 ${duration}`),
    ]),
  )
  expect(events.map(({ marker }) => marker).filter(Boolean)).toHaveLength(2)
  expect(heard.at(-1)).toMatchObject({ payloadType: 8, marker: true })
})

test('a held far side hears nothing, is said to hold, is not lost to silence, and hears again when it resumes', async () => {
  const { clock, call } = scene()
  const { leg, phone, told } = await call()
  clock.advance(20)
  await phone.hears(1)
  const held = await answered(leg, phone.describe('sendonly'))
  expect(held).toContain('a=recvonly\r\n')
  expect(leg.heldByFarSide).toBe(true)
  phone.say(440)
  clock.advance(60_000)
  const resumed = await answered(leg, phone.describe('sendrecv'))
  expect(leg.heldByFarSide).toBe(false)
  clock.advance(20)
  const heard = await phone.hears(2)
  expect(heard).toHaveLength(2)
  expect(heard[1]).toMatchObject({ marker: true })
  expect(told.words).toEqual([])

  const inactive = await answered(leg, phone.describe('inactive'))
  expect(inactive).toContain('a=inactive\r\n')
  const changed = lines(held).flatMap((line, at) => (line === lines(resumed)[at] ? [] : [line]))
  expect(changed).toEqual([expect.stringMatching(/^o=- \d+ 2 /) as string, 'a=recvonly'])
})

test('a leg is lost once, when it has heard nothing for its limit', async () => {
  const { clock, call } = scene()
  const { leg, phone, told } = await call()
  leg.silenceLimit(3000)
  clock.advance(2000)
  phone.say(440)
  await until(() => leg.statistics.packetsReceived === 1)
  clock.advance(2000)
  expect(told.words).toEqual([])
  clock.advance(10_000)
  expect(told.words).toEqual(['lost silence'])
})

test('after a stall at most five frames are made up for, and the line shows the gap', async () => {
  const { clock, call } = scene()
  const { phone } = await call()
  clock.advance(20)
  clock.stall(400)
  const heard = await phone.hears(6)
  clock.advance(20)
  await phone.hears(7)
  expect(phone.heard).toHaveLength(7)
  expect(heard[1]?.marker).toBe(true)
  const [first, , , , , last] = heard
  expect(timestampDistance(first?.timestamp ?? 0, last?.timestamp ?? 0)).toBe(20 * frameLength)
})

test("packets are taken from the first port of the signalling peer's address, until its description changes", async () => {
  const { call } = scene()
  const { leg, phone, port } = await call()
  phone.say(440)
  await until(() => leg.statistics.packetsReceived === 1)

  const second = await FarPhone.open()
  closing.push(() => {
    second.close()
  })
  second.learn(describedAt(port))
  second.say(440)
  const stranger = createSocket('udp4').bind(0, '127.0.0.2')
  closing.push(() => {
    stranger.close()
  })
  await once(stranger, 'listening')
  stranger.send(Buffer.concat([Buffer.from([0x80, 8]), Buffer.alloc(170)]), port, '127.0.0.1')
  phone.say(440)
  await until(() => leg.statistics.packetsReceived === 2)
  expect(leg.statistics.packetsReceived).toBe(2)

  await answered(leg, second.describe())
  second.say(440)
  await until(() => leg.statistics.packetsReceived === 3)
})

test('our offer to a phone names both codecs, and its answer decides', async () => {
  const { clock, media } = scene()
  const leg = media.openRtpLeg(new Told(), { address: '127.0.0.1' })
  const offer = await leg.offer()
  expect(offer).toMatch(/m=audio \d+ RTP\/AVP 8 0 101\r\n/)
  const phone = await FarPhone.open('PCMU', 101)
  closing.push(() => {
    phone.close()
  })
  phone.learn(offer)
  expect(await leg.accept(phone.describe())).toMatchObject({ ok: true })
  leg.play(await toneSound(1000, 0.1), () => undefined)
  clock.advance(100)
  expect(heardIn(soundIn(await phone.hears(5), 'PCMU'), tones)).toBe(1000)
  expect(await leg.reoffer()).toMatch(/o=- \d+ 2 .*\r\n[^]*m=audio \d+ RTP\/AVP 0 101\r\n/)
})

test('ports are even and of the range; when none is left it is said', async () => {
  const { media } = scene({ rtpPorts: { min: 41_001, max: 41_005 } })
  const legs = [1, 2, 3].map(() => media.openRtpLeg(new Told(), { address: '127.0.0.1' }))
  const [first, second, third] = legs
  const ports = [await first?.offer(), await second?.offer()].map((sdp) => read(sdp ?? '').audio.port)
  expect(ports.toSorted()).toEqual([41_002, 41_004])
  await expect(third?.offer()).rejects.toThrow('no free port')
  first?.close()
})

test('a leg past the limit, and a closed one, refuse without harm', async () => {
  const { media } = scene({ legsLimit: 1 })
  const first = media.openRtpLeg(new Told(), { address: '127.0.0.1' })
  const second = media.openRtpLeg(new Told(), { address: '127.0.0.1' })
  expect(media.legs).toBe(1)
  const phone = await FarPhone.open()
  expect(await second.answer(phone.describe())).toEqual({ ok: false, problem: 'the leg is closed' })
  phone.close()
  first.close()
  first.close()
  first.sendDigit('1')
  first.bridge(second)
  expect(media.legs).toBe(0)
})

test('descriptions of another kind are refused with a reason', async () => {
  const { media } = scene()
  const leg = media.openRtpLeg(new Told(), { address: '127.0.0.1' })
  const phone = await FarPhone.open()
  closing.push(() => {
    phone.close()
  })
  expect(await leg.answer('')).toMatchObject({ ok: false })
  expect(await leg.accept(phone.describe())).toMatchObject({ ok: false })
  expect(await leg.answer(phone.describe().replace('RTP/AVP', 'RTP/SAVP'))).toMatchObject({
    ok: false,
    problem: expect.stringContaining('RTP/SAVP') as string,
  })
  await expect(leg.answer(phone.describe()).then((answer) => answer.ok)).resolves.toBe(true)
})

test('whatever packets come to a bridged leg, it and the other go on', async () => {
  const { clock, call } = scene()
  const [a, b] = [await call(), await call()]
  a.leg.bridge(b.leg)
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.uint8Array({ maxLength: 300 }).map((tail) => Uint8Array.of(0x80, 8, ...tail)),
    fc.uint8Array({ maxLength: 40 }).map((tail) => Uint8Array.of(0x80, 96, ...tail)),
  )
  for (const packet of fc.sample(bytes, { numRuns: 500, seed: 1 })) a.phone.send(Buffer.from(packet))
  a.phone.sequence = 30_000
  await until(
    () => heardIn(soundIn(b.phone.heard.slice(-25), 'PCMA'), tones) === 440,
    () => {
      a.phone.say(440)
    },
  )
  clock.advance(20)
})

interface Call {
  readonly leg: MediaLeg
  readonly phone: FarPhone
  readonly told: Told
  /** Of the leg. */
  readonly port: number
}

interface Scene {
  readonly clock: HandClock
  readonly media: Media
  /** A phone that calls and is answered. */
  readonly call: (codec?: Codec, digits?: number) => Promise<Call>
}

function scene(options: MediaOptions = {}): Scene {
  const clock = new HandClock()
  const media = openMedia({ ...options, clock })
  closing.push(() => {
    media.close()
  })
  return {
    clock,
    media,
    async call(codec, digits) {
      const told = new Told()
      const leg = media.openRtpLeg(told, { address: '127.0.0.1' })
      const phone = await FarPhone.open(codec, digits)
      closing.push(() => {
        phone.close()
      })
      const port = phone.learn(await answered(leg, phone.describe())).audio.port
      return { leg, phone, told, port }
    },
  }
}

async function answered(leg: MediaLeg, offer: string): Promise<string> {
  const answer = await leg.answer(offer)
  if (!answer.ok) throw new Error(answer.problem)
  return answer.value
}

function lines(sdp: string): string[] {
  return sdp.split('\r\n')
}

/** Just enough of a description to learn a port from. */
function describedAt(port: number): string {
  return `v=0\r\nc=IN IP4 127.0.0.1\r\nm=audio ${port} RTP/AVP 8\r\n`
}
