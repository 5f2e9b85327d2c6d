import { failed, ok, type Result } from '../../core/result.ts'

export type ZipProblem =
  /** No zip, or its directory does not hold together. */
  | 'damaged'
  /** More than was allowed, whatever the directory says. */
  | 'tooBig'
  /** Encrypted, of several parts, larger than 4 GB, or packed in a way that no export is. */
  | 'unsupported'
  /** A name that leads out of the archive, or one name twice. */
  | 'hostile'

export interface ZipEntry {
  /** With `/` between folders, never from a root. */
  readonly name: string
  /** Unpacks it, and never more than `most` bytes. */
  read(most: number): Promise<Result<Uint8Array<ArrayBuffer>, ZipProblem>>
}

/** Reads the directory of a zip (PKWARE APPNOTE 6.3.10, sections 4.3 and 4.4); the entries are unpacked when asked for. */
export async function readZip(file: Blob): Promise<Result<ReadonlyMap<string, ZipEntry>, ZipProblem>> {
  const end = await findEnd(file)
  if (end === undefined) return failed('damaged')
  const { count, size, offset } = end
  if (count === 0xffff || size === 0xffffffff || offset === 0xffffffff) return failed('unsupported')
  if (count > mostEntries) return failed('tooBig')
  if (offset + size > end.at) return failed('damaged')

  const directory = await viewOf(file, offset, size)
  const entries = new Map<string, ZipEntry>()
  let at = 0
  for (let index = 0; index < count; index += 1) {
    const listed = readListed(directory, at)
    if (listed === undefined) return failed('damaged')
    at += listed.length
    if (listed.name.endsWith('/')) continue
    if (isHostile(listed.name) || entries.has(listed.name)) return failed('hostile')
    entries.set(listed.name, { name: listed.name, read: (most) => unpack(file, listed, most) })
  }
  return ok(entries)
}

const mostEntries = 20_000
/** A comment of 65,535 bytes behind the 22 of the record. */
const farthestEnd = 65_557
const stored = 0
const deflated = 8

interface Listed {
  readonly name: string
  readonly method: number
  readonly encrypted: boolean
  readonly crc: number
  readonly packed: number
  readonly size: number
  readonly offset: number
  /** Of its record in the directory. */
  readonly length: number
}

/** The end of central directory record (4.3.16), the last one in the file. */
async function findEnd(file: Blob) {
  const from = Math.max(0, file.size - farthestEnd)
  const tail = await viewOf(file, from, file.size - from)
  for (let at = tail.byteLength - 22; at >= 0; at -= 1) {
    if (tail.getUint32(at, true) !== 0x06054b50) continue
    return {
      at: from + at,
      count: tail.getUint16(at + 10, true),
      size: tail.getUint32(at + 12, true),
      offset: tail.getUint32(at + 16, true),
    }
  }
  return undefined
}

/** A central directory header (4.3.12). */
function readListed(view: DataView, at: number): Listed | undefined {
  if (at + 46 > view.byteLength || view.getUint32(at, true) !== 0x02014b50) return undefined
  const nameLength = view.getUint16(at + 28, true)
  const length = 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true)
  if (at + length > view.byteLength) return undefined
  return {
    name: new TextDecoder().decode(new Uint8Array(view.buffer, view.byteOffset + at + 46, nameLength)),
    encrypted: (view.getUint16(at + 8, true) & 1) === 1,
    method: view.getUint16(at + 10, true),
    crc: view.getUint32(at + 16, true),
    packed: view.getUint32(at + 20, true),
    size: view.getUint32(at + 24, true),
    offset: view.getUint32(at + 42, true),
    length,
  }
}

const isHostile = (name: string) =>
  name === '' || /^[/\\]|\\|^[A-Za-z]:|\u0000/.test(name) || name.split('/').some((part) => part === '..')

async function unpack(file: Blob, listed: Listed, most: number): Promise<Result<Uint8Array<ArrayBuffer>, ZipProblem>> {
  if (listed.encrypted || (listed.method !== stored && listed.method !== deflated)) return failed('unsupported')
  if (listed.size > most) return failed('tooBig')
  // The local header (4.3.7) may have other extra fields than the directory.
  const local = await viewOf(file, listed.offset, 30)
  if (local.byteLength < 30 || local.getUint32(0, true) !== 0x04034b50) return failed('damaged')
  const from = listed.offset + 30 + local.getUint16(26, true) + local.getUint16(28, true)
  const packed = file.slice(from, from + listed.packed)
  if (packed.size !== listed.packed) return failed('damaged')

  const bytes = listed.method === stored ? await bytesOf(packed) : await inflate(packed, listed.size)
  if (bytes?.byteLength !== listed.size || crcOf(bytes) !== listed.crc) return failed('damaged')
  return ok(bytes)
}

/** Stops where more comes than the directory said: a bomb is let off in small pieces. */
async function inflate(packed: Blob, size: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const bytes = new Uint8Array(size)
  let at = 0
  try {
    const reader = packed.stream().pipeThrough(new DecompressionStream('deflate-raw')).getReader()
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      if (at + value.byteLength > size) {
        await reader.cancel()
        return undefined
      }
      bytes.set(value, at)
      at += value.byteLength
    }
  } catch {
    return undefined
  }
  return at === size ? bytes : undefined
}

const bytesOf = async (blob: Blob) => new Uint8Array(await blob.arrayBuffer())
const viewOf = async (file: Blob, from: number, length: number) =>
  new DataView(await file.slice(from, from + length).arrayBuffer())

const crcTable = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1
  return value >>> 0
})

/** CRC-32 as in ISO 3309. */
function crcOf(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) crc = (crcTable[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8)
  return (crc ^ 0xffffffff) >>> 0
}
