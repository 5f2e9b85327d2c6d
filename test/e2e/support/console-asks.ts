import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { WebSocket } from 'ws'
import { consolePath, consoleProtocol, type Ask, type FromService, type Live } from '../../../src/contract/console.ts'

/** A console without a window, for what a scene needs and does not try. */
export interface ConsoleAsks {
  /** Throws where the service does not do it. */
  ask(ask: Ask): Promise<unknown>
  /** As it is now. */
  live(): Promise<Live>
  /** Hangs up whoever is rung or in a call. */
  endCalls(): Promise<void>
  close(): void
}

/** `token`: of a sign-in link. */
export async function openConsoleAsks(origin: string, token: string): Promise<ConsoleAsks> {
  const redeemed = await fetch(`${origin}/api/session/link`, {
    method: 'POST',
    headers: { origin, 'content-type': 'application/json' },
    body: JSON.stringify({ link: token }),
  })
  if (!redeemed.ok) throw new Error(`not signed in: ${await redeemed.text()}`)
  const cookie = redeemed.headers.getSetCookie().map((each) => each.replace(/;.*/s, ''))
  const socket = new WebSocket(`${origin.replace('http', 'ws')}${consolePath}`, {
    headers: { origin, cookie: cookie.join('; ') },
  })
  await once(socket, 'open')
  let snapshots: ((told: Extract<FromService, { type: 'snapshot' }>) => void)[] = []
  const waiting = new Map<string, (reply: Extract<FromService, { type: 'reply' }>['reply']) => void>()
  socket.on('message', (message: Buffer) => {
    const told = JSON.parse(message.toString()) as FromService
    if (told.type === 'snapshot') {
      for (const take of snapshots.splice(0)) take(told)
      return
    }
    if (told.type !== 'reply') return
    waiting.get(told.id)?.(told.reply)
    waiting.delete(told.id)
  })
  socket.send(JSON.stringify({ type: 'hello', protocol: consoleProtocol }))
  async function perform(ask: Ask) {
    const id = randomUUID()
    const replied = new Promise<Extract<FromService, { type: 'reply' }>['reply']>((resolve) => {
      waiting.set(id, resolve)
    })
    socket.send(JSON.stringify({ type: 'ask', id, ask }))
    const reply = await replied
    if (!reply.ok) throw new Error(`${ask.type}: ${reply.problem.message}`)
    return reply.value
  }

  async function live(): Promise<Live> {
    const snapshot = new Promise<Extract<FromService, { type: 'snapshot' }>>((resolve) => {
      snapshots = [...snapshots, resolve]
    })
    socket.send(JSON.stringify({ type: 'resynchronise' }))
    return (await snapshot).live
  }

  return {
    ask: perform,
    live,
    async endCalls() {
      for (const { agent, call } of Object.values((await live()).agents))
        if (call !== undefined) await perform({ type: 'hangUp', agent, call })
    },
    close() {
      socket.terminate()
    },
  }
}
