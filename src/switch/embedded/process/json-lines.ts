import type { Socket } from 'node:net'
import type { z } from 'zod'
import { beatMillis, frozenMillis, longestMessage } from './protocol.ts'

/** One end of a connection on which both ends speak JSON, one message a line, and beat while they live. */
export interface Line<Sent> {
  send(message: Sent): void
  close(): void
}

export interface LineListener<Received> {
  heard(message: Received): void
  /**
   * Told once, and nothing after it. `frozen`: no word for `frozenMillis`; `garbage`: what came was
   * no message, and `what` says why; `gone`: the other end closed or died.
   */
  ended(why: 'gone' | 'frozen' | 'garbage', what?: string): void
}

const newline = 0x0a

export function openLine<Sent, Received>(
  socket: Socket,
  schema: z.ZodType<Received>,
  listener: LineListener<Received>,
): Line<Sent | { readonly type: 'heartbeat' }> {
  let pieces: Buffer[] = []
  let waiting = 0
  let open = true
  let lastWord = performance.now()
  let lastLook = lastWord

  const beat = setInterval(() => {
    const now = performance.now()
    // Whoever slept itself has not listened, and cannot tell that the other end was silent.
    if (now - lastLook > frozenMillis / 2) lastWord = now
    lastLook = now
    if (now - lastWord >= frozenMillis) end('frozen')
    else send({ type: 'heartbeat' })
  }, beatMillis)

  function end(why: 'gone' | 'frozen' | 'garbage', what?: string) {
    if (!open) return
    open = false
    clearInterval(beat)
    socket.destroy()
    listener.ended(why, what)
  }

  function read(chunk: Buffer) {
    lastWord = performance.now()
    let from = 0
    for (;;) {
      const at = chunk.indexOf(newline, from)
      if (at < 0) break
      pieces.push(chunk.subarray(from, at))
      const line = Buffer.concat(pieces)
      pieces = []
      waiting = 0
      from = at + 1
      take(line)
      if (!open) return
    }
    const rest = chunk.subarray(from)
    waiting += rest.length
    if (waiting > longestMessage) {
      end('garbage', `a message of more than ${longestMessage} bytes`)
      return
    }
    if (rest.length > 0) pieces.push(rest)
  }

  function take(line: Buffer) {
    let value: unknown
    try {
      value = JSON.parse(line.toString('utf8'))
    } catch {
      end('garbage', 'a line that is not JSON')
      return
    }
    const parsed = schema.safeParse(value)
    if (parsed.success) listener.heard(parsed.data)
    else end('garbage', parsed.error.issues[0]?.message ?? 'an unknown message')
  }

  function send(message: Sent | { readonly type: 'heartbeat' }) {
    if (!open) return
    socket.write(`${JSON.stringify(message)}\n`)
    // The other end does not read: it is as good as frozen, and must not grow a queue here.
    if (socket.writableLength > 2 * longestMessage) end('frozen')
  }

  socket.on('data', read)
  socket.on('error', () => {
    end('gone')
  })
  socket.on('close', () => {
    end('gone')
  })
  return {
    send,
    close() {
      if (!open) return
      open = false
      clearInterval(beat)
      // What has been said is still delivered.
      socket.end()
      socket.unref()
    },
  }
}
