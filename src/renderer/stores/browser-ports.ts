import { consolePath } from '../../contract/console.ts'
import type { ConnectionPorts } from './connection.ts'
import { serviceAnswers } from '../shared/service-answers.ts'
import { socketAddress } from './socket-address.ts'

/** Whether the last one could not be opened. */
let refused = false

/** The connection's ports in a window: the service's socket, the machine's clock and its chance. */
export const browserPorts: ConnectionPorts = {
  openSocket(listener) {
    const asking = new AbortController()
    let socket: WebSocket | undefined
    if (refused) void openWhenThere()
    else open()
    return {
      send(text) {
        if (socket?.readyState === WebSocket.OPEN) socket.send(text)
      },
      close() {
        asking.abort()
        if (!socket) return
        socket.onopen = socket.onmessage = socket.onclose = null
        socket.close()
      },
    }

    async function openWhenThere() {
      const there = await serviceAnswers({ signal: asking.signal })
      if (asking.signal.aborted) return
      if (there) open()
      else listener.closed()
    }

    function open() {
      const opening = new WebSocket(socketAddress(consolePath))
      socket = opening
      refused = true
      const { desktop } = window
      opening.onopen = () => {
        refused = false
        if (desktop === undefined) listener.opened()
        else void desktop.sessionToken().then((token) => listener.opened(token))
      }
      opening.onmessage = ({ data }: MessageEvent<unknown>) => {
        if (typeof data === 'string') listener.heard(data)
      }
      opening.onclose = () => listener.closed()
    }
  },
  now: () => Date.now(),
  wake(wait, then) {
    const timer = setTimeout(then, wait)
    return () => clearTimeout(timer)
  },
  random: () => Math.random(),
  newId: () => crypto.randomUUID(),
}
