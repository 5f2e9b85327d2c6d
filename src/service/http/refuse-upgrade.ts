import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import type { HttpProblem } from '../../contract/console.ts'

/** Answers a WebSocket upgrade with an ordinary HTTP error and closes. */
export function refuseUpgrade(
  socket: Duplex,
  { status, kind, message }: { readonly status: number; readonly kind: string; readonly message: string },
) {
  const body = JSON.stringify({ error: { kind, message } } satisfies HttpProblem)
  socket.on('error', () => socket.destroy())
  socket.end(
    `HTTP/1.1 ${String(status)} ${STATUS_CODES[status] ?? ''}\r\n` +
      'Connection: close\r\nContent-Type: application/json; charset=utf-8\r\n' +
      `Content-Length: ${String(Buffer.byteLength(body))}\r\n\r\n${body}`,
    () => socket.destroy(),
  )
}
