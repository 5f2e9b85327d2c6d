import type { Ask, FromConsole, FromService, Live, Reply, SignedIn } from '../../../src/contract/console.ts'
import { instant } from '../../../src/core/time.ts'
import type { ConnectionPorts, SocketListener } from '../../../src/renderer/stores/connection.ts'
import { liveOf, signedInAnna, tenOClock } from './live.ts'

/** One socket as the service sees it. */
export interface FakeSocket {
  readonly heard: readonly FromConsole[]
  readonly closed: boolean
  open(): void
  say(message: FromService): void
  sayText(text: string): void
  drop(): void
}

/** Time, chance and a network in memory; everything happens when the test says so. */
export function fakeConsole({ random = 0.5 } = {}) {
  let now = tenOClock as number
  let ids = 0
  const timers = new Set<{ readonly at: number; readonly then: () => void }>()
  const sockets: FakeSocket[] = []

  const ports: ConnectionPorts = {
    openSocket(listener: SocketListener) {
      const heard: FromConsole[] = []
      let closed = false
      sockets.push({
        heard,
        get closed() {
          return closed
        },
        open: () => listener.opened(),
        say: (message) => listener.heard(JSON.stringify(message)),
        sayText: (text) => listener.heard(text),
        drop: () => {
          closed = true
          listener.closed()
        },
      })
      return {
        send(text) {
          if (!closed) heard.push(JSON.parse(text) as FromConsole)
        },
        close: () => (closed = true),
      }
    },
    now: () => now,
    wake(wait, then) {
      const timer = { at: now + wait, then }
      timers.add(timer)
      return () => timers.delete(timer)
    },
    random: () => random,
    newId: () => `id-${(ids += 1)}`,
  }

  return {
    ports,
    sockets,
    /** The newest one. */
    get socket() {
      const socket = sockets.at(-1)
      if (socket === undefined) throw new Error('no socket was opened')
      return socket
    },
    pass(seconds: number) {
      const until = now + seconds * 1000
      for (;;) {
        const due = [...timers].filter((timer) => timer.at <= until).sort((one, other) => one.at - other.at)[0]
        if (due === undefined) break
        timers.delete(due)
        now = Math.max(now, due.at)
        due.then()
      }
      now = until
    },
    /** Opens the newest socket and says what a service says first. */
    welcome(live: Live = liveOf(), signedIn: Partial<SignedIn> = {}, revision = 1) {
      const { socket } = this
      socket.open()
      socket.say({
        type: 'welcome',
        protocol: 1,
        signedIn: { ...signedInAnna, ...signedIn },
        softphone: { user: 'anna', secret: 'x' },
        now: instant(now),
      })
      socket.say({ type: 'snapshot', revision, now: instant(now), live })
    },
    asks(): readonly Ask[] {
      return sockets.flatMap(({ heard }) => heard.flatMap((message) => (message.type === 'ask' ? [message.ask] : [])))
    },
    replyToLast(reply: Reply) {
      const last = this.socket.heard.findLast((message) => message.type === 'ask')
      if (last?.type === 'ask') this.socket.say({ type: 'reply', id: last.id, reply })
    },
  }
}
