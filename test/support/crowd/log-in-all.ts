import { once } from 'node:events'
import { WebSocket } from 'ws'
import { consolePath, consoleProtocol } from '../../../src/contract/console.ts'

export interface AtConsole {
  readonly origin: string
  /** The token of an admin's sign-in link. */
  readonly link: string
  readonly agents: readonly string[]
}

/** A console that asks more at once is told to wait. */
const asksAtOnce = 40

/** As supervisors at their consoles log everybody in. The cookie of the session. */
export async function logInAll({ origin, link, agents }: AtConsole): Promise<string> {
  const signedIn = await fetch(`${origin}/api/session/link`, {
    method: 'POST',
    headers: { origin, 'content-type': 'application/json' },
    body: JSON.stringify({ link }),
  })
  const cookie = signedIn.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  for (let from = 0; from < agents.length; from += asksAtOnce)
    await logIn(origin, cookie, agents.slice(from, from + asksAtOnce))
  return cookie
}

async function logIn(origin: string, cookie: string, agents: readonly string[]): Promise<void> {
  const console = new WebSocket(origin.replace('http', 'ws') + consolePath, { origin, headers: { cookie } })
  await once(console, 'open')
  console.send(JSON.stringify({ type: 'hello', protocol: consoleProtocol }))
  const awaited = new Set(agents.map((agent) => `log in ${agent}`))
  const replied = new Promise<void>((resolve, reject) => {
    console.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString()) as { type: string; id?: string; reply?: { ok: boolean } }
      if (message.type === 'snapshot')
        for (const agent of agents)
          console.send(JSON.stringify({ type: 'ask', id: `log in ${agent}`, ask: { type: 'logIn', agent } }))
      if (message.type !== 'reply') return
      if (message.reply?.ok !== true) reject(new Error(data.toString()))
      awaited.delete(message.id ?? '')
      if (awaited.size === 0) resolve()
    })
    console.on('close', () => {
      reject(new Error('the console was closed'))
    })
  })
  await replied
  console.close()
}
