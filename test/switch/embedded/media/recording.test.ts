import { afterEach, expect, test } from 'vitest'
import type { MediaLeg, Recorded } from '../../../../src/switch/embedded/media/media.ts'
import { openMedia } from '../../../../src/switch/embedded/media/open-media.ts'
import { readWav } from '../../../../src/switch/embedded/media/wav.ts'
import { FarPhone } from './far-ends.ts'
import { HandClock, heardIn, soundIn, toneSound, until } from './listening.ts'

const tones = [300, 440, 700, 1000, 1600]
const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

test('what is said after the beep is recorded, without the silence that ends it', async () => {
  const { clock, call } = scene()
  const { leg, phone, says } = await call()
  leg.music([await toneSound(300, 1)])
  const recorded = records(leg)
  clock.advance(240)
  const heard = await phone.hears(12)
  expect(heardIn(soundIn(heard, 'PCMA'), tones)).toBe(1000)
  await says(440, 50)
  clock.advance(2900)
  expect(recorded).toEqual([])
  clock.advance(400)
  expect(recorded).toHaveLength(1)
  const [{ seconds, wav } = nothing] = recorded
  // A second of speech, its last word not cut short.
  expect(seconds).toBeGreaterThan(0.9)
  expect(seconds).toBeLessThan(1.5)
  const samples = readWav(wav)
  if (!samples.ok) throw new Error(samples.problem)
  expect(samples.value.length / 8000).toBe(seconds)
  expect(heardIn(samples.value.subarray(800, 6400), tones)).toBe(440)
  // Nothing but silence was heard meanwhile, and the music goes on afterwards.
  const hasAll = () => phone.heard.length >= leg.statistics.packetsSent
  await until(hasAll)
  expect(heardIn(soundIn(phone.heard.slice(14, -15), 'PCMA'), tones)).toBe('silence')
  clock.advance(100)
  await until(hasAll)
  expect(heardIn(soundIn(phone.heard.slice(-4), 'PCMA'), tones)).toBe(300)
})

test('a recording that is full ends', async () => {
  const { clock, call } = scene()
  const { leg, says } = await call()
  const recorded = records(leg, 0.5)
  clock.advance(260)
  await says(440, 60)
  expect(recorded.map(({ seconds }) => seconds)).toEqual([0.5])
})

test('who says nothing is given ten seconds, and leaves nothing', async () => {
  const { clock, call } = scene()
  const { leg } = await call()
  const recorded = records(leg)
  clock.advance(240)
  clock.advance(9900)
  expect(recorded).toEqual([])
  clock.advance(200)
  expect(recorded.map(({ seconds }) => seconds)).toEqual([0])
})

test.each<[string, (leg: MediaLeg) => void | Promise<void>]>([
  ['told to', (leg) => leg.stopRecording()],
  ['the call ends', (leg) => leg.close()],
  ['something is played', async (leg) => leg.play(await toneSound(300, 1), () => undefined)],
  ['playing is stopped', (leg) => leg.stopPlaying()],
  ['another recording begins', (leg) => leg.record(5, () => undefined)],
])('a recording ends, once, with what has been said until then, when %s', async (_, ends) => {
  const { clock, call } = scene()
  const { leg, says } = await call()
  const recorded = records(leg)
  clock.advance(260)
  await says(440, 25)
  await ends(leg)
  clock.advance(20_000)
  expect(recorded).toHaveLength(1)
  expect(recorded[0]?.seconds).toBeGreaterThan(0.3)
})

test('a recording that is stopped during its beep is empty, and the beep with it', async () => {
  const { clock, call } = scene()
  const { leg, phone } = await call()
  const recorded = records(leg)
  clock.advance(40)
  leg.stopRecording()
  clock.advance(60)
  const heard = await phone.hears(5)
  expect(recorded.map(({ seconds }) => seconds)).toEqual([0])
  expect(heardIn(soundIn(heard.slice(2), 'PCMA'), tones)).toBe('silence')
})

test('others are heard mixed, each as they speak, in place of the bridge', async () => {
  const { clock, call } = scene()
  const [caller, agent, third] = [await call('PCMU'), await call(), await call()]
  caller.leg.bridge(agent.leg)
  third.leg.hear([caller.leg, agent.leg])
  clock.advance(20)
  for (let at = 0; at < 40; at++) {
    caller.phone.say(440)
    agent.phone.say(1600)
    await bothHave(at + 1, caller.leg, agent.leg)
    clock.advance(20)
  }
  await until(() => third.phone.heard.length >= 41)
  const mixed = soundIn(third.phone.heard.slice(10, 35), 'PCMA')
  // Two tones of the same strength: neither is the whole sound, and together they are.
  expect(heardIn(mixed, [440])).toBe('noise')
  expect(heardIn(without(mixed, 440), [1600])).toBe(1600)
  expect(heardIn(without(mixed, 1600), [440])).toBe(440)
  // The two go on hearing each other alone.
  expect(heardIn(soundIn(caller.phone.heard.slice(-20), 'PCMU'), tones)).toBe(1600)
  expect(heardIn(soundIn(agent.phone.heard.slice(-20), 'PCMA'), tones)).toBe(440)
  // And so does the third, once no others are named.
  third.leg.hear([])
  const before = third.phone.heard.length
  clock.advance(100)
  await until(() => third.phone.heard.length >= before + 5)
  expect(heardIn(soundIn(third.phone.heard.slice(-4), 'PCMA'), tones)).toBe('silence')
})

const nothing: Recorded = { seconds: -1, wav: Buffer.alloc(0) }

function records(leg: MediaLeg, maxSeconds = 60): Recorded[] {
  const recorded: Recorded[] = []
  leg.record(maxSeconds, (one) => recorded.push(one))
  return recorded
}

async function bothHave(count: number, ...legs: readonly MediaLeg[]) {
  await until(() => legs.every((leg) => leg.statistics.packetsReceived >= count))
}

/** Takes one pitch out: what is left of a sine and of its copy half a period later is nothing. */
function without(samples: Int16Array, hertz: number): Int16Array {
  const turn = 2 * Math.cos((2 * Math.PI * hertz) / 8000)
  return Int16Array.from(
    samples.subarray(2),
    (sample, at) => (sample - turn * (samples[at + 1] ?? 0) + (samples[at] ?? 0)) / 4,
  )
}

function scene() {
  const clock = new HandClock()
  const media = openMedia({ clock })
  closing.push(() => {
    media.close()
  })
  return {
    clock,
    call: async (codec: 'PCMA' | 'PCMU' = 'PCMA') => {
      const phone = await FarPhone.open(codec)
      closing.push(() => {
        phone.close()
      })
      const leg = media.openRtpLeg({ digit: () => undefined, lost: () => undefined }, { address: '127.0.0.1' })
      leg.silenceLimit(Infinity)
      const answer = await leg.answer(phone.describe())
      if (!answer.ok) throw new Error(answer.problem)
      phone.learn(answer.value)
      return {
        leg,
        phone,
        /** Speaks for so many packets, each heard before the next 20 ms pass. */
        says: async (hertz: number, packets: number) => {
          for (let at = 0; at < packets; at++) {
            const before = leg.statistics.packetsReceived
            phone.say(hertz)
            await until(() => leg.statistics.packetsReceived > before)
            clock.advance(20)
          }
        },
      }
    },
  }
}
