import { consolePath } from '../../contract/console.ts'
import type { ConnectionPorts } from './connection.ts'
import { socketAddress } from './socket-address.ts'

/** The connection's ports in a window: the service's socket, the machine's clock and its chance. */
export const browserPorts: ConnectionPorts = {
  openSocket(listener) {
    const socket = new WebSocket(socketAddress(consolePath))
    const { desktop } = window
    socket.onopen = () => {
      if (desktop === undefined) listener.opened()
      else void desktop.sessionToken().then((token) => listener.opened(token))
    }
    socket.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (typeof data === 'string') listener.heard(data)
    }
    socket.onclose = () => listener.closed()
    return {
      send(text) {
        if (socket.readyState === WebSocket.OPEN) socket.send(text)
      },
      close() {
        socket.onopen = socket.onmessage = socket.onclose = null
        socket.close()
      },
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
