import { spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { closeSync, mkdtempSync, openSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { expect } from 'vitest'
import { z } from 'zod'
import { freeTcpPort } from './free-ports.ts'
import { peers } from './peers.ts'
import type { Snippet } from './tones.ts'

/** Baresip as a telephone: says one tone, writes down what it hears, is told what to do over `ctrl_tcp`. */
export interface BaresipCaller {
  /** Rings; what comes of it is in `events`. */
  dial(number: string): void
  /** Waits until it is rung, and answers. */
  answers(): Promise<void>
  /** How many times it has been rung. */
  readonly rings: number
  hangUp(): void
  press(digit: string): void
  /** Baresip's own words, such as `CALL_ESTABLISHED` and `CALL_CLOSED`, in order. */
  readonly events: readonly string[]
  /** The last 100 ms. */
  hears(): readonly Snippet[]
  /** In its last call, from the beginning on. */
  heardSoFar(): Snippet
  /** Settles when it is gone, and its port is free. */
  close(): Promise<void>
}

const modules = '/usr/lib/baresip/modules'
const eventSchema = z.object({ event: z.literal(true), type: z.string() })

export async function openBaresip({
  from,
  switchPort,
  hertz,
  directory,
  address = '127.0.0.1',
  port = 0,
}: {
  /** Its own number. */
  readonly from: string
  readonly switchPort: number
  readonly hertz: number
  readonly directory: string
  /** Of loopback. */
  readonly address?: string
  /** Where it can be rung; absent: any. */
  readonly port?: number
}): Promise<BaresipCaller> {
  const home = mkdtempSync(join(directory, 'baresip-'))
  // An address of its own: at the common one, any program's connection may have taken the port by then.
  const host = `127.${Array.from({ length: 3 }, () => randomInt(1, 255)).join('.')}`
  const control = { host, port: await freeTcpPort(host) }
  writeFileSync(
    join(home, 'config'),
    `poll_method epoll
sip_listen ${address}:${port}
net_interface ${address}
audio_player aubridge,heard
audio_source ausine,${hertz}
audio_alert aubridge,alert
ausrc_srate 48000
ausrc_channels 2
auplay_srate 8000
module_path ${modules}
module g711.so
module ausine.so
module aubridge.so
module sndfile.so
module_tmp account.so
module_app menu.so
module_app ctrl_tcp.so
ctrl_tcp_listen ${host}:${control.port}
snd_path ${home}
`,
  )
  writeFileSync(join(home, 'accounts'), `<sip:${from}@${address}>;regint=0;audio_codecs=PCMA/8000/1\n`)
  writeFileSync(join(home, 'contacts'), '')
  const { child, line } = await startBaresip(home, control)
  const gone = new Promise((resolve) => child.once('exit', resolve))
  const listener = listenTo(home)
  const events: string[] = []
  readNetstrings(line, (text) => {
    const parsed = eventSchema.safeParse(JSON.parse(text))
    if (parsed.success) events.push(parsed.data.type)
  })
  const rings = () => events.filter((type) => type === 'CALL_INCOMING').length
  let answered = 0
  const say = (command: string, params = '') => {
    const text = JSON.stringify({ command, params, token: command })
    line.write(`${Buffer.byteLength(text)}:${text},`)
  }
  return {
    dial: (number) => {
      say('dial', `sip:${number}@127.0.0.1:${switchPort}`)
    },
    async answers() {
      await expect.poll(() => rings(), { timeout: 15_000, interval: 50 }).toBeGreaterThan(answered)
      answered = rings()
      say('accept')
    },
    get rings() {
      return rings()
    },
    hangUp: () => {
      say('hangup')
    },
    press: (digit) => {
      say('sndcode', digit)
    },
    events,
    hears: () => listener.now(),
    heardSoFar: () => listener.soFar(),
    async close() {
      line.destroy()
      child.kill('SIGKILL')
      await gone
    },
  }
}

/** The module `sndfile` writes what is decoded to `dump-...-dec.wav`, 16 bit at 8 kHz, as it comes. */
function listenTo(home: string) {
  let lastSize = 0
  let lastGrowth = -Infinity
  /** The end of the last call's, `most` bytes of it. */
  function read(most: number): { readonly size: number; readonly snippet: Snippet } {
    const name = readdirSync(home).findLast((file) => file.endsWith('-dec.wav'))
    const bytes = name === undefined ? Buffer.alloc(0) : readFileSync(join(home, name)).subarray(44)
    const whole = bytes.subarray(0, bytes.length - (bytes.length % 2))
    const wanted = whole.subarray(Math.max(0, whole.length - most))
    const samples = Array.from({ length: wanted.length / 2 }, (_, at) => wanted.readInt16LE(at * 2) / 32_768)
    return { size: whole.length, snippet: { rate: 8000, samples } }
  }
  return {
    now(): readonly Snippet[] {
      const { size, snippet } = read(1600)
      if (size !== lastSize) lastGrowth = performance.now()
      lastSize = size
      return performance.now() - lastGrowth > 1000 ? [] : [snippet]
    },
    soFar: () => read(Infinity).snippet,
  }
}

/** Where it is told what to do. */
interface Control {
  readonly host: string
  readonly port: number
}

async function startBaresip(home: string, control: Control) {
  const written = join(home, 'baresip.log')
  const log = openSync(written, 'w')
  const child = spawn(peers.baresip ?? 'baresip', ['-f', home, '-4', '-v'], { stdio: ['ignore', log, log], cwd: home })
  closeSync(log)
  for (;;) {
    const line = await reached(control)
    if (line) return { child, line }
    if (child.exitCode !== null)
      throw new Error(`baresip ended at its start: ${readFileSync(written, 'utf8').slice(-400)}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

async function reached({ host, port }: Control): Promise<Socket | undefined> {
  const socket = connect(port, host)
  return new Promise((resolve) => {
    socket.once('connect', () => {
      resolve(socket)
    })
    socket.once('error', () => {
      resolve(undefined)
    })
  })
}

/** `LENGTH:TEXT,` one after the other. */
function readNetstrings(socket: Socket, heard: (text: string) => void) {
  let waiting = Buffer.alloc(0)
  socket.on('data', (chunk: Buffer) => {
    waiting = Buffer.concat([waiting, chunk])
    for (;;) {
      const colon = waiting.indexOf(':')
      if (colon < 0) return
      const length = Number(waiting.subarray(0, colon).toString())
      if (waiting.length < colon + 1 + length + 1) return
      heard(waiting.subarray(colon + 1, colon + 1 + length).toString())
      waiting = waiting.subarray(colon + 2 + length)
    }
  })
}
