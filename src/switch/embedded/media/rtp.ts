/** What of an RTP packet (RFC 3550 section 5.1) matters here; the payload is `packet.subarray(start, end)`. */
export interface RtpHeader {
  readonly payloadType: number
  readonly marker: boolean
  readonly sequence: number
  readonly timestamp: number
  readonly ssrc: number
  readonly start: number
  readonly end: number
}

export const headerLength = 12

/** Reads a header; undefined where it is not RTP version 2, is RTCP (RFC 5761 section 4), or lies about its lengths. */
export function readRtp(packet: Buffer): RtpHeader | undefined {
  if (packet.length < headerLength) return undefined
  const first = packet[0] ?? 0
  const second = packet[1] ?? 0
  if (first >> 6 !== 2 || (second >= 192 && second <= 223)) return undefined

  let start = headerLength + (first & 0x0f) * 4
  if (first & 0x10) {
    if (start + 4 > packet.length) return undefined
    start += 4 + packet.readUInt16BE(start + 2) * 4
  }
  let end = packet.length
  if (first & 0x20) {
    const padding = packet[end - 1] ?? 0
    if (padding === 0) return undefined
    end -= padding
  }
  if (start > end) return undefined
  return {
    payloadType: second & 0x7f,
    marker: second >= 0x80,
    sequence: packet.readUInt16BE(2),
    timestamp: packet.readUInt32BE(4),
    ssrc: packet.readUInt32BE(8),
    start,
    end,
  }
}

/** Writes the twelve bytes of a header without CSRC, extension or padding at the beginning of `packet`. */
export function writeRtpHeader(packet: Buffer, header: Omit<RtpHeader, 'start' | 'end'>): void {
  packet[0] = 0x80
  packet[1] = (header.marker ? 0x80 : 0) | header.payloadType
  packet.writeUInt16BE(header.sequence, 2)
  packet.writeUInt32BE(header.timestamp, 4)
  packet.writeUInt32BE(header.ssrc, 8)
}

/** How far `to` lies after `from` on the 16 bit circle of sequence numbers; negative before it. */
export const sequenceDistance = (from: number, to: number): number => ((to - from) << 16) >> 16

/** How far `to` lies after `from` on the 32 bit circle of timestamps; negative before it. */
export const timestampDistance = (from: number, to: number): number => (to - from) | 0
