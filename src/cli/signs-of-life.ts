import { execFile } from 'node:child_process'

/** Milliseconds. */
const signEvery = 500

export interface SignsOfLife {
  /** The service takes calls from here on. */
  ready(): void
  /** Resolves when whoever watches us has gone: nobody would see us freeze. */
  readonly unwatched: Promise<unknown>
  stop(): void
}

/**
 * Tells whoever watches from outside that this process still turns its events over: `gruppnummer supervise` by messages to the
 * parent, systemd by sd_notify(3). Node has no datagrams on Unix sockets, so the program that comes with systemd says it.
 */
export function giveSignsOfLife({ NOTIFY_SOCKET, WATCHDOG_USEC }: NodeJS.ProcessEnv = process.env): SignsOfLife {
  const timers: NodeJS.Timeout[] = []
  const { promise: unwatched, resolve } = Promise.withResolvers<undefined>()
  if (process.send) {
    process.once('disconnect', () => {
      resolve(undefined)
    })
    // Whoever cannot be started ends, watched or not.
    process.channel?.unref()
    const tell = () => {
      if (process.connected) process.send?.('alive')
    }
    tell()
    timers.push(setInterval(tell, signEvery))
  }

  const notify = (...said: readonly string[]) => {
    if (NOTIFY_SOCKET === undefined) return
    // It is no matter of a call whether systemd hears it.
    execFile('systemd-notify', [...said], () => undefined)
  }
  const watchdogMillis = Number(WATCHDOG_USEC) / 1000
  // Half of it, as sd_watchdog_enabled(3) asks for.
  if (watchdogMillis > 0)
    timers.push(
      setInterval(() => {
        notify('WATCHDOG=1')
      }, watchdogMillis / 2),
    )
  for (const timer of timers) timer.unref()

  return {
    ready() {
      notify('--ready', 'WATCHDOG=1')
    },
    unwatched,
    stop() {
      for (const timer of timers) clearInterval(timer)
      notify('STOPPING=1')
    },
  }
}
