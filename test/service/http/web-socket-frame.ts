/** One frame of a WebSocket (RFC 6455 section 5.2); from a client it is masked. */
export function frame(payload: string | Buffer, { isMasked = false, isLast = true, opcode = 1 } = {}): Buffer {
  const bytes = Buffer.from(payload)
  const length =
    bytes.length < 126
      ? Buffer.from([bytes.length])
      : bytes.length < 65_536
        ? Buffer.from([126, bytes.length >> 8, bytes.length & 0xff])
        : Buffer.concat([
            Buffer.from([127, 0, 0, 0, 0]),
            Buffer.from([24, 16, 8, 0].map((bits) => (bytes.length >> bits) & 0xff)),
          ])
  const key = [0x12, 0x34, 0x56, 0x78]
  if (!isMasked) return Buffer.concat([Buffer.from([(isLast ? 0x80 : 0) | opcode]), length, bytes])
  length[0] = (length[0] ?? 0) | 0x80
  const masked = bytes.map((byte, at) => byte ^ (key[at & 3] ?? 0))
  return Buffer.concat([Buffer.from([(isLast ? 0x80 : 0) | opcode]), length, Buffer.from(key), masked])
}
