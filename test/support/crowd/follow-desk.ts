import { randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { WebSocket } from 'ws'
import { consolePath, type Live } from '../../../src/contract/console.ts'
import { createConnection } from '../../../src/renderer/stores/connection.ts'

/** What a desk shows, by the connection that every window has. */
export interface FollowedDesk {
  /** Undefined: nothing yet. */
  shows(): Live | undefined
  /** Whether it is the same as what one that opens now is shown. */
  agreesWithFresh(): Promise<boolean>
  close(): void
}

export function followDesk(origin: string, cookie: string): FollowedDesk {
  const followed = follow(origin, cookie)
  return {
    shows: followed.shows,
    async agreesWithFresh() {
      const fresh = await firstPicture(origin, cookie)
      return fresh !== undefined && isDeepStrictEqual(followed.shows(), fresh)
    },
    close: followed.close,
  }
}

function follow(origin: string, cookie: string, told: (live: Live) => void = () => undefined) {
  let shown: Live | undefined
  const connection = createConnection(
    {
      openSocket(listener) {
        const socket = new WebSocket(origin.replace('http', 'ws') + consolePath, { origin, headers: { cookie } })
        socket.on('open', () => {
          listener.opened()
        })
        socket.on('message', (data: Buffer) => {
          listener.heard(data.toString())
        })
        socket.on('error', () => undefined)
        socket.on('close', () => {
          listener.closed()
        })
        return {
          send: (text) => {
            socket.send(text)
          },
          close: () => {
            socket.terminate()
          },
        }
      },
      now: () => Date.now(),
      wake(wait, then) {
        const timer = setTimeout(then, wait)
        return () => {
          clearTimeout(timer)
        }
      },
      random: () => Math.random(),
      newId: () => randomUUID(),
    },
    {
      link: () => undefined,
      welcomed: () => undefined,
      live(live) {
        shown = live
        told(live)
      },
      offset: () => undefined,
    },
  )
  connection.open()
  return {
    shows: () => shown,
    close: () => {
      connection.close()
    },
  }
}

/** Undefined: there is no service. */
async function firstPicture(origin: string, cookie: string): Promise<Live | undefined> {
  const { promise, resolve } = Promise.withResolvers<Live | undefined>()
  const fresh = follow(origin, cookie, resolve)
  const timer = setTimeout(() => {
    resolve(undefined)
  }, 1000)
  const live = await promise
  clearTimeout(timer)
  fresh.close()
  return live
}
