import { spawn } from 'node:child_process'
import { createReadStream, existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { peers } from '../../e2e/support/peers.ts'

export interface Crowd {
  /** Callers per second, and how many in all. */
  readonly rate: number
  readonly count: number
  readonly to: string
  /** Whence they ring. */
  readonly address: string
  readonly sipPort: number
  /** Of logs. */
  readonly directory: string
  /** Milliseconds from the first caller on; who is on the line then is left there. */
  readonly limit: number
  /** Two digits, in the numbers that they show. @default 00 */
  readonly series?: string
}

export interface RingingCrowd {
  /** When all have been hung up, or left on the line: when each rang. */
  readonly arrivals: Promise<Arrivals>
  /** How many were turned away with 486, once all is over. */
  readonly turnedAway: Promise<number>
  /** Leaves those who are on the line there. */
  stop(): void
}

/** When each caller's first INVITE left, by the number it shows; milliseconds since the epoch. */
export type Arrivals = ReadonlyMap<string, number>

/** SIPp rings as many times a second as told, waits on the line, and hangs up with whoever hangs up first. */
export function startCrowd(crowd: Crowd): RingingCrowd {
  const { rate, count, address, sipPort, directory, limit, series = noSeries } = crowd
  const name = `crowd-${String(rate)}-${String(Date.now())}`
  const scenario = join(directory, `${name}.xml`)
  const messages = join(directory, `${name}.csv`)
  writeFileSync(scenario, scenarioOf(crowd))
  const child = spawn(
    peers.sipp ?? 'sipp',
    [
      ...[`127.0.0.1:${String(sipPort)}`, '-sf', scenario, '-i', address, '-nostdin', '-r', String(rate)],
      ...['-m', String(count), '-l', String(count), '-trace_shortmsg', '-shortmessage_file', messages],
      ...['-shortmessage_overwrite', 'true', '-buff_size', '1048576'],
    ],
    { stdio: 'ignore', cwd: directory },
  )
  const over = new Promise<void>((resolve) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), limit)
    const ended = () => {
      clearTimeout(timer)
      resolve()
    }
    child.once('exit', ended)
    child.once('error', ended)
  })
  return {
    arrivals: over.then(() => (existsSync(messages) ? arrivalsIn(messages, series) : new Map<string, number>())),
    turnedAway: over.then(() => (existsSync(messages) ? turnedAwayIn(messages) : 0)),
    stop() {
      child.kill('SIGKILL')
    },
  }
}

async function turnedAwayIn(file: string): Promise<number> {
  const calls = new Set<string>()
  for await (const line of createInterface({ input: createReadStream(file) })) {
    const [, call] = /\tR\t([^\t]+)\t[^\t]*INVITE\tSIP\/2\.0 486/.exec(line) ?? []
    if (call !== undefined) calls.add(call)
  }
  return calls.size
}

/** Lines of tabs: date, time, seconds since the epoch, S or R, Call-ID, CSeq, first line. */
async function arrivalsIn(file: string, series: string): Promise<Arrivals> {
  const arrivals = new Map<string, number>()
  for await (const line of createInterface({ input: createReadStream(file) })) {
    const sent = /\t(\d+\.\d+)\tS\t(\d+)-[^\t]*\t[^\t]*\tINVITE /.exec(line)
    const [, seconds, call] = sent ?? []
    if (seconds === undefined || call === undefined) continue
    const number = numberOf(call, series)
    if (!arrivals.has(number)) arrivals.set(number, Number(seconds) * 1000)
  }
  return arrivals
}

/** A whole number, else it is taken for hidden. */
const numberOf = (call: string, series: string) => `+467${series}000${call}`
const noSeries = '00'

function scenarioOf({ to, address, series = noSeries }: Crowd): string {
  const optional = ['100', '180', '183'].map((status) => `<recv response="${status}" optional="true"/>`).join('')
  return `<?xml version="1.0" encoding="ISO-8859-1" ?>
<scenario name="crowd">
  <send retrans="500"><![CDATA[
INVITE sip:${to}@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:${numberOf('[call_number]', series)}@[local_ip]:[local_port]>;tag=[call_number]
To: <sip:${to}@[remote_ip]:[remote_port]>
Call-ID: [call_id]
CSeq: 1 INVITE
Contact: <sip:crowd@[local_ip]:[local_port]>
Max-Forwards: 70
Content-Type: application/sdp
Content-Length: [len]

v=0
o=crowd 1 1 IN IP4 ${address}
s=-
c=IN IP4 ${address}
t=0 0
m=audio 9 RTP/AVP 8
a=rtpmap:8 PCMA/8000

  ]]></send>
  ${optional}
  <recv response="200" rrs="true"/>
  <send><![CDATA[
ACK [next_url] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:${numberOf('[call_number]', series)}@[local_ip]:[local_port]>;tag=[call_number]
[last_To:]
Call-ID: [call_id]
CSeq: 1 ACK
Max-Forwards: 70
Content-Length: 0

  ]]></send>
  <recv request="BYE"/>
  <send><![CDATA[
SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:]
[last_Call-ID:]
[last_CSeq:]
Content-Length: 0

  ]]></send>
</scenario>
`
}
