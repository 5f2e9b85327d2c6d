import { isIPv4 } from 'node:net'
import type { Result } from '../../../core/result.ts'
import { failed, ok } from '../../../core/result.ts'
import type { Codec } from './g711.ts'
import { codecs } from './g711.ts'

export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive'

/** A description of the far side (RFC 8866), read as far as it matters to one audio stream of G.711. */
export interface FarDescription {
  /** Every m-line in its order; an answer has as many. */
  readonly sections: readonly FarSection[]
  /** Which of `sections` is the first audio that was not refused. */
  readonly audioAt: number
  readonly audio: FarAudio
}

export interface FarSection {
  readonly kind: string
  readonly protocol: string
  readonly formats: string
  readonly mid: string | undefined
}

export interface FarAudio {
  readonly protocol: string
  /** Of the c-line and the m-line: where plain RTP goes. Undefined where it is no IPv4 address. */
  readonly address: string | undefined
  readonly port: number
  /** At 8 kHz, in the far side's order. */
  readonly codecs: readonly { readonly codec: Codec; readonly payloadType: number }[]
  /** Payload type of telephone-event/8000 (RFC 4733). */
  readonly digits: number | undefined
  readonly direction: Direction
  readonly mid: string | undefined
  readonly bundled: boolean
  readonly rtcpMux: boolean
  readonly ice: FarIce | undefined
}

/** What ICE and DTLS need of the far side (RFC 8839, RFC 8842). */
export interface FarIce {
  readonly ufrag: string
  readonly password: string
  readonly fingerprint: { readonly algorithm: string; readonly value: string }
  readonly setup: Setup
  /** The values of `a=candidate` that can be reached: UDP, component 1, IPv4. */
  readonly candidates: readonly string[]
}

export type Setup = 'actpass' | 'active' | 'passive'

/** Our description; the m-lines in the far side's order, where it spoke first. */
export interface OurDescription {
  readonly session: { readonly id: number; readonly version: number; readonly address: string }
  readonly sections: readonly (OurAudio | RefusedSection)[]
}

export interface OurAudio {
  readonly kind: 'audio'
  readonly transport: TransportLines
  readonly mid: string | undefined
  readonly bundled: boolean
  readonly codecs: readonly { readonly codec: Codec; readonly payloadType: number }[]
  readonly digits: number | undefined
  readonly direction: Direction
}

/** What the transport says of itself in an m-section. */
export interface TransportLines {
  readonly protocol: string
  readonly address: string
  readonly port: number
  /** Without `a=`. */
  readonly attributes: readonly string[]
}

export interface RefusedSection {
  readonly kind: 'refused'
  readonly section: FarSection
}

const longest = 16_384
const longestLine = 2048
const mostLines = 500
const mostSections = 16
const mostCandidates = 20

interface Section {
  readonly media: string
  connection: string | undefined
  /** Name and value, without `a=`; the value is empty for a flag. */
  readonly attributes: [name: string, value: string][]
}

/** Reads an offer or an answer. Whatever the text, it returns; a problem says what is wrong with it. */
export function readSdp(text: string): Result<FarDescription, string> {
  const split = splitSections(text)
  if (!split.ok) return split
  const { session, sections } = split.value

  const read: FarSection[] = []
  const ports: number[] = []
  for (const section of sections) {
    const found = /^([a-z]{1,20}) (\d{1,5})(?:\/\d{1,5})? ([A-Za-z0-9/.-]{1,40}) ([\x21-\x7e][\x20-\x7e]{0,500})$/.exec(
      section.media,
    )
    if (!found) return failed('an m-line cannot be read')
    const [, kind = '', port = '', protocol = '', formats = ''] = found
    if (Number(port) > 65_535) return failed('an m-line has no such port')
    read.push({ kind, protocol, formats: formats.trim(), mid: midOf(section) })
    ports.push(Number(port))
  }

  const audioAt = read.findIndex(({ kind }, at) => kind === 'audio' && ports[at] !== 0)
  const section = sections[audioAt]
  const line = read[audioAt]
  if (!section || !line) return failed('no audio is offered')
  const audio = readAudio({ session, section, line, port: ports[audioAt] ?? 0 })
  return audio.ok ? ok({ sections: read, audioAt, audio: audio.value }) : audio
}

/** Writes a description with CRLF at the end of each line. */
export function writeSdp({ session, sections }: OurDescription): string {
  const bundled = sections.flatMap((section) =>
    section.kind === 'audio' && section.bundled && section.mid !== undefined ? [section.mid] : [],
  )
  const lines = [
    'v=0',
    `o=- ${session.id} ${session.version} IN IP4 ${session.address}`,
    's=-',
    't=0 0',
    ...(bundled.length > 0 ? [`a=group:BUNDLE ${bundled.join(' ')}`] : []),
    ...sections.flatMap((section) => (section.kind === 'audio' ? audioLines(section) : refusedLines(section))),
  ]
  // c= is given for each m-line: RFC 8866 section 5.7 then needs none for the session.
  return lines.map((line) => `${line}\r\n`).join('')
}

/** The direction to answer with (RFC 3264 section 6.1), for one who would send and receive. */
export const answering: Record<Direction, Direction> = {
  sendrecv: 'sendrecv',
  sendonly: 'recvonly',
  recvonly: 'sendonly',
  inactive: 'inactive',
}

interface SplitDescription {
  readonly session: Section
  readonly sections: readonly Section[]
}

function splitSections(text: string): Result<SplitDescription, string> {
  if (text.length > longest) return failed(`the description is longer than ${longest} letters`)
  const lines = text.split(/\r\n|\n|\r/)
  if (lines.length > mostLines) return failed(`the description has more than ${mostLines} lines`)
  if (lines[0] !== 'v=0') return failed('the description does not begin with v=0')

  const session: Section = { media: '', connection: undefined, attributes: [] }
  const sections: Section[] = []
  let current = session
  for (const line of lines) {
    if (line === '') continue
    if (line.length > longestLine) return failed(`a line is longer than ${longestLine} letters`)
    if (line[1] !== '=') return failed('a line is not of the form letter=value')
    const value = line.slice(2)
    if (line.startsWith('m')) {
      if (sections.length === mostSections) return failed(`more than ${mostSections} m-lines`)
      current = { media: value, connection: undefined, attributes: [] }
      sections.push(current)
    } else if (line.startsWith('c')) {
      current.connection ??= value
    } else if (line.startsWith('a')) {
      const colon = value.indexOf(':')
      current.attributes.push(colon < 0 ? [value, ''] : [value.slice(0, colon), value.slice(colon + 1)])
    }
  }
  return ok({ session, sections })
}

function readAudio(given: {
  session: Section
  section: Section
  line: FarSection
  port: number
}): Result<FarAudio, string> {
  const { session, section, line, port } = given
  const payloadTypes = readPayloadTypes(section, line.formats)
  if (payloadTypes.codecs.length === 0) return failed('neither PCMA nor PCMU is offered')
  const ice = readIce(session, section)
  if (!ice.ok) return ice
  const connection = /^IN IP4 ([\d.]{7,15})(?:\/\d+)*$/.exec(section.connection ?? session.connection ?? '')
  const address = connection?.[1] !== undefined && isIPv4(connection[1]) ? connection[1] : undefined
  // RFC 2543's way of holding (RFC 3264 section 8.4); with ICE the c-line means nothing.
  const held = address === '0.0.0.0' && ice.value === undefined
  return ok({
    protocol: line.protocol,
    address,
    port,
    ...payloadTypes,
    direction: held ? 'inactive' : directionOf(session, section),
    mid: line.mid,
    bundled: line.mid !== undefined && bundleOf(session).includes(line.mid),
    rtcpMux: valueOf(section, 'rtcp-mux') !== undefined,
    ice: ice.value,
  })
}

const staticPayloadTypes: Record<string, Codec> = { 0: 'PCMU', 8: 'PCMA' }

function readPayloadTypes(section: Section, formats: string): Pick<FarAudio, 'codecs' | 'digits'> {
  const named = new Map<string, string>()
  for (const [name, value] of section.attributes) {
    const found = name === 'rtpmap' ? /^(\d{1,3}) ([A-Za-z0-9-]{1,40}\/\d{1,6})(?:\/1)?$/.exec(value) : null
    if (found?.[1] !== undefined && found[2] !== undefined) named.set(found[1], found[2].toUpperCase())
  }
  const chosen: { codec: Codec; payloadType: number }[] = []
  let digits: number | undefined
  for (const format of formats.split(' ')) {
    if (!/^\d{1,3}$/.test(format) || Number(format) > 127) continue
    const payloadType = Number(format)
    const name = named.get(format)
    const codec =
      name === undefined ? staticPayloadTypes[payloadType] : codecs.find((known) => name === `${known}/8000`)
    if (codec !== undefined && chosen.every((one) => one.codec !== codec)) chosen.push({ codec, payloadType })
    if (name === 'TELEPHONE-EVENT/8000') digits ??= payloadType
  }
  return { codecs: chosen, digits }
}

function readIce(session: Section, section: Section): Result<FarIce | undefined, string> {
  const of = (name: string) => valueOf(section, name) ?? valueOf(session, name)
  const ufrag = of('ice-ufrag')
  const password = of('ice-pwd')
  const fingerprint = readFingerprint(session, section)
  if (ufrag === undefined && password === undefined && fingerprint === undefined) return ok(undefined)

  if (ufrag === undefined || !/^[A-Za-z0-9+/]{4,256}$/.test(ufrag)) return failed('ice-ufrag cannot be read')
  if (password === undefined || !/^[A-Za-z0-9+/]{22,256}$/.test(password)) return failed('ice-pwd cannot be read')
  if (fingerprint === undefined) return failed('no fingerprint of sha-256, sha-384 or sha-512')
  const setup = of('setup') ?? 'actpass'
  if (setup !== 'actpass' && setup !== 'active' && setup !== 'passive') return failed('setup cannot be read')
  return ok({ ufrag, password, fingerprint, setup, candidates: readCandidates(section) })
}

const fingerprintLengths: Record<string, number> = { 'sha-256': 32, 'sha-384': 48, 'sha-512': 64 }

function readFingerprint(session: Section, section: Section): FarIce['fingerprint'] | undefined {
  const values = [...section.attributes, ...session.attributes].flatMap(([name, value]) => {
    const found = name === 'fingerprint' ? /^(sha-\d{3}) ((?:[0-9a-f]{2}:){31,63}[0-9a-f]{2})$/i.exec(value) : null
    const algorithm = found?.[1]?.toLowerCase()
    const bytes = found?.[2]?.toUpperCase()
    if (algorithm === undefined || bytes === undefined) return []
    return (bytes.length + 1) / 3 === fingerprintLengths[algorithm] ? [{ algorithm, value: bytes }] : []
  })
  return values.find(({ algorithm }) => algorithm === 'sha-256') ?? values[0]
}

/** Host names (`.local`, RFC 8828) and IPv6 are left out: nobody here resolves or reaches them. */
function readCandidates(section: Section): string[] {
  const candidates = section.attributes.flatMap(([name, value]) => {
    if (name !== 'candidate') return []
    const found =
      /^([A-Za-z0-9+/]{1,32}) 1 udp (\d{1,10}) ([\d.]{7,15}) (\d{1,5}) typ (host|srflx|prflx|relay)(?: |$)/i.exec(value)
    if (!found) return []
    const [, foundation = '', priority = '', address = '', port = '', type = ''] = found
    if (!isIPv4(address) || Number(port) === 0 || Number(port) > 65_535 || Number(priority) > 0xffff_ffff) return []
    const related = type.toLowerCase() === 'host' ? '' : ' raddr 0.0.0.0 rport 0'
    return [`${foundation} 1 UDP ${priority} ${address} ${port} typ ${type.toLowerCase()}${related}`]
  })
  return candidates.slice(0, mostCandidates)
}

function directionOf(session: Section, section: Section): Direction {
  for (const { attributes } of [section, session])
    for (const [name] of attributes)
      if (name === 'sendrecv' || name === 'sendonly' || name === 'recvonly' || name === 'inactive') return name
  return 'sendrecv'
}

function bundleOf(session: Section): string[] {
  return (
    valueOf(session, 'group')
      ?.replace(/^BUNDLE /, '')
      .split(' ') ?? []
  )
}

function midOf(section: Section): string | undefined {
  const mid = valueOf(section, 'mid')
  return mid !== undefined && /^[A-Za-z0-9_.{}-]{1,32}$/.test(mid) ? mid : undefined
}

function valueOf(section: Section, wanted: string): string | undefined {
  return section.attributes.find(([name]) => name === wanted)?.[1]
}

function audioLines(audio: OurAudio): string[] {
  const { transport, digits } = audio
  const payloadTypes = [
    ...audio.codecs.map(({ payloadType }) => payloadType),
    ...(digits === undefined ? [] : [digits]),
  ]
  return [
    `m=audio ${transport.port} ${transport.protocol} ${payloadTypes.join(' ')}`,
    `c=IN IP4 ${transport.address}`,
    ...(audio.mid === undefined ? [] : [`a=mid:${audio.mid}`]),
    ...audio.codecs.map(({ codec, payloadType }) => `a=rtpmap:${payloadType} ${codec}/8000`),
    ...(digits === undefined ? [] : [`a=rtpmap:${digits} telephone-event/8000`, `a=fmtp:${digits} 0-15`]),
    'a=ptime:20',
    `a=${audio.direction}`,
    ...transport.attributes.map((attribute) => `a=${attribute}`),
  ]
}

function refusedLines({ section }: RefusedSection): string[] {
  return [
    `m=${section.kind} 0 ${section.protocol} ${section.formats}`,
    'c=IN IP4 0.0.0.0',
    ...(section.mid === undefined ? [] : [`a=mid:${section.mid}`]),
    'a=inactive',
  ]
}
