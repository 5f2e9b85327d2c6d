import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer, type AddressInfo } from 'node:net'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sipRealm } from '../../../src/contract/softphone.ts'
import type { SwitchSetup } from '../../../src/contract/switch.ts'
import { pcmInWav } from '../../../src/core/sound/pcm-in-wav.ts'
import type { AgentId } from '../../../src/core/configuration/types.ts'
import { openEmbeddedSwitch } from '../../../src/switch/embedded/open-embedded-switch.ts'
import { heardIn, toneWav } from '../../e2e/support/tones.ts'
import { fakeClock } from '../../support/persistence/fake-clock.ts'
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
import { openSipPhone } from './sip-phone.ts'
import { ringOverUdp } from './udp-caller.ts'
import { openUdpLine } from './udp-line.ts'

/** Far enough apart for 100 ms of sound to tell them. */
const tones: Record<Exclude<Heard, 'silence'>, number> = {
  music: 440,
  welcome: 620,
  fallback: 800,
  caller: 1000,
  anna: 1300,
  ben: 1700,
  outside: 2100,
  speech: 2600,
  song: 3100,
}

/** Real phones around the embedded switch: a caller over UDP, softphones over WebSocket; each is known by its tone. */
export async function embeddedStage({ callLimit }: { callLimit?: number } = {}): Promise<Stage> {
  const directory = mkdtempSync(join(tmpdir(), 'gruppnummer-'))
  const recordings = join(directory, 'recordings')
  const clock = fakeClock()
  const line = await openUdpLine(tones)
  const engine = await openEmbeddedSwitch({
    socketPath: join(directory, 'sockets', 'softphones'),
    sipUdp: { address: '127.0.0.1', port: 0 },
    mediaAddress: '127.0.0.1',
    clock,
    recordings,
    speak: () => Promise.resolve(undefined),
    ...(callLimit !== undefined && { callLimit }),
  })
  // As the service does: the WebSocket's bytes go through to the switch's socket.
  const door = createServer((socket) => {
    const through = connect(engine.softphoneSocket.path)
    socket.pipe(through).pipe(socket)
    socket.on('error', () => through.destroy())
    through.on('error', () => socket.destroy())
  })
  door.listen(0, '127.0.0.1')
  await once(door, 'listening')
  const { port } = door.address() as AddressInfo
  const parties: { close(): void | Promise<void> }[] = []

  return {
    reach: () => Promise.resolve(engine),
    setup: setupIn(directory, line.port),
    async dialIn({ to, from }) {
      const switchPort = engine.sipUdp?.port ?? 0
      const caller = await ringOverUdp({ to, from, switchPort, tones })
      parties.push(caller)
      return caller
    },
    async phone(agent) {
      const hertz = agent === anna ? tones.anna : tones.ben
      const phone = await openSipPhone({ user: agent, secret: secretOf(agent), port, hertz, tones })
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
    passes: (seconds) => {
      clock.pass(seconds * 1000)
    },
    async close() {
      for (const party of parties) await party.close()
      await engine.close()
      line.close()
      door.close()
      rmSync(directory, { recursive: true })
    },
  }
}

function setupIn(directory: string, outboundPort: number): SwitchSetup {
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
    trunks: [
      { name: 'line', address: '127.0.0.1' },
      { name: 'out', address: '127.0.0.1', port: outboundPort, outbound: true },
    ],
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

const secretOf = (agent: AgentId) => `secret of ${agent}`
