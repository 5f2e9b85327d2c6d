import type { Result } from '../../../core/result.ts'
import type { PortRange } from './rtp-transport.ts'
import type { FarIce, Setup } from './sdp.ts'

/** A library that does ICE, DTLS and SRTP (RFC 8834, RFC 8835) for raw RTP packets. */
export interface PeerLibrary {
  readonly name: string
  open(options: PeerOptions): PeerConnection
}

export interface PeerOptions {
  readonly address: string
  readonly ports: PortRange | undefined
  readonly mid: string
  /** Of what we send. */
  readonly ssrc: number
  /** A packet of RTP or RTCP, deciphered. */
  packet(packet: Buffer): void
  changed(state: PeerState): void
}

export type PeerState = 'connecting' | 'connected' | 'disconnected' | 'iceFailed' | 'dtlsFailed' | 'closed'

/** One association with one far side. Nothing here throws. */
export interface PeerConnection {
  /** Ours, all candidates gathered. */
  offer(): Promise<Result<OurIce, string>>
  /** Ours, all candidates gathered. */
  answer(far: FarIce): Promise<Result<OurIce, string>>
  accept(far: FarIce): Result<void, string>
  addCandidates(candidates: readonly string[]): void
  send(packet: Buffer): void
  /** No callback comes after it. */
  close(): void
}

/** Our side of `FarIce`. */
export interface OurIce {
  readonly ufrag: string
  readonly password: string
  /** As in `a=fingerprint`. */
  readonly fingerprint: string
  readonly setup: Setup
  /** The values of `a=candidate`. */
  readonly candidates: readonly string[]
}

/** The far side as a description that holds nothing but what a library needs, and nothing unread. */
export function farSdp(far: FarIce, mid: string): string {
  const lines = [
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    `a=group:BUNDLE ${mid}`,
    'm=audio 9 UDP/TLS/RTP/SAVPF 8 0',
    'c=IN IP4 0.0.0.0',
    `a=mid:${mid}`,
    'a=sendrecv',
    'a=rtcp-mux',
    'a=rtpmap:8 PCMA/8000',
    'a=rtpmap:0 PCMU/8000',
    `a=ice-ufrag:${far.ufrag}`,
    `a=ice-pwd:${far.password}`,
    `a=fingerprint:${far.fingerprint.algorithm} ${far.fingerprint.value}`,
    `a=setup:${far.setup}`,
    ...far.candidates.map((candidate) => `a=candidate:${candidate}`),
  ]
  return lines.map((line) => `${line}\r\n`).join('')
}

/** What a library's own description says of us; undefined where something is missing. */
export function ourIce(sdp: string): OurIce | undefined {
  const all = (name: string) =>
    [...sdp.matchAll(new RegExp(`^a=${name}:(.*?)\\r?$`, 'gm'))].map(([, value]) => value ?? '')
  const [ufrag] = all('ice-ufrag')
  const [password] = all('ice-pwd')
  const [fingerprint] = all('fingerprint')
  const [setup] = all('setup')
  if (ufrag === undefined || password === undefined || fingerprint === undefined) return undefined
  if (setup !== 'actpass' && setup !== 'active' && setup !== 'passive') return undefined
  return { ufrag, password, fingerprint, setup, candidates: all('candidate') }
}
