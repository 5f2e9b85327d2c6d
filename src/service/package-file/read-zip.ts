import { crc32, inflateRawSync } from 'node:zlib'
import { failed, ok, type Result } from '../../core/result.ts'
import { centralSignature, endSignature, localSignature } from './zip-signatures.ts'

export interface ZipLimits {
  readonly entries: number
  /** Of one entry, unpacked, by its name; undefined: no such entry is expected. */
  readonly bytesOf: (name: string) => number | undefined
  /** Of all, unpacked. */
  readonly bytes: number
}

/** Entries by name, unpacked only when asked for: what was read before may forbid what comes after. */
export interface OpenedZip {
  readonly names: readonly string[]
  /** The problem says, in words, what is wrong with it. */
  read(name: string): Result<Buffer, string>
}

interface Entry {
  readonly name: string
  readonly method: number
  readonly crc: number
  readonly packed: number
  readonly unpacked: number
  readonly offset: number
}

const stored = 0
const deflated = 8
const endLength = 22
const centralLength = 46
const localLength = 30
const longestComment = 0xffff
/** Encrypted, or patched data (APPNOTE.TXT section 4.4.4, bits 0, 5, 6 and 13). */
const unreadableFlags = 0x2061

/**
 * Looks at a ZIP file that anyone may have made: nothing is unpacked before its size is known to be within the limits,
 * no entry lies in another, and each is what its header and checksum say. ZIP64 and encryption are not read.
 */
export function openZip(file: Buffer, limits: ZipLimits): Result<OpenedZip, string> {
  const end = findEnd(file)
  if (end === undefined) return failed('the file is cut short, or no ZIP file')
  const count = file.readUInt16LE(end + 10)
  const size = file.readUInt32LE(end + 12)
  const start = file.readUInt32LE(end + 16)
  if (count !== file.readUInt16LE(end + 8) || file.readUInt32LE(end + 4) !== 0)
    return failed('it is one part of several')
  if (count > limits.entries)
    return failed(`it has ${String(count)} entries, at most ${String(limits.entries)} are read`)
  if (start + size > end) return failed('its table of contents is damaged')

  const entries: Entry[] = []
  let at = start
  for (let index = 0; index < count; index += 1) {
    const found = readEntry(file, at, start + size)
    if (!found.ok) return found
    entries.push(found.value.entry)
    at = found.value.next
  }
  const fault = faultOf(entries, start, limits)
  if (fault !== undefined) return failed(fault)
  const byName = new Map(entries.map((entry) => [entry.name, entry]))
  return ok({
    names: entries.map(({ name }) => name),
    read: (name) => {
      const entry = byName.get(name)
      return entry ? unpack(file, entry, start) : failed(`there is no ${name} in it`)
    },
  })
}

/** The last record of its kind whose comment ends with the file. */
function findEnd(file: Buffer): number | undefined {
  const first = Math.max(0, file.length - endLength - longestComment)
  for (let at = file.length - endLength; at >= first; at -= 1)
    if (file.readUInt32LE(at) === endSignature && at + endLength + file.readUInt16LE(at + 20) === file.length) return at
  return undefined
}

function readEntry(file: Buffer, at: number, end: number): Result<{ entry: Entry; next: number }, string> {
  if (at + centralLength > end || file.readUInt32LE(at) !== centralSignature)
    return failed('its table of contents is damaged')
  const lengths = [file.readUInt16LE(at + 28), file.readUInt16LE(at + 30), file.readUInt16LE(at + 32)]
  const [nameLength = 0, ...rest] = lengths
  const next = at + centralLength + nameLength + rest.reduce((sum, length) => sum + length, 0)
  if (next > end) return failed('its table of contents is damaged')
  const name = utf8(file.subarray(at + centralLength, at + centralLength + nameLength))
  if (name === undefined) return failed('the name of an entry is no UTF-8')
  const entry = {
    name,
    method: file.readUInt16LE(at + 10),
    crc: file.readUInt32LE(at + 16),
    packed: file.readUInt32LE(at + 20),
    unpacked: file.readUInt32LE(at + 24),
    offset: file.readUInt32LE(at + 42),
  }
  if ((file.readUInt16LE(at + 8) & unreadableFlags) !== 0) return failed(`${shown(name)} is encrypted`)
  if (entry.method !== stored && entry.method !== deflated) return failed(`${shown(name)} is packed in an unknown way`)
  if (entry.method === stored && entry.packed !== entry.unpacked) return failed(`${shown(name)} is damaged`)
  return ok({ entry, next })
}

function faultOf(entries: readonly Entry[], directory: number, limits: ZipLimits): string | undefined {
  const names = new Set<string>()
  let total = 0
  let free = 0
  for (const { name, unpacked, packed, offset } of entries.toSorted((one, other) => one.offset - other.offset)) {
    const most = limits.bytesOf(name)
    if (most === undefined) return `${shown(name)} does not belong in it`
    if (names.has(name)) return `${shown(name)} is in it twice`
    names.add(name)
    if (unpacked > most) return `${shown(name)} is of ${String(unpacked)} bytes, at most ${String(most)} are read`
    total += unpacked
    if (offset < free || offset + localLength + packed > directory) return `${shown(name)} is damaged`
    free = offset + localLength + packed
  }
  return total > limits.bytes ? `it holds ${String(total)} bytes, at most ${String(limits.bytes)} are read` : undefined
}

function unpack(file: Buffer, entry: Entry, directory: number): Result<Buffer, string> {
  const { name, offset, packed, unpacked, method, crc } = entry
  const damaged = failed(`${shown(name)} is damaged`)
  if (file.readUInt32LE(offset) !== localSignature) return damaged
  const nameLength = file.readUInt16LE(offset + 26)
  const from = offset + localLength + nameLength + file.readUInt16LE(offset + 28)
  if (from + packed > directory) return damaged
  if (utf8(file.subarray(offset + localLength, offset + localLength + nameLength)) !== name) return damaged
  const content = file.subarray(from, from + packed)
  try {
    const whole = method === stored ? content : inflateRawSync(content, { maxOutputLength: Math.max(unpacked, 1) })
    return whole.length === unpacked && crc32(whole) === crc ? ok(whole) : damaged
  } catch {
    return damaged
  }
}

function utf8(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

/** A name from outside, as it can stand in a message. */
const shown = (name: string) => JSON.stringify(name.slice(0, 100))
