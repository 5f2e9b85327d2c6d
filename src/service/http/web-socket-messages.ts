/**
 * Reads along on one direction of a WebSocket (RFC 6455 section 5), without taking part in it.
 *
 * @returns what to do with each piece of the stream: the texts that it completes, or undefined from the first piece on that
 * is no WebSocket without extensions, or holds a message over `limit` bytes.
 */
export function readMessages(limit: number): (piece: Buffer) => readonly string[] | undefined {
  let rest: Buffer = Buffer.alloc(0)
  let message: Buffer[] = []
  let broken = false

  return (piece) => {
    const texts: string[] = []
    rest = rest.length === 0 ? piece : Buffer.concat([rest, piece])
    while (!broken) {
      const frame = frameAt(rest, limit)
      if (frame === 'incomplete') return texts
      broken = frame === 'broken'
      if (frame === 'broken') break
      rest = rest.subarray(frame.size)
      if (frame.isControl) continue
      message.push(frame.payload)
      broken = message.reduce((sum, { length }) => sum + length, 0) > limit
      if (!frame.isLast) continue
      texts.push(Buffer.concat(message).toString('utf8'))
      message = []
    }
    return undefined
  }
}

interface Frame {
  /** Of the frame with its header, bytes. */
  readonly size: number
  readonly payload: Buffer
  readonly isLast: boolean
  readonly isControl: boolean
}

function frameAt(bytes: Buffer, limit: number): Frame | 'incomplete' | 'broken' {
  if (bytes.length < 2) return 'incomplete'
  const [first, second] = [bytes.readUInt8(0), bytes.readUInt8(1)]
  // Bits that an extension would use.
  if ((first & 0x70) !== 0) return 'broken'
  const [short, isMasked] = [second & 0x7f, (second & 0x80) !== 0]
  const wide = short === 126 ? 2 : short === 127 ? 8 : 0
  const header = 2 + wide + (isMasked ? 4 : 0)
  if (bytes.length < header) return 'incomplete'
  const length = wide === 0 ? short : wide === 2 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2))
  if (length > limit) return 'broken'
  const size = header + length
  if (bytes.length < size) return 'incomplete'
  const payload = Buffer.from(bytes.subarray(header, size))
  if (isMasked)
    for (let at = 0; at < length; at++) payload[at] = payload.readUInt8(at) ^ bytes.readUInt8(header - 4 + (at & 3))
  return { size, payload, isLast: (first & 0x80) !== 0, isControl: (first & 0x08) !== 0 }
}
