import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as passes } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { toldToStop } from './told-to-stop.ts'

export interface Supervised {
  /** Of the program that gives signs of life: see `giveSignsOfLife`. */
  readonly command: string
  readonly args: readonly string[]
  /** Milliseconds. */
  readonly limits: {
    /** Between two looks. */
    readonly look: number
    /** Looks without a sign of life until it is taken for frozen: before the first sign, and after it. */
    readonly first: number
    readonly later: number
    /** Between two starts, when it ends soon after each; the last goes on. */
    readonly backOff: readonly number[]
    /** One that ran for so long has started well. */
    readonly well: number
    /** Until one that was told to stop is made to. */
    readonly stop: number
  }
  readonly say: (text: string) => void
}

const limits: Supervised['limits'] = {
  look: 1000,
  first: 60,
  later: 5,
  backOff: [0, 500, 1000, 2000, 5000],
  well: 60_000,
  stop: 15_000,
}

/** What a command line that cannot be served ends with; starting it again would not help. */
const wrong = 2

/** The command `gruppnummer supervise`: the service in a process of its own, and this one to end it when it is frozen. */
export async function run(args: string[]): Promise<number> {
  return supervise(
    {
      command: process.execPath,
      args: [fileURLToPath(new URL('../../bin/gruppnummer.mjs', import.meta.url)), 'serve', ...args],
      limits,
      say: (text) => {
        console.error(`gruppnummer supervise: ${text}`)
      },
    },
    toldToStop(),
  )
}

/** Starts it, and starts it again whenever it ends or freezes, until `stopped`. The exit code. */
export async function supervise(supervised: Supervised, stopped: Promise<void>): Promise<number> {
  const { command, args, limits, say } = supervised
  let stopping = false
  let child: ChildProcess | undefined
  const stop = stopped.then(() => {
    stopping = true
    child?.kill('SIGTERM')
    const running = child
    setTimeout(() => running?.kill('SIGKILL'), limits.stop).unref()
  })
  const isStopping = () => stopping
  let failures = 0
  for (;;) {
    const since = performance.now()
    child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    const ended = await watch(child, supervised)
    if (isStopping()) return ended.code ?? 0
    if (ended.code === 0) return 0
    if (ended.code === wrong && failures === 0) return wrong
    failures = performance.now() - since > limits.well ? 0 : failures + 1
    const wait = limits.backOff[Math.min(Math.max(failures - 1, 0), limits.backOff.length - 1)] ?? 0
    say(
      `the service ${ended.frozen ? 'was frozen and has been ended' : `ended (${String(ended.code ?? ended.signal)})`}`,
    )
    await Promise.race([passes(wait, undefined, { ref: true }), stop])
    if (isStopping()) return 0
  }
}

interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly frozen: boolean
}

/**
 * By looks and not by the clock: a machine that slept, or a supervisor that was held up itself, finds no service frozen that
 * was held up with it.
 */
async function watch(child: ChildProcess, { limits }: Supervised): Promise<Ended> {
  let misses = 0
  let patience = limits.first
  let frozen = false
  child.on('message', () => {
    misses = 0
    patience = limits.later
  })
  const looks = setInterval(() => {
    misses += 1
    if (misses <= patience || frozen) return
    frozen = true
    // One that is stopped hears nothing else.
    child.kill('SIGKILL')
  }, limits.look)
  try {
    const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null]
    return { code, signal, frozen }
  } finally {
    clearInterval(looks)
  }
}
