import fc from 'fast-check'
import { expect, test } from 'vitest'
import { IncomingLine } from '../../../../src/switch/embedded/media/incoming-line.ts'
import { OutgoingLine } from '../../../../src/switch/embedded/media/outgoing-line.ts'
import { sequenceDistance, timestampDistance } from '../../../../src/switch/embedded/media/rtp.ts'

const at = (sequence: number, timestamp: number) => ({ sequence, timestamp, marker: false })

test('frames of our own follow each other by one and by 160, the first one marked', () => {
  const line = new OutgoingLine()
  const [first, second, third] = [line.frame(0), line.frame(20), line.frame(41)]
  expect([first.marker, second.marker, third.marker]).toEqual([true, false, false])
  expect(sequenceDistance(first.sequence, third.sequence)).toBe(2)
  expect(timestampDistance(first.timestamp, third.timestamp)).toBe(320)
})

test('another source goes on where the line was, by the time that passed, marked', () => {
  const line = new OutgoingLine()
  const own = line.frame(1000)
  const relayed = line.relay('far', at(7, 99_999), 1050)
  expect(relayed).toEqual({
    sequence: (own.sequence + 1) & 0xffff,
    timestamp: (own.timestamp + 400) >>> 0,
    marker: true,
  })
  const again = line.frame(1060)
  expect(again.marker).toBe(true)
  expect(timestampDistance(relayed?.timestamp ?? 0, again.timestamp)).toBe(160)
})

test('within a relayed source what is lost or late is seen to be', () => {
  const line = new OutgoingLine()
  const first = line.relay('far', at(65_534, 0), 0)
  const third = line.relay('far', at(0, 320), 40)
  const second = line.relay('far', at(65_535, 160), 41)
  const places = [third, second].map((place) => [
    sequenceDistance(first?.sequence ?? 0, place?.sequence ?? 0),
    timestampDistance(first?.timestamp ?? 0, place?.timestamp ?? 0),
  ])
  expect(places).toEqual([
    [2, 320],
    [1, 160],
  ])
  expect(line.relay('far', at(65_533, -160 >>> 0), 42)).toBeUndefined()
})

test('a sender that starts over is a new source', () => {
  const line = new OutgoingLine()
  const first = line.relay('far', at(100, 1000), 0)
  const jumped = line.relay('far', at(40_000, 5_000_000), 20)
  expect(sequenceDistance(first?.sequence ?? 0, jumped?.sequence ?? 0)).toBe(1)
  expect(jumped?.marker).toBe(true)
})

test('all packets of an event bear its first timestamp, and what follows goes on from there by time', () => {
  const line = new OutgoingLine()
  const before = line.frame(0)
  const start = line.eventStart(20)
  const more = line.eventGoesOn()
  const after = line.frame(240)
  expect(timestampDistance(before.timestamp, start.timestamp)).toBe(160)
  expect(more).toEqual({ sequence: (start.sequence + 1) & 0xffff, timestamp: start.timestamp, marker: false })
  expect(timestampDistance(start.timestamp, after.timestamp)).toBe(220 * 8)
})

test('whatever sources do, the line never goes far back', () => {
  const step = fc.record({ source: fc.constantFrom('a', 'b', 'own'), sequence: fc.nat(65_535), timestamp: fc.nat() })
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const line = new OutgoingLine()
      let highest: number | undefined
      for (const [now, { source, sequence, timestamp }] of steps.entries()) {
        const place = source === 'own' ? line.frame(now * 20) : line.relay(source, at(sequence, timestamp), now * 20)
        if (!place) continue
        const distance = highest === undefined ? 1 : sequenceDistance(highest, place.sequence)
        expect(distance).toBeGreaterThanOrEqual(-100)
        expect(distance).toBeLessThanOrEqual(3000)
        if (highest === undefined || distance > 0) highest = place.sequence
      }
    }),
  )
})

test('losses are counted across the circle of sequence numbers, and late packets mend them', () => {
  const line = new IncomingLine()
  const comes = (sequence: number, now: number) => {
    line.count({ payloadType: 8, marker: false, sequence, timestamp: now * 8, ssrc: 1, start: 12, end: 172 }, now)
  }
  comes(65_534, 0)
  comes(65_535, 20)
  comes(2, 80)
  expect([line.received, line.lost]).toEqual([3, 2])
  comes(1, 81)
  expect([line.received, line.lost]).toEqual([4, 1])
})

test('a sender that starts over loses nothing by it', () => {
  const line = new IncomingLine()
  for (const [sequence, ssrc] of [
    [10, 1],
    [11, 1],
    [50_000, 2],
    [50_001, 2],
    [9, 2],
  ] as const)
    line.count({ payloadType: 8, marker: false, sequence, timestamp: 0, ssrc, start: 12, end: 172 }, 0)
  expect([line.received, line.lost]).toEqual([5, 0])
})

test('jitter is in milliseconds, and nothing where packets come evenly', () => {
  const even = new IncomingLine()
  const uneven = new IncomingLine()
  for (let packet = 0; packet < 400; packet++) {
    const header = {
      payloadType: 8,
      marker: false,
      sequence: packet,
      timestamp: packet * 160,
      ssrc: 1,
      start: 12,
      end: 172,
    }
    even.count(header, packet * 20)
    uneven.count(header, packet * 20 + (packet % 2) * 10)
  }
  expect(even.jitter).toBe(0)
  expect(uneven.jitter).toBeCloseTo(10, 3)
})
