import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { effectScope } from 'vue'
import { createListening } from '../../../src/renderer/shared/listening.ts'

/** The sounds that were made, each a small player whose time the test moves. */
let sounds: Player[] = []

class Player extends EventTarget {
  plays = false
  currentTime = 0
  source: string
  constructor(source: string) {
    super()
    this.source = source
    sounds.push(this)
  }
  play() {
    this.plays = true
    return this.source === 'missing.wav' ? Promise.reject(new Error('not found')) : Promise.resolve()
  }
  pause() {
    this.plays = false
  }
  /** Its clock moves to `seconds`. */
  reach(seconds: number) {
    this.currentTime = seconds
    this.dispatchEvent(new Event('timeupdate'))
  }
  end() {
    this.plays = false
    this.dispatchEvent(new Event('ended'))
  }
}

beforeEach(() => {
  sounds = []
  vi.stubGlobal('Audio', Player)
})
afterEach(() => {
  vi.unstubAllGlobals()
})

const heard = () => sounds.filter(({ plays }) => plays).map(({ source }) => source)
const listening = () => effectScope().run(createListening)!

test('[A35] a sound that begins stops the one that plays', () => {
  const ear = listening()
  ear.toggle('one.wav')
  ear.toggle('two.wav')
  expect(heard()).toEqual(['two.wav'])
  expect(ear.playing.value).toBe('two.wav')
  ear.toggle('two.wav')
  expect(heard()).toEqual([])
})

test('what follows a sound follows its end, the part that is wanted, or its failure, and no stop', async () => {
  const ear = listening()
  const followed: string[] = []
  const then = (name: string) => ({ then: () => followed.push(name) })
  ear.play('one.wav', then('end'))
  sounds[0]?.end()
  ear.play('two.wav', { atMost: 6, ...then('part') })
  sounds[1]?.reach(5.9)
  expect(followed).toEqual(['end'])
  sounds[1]?.reach(6)
  ear.play('missing.wav', then('failure'))
  await Promise.resolve().then(() => undefined)
  expect(ear.failed.value).toBe('missing.wav')
  ear.play('three.wav', then('stopped'))
  ear.stop()
  sounds[3]?.end()
  ear.play('four.wav', then('replaced'))
  ear.play('five.wav')
  sounds[4]?.end()
  expect(followed).toEqual(['end', 'part', 'failure'])
  expect(heard()).toEqual(['five.wav'])
})
