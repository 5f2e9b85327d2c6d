import { expect, test } from 'vitest'
import { openAdmission } from '../../../src/switch/asterisk/admission.ts'

function doorOf(perSecond: number) {
  let time = 0
  const reports: string[] = []
  const door = openAdmission({
    perSecond,
    now: () => time,
    turnedAway: (count, why) => reports.push(`${String(count)} ${why}`),
  })
  return {
    reports,
    /** How many of so many, evenly spread over so many milliseconds, come in. */
    admitted(count: number, millis: number, behind = 0) {
      let inside = 0
      for (let caller = 0; caller < count; caller += 1) {
        time += millis / count
        if (door.admits(behind)) inside += 1
      }
      return inside
    },
  }
}

test('[T11] all come in up to the limit, and no more than that past it', () => {
  expect(doorOf(100).admitted(1000, 10_000)).toBe(1000)
  const crowd = doorOf(100).admitted(2000, 10_000)
  expect(crowd).toBeGreaterThanOrEqual(1000)
  expect(crowd).toBeLessThanOrEqual(1051)
})

test('[T11] a burst comes in where it was quiet before, and the next callers once it is quiet again', () => {
  const door = doorOf(100)
  expect(door.admitted(200, 1)).toBe(50)
  expect(door.admitted(10, 1000)).toBe(10)
})

test('[T11] nobody comes in while Asterisk lags behind', () => {
  const door = doorOf(100)
  expect(door.admitted(10, 1000, 301)).toBe(0)
  expect(door.admitted(10, 1000, 20)).toBe(10)
})

test('[T11] whoever is turned away is counted, and told of every ten seconds', () => {
  const door = doorOf(1)
  door.admitted(40, 20_000)
  expect(door.reports).toEqual([
    '1 more than 1 new callers a second',
    expect.stringMatching(/^(9|10|11) more than 1 new callers a second$/),
  ])
})
