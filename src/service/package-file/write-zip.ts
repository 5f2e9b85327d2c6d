import { crc32 } from 'node:zlib'
import { centralSignature, endSignature, localSignature } from './zip-signatures.ts'

export interface ZipEntry {
  /** Relative, with / between. */
  readonly name: string
  readonly read: () => Promise<Buffer>
}

/** UTF-8 names (APPNOTE.TXT section 4.4.4, bit 11). */
const utf8Names = 0x0800
/** 1 January 1980, so that the same content is the same bytes. */
const date = 0x0021
const version = 20

/**
 * A ZIP file (PKWARE APPNOTE.TXT), entry by entry, each stored as it is: audio hardly gets smaller. At most 65,535
 * entries and 4 GiB.
 */
export async function* writeZip(entries: readonly ZipEntry[]): AsyncGenerator<Buffer> {
  const central: Buffer[] = []
  let offset = 0
  for (const { name, read } of entries) {
    const content = await read()
    const named = Buffer.from(name, 'utf8')
    const facts = factsOf(content, named)
    const local = Buffer.concat([uint32(localSignature), facts, named])
    // The central header has more: versions before, and after the facts comment, disk, attributes and offset.
    central.push(
      Buffer.concat([
        uint32(centralSignature),
        uint16(version),
        facts,
        uint16(0),
        uint16(0),
        uint16(0),
        uint32(0),
        uint32(offset),
        named,
      ]),
    )
    yield local
    yield content
    offset += local.length + content.length
  }
  const directory = Buffer.concat(central)
  yield directory
  yield Buffer.concat([
    uint32(endSignature),
    uint16(0),
    uint16(0),
    uint16(entries.length),
    uint16(entries.length),
    uint32(directory.length),
    uint32(offset),
    uint16(0),
  ])
}

/** What both headers of an entry say alike (sections 4.3.7 and 4.3.12). */
function factsOf(content: Buffer, name: Buffer): Buffer {
  return Buffer.concat([
    uint16(version),
    uint16(utf8Names),
    uint16(0),
    uint16(0),
    uint16(date),
    uint32(crc32(content)),
    uint32(content.length),
    uint32(content.length),
    uint16(name.length),
    uint16(0),
  ])
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16LE(value)
  return bytes
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}
