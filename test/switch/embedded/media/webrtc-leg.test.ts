import { afterEach, expect, test } from 'vitest'
import type { Codec } from '../../../../src/switch/embedded/media/g711.ts'
import type { Media, MediaLeg } from '../../../../src/switch/embedded/media/media.ts'
import { loadNodeDataChannel } from '../../../../src/switch/embedded/media/node-datachannel-peer.ts'
import { openMedia } from '../../../../src/switch/embedded/media/open-media.ts'
import type { PeerLibrary } from '../../../../src/switch/embedded/media/peer-connection.ts'
import { loadPeerLibrary } from '../../../../src/switch/embedded/media/load-peer-library.ts'
import { loadWerift } from '../../../../src/switch/embedded/media/werift-peer.ts'
import { FarBrowser, FarPhone, read } from './far-ends.ts'
import { HandClock, heardIn, soundIn, toneSound, until } from './listening.ts'
import { Told } from './told.ts'

const libraries: [string, () => PeerLibrary][] = [
  ['node-datachannel', loadNodeDataChannel],
  ['werift', loadWerift],
]
const tones = [300, 440, 700, 1000, 1600]
const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

for (const [name, load] of libraries) {
  test(`${name}: a browser that calls is answered, hears what is played, and its digits are told`, async () => {
    const { clock, call } = scene(load())
    const { leg, browser, told } = await call()
    let ended = 0
    leg.play(await toneSound(440, 0.5), () => ended++)
    clock.advance(520)
    const heard = await browser.hears(25)
    expect(heardIn(soundIn(heard.slice(-24), 'PCMA'), tones)).toBe(440)
    expect(ended).toBe(1)
    browser.press(7)
    await until(() => told.words.length > 0)
    expect(told.words).toEqual(['digit 7'])
    leg.sendDigit('*')
    clock.advance(20)
    await until(() => browser.heard.at(-1)?.payloadType === 126)
    expect(browser.heard.at(-1)?.payload[0]).toBe(10)
  })

  test(`${name}: our offer has no candidates, its answer's are used, and browsers bridged hear each other`, async () => {
    const { call, ring } = scene(load())
    const [a, b] = [await call('PCMA'), await ring('PCMU')]
    a.leg.bridge(b.leg)
    a.browser.heard.splice(0)
    for (let frame = 0; frame < 30; frame++) {
      a.browser.say(440)
      b.browser.say(1000)
    }
    expect(heardIn(soundIn((await b.browser.hears(30)).slice(-30), 'PCMU'), tones)).toBe(440)
    expect(heardIn(soundIn((await a.browser.hears(30)).slice(-30), 'PCMA'), tones)).toBe(1000)
    expect(b.leg.statistics).toMatchObject({ packetsReceived: 30, packetsLost: 0 })
  })

  test(`${name}: a browser and a phone hear each other`, async () => {
    const { media, call } = scene(load())
    const { leg, browser } = await call()
    const phoneLeg = media.openRtpLeg(new Told(), { address: '127.0.0.1' })
    const phone = await FarPhone.open('PCMU')
    closing.push(() => {
      phone.close()
    })
    phone.learn(await answered(phoneLeg, phone.describe()))
    phoneLeg.bridge(leg)
    for (let frame = 0; frame < 30; frame++) {
      phone.say(700)
      browser.say(300)
    }
    expect(heardIn(soundIn(await browser.hears(30), 'PCMA'), tones)).toBe(700)
    expect(heardIn(soundIn(await phone.hears(30), 'PCMU'), tones)).toBe(300)
  })

  test(`${name}: a browser that hides its addresses is reached once it has ours, by a second offer`, async () => {
    const { clock, media } = scene(load())
    const leg = media.openWebRtcLeg(new Told())
    const browser = new FarBrowser(load())
    closing.push(() => {
      browser.close()
    })
    const offer = await leg.offer()
    expect(offer).not.toContain('a=candidate')
    const answer = await browser.answer(offer, 'hidden')
    expect(await leg.accept(answer)).toMatchObject({ ok: true })
    expect(leg.needsReoffer).toBe(true)
    const again = await leg.reoffer()
    expect(again).toMatch(/o=- \d+ 2 /)
    expect(read(again).audio.ice?.candidates).not.toEqual([])
    browser.acceptCandidates(again)
    expect(await leg.accept(answer)).toMatchObject({ ok: true })
    expect(leg.needsReoffer).toBe(false)
    await until(
      () => browser.heard.length > 0,
      () => {
        clock.advance(20)
      },
    )
  })

  test(`${name}: hold changes only the direction and the version; resume brings the sound back`, async () => {
    const { clock, call } = scene(load())
    const { leg, browser, answer } = await call()
    leg.music([await toneSound(300, 1)])
    const held = await answered(leg, browser.describe('sendonly'))
    expect(leg.heldByFarSide).toBe(true)
    const changed = held.split('\r\n').filter((line, at) => line !== answer.split('\r\n')[at])
    expect(changed).toEqual([expect.stringMatching(/^o=- \d+ 2 IN IP4/) as string, 'a=recvonly'])
    const before = browser.heard.length
    clock.advance(1000)
    await answered(leg, browser.describe('sendrecv'))
    clock.advance(100)
    await browser.hears(before + 5)
    expect(browser.heard).toHaveLength(before + 5)
    expect(heardIn(soundIn(browser.heard.slice(before), 'PCMA'), tones)).toBe(300)
  })

  test(`${name}: an ICE restart is answered with a new connection, and bridge and place in the music stay`, async () => {
    const { clock, call } = scene(load())
    const [a, b] = [await call(), await call()]
    a.leg.bridge(b.leg)
    const offer = await a.browser.restartIce()
    const answer = await answered(a.leg, offer)
    expect(read(answer).audio.ice?.ufrag).not.toBe(read(a.answer).audio.ice?.ufrag)
    a.browser.accept(answer)
    const before = a.browser.heard.length
    await until(
      () => a.browser.heard.length > before,
      () => {
        clock.advance(20)
      },
    )
    expect(a.leg.bridgedTo).toBe(b.leg)
    const soFar = b.browser.heard.length
    for (let frame = 0; frame < 30; frame++) a.browser.say(1000)
    expect(heardIn(soundIn((await b.browser.hears(soFar + 30)).slice(-30), 'PCMA'), tones)).toBe(1000)
    expect([a.told.words, b.told.words]).toEqual([[], []])
  })

  test(`${name}: an offer that cannot be answered leaves the running call as it is`, async () => {
    const { clock, call } = scene(load())
    const { leg, browser } = await call()
    const offer = browser.describe('sendrecv')
    expect(await leg.answer(offer.replace('UDP/TLS/RTP/SAVPF', 'RTP/AVP'))).toMatchObject({ ok: false })
    expect(await leg.answer(offer.replace(/a=fingerprint.*\r\n/, ''))).toMatchObject({ ok: false })
    expect(await leg.answer(offer.replace('a=rtcp-mux\r\n', ''))).toMatchObject({ ok: false })
    const before = browser.heard.length
    clock.advance(100)
    await browser.hears(before + 5)
  })

  test(`${name}: a far side that is never reached is lost to ICE, one that has gone to silence or DTLS, once`, async () => {
    const { clock, media, call } = scene(load())
    const told = new Told()
    const leg = media.openWebRtcLeg(told)
    const browser = new FarBrowser(load())
    closing.push(() => {
      browser.close()
    })
    const offer = await browser.offer()
    expect(await leg.answer(offer)).toMatchObject({ ok: true })
    clock.advance(60_000)
    expect(told.words).toEqual(['lost ice'])

    const gone = await call()
    gone.leg.silenceLimit(8000)
    gone.browser.close()
    await until(
      () => gone.told.words.length > 0,
      () => {
        clock.advance(20)
      },
    )
    clock.advance(60_000)
    expect(gone.told.words).toHaveLength(1)
  })

  test(`${name}: an offer that rings for minutes is not lost before it is answered`, async () => {
    const { clock, media } = scene(load())
    const told = new Told()
    const leg = media.openWebRtcLeg(told)
    await leg.offer()
    clock.advance(300_000)
    expect(told.words).toEqual([])
    expect(await leg.answer('v=0')).toMatchObject({ ok: false })
  })
}

test('the environment chooses the library', () => {
  expect(loadPeerLibrary({ GRUPPNUMMER_WEBRTC: 'werift' }).name).toBe('werift')
  expect(loadPeerLibrary({}).name).toBe('node-datachannel')
})

interface Call {
  readonly leg: MediaLeg
  readonly browser: FarBrowser
  readonly told: Told
  /** The switch's answer, or the browser's. */
  readonly answer: string
}

interface Scene {
  readonly clock: HandClock
  readonly media: Media
  /** A browser that calls and is connected, and has heard nothing yet that `heard` holds. */
  readonly call: (codec?: Codec) => Promise<Call>
  /** A browser that is called. */
  readonly ring: (codec?: Codec) => Promise<Call>
}

function scene(library: PeerLibrary): Scene {
  const clock = new HandClock()
  const media = openMedia({ clock, library })
  closing.push(() => {
    media.close()
  })

  function open(codec: Codec | undefined) {
    const told = new Told()
    const leg = media.openWebRtcLeg(told)
    // The hand drives the clock faster than the far ends connect.
    leg.silenceLimit(Infinity)
    const browser = new FarBrowser(library, codec)
    closing.push(() => {
      browser.close()
    })
    return { told, leg, browser }
  }

  /** Both ends know that they are connected once a frame has come through. */
  async function connected(browser: FarBrowser): Promise<void> {
    await until(
      () => browser.heard.length > 0 && browser.state === 'connected',
      () => {
        clock.advance(20)
      },
    )
    await new Promise((resolve) => setTimeout(resolve, 20))
    browser.heard.splice(0)
  }

  return {
    clock,
    media,
    async call(codec) {
      const { told, leg, browser } = open(codec)
      const answer = await answered(leg, await browser.offer())
      browser.accept(answer)
      await connected(browser)
      return { told, leg, browser, answer }
    },
    async ring(codec) {
      const { told, leg, browser } = open(codec)
      const answer = await browser.answer(await leg.offer())
      const accepted = await leg.accept(answer)
      if (!accepted.ok) throw new Error(accepted.problem)
      expect(leg.needsReoffer).toBe(false)
      await connected(browser)
      return { told, leg, browser, answer }
    },
  }
}

async function answered(leg: MediaLeg, offer: string): Promise<string> {
  const answer = await leg.answer(offer)
  if (!answer.ok) throw new Error(answer.problem)
  return answer.value
}
