import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'
import { peers } from './peers.ts'
import { toneWav, type Snippet } from './tones.ts'

/** One party's Chromium: its microphone is one tone, and what its calls hear can be looked at. */
export interface PartyBrowser {
  readonly page: Page
  /** What went wrong in the page so far: errors not caught, requests that failed. For a failed test's message. */
  readonly troubles: readonly string[]
  /** A piece of each remote audio track that is alive. */
  hears(): Promise<readonly Snippet[]>
  /** The same of what a page plays of its own: a message that is listened to. */
  hearsPlayed(): Promise<readonly Snippet[]>
  /** The whole browser dies at once, as in a power cut. */
  kill(): void
  /** The machine sleeps: nothing runs until `wakes`, which finds the clock `seconds` ahead of what passed here. */
  sleeps(seconds: number): Promise<void>
  wakes(): void
  close(): Promise<void>
}

/**
 * `directory`: for the tone's file. The file is per browser process, so each party has its own. `microphone` false: the person
 * refuses it. `proxy`: everything goes through it, also to this machine.
 */
export async function openPartyBrowser(
  hertz: number,
  directory: string,
  { microphone = true, proxy }: { readonly microphone?: boolean; readonly proxy?: string } = {},
): Promise<PartyBrowser> {
  const file = join(directory, `tone-${hertz}.wav`)
  writeFileSync(file, toneWav(hertz, { seconds: 4, rate: 48_000 }))
  if (!peers.chromium) throw new Error('no Chromium on this machine; CHROMIUM names one')
  const server = await chromium.launchServer({
    executablePath: peers.chromium,
    ...(proxy !== undefined && { proxy: { server: proxy, bypass: '<-loopback>' } }),
    args: [
      '--use-fake-device-for-media-stream',
      // Without it nobody clicks on "allow", and a page is refused.
      ...(microphone ? ['--use-fake-ui-for-media-stream'] : []),
      `--use-file-for-fake-audio-capture=${file}`,
      '--autoplay-policy=no-user-gesture-required',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-dev-shm-usage',
      '--disable-sync',
      '--no-first-run',
      // Chromium refuses to run with its sandbox as root, as in a container.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ],
  })
  const browser: Browser = await chromium.connect(server.wsEndpoint())
  const context = await browser.newContext({
    permissions: microphone ? ['microphone', 'notifications'] : ['notifications'],
    locale: 'en-GB',
  })
  await context.addInitScript(listenToCalls)
  await context.addInitScript(listenToSounds)
  const page = await context.newPage()
  const troubles: string[] = []
  page.on('pageerror', (error) => troubles.push(error.message))
  page.on('requestfailed', (request) => troubles.push(`${request.url()}: ${request.failure()?.errorText ?? ''}`))
  page.on('response', (response) => {
    if (response.status() >= 400) troubles.push(`${response.url()}: ${response.status()}`)
  })
  page.on('crash', () => troubles.push('the page crashed'))
  /** To all its processes: each browser is a process group of its own. */
  const signal = (name: 'SIGSTOP' | 'SIGCONT') => {
    const { pid } = server.process()
    if (pid !== undefined) process.kill(-pid, name)
  }
  return {
    page,
    troubles,
    async hears() {
      return (await page.evaluate(() => (window as unknown as Ears).heardInCalls?.())) ?? []
    },
    async hearsPlayed() {
      return (await page.evaluate(() => (window as unknown as Ears).heardInSounds?.())) ?? []
    },
    kill: () => server.process().kill('SIGKILL'),
    async sleeps(seconds) {
      await page.evaluate(skipTime, seconds * 1000)
      signal('SIGSTOP')
    },
    wakes: () => {
      signal('SIGCONT')
    },
    async close() {
      await browser.close().catch(() => undefined)
      await server.kill()
    },
  }
}

/** In the page: from two seconds on, which it will not see pass, its clock is `more` milliseconds ahead. */
function skipTime(more: number) {
  const now = Date.now.bind(Date)
  const asleep = now() + 2000
  Date.now = () => now() + (now() > asleep ? more : 0)
}

type Ears = { readonly heardInCalls?: HeardNow; readonly heardInSounds?: HeardNow }
type HeardNow = () => readonly { readonly rate: number; readonly samples: readonly number[] }[]

/** In the page, before its own scripts: taps what every RTCPeerConnection receives, and takes sound as it is. */
function listenToCalls() {
  const ears = new Map<MediaStreamTrack, AnalyserNode>()
  const Plain = window.RTCPeerConnection
  window.RTCPeerConnection = class extends Plain {
    constructor(configuration?: RTCConfiguration) {
      super(configuration)
      this.addEventListener('track', ({ track }) => {
        if (track.kind !== 'audio') return
        const stream = new MediaStream([track])
        // Chromium delivers a remote stream to Web Audio only while an element plays it.
        const element = new Audio()
        element.muted = true
        element.srcObject = stream
        void element.play()
        const context = new AudioContext()
        const analyser = context.createAnalyser()
        analyser.fftSize = 4096
        context.createMediaStreamSource(stream).connect(analyser)
        ears.set(track, analyser)
        this.addEventListener('connectionstatechange', () => {
          if (this.connectionState === 'closed') forget()
        })
        track.addEventListener('ended', forget)
        function forget() {
          if (!ears.delete(track)) return
          element.srcObject = null
          void context.close()
        }
      })
    }
  }
  const heard: HeardNow = () =>
    [...ears]
      // A connection that its owner closed ends its tracks without an event.
      .filter(([track]) => track.readyState === 'live')
      .map(([, analyser]) => {
        const samples = new Float32Array(analyser.fftSize)
        analyser.getFloatTimeDomainData(samples)
        return { rate: analyser.context.sampleRate, samples: [...samples] }
      })
  Object.assign(window, { heardInCalls: heard })

  // What makes a voice clearer makes a tone vanish.
  const devices = (navigator as Partial<Navigator>).mediaDevices
  if (!devices) return
  const ask = devices.getUserMedia.bind(devices)
  devices.getUserMedia = (wanted) => {
    const audio = wanted?.audio
    if (!audio) return ask(wanted)
    const plain = { echoCancellation: false, noiseSuppression: false, autoGainControl: false }
    return ask({ ...wanted, audio: { ...(typeof audio === 'object' ? audio : {}), ...plain } })
  }
}

/** Another window of the same browser and sign-in, of another size or kind of device. */
export async function anotherWindow(page: Page, device: BrowserContextOptions): Promise<Page> {
  const browser = page.context().browser()
  if (!browser) throw new Error('a page without a browser')
  const context = await browser.newContext({ ...device, storageState: await page.context().storageState() })
  const opened = await context.newPage()
  opened.setDefaultTimeout(15_000)
  return opened
}

/** In the page, before its own scripts: taps every sound file that is played. */
function listenToSounds() {
  const ears = new Map<HTMLMediaElement, AnalyserNode>()
  const play: (this: HTMLMediaElement) => Promise<void> = Reflect.get(HTMLMediaElement.prototype, 'play')
  HTMLMediaElement.prototype.play = function (this: HTMLMediaElement) {
    if (!ears.has(this) && this.srcObject === null && this.src !== '') {
      const context = new AudioContext()
      const analyser = context.createAnalyser()
      analyser.fftSize = 4096
      context.createMediaElementSource(this).connect(analyser).connect(context.destination)
      ears.set(this, analyser)
    }
    return play.call(this)
  }
  const heard: HeardNow = () =>
    [...ears]
      .filter(([element]) => !element.paused)
      .map(([, analyser]) => {
        const samples = new Float32Array(analyser.fftSize)
        analyser.getFloatTimeDomainData(samples)
        return { rate: analyser.context.sampleRate, samples: [...samples] }
      })
  Object.assign(window, { heardInSounds: heard })
}
