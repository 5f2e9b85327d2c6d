import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freeUdpPort } from './free-ports.ts'
import { peers } from './peers.ts'
import { openRtpEar, type RtpEar } from './rtp-ear.ts'

/** SIPp rings over UDP; its sound comes and goes through an ear of ours, whose port it names in its SDP. */
export interface SippCaller {
  readonly ear: RtpEar
  /** Its exit code, once the other side has ended the call: 0 when all went by the scenario. */
  readonly ended: Promise<number | null>
  /** Ends SIPp at once, without a BYE. */
  kill(): void
}

export interface SippCall {
  readonly to: string
  readonly from: string
  readonly switchPort: number
  readonly hertz: number
  readonly directory: string
  /** Whence its SIP comes; preset: 127.0.0.1. */
  readonly address?: string
}

export async function ringWithSipp({
  to,
  from,
  switchPort,
  hertz,
  directory,
  address = '127.0.0.1',
}: SippCall): Promise<SippCaller> {
  const ear = await openRtpEar(hertz)
  const port = await freeUdpPort()
  const scenario = join(directory, `sipp-${port}.xml`)
  writeFileSync(scenario, callerScenario(ear.port, to, from))
  const child = spawn(
    peers.sipp ?? 'sipp',
    [
      `127.0.0.1:${switchPort}`,
      ...['-sf', scenario, '-m', '1', '-i', address, '-p', String(port), '-nostdin'],
      ...['-trace_err', '-error_file', join(directory, `sipp-${port}.err`)],
      ...['-trace_msg', '-message_file', join(directory, `sipp-${port}.log`)],
    ],
    { stdio: 'ignore', cwd: directory },
  )
  const ended = new Promise<number | null>((resolve) => {
    child.once('exit', resolve)
    child.once('error', () => {
      resolve(null)
    })
  })
  return {
    ear,
    ended,
    kill() {
      child.kill('SIGKILL')
      ear.close()
    },
  }
}

/** Rings, is answered, listens until the other side says BYE. */
function callerScenario(earPort: number, to: string, from: string): string {
  const head = `Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
      From: <sip:${from}@[local_ip]:[local_port]>;tag=[pid]sipp[call_number]`
  const ids = `Call-ID: [call_id]
      Contact: <sip:${from}@[local_ip]:[local_port]>
      Max-Forwards: 70`
  const optional = ['100', '180', '183']
    .map((status) => `<recv response="${status}" optional="true"></recv>`)
    .join('\n')
  return `<?xml version="1.0" encoding="ISO-8859-1" ?>
<scenario name="caller">
  <send retrans="500"><![CDATA[
      INVITE sip:${to}@[remote_ip]:[remote_port] SIP/2.0
      ${head}
      To: <sip:${to}@[remote_ip]:[remote_port]>
      ${ids}
      CSeq: 1 INVITE
      Content-Type: application/sdp
      Content-Length: [len]

      v=0
      o=sipp 1 1 IN IP4 127.0.0.1
      s=-
      c=IN IP4 127.0.0.1
      t=0 0
      m=audio ${earPort} RTP/AVP 8 101
      a=rtpmap:8 PCMA/8000
      a=rtpmap:101 telephone-event/8000
      a=fmtp:101 0-15
      a=ptime:20
      a=sendrecv

  ]]></send>
  ${optional}
  <recv response="200" rrs="true"></recv>
  <send><![CDATA[
      ACK [next_url] SIP/2.0
      ${head}
      [last_To:]
      ${ids}
      CSeq: 1 ACK
      Content-Length: 0

  ]]></send>
  <recv request="BYE"></recv>
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
