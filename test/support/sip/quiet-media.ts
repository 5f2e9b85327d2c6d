import { failed, ok } from '../../../src/core/result.ts'
import type { LegListener, Media, MediaLeg, Recorded, Sound } from '../../../src/switch/embedded/media/media.ts'

/** Media without sound: legs that agree on any SDP and remember what they were told. */
export interface QuietMedia extends Media {
  /** In order of opening, closed ones too. */
  readonly opened: readonly QuietLeg[]
}

export interface QuietLeg extends MediaLeg {
  readonly kind: 'webrtc' | 'rtp'
  readonly closed: boolean
  readonly playing: Sound | undefined
  readonly musicSounds: readonly Sound[]
  readonly recording: boolean
  /** The caller has said so much, and then nothing more; 0: nothing at all. */
  recorded(seconds: number): void
  readonly hearing: readonly MediaLeg[]
  /** The sound has been played out. */
  playsOut(): void
  /** An RFC 4733 event from the far side. */
  presses(digit: string): void
  loses(): void
  /** Where the far side named no address that we can reach. */
  wantsReoffer: boolean
}

/** Any sound loads but one whose path contains `broken`. */
export function quietMedia(): QuietMedia {
  const opened: QuietLeg[] = []
  const open = (kind: QuietLeg['kind'], listener: LegListener) => {
    const leg = quietLeg(kind, listener)
    opened.push(leg)
    return leg
  }
  return {
    opened,
    openWebRtcLeg: (listener) => open('webrtc', listener),
    openRtpLeg: (listener) => open('rtp', listener),
    loadSound: (path) => Promise.resolve(path.includes('broken') ? failed('broken') : ok({ seconds: 3 })),
    soundOf: (samples) => Promise.resolve({ seconds: samples.length / 8000 }),
    get legs() {
      return opened.filter(({ closed }) => !closed).length
    },
    close: () => undefined,
  }
}

/** Both ways. */
const bridges = new WeakMap<MediaLeg, QuietLeg>()

function quietLeg(kind: QuietLeg['kind'], listener: LegListener): QuietLeg {
  let held = false
  let version = 0
  let playing: { readonly sound: Sound; readonly ended: () => void } | undefined
  let musicSounds: readonly Sound[] = []
  let closed = false
  let recording: ((recorded: Recorded) => void) | undefined
  let hearing: readonly MediaLeg[] = []
  const endRecording = (seconds: number) => {
    const ended = recording
    recording = undefined
    ended?.({ seconds, wav: Buffer.from('said') })
  }

  const sdp = () => {
    version += 1
    return sdpOf({ version })
  }
  const take = (theirs: string) => {
    held = /^a=(sendonly|inactive)/m.test(theirs)
    return theirs.includes('m=audio')
  }
  const leg: QuietLeg = {
    kind,
    wantsReoffer: false,
    get closed() {
      return closed
    },
    get playing() {
      return playing?.sound
    },
    get musicSounds() {
      return musicSounds
    },
    offer: () => Promise.resolve(sdp()),
    accept: (answer) => Promise.resolve(take(answer) ? ok(undefined) : failed('no audio')),
    answer: (offer) => Promise.resolve(take(offer) ? ok(sdp()) : failed('no audio')),
    reoffer: () => {
      leg.wantsReoffer = false
      return Promise.resolve(sdp())
    },
    get needsReoffer() {
      return leg.wantsReoffer
    },
    get heldByFarSide() {
      return held
    },
    get recording() {
      return recording !== undefined
    },
    recorded: endRecording,
    record(_, ended) {
      recording = ended
    },
    stopRecording() {
      endRecording(2)
    },
    get hearing() {
      return hearing
    },
    hear(others) {
      hearing = others
    },
    play(sound, ended) {
      endRecording(2)
      playing = { sound, ended }
    },
    stopPlaying() {
      endRecording(2)
      playing = undefined
    },
    music(sounds) {
      musicSounds = sounds
    },
    stopMusic() {
      musicSounds = []
    },
    bridge(other) {
      endRecording(2)
      playing = undefined
      leg.unbridge()
      other.unbridge()
      bridges.set(leg, other as QuietLeg).set(other, leg)
    },
    echo() {
      leg.unbridge()
      bridges.set(leg, leg)
    },
    unbridge() {
      const other = bridges.get(leg)
      bridges.delete(leg)
      if (other) bridges.delete(other)
    },
    get bridgedTo() {
      return bridges.get(leg)
    },
    sendDigit: () => undefined,
    silenceLimit: () => undefined,
    statistics: { packetsReceived: 0, packetsSent: 0, packetsLost: 0, jitter: 0 },
    close() {
      closed = true
      endRecording(2)
      leg.unbridge()
    },
    playsOut() {
      const last = playing
      playing = undefined
      last?.ended()
    },
    presses: (digit) => {
      listener.digit(digit)
    },
    loses: () => {
      listener.lost('silence')
    },
  }
  return leg
}

/** G.711 with telephone-event, at `port` of loopback. */
export function sdpOf({ port = 40_000, direction = 'sendrecv', version = 1 } = {}): string {
  return [
    'v=0',
    `o=- 1 ${version} IN IP4 127.0.0.1`,
    's=-',
    'c=IN IP4 127.0.0.1',
    't=0 0',
    `m=audio ${port} RTP/AVP 8 101`,
    'a=rtpmap:8 PCMA/8000',
    'a=rtpmap:101 telephone-event/8000',
    `a=${direction}`,
    '',
  ].join('\r\n')
}
