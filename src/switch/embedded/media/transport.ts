import type { Result } from '../../../core/result.ts'
import type { FarAudio, TransportLines } from './sdp.ts'

/** How a leg's RTP comes and goes. */
export interface Transport {
  /** Opened if it is not. `again`: in a running session. */
  offer(again: boolean): Promise<Result<TransportLines, string>>
  answer(far: FarAudio): Promise<Result<TransportLines, string>>
  /** The far side's answer to `offer`. */
  accept(far: FarAudio): Result<void, string>
  /** Packets can go out. */
  readonly ready: boolean
  /** The far side has given no address that we can reach; it must learn ours. */
  readonly needsReoffer: boolean
  /** `packet` is not used again by the caller. */
  send(packet: Buffer): void
  /** Why it is dead, if it is by `now`, monotonic milliseconds. */
  death(now: number): 'ice' | 'dtls' | undefined
  close(): void
}

/** What a transport says to its leg. */
export type PacketListener = (packet: Buffer) => void
