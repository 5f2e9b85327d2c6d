import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sipRealm } from '../../../src/contract/softphone.ts'
import type { Switch, SwitchSetup } from '../../../src/contract/switch.ts'
import type { AgentId } from '../../../src/core/configuration/types.ts'
import { pcmInWav } from '../../../src/core/sound/pcm-in-wav.ts'
import { openAsteriskSwitch, type AsteriskSwitch } from '../../../src/switch/asterisk/open-asterisk-switch.ts'
import { freeUdpPort } from '../../e2e/support/free-ports.ts'
import { heardIn, toneWav } from '../../e2e/support/tones.ts'
import { openWire } from '../../support/asterisk/open-wire.ts'
import { startAsterisk, type RunningAsterisk } from '../../support/asterisk/start-asterisk.ts'
import {
  anna,
  ben,
  number,
  songSeconds,
  sound,
  soundSeconds,
  type Heard,
  type Stage,
  type StageSound,
} from '../behaves-as-switch.ts'
import { openSipPhone, type SipPhone } from '../embedded/sip-phone.ts'
import { ringOverUdp } from '../embedded/udp-caller.ts'
import { openUdpLine } from '../embedded/udp-line.ts'

/** Far enough apart for 100 ms of sound to tell them. */
export const tones: Record<Exclude<Heard, 'silence'>, number> = {
  music: 440,
  welcome: 620,
  song: 3100,
  fallback: 800,
  caller: 1000,
  anna: 1300,
  ben: 1700,
  outside: 2100,
  speech: 2600,
}

/** A stage whose server can be hurt. */
export interface AsteriskStage extends Stage {
  /** Every connection of ours to Asterisk, as by a network that fails for a moment. */
  cutsConnections(): void
  readonly asterisk: Pick<RunningAsterisk, 'kill' | 'start' | 'ari'>
  /** With another secret than its own, too. Rejects where it may not register. */
  phone(agent: AgentId, secret?: string): Promise<SipPhone>
}

/** Real phones around a real Asterisk: a caller on a trunk, softphones over WebSocket; each is known by its tone. */
export async function asteriskStage({ callLimit }: { callLimit?: number } = {}): Promise<AsteriskStage> {
  const { asterisk, linePort } = await server()
  await clean(asterisk.ari)
  const directory = mkdtempSync(join(tmpdir(), 'gruppnummer-'))
  const recordings = join(directory, 'recordings')
  const line = await openUdpLine(tones, { address: '127.0.0.3', port: linePort })
  const engines: AsteriskSwitch[] = []
  const wire = await openWire(Number(new URL(asterisk.ari.url).port))
  const reach = async () => {
    // Elsewhere the service before is dead, and asks for nothing more.
    await Promise.all(engines.map((each) => each.settled()))
    const engine = openAsteriskSwitch({
      ...asterisk.ari,
      url: `http://127.0.0.1:${wire.port}/ari`,
      recordings,
      spoken: join(directory, 'spoken'),
      speak: () => Promise.resolve(undefined),
      longestRing: 5,
      ...(callLimit !== undefined && { callLimit }),
      log: (level, text) => {
        if (process.env.DEBUG_ASTERISK) console.log(level, text)
      },
    })
    engines.push(engine)
    return engine
  }
  const door = await openDoor(
    openAsteriskSwitch({ ...asterisk.ari, recordings, spoken: recordings, speak: () => Promise.resolve(undefined) }),
  )
  const parties: { close(): void | Promise<void> }[] = []

  return {
    reach,
    asterisk,
    cutsConnections: () => {
      wire.cut()
    },
    setup: setupIn(directory),
    async dialIn({ to, from }) {
      const caller = await ringOverUdp({ to, from, switchPort: asterisk.sipPort, tones, address: '127.0.0.2' })
      parties.push(caller)
      return caller
    },
    async phone(agent, secret = secretOf(agent)) {
      const hertz = agent === anna ? tones.anna : tones.ben
      const phone = await openSipPhone({ user: agent, secret, port: door.port, hertz, tones })
      parties.push(phone)
      return phone
    },
    outside: (number, who = 'outside') => line.telephone(number, who),
    recordingOf(file) {
      const samples = pcmInWav(readFileSync(join(recordings, file)))
      if (!samples.ok) throw new Error(samples.problem)
      const view = new DataView(samples.value.buffer, samples.value.byteOffset, samples.value.byteLength)
      const heard = Array.from({ length: view.byteLength / 2 }, (_, at) => view.getInt16(at * 2, true) / 32_768)
      return heardIn(tones, [{ rate: 8000, samples: heard }])
    },
    passes: () => undefined,
    keepsCallers: true,
    async close() {
      for (const party of parties) await party.close()
      for (const engine of engines) await engine.detach()
      line.close()
      door.close()
      wire.close()
      rmSync(directory, { recursive: true })
    },
  }
}

/** The Asterisk of this worker, with the number of the port at which its trunk rings. */
let started: Promise<{ readonly asterisk: RunningAsterisk; readonly linePort: number }> | undefined

function server() {
  started ??= freeUdpPort().then(async (linePort) => {
    const asterisk = await startAsterisk({
      trunkFrom: ['127.0.0.2', '127.0.0.3'],
      trunkAt: { host: '127.0.0.3', port: linePort },
    })
    // What is heard in the fallback, by their tones.
    const etc = join(asterisk.directory, 'etc')
    writeFileSync(join(etc, 'sounds', 'away-sv.wav'), toneWav(tones.fallback, { seconds: soundSeconds, rate: 8000 }))
    return { asterisk, linePort }
  })
  return started
}

export async function closeServer(): Promise<void> {
  const running = await started
  started = undefined
  await running?.asterisk.close()
}

/** One Asterisk serves all stages of a worker, one after the other: nothing of an earlier one is left in it. */
async function clean(ari: RunningAsterisk['ari']) {
  const ask = asking(ari)
  for (const what of ['channels', 'bridges'])
    for (const { id } of (await (await ask('GET', `/${what}`)).json()) as { id: string }[])
      await ask('DELETE', `/${what}/${encodeURIComponent(id)}`)
  await ask('POST', '/asterisk/variable?variable=GRUPPNUMMER_EPOCH&value=0')
}

function asking({ url, user, password }: RunningAsterisk['ari']) {
  const headers = { authorization: `Basic ${btoa(`${user}:${password}`)}` }
  return (method: string, path: string) => fetch(`${url}${path}`, { method, headers })
}

/** As the service does: the WebSocket's bytes go through to where the switch takes them. */
export async function openDoor(engine: Pick<Switch, 'softphoneSocket'>) {
  const server = createServer()
  server.on('upgrade', ({ rawHeaders }, socket) => {
    const to = engine.softphoneSocket
    if (!to || 'path' in to) {
      socket.destroy()
      return
    }
    const through = connect(to.port, to.host)
    const lines = Array.from({ length: rawHeaders.length / 2 }, (_, at) =>
      rawHeaders.slice(at * 2, at * 2 + 2).join(': '),
    )
    through.write(`GET ${to.url} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`)
    socket.pipe(through).pipe(socket)
    socket.on('error', () => through.destroy())
    through.on('error', () => socket.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { port: (server.address() as AddressInfo).port, close: () => server.close() }
}

export function setupIn(directory: string): SwitchSetup {
  const file = (name: StageSound | 'speech') => {
    const path = join(directory, `${name}.wav`)
    const wav = toneWav(tones[name], { seconds: name === 'song' ? songSeconds : soundSeconds, rate: 8000 })
    writeFileSync(path, wav)
    return { path, sha256: createHash('sha256').update(wav).digest('hex') }
  }
  return {
    numbers: [number],
    softphones: [anna, ben].map((agent) => ({
      agent,
      user: agent,
      ha1: createHash('md5')
        .update(`${agent}:${sipRealm}:${secretOf(agent)}`)
        .digest('hex'),
    })),
    callers: [],
    trunks: [{ name: 'trunk', address: '127.0.0.3', outbound: true }],
    sounds: {
      [sound('welcome')]: file('welcome'),
      [sound('music')]: file('music'),
      [sound('song')]: file('song'),
      [sound('fallback')]: file('fallback'),
    },
    fallback: sound('fallback'),
    speech: { language: 'sv', numbers: { '2': file('speech') } },
  }
}

export const secretOf = (agent: AgentId) => `secret of ${agent}`
