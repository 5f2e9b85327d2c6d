import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

export interface Wire {
  readonly port: number
  /** Every connection that is open. */
  cut(): void
  close(): void
}

/** Between us and a port of Asterisk, to be cut. */
export async function openWire(to: number): Promise<Wire> {
  const open = new Set<Socket>()
  const server = createServer((socket) => {
    const through = connect(to, '127.0.0.1')
    socket.pipe(through).pipe(socket)
    for (const each of [socket, through]) {
      open.add(each)
      each.on('error', () => undefined)
      each.on('close', () => {
        open.delete(each)
        socket.destroy()
        through.destroy()
      })
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const cut = () => {
    for (const socket of open) socket.destroy()
  }
  return {
    port: (server.address() as AddressInfo).port,
    cut,
    close() {
      cut()
      server.close()
    },
  }
}
