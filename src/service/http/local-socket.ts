import { createHash } from 'node:crypto'
import { promises as fs } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { z } from 'zod'
import { failed, ok, type Result } from '../../core/result.ts'

/** What another program of the same user may ask of the running service: one line of JSON each way. */
const localAskSchema = z.discriminatedUnion('ask', [
  /** A one-time sign-in link for an account, by name or id. */
  z.strictObject({ ask: z.literal('link'), account: z.string().min(1).max(200) }),
  z.strictObject({ ask: z.literal('whereabouts') }),
])
export type LocalAsk = z.infer<typeof localAskSchema>

const localAnswerSchema = z.discriminatedUnion('ok', [
  /** `said`: the link, or the service's origin. */
  z.strictObject({ ok: z.literal(true), said: z.string().max(1000) }),
  z.strictObject({ ok: z.literal(false), problem: z.string().max(1000) }),
])
type LocalAnswer = z.infer<typeof localAnswerSchema>

export interface LocalSocket {
  close(): Promise<void>
}

/** A path longer than this does not fit in `sockaddr_un` (104 bytes on macOS, 108 on Linux). */
const longestPath = 100
const longestLine = 4096
const patienceMillis = 5000

/** Only this user can open it: the directory's rights say so (0700), and the socket's (0600). */
export async function openLocalSocket(
  directory: string,
  answer: (ask: LocalAsk) => Promise<Result<string, string>>,
): Promise<LocalSocket> {
  const path = socketPath(directory)
  if (process.platform !== 'win32') {
    await fs.mkdir(dirname(path), { recursive: true, mode: 0o700 })
    // Of a service that was killed: the directory's owner is this process.
    await fs.rm(path, { force: true })
  }
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy())
    socket.setTimeout(patienceMillis, () => socket.destroy())
    readLine(socket, (line) => {
      void reply(line).then((said) => socket.end(`${JSON.stringify(said)}\n`))
    })
  })

  async function reply(line: string): Promise<LocalAnswer> {
    const ask = localAskSchema.safeParse(jsonOf(line))
    if (!ask.success) return { ok: false, problem: 'expected a question of this version of gruppnummer' }
    const said = await answer(ask.data).catch((fault: unknown) => failed(String(fault)))
    return said.ok ? { ok: true, said: said.value } : { ok: false, problem: said.problem }
  }

  await new Promise<void>((resolvePath, reject) => {
    server.once('error', reject)
    server.listen(path, () => {
      resolvePath()
    })
  })
  if (process.platform !== 'win32') await fs.chmod(path, 0o600)
  return { close: () => new Promise((closed) => server.close(() => closed())) }
}

/** Asks the service that runs on `directory`; undefined: none runs there. */
export function askRunningService(directory: string, ask: LocalAsk): Promise<Result<string, string> | undefined> {
  return new Promise((resolveAnswer) => {
    const socket = connect(socketPath(directory))
    socket.setTimeout(patienceMillis, () => socket.destroy(new Error('no answer in time')))
    let connected = false
    socket.once('connect', () => {
      connected = true
      socket.write(`${JSON.stringify(ask)}\n`)
    })
    socket.on('error', (error) => {
      resolveAnswer(connected ? failed(`the running service does not answer: ${error.message}`) : undefined)
    })
    socket.once('close', () => resolveAnswer(failed('the running service ended the conversation')))
    readLine(socket, (line) => {
      const answer = localAnswerSchema.safeParse(jsonOf(line))
      socket.destroy()
      if (!answer.success) resolveAnswer(failed('the running service is of another version'))
      else resolveAnswer(answer.data.ok ? ok(answer.data.said) : failed(answer.data.problem))
    })
  })
}

function socketPath(directory: string): string {
  const whole = resolve(directory)
  const hash = createHash('sha256').update(whole).digest('hex').slice(0, 16)
  if (process.platform === 'win32') return `\\\\.\\pipe\\gruppnummer-${hash}-service`
  const beside = join(whole, 'service.sock')
  if (Buffer.byteLength(beside) <= longestPath) return beside
  return join(tmpdir(), `gruppnummer-${String(process.getuid?.() ?? 0)}-${hash}`, 'service.sock')
}

function readLine(socket: Socket, read: (line: string) => void) {
  let text = ''
  socket.setEncoding('utf8')
  socket.on('data', (part: string) => {
    text += part
    const end = text.indexOf('\n')
    if (end < 0 && text.length <= longestLine) return
    socket.removeAllListeners('data')
    if (end < 0) socket.destroy()
    else read(text.slice(0, end))
  })
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
