import { randomInt } from 'node:crypto'
import type { Result } from '../../../core/result.ts'
import { done, failed, ok } from '../../../core/result.ts'
import { DigitReader, DigitSender } from './digits.ts'
import type { Codec } from './g711.ts'
import { codecs, encode, transcode } from './g711.ts'
import { IncomingLine } from './incoming-line.ts'
import { isLoadedSound } from './loaded-sound.ts'
import type { LegListener, LegStatistics, MediaLeg, Recorded, Sound } from './media.ts'
import { mix } from './mix.ts'
import type { Place } from './outgoing-line.ts'
import { OutgoingLine } from './outgoing-line.ts'
import { Player } from './player.ts'
import { ReceivedSound } from './received-sound.ts'
import { beep, Recorder } from './recorder.ts'
import type { RtpHeader } from './rtp.ts'
import { headerLength, readRtp, writeRtpHeader } from './rtp.ts'
import type { Direction, FarAudio, FarDescription, FarSection, OurAudio, TransportLines } from './sdp.ts'
import { answering, readSdp, writeSdp } from './sdp.ts'
import type { PacketListener, Transport } from './transport.ts'

export interface LegOptions {
  readonly listener: LegListener
  readonly address: string
  /** A browser's m-line has a mid and is bundled. */
  readonly bundled: boolean
  /** Monotonic milliseconds. */
  readonly now: () => number
  readonly transport: (ssrc: number, packet: PacketListener) => Transport
  readonly closed: (leg: Leg) => void
}

/** What the two sides have agreed on. */
interface Session {
  readonly sections: readonly FarSection[]
  readonly audioAt: number
  readonly mid: string | undefined
  readonly bundled: boolean
  /** What we send, and under which payload types the far side wants it. */
  readonly codec: Codec
  readonly payloadType: number
  readonly digits: number | undefined
  readonly farDirection: Direction
}

interface Recording {
  /** Begun after the beep. */
  recorder: Recorder | undefined
  readonly ended: (recorded: Recorded) => void
}

const payloadTypeOf: Record<Codec, number> = { PCMA: 8, PCMU: 0 }
const offeredDigits = 101
const silencePreset = 8000
/** A bridged leg hears our silence when nothing has come from the other for so long. */
const relayPause = 200

/** One leg, whatever its transport. */
export class Leg implements MediaLeg {
  readonly #options: LegOptions
  readonly #transport: Transport
  readonly #outgoing = new OutgoingLine()
  readonly #incoming = new IncomingLine()
  readonly #player = new Player()
  readonly #digitReader = new DigitReader()
  readonly #digitSender = new DigitSender()
  readonly #received = new ReceivedSound()
  #recording: Recording | undefined
  /** Heard mixed, in place of the bridge. */
  #others: readonly Leg[] = []
  readonly #session = { id: randomInt(1, 2 ** 47), version: 0 }
  #agreed: Session | undefined
  /** Which packets are sound in which codec, and which are digits, by payload type. */
  #incomingTypes = new Map<number, Codec | 'digits'>()
  #offering = false
  #bridged: Leg | undefined
  #relayedAt = -Infinity
  #sent = 0
  #silenceLimit = silencePreset
  /** The last packet, or since when one is awaited; undefined while none is. */
  #heardAt: number | undefined
  #lost = false
  #closed = false

  constructor(options: LegOptions) {
    this.#options = options
    this.#transport = options.transport(this.#outgoing.ssrc, (packet) => {
      this.#receive(packet)
    })
  }

  async offer(): Promise<string> {
    return this.#offer(false)
  }

  async reoffer(): Promise<string> {
    return this.#offer(true)
  }

  async #offer(again: boolean): Promise<string> {
    if (this.#closed) throw new Error('the leg is closed')
    const lines = await this.#transport.offer(again)
    if (!lines.ok) throw new Error(lines.problem)
    this.#offering = true
    const agreed = this.#agreed
    const offered = agreed
      ? [{ codec: agreed.codec, payloadType: agreed.payloadType }]
      : codecs.map((codec) => ({ codec, payloadType: payloadTypeOf[codec] }))
    const digits = agreed ? agreed.digits : offeredDigits
    this.#listenFor(offered, digits)
    return this.#describe(lines.value, {
      mid: agreed ? agreed.mid : this.#options.bundled ? '0' : undefined,
      bundled: agreed ? agreed.bundled : this.#options.bundled,
      codecs: offered,
      digits,
      direction: 'sendrecv',
    })
  }

  async accept(answerSdp: string, when?: 'early'): Promise<Result<void, string>> {
    if (this.#closed) return failed('the leg is closed')
    if (!this.#offering) return failed('no offer of ours waits for an answer')
    const far = readSdp(answerSdp)
    if (!far.ok) return far
    const agreed = agree(far.value)
    if (!agreed) return failed('neither PCMA nor PCMU is left')
    const accepted = this.#transport.accept(far.value.audio)
    if (!accepted.ok) return accepted
    this.#offering = when === 'early'
    this.#take(agreed, far.value.audio)
    return Promise.resolve(done)
  }

  async answer(offerSdp: string): Promise<Result<string, string>> {
    if (this.#closed) return failed('the leg is closed')
    if (this.#offering && !this.#agreed) return failed('an offer of ours waits for an answer')
    const far = readSdp(offerSdp)
    if (!far.ok) return far
    const agreed = agree(far.value)
    if (!agreed) return failed('neither PCMA nor PCMU is offered')
    const lines = await this.#transport.answer(far.value.audio)
    if (!lines.ok) return lines
    if (this.#isClosed()) return failed('the leg is closed')
    // A new offer of ours that nobody answered (a glare, RFC 3261 section 14.1) is given up.
    this.#offering = false
    this.#take(agreed, far.value.audio)
    return ok(
      this.#describe(lines.value, {
        mid: agreed.mid,
        bundled: agreed.bundled,
        codecs: [{ codec: agreed.codec, payloadType: agreed.payloadType }],
        digits: agreed.digits,
        direction: answering[agreed.farDirection],
      }),
    )
  }

  get needsReoffer(): boolean {
    return this.#transport.needsReoffer
  }

  get heldByFarSide(): boolean {
    const direction = this.#agreed?.farDirection
    return direction === 'sendonly' || direction === 'inactive'
  }

  play(sound: Sound, ended: () => void): void {
    if (this.#closed) return
    if (!isLoadedSound(sound)) throw new TypeError('a sound that was not loaded here')
    this.stopRecording()
    this.#player.play(sound, ended)
  }

  stopPlaying(): void {
    this.stopRecording()
    this.#player.stop()
  }

  record(maxSeconds: number, ended: (recorded: Recorded) => void): void {
    if (this.#closed) return
    this.stopRecording()
    const recording: Recording = { recorder: undefined, ended }
    this.#recording = recording
    this.#player.play(beep, () => {
      recording.recorder = new Recorder(maxSeconds)
    })
  }

  stopRecording(): void {
    const recording = this.#recording
    if (!recording) return
    this.#recording = undefined
    // The beep, if it is still heard.
    if (!recording.recorder) this.#player.stop()
    recording.ended((recording.recorder ?? new Recorder(0)).finish())
  }

  hear(others: readonly MediaLeg[]): void {
    const heard = others.map((other) => {
      if (!(other instanceof Leg)) throw new TypeError('a leg that was not opened here')
      if (other === this) throw new RangeError('a leg cannot hear itself')
      return other
    })
    if (heard.length === this.#others.length && heard.every((other, at) => other === this.#others[at])) return
    this.#others = heard
    this.#outgoing.breakOff()
  }

  music(sounds: readonly Sound[]): void {
    this.#player.music(
      sounds.map((sound) => {
        if (!isLoadedSound(sound)) throw new TypeError('a sound that was not loaded here')
        return sound
      }),
    )
  }

  stopMusic(): void {
    this.#player.stopMusic()
  }

  bridge(other: MediaLeg): void {
    if (!(other instanceof Leg)) throw new TypeError('a leg that was not opened here')
    if (other === this) throw new RangeError('a leg cannot be bridged to itself')
    if (this.#closed || other.#closed) return
    this.stopPlaying()
    other.stopPlaying()
    if (this.#bridged === other) return
    this.unbridge()
    other.unbridge()
    this.#join(other)
    other.#join(this)
  }

  echo(): void {
    if (this.#closed || this.#bridged === this) return
    this.stopPlaying()
    this.unbridge()
    this.#join(this)
  }

  unbridge(): void {
    const other = this.#bridged
    this.#bridged = undefined
    if (other) other.#bridged = undefined
  }

  get bridgedTo(): MediaLeg | undefined {
    return this.#bridged
  }

  sendDigit(digit: string): void {
    if (this.#closed || this.#agreed?.digits === undefined) return
    this.#digitSender.add(digit)
  }

  silenceLimit(millis: number): void {
    this.#silenceLimit = millis
  }

  get statistics(): LegStatistics {
    return {
      packetsReceived: this.#incoming.received,
      packetsSent: this.#sent,
      packetsLost: this.#incoming.lost,
      jitter: this.#incoming.jitter,
    }
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.unbridge()
    this.#others = []
    this.stopPlaying()
    this.#player.stopMusic()
    this.#transport.close()
    this.#options.closed(this)
  }

  /** The next 20 ms, at `now`; `afterGap` where some before them were given up. */
  frame(now: number, afterGap: boolean): void {
    if (this.#closed) return
    this.#watch(now)
    this.#keepRecording(now)
    const agreed = this.#agreed
    if (!agreed || !this.#transport.ready) {
      this.#outgoing.breakOff()
      return
    }
    if (afterGap || !mayHear(agreed.farDirection)) this.#outgoing.breakOff()
    if (this.#sendDigits(agreed, now)) return
    const sound = this.#sound(agreed.codec, now)
    // A sound's `ended` may have closed the leg.
    if (!sound || this.#isClosed()) return
    if (mayHear(agreed.farDirection)) this.#send(agreed.payloadType, this.#outgoing.frame(now), sound)
  }

  #sound(codec: Codec, now: number): Buffer | undefined {
    const isRelaying = () => this.#bridged !== undefined && now - this.#relayedAt < relayPause
    const played = this.#player.nextPlayed(codec)
    if (played) return played
    if (this.#recording) return this.#player.silence(codec)
    if (this.#others.length > 0) return this.#mixed(codec, now)
    if (isRelaying()) return undefined
    return this.#bridged ? this.#player.silence(codec) : this.#player.nextUnderneath(codec)
  }

  #mixed(codec: Codec, now: number): Buffer {
    const sum = mix(this.#others.map((other) => (other.#closed ? undefined : other.#received.frame(now))))
    return sum ? encode(codec, sum) : this.#player.silence(codec)
  }

  #keepRecording(now: number): void {
    const recorder = this.#recording?.recorder
    if (recorder && !recorder.take(this.#received.frame(now))) this.stopRecording()
  }

  #sendDigits(agreed: Session, now: number): boolean {
    const frame = this.#digitSender.next()
    if (!frame) return false
    if (frame.kind === 'rest' || agreed.digits === undefined || !mayHear(agreed.farDirection)) return true
    const place = frame.starts ? this.#outgoing.eventStart(now) : this.#outgoing.eventGoesOn()
    this.#send(agreed.digits, place, frame.payload)
    return true
  }

  #receive(packet: Buffer): void {
    if (this.#closed) return
    const header = readRtp(packet)
    if (!header) return
    const kind = this.#incomingTypes.get(header.payloadType)
    const now = this.#options.now()
    this.#heardAt = now
    // Comfort noise and what else was not agreed on is a sign of life, and no more.
    this.#incoming.count(header, now)
    if (kind === undefined) return
    if (kind === 'digits') {
      const digit = this.#digitReader.read(header, packet)
      if (digit !== undefined) this.#options.listener.digit(digit)
    } else this.#received.push(kind, packet.subarray(header.start, header.end), now)
    const other = this.#bridged
    if (other) other.#relay(header, kind, packet, now)
  }

  /** Sends on what the bridged leg has received. */
  #relay(header: RtpHeader, kind: Codec | 'digits', packet: Buffer, now: number): void {
    const agreed = this.#agreed
    if (!agreed || !this.#transport.ready || !mayHear(agreed.farDirection) || this.#others.length > 0) return
    this.#relayedAt = now
    if (this.#player.playing || this.#digitSender.sending) return
    const payloadType = kind === 'digits' ? agreed.digits : agreed.payloadType
    if (payloadType === undefined) return
    const place = this.#outgoing.relay(header.ssrc, header, now)
    if (!place) return
    const payload = packet.subarray(header.start, header.end)
    if (kind === 'digits' || kind === agreed.codec) this.#send(payloadType, place, payload)
    else this.#send(payloadType, place, payload, kind)
  }

  #send(payloadType: number, place: Place, payload: Buffer, from?: Codec): void {
    const packet = Buffer.allocUnsafe(headerLength + payload.length)
    writeRtpHeader(packet, { payloadType, ...place, ssrc: this.#outgoing.ssrc })
    if (from) transcode(from, payload, packet, headerLength)
    else payload.copy(packet, headerLength)
    this.#transport.send(packet)
    this.#sent++
  }

  #watch(now: number): void {
    if (this.#lost) return
    const death = this.#transport.death(now)
    if (death) {
      this.#tellLost(death)
      return
    }
    // Silence counts from when packets can come: negotiated, connected, and not held.
    if (this.#agreed?.farDirection !== 'sendrecv' || !this.#transport.ready) {
      this.#heardAt = undefined
      return
    }
    this.#heardAt ??= now
    if (now - this.#heardAt >= this.#silenceLimit) this.#tellLost('silence')
  }

  #tellLost(why: 'ice' | 'dtls' | 'silence'): void {
    this.#lost = true
    this.#options.listener.lost(why)
  }

  #join(other: Leg): void {
    this.#bridged = other
    this.#relayedAt = -Infinity
    this.#outgoing.breakOff()
  }

  #take(agreed: Session, far: FarAudio): void {
    this.#agreed = agreed
    this.#listenFor(far.codecs, far.digits)
    this.#heardAt = undefined
  }

  /** Types offered once stay known: packets under way bear them. */
  #listenFor(sounds: FarAudio['codecs'], digits: number | undefined): void {
    for (const { codec, payloadType } of sounds) this.#incomingTypes.set(payloadType, codec)
    if (digits !== undefined) this.#incomingTypes.set(digits, 'digits')
  }

  #describe(transport: TransportLines, audio: Omit<OurAudio, 'kind' | 'transport'>): string {
    this.#session.version++
    const ours: OurAudio = { kind: 'audio', transport, ...audio }
    const sections = this.#agreed?.sections.map((section, at) =>
      at === this.#agreed?.audioAt ? ours : { kind: 'refused' as const, section },
    )
    return writeSdp({ session: { ...this.#session, address: this.#options.address }, sections: sections ?? [ours] })
  }

  /** Asked again after something else has run. */
  #isClosed(): boolean {
    return this.#closed
  }
}

function agree({ sections, audioAt, audio }: FarDescription): Session | undefined {
  const chosen = codecs.map((codec) => audio.codecs.find((one) => one.codec === codec)).find((one) => one !== undefined)
  if (!chosen) return undefined
  return {
    sections,
    audioAt,
    mid: audio.mid,
    bundled: audio.bundled,
    codec: chosen.codec,
    payloadType: chosen.payloadType,
    digits: audio.digits,
    farDirection: audio.direction,
  }
}

/** Whether one with this direction receives. */
function mayHear(direction: Direction): boolean {
  return direction === 'sendrecv' || direction === 'recvonly'
}
