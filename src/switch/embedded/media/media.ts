import type { Result } from '../../../core/result.ts'

/**
 * Media of the embedded switch: G.711 at 8 kHz, played, bridged and listened to on one 20 ms clock.
 * Signalling (SIP) knows legs only through these types.
 */
export interface Media {
  /** A leg towards a browser: ICE, DTLS-SRTP, RTCP-mux (RFC 8834, RFC 8835). */
  openWebRtcLeg(listener: LegListener): MediaLeg
  /** A leg of plain RTP (RFC 3550), received only from `peer`'s address, latched to its first source port. */
  openRtpLeg(listener: LegListener, peer: { readonly address: string }): MediaLeg
  /** Reads a WAV file (8 kHz, mono, 16 bit) once; the same `sha256` is not read again. */
  loadSound(path: string, sha256: string): Promise<Result<Sound, string>>
  /** Of samples at 8 kHz that are already here. */
  soundOf(samples: Int16Array): Promise<Sound>
  readonly legs: number
  close(): void
}

/** A loaded sound, encoded for both codecs; opaque to signalling. */
export interface Sound {
  readonly seconds: number
}

export interface Recorded {
  /** 0 where nothing was said. */
  readonly seconds: number
  /** A WAV file, 8 kHz, mono, 16 bit; without the silence at its end. */
  readonly wav: Buffer
}

export interface LegListener {
  /** RFC 4733 event, told once at its start: `0`-`9`, `*`, `#`, `A`-`D`. */
  digit(digit: string): void
  /** The leg is dead: ICE or DTLS failed, or no packet for the leg's silence limit. Told once. */
  lost(why: 'ice' | 'dtls' | 'silence'): void
}

/**
 * ```
 *  opened ──offer()──▶ offering ──accept(answer)──▶ flowing ──close()──▶ closed
 *     └────answer(offer)────────────────────────────▶ │
 *                         renegotiate(offer) ◀────────┘ (hold, resume, ICE restart)
 * ```
 */
export interface MediaLeg {
  /** Our SDP offer. Ready at once: candidates of our own only as the library's race allows (see embedded-switch facts). */
  offer(): Promise<string>
  /** Takes the far side's answer to `offer()`; one that is `early` may be followed by another. */
  accept(answerSdp: string, when?: 'early'): Promise<Result<void, string>>
  /** Answers the far side's offer, the first or a later one (hold, resume, ICE restart). */
  answer(offerSdp: string): Promise<Result<string, string>>
  /** A new offer of ours in a running leg, such as for candidates or an RFC 3264 direction. */
  reoffer(): Promise<string>
  /**
   * After `accept`: the far side gave no address that we can reach (a browser without microphone permission), so it
   * must be sent `reoffer()`, which carries ours.
   */
  readonly needsReoffer: boolean
  /** What the far side last offered or answered: `sendonly` and `inactive` mean that it holds us. */
  readonly heldByFarSide: boolean
  /**
   * Records what the far side says after a beep, in silence; `ended` is called once: when it is full, when nothing has been
   * said for 3 s (10 s at first), at `stopRecording`, and when the leg is made to hear something else or closes.
   */
  record(maxSeconds: number, ended: (recorded: Recorded) => void): void
  stopRecording(): void
  /** Hears what it says itself, until bridged. */
  echo(): void
  /** Hears these others, mixed, in place of its bridge, until none is named. */
  hear(others: readonly MediaLeg[]): void
  /** Plays once, over whatever else the leg hears; `ended` is called when it has been played out, not when stopped. */
  play(sound: Sound, ended: () => void): void
  stopPlaying(): void
  /** Heard whenever nothing plays and nobody is bridged; the leg's own place in it is kept and goes on from there. */
  music(sounds: readonly Sound[]): void
  /** Silence instead of music. */
  stopMusic(): void
  /** Sound both ways with the other leg; ends any play; in place of an earlier bridge. */
  bridge(other: MediaLeg): void
  unbridge(): void
  readonly bridgedTo: MediaLeg | undefined
  /** Sends an RFC 4733 event. */
  sendDigit(digit: string): void
  /** How long without a packet until `lost('silence')`; a held leg is never lost to silence. Preset 8,000. */
  silenceLimit(millis: number): void
  readonly statistics: LegStatistics
  close(): void
}

export interface LegStatistics {
  readonly packetsReceived: number
  readonly packetsSent: number
  readonly packetsLost: number
  /** RFC 3550 section 6.4.1, milliseconds. */
  readonly jitter: number
}
