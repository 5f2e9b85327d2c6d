import { consolePath } from '../../contract/console.ts'
import type { ConnectionPorts } from './connection.ts'

/** The connection's ports in a browser window: the page's own origin, its clock and its chance. */
export const browserPorts: ConnectionPorts = {
  openSocket(listener) {
    const address = new URL(consolePath, location.href)
    address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:'
    const socket = new WebSocket(address)
    socket.onopen = () => listener.opened()
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
