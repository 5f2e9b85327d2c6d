import { ringOverUdp } from '../../switch/embedded/udp-caller.ts'
import { startAsterisk } from './start-asterisk.ts'

/** Seconds, at the shortest that RFC 4028 allows: half of 90 until it is asked, 32 for the answer, 32 for that to the BYE; and some. */
const patience = 130

/**
 * Callers on a trunk die without a word while they wait; one has a session timer of its own. Resolves with the channels of
 * theirs that Asterisk still has when all should be gone.
 */
export async function deadCallers(): Promise<readonly string[]> {
  const asterisk = await startAsterisk({
    overlay: { 'pjsip.conf': (written) => written.replace(/^(timers_sess_expires)=\d+$/m, '$1=90') },
  })
  const { url, user, password } = asterisk.ari
  const headers = { authorization: `Basic ${btoa(`${user}:${password}`)}` }
  const to = { to: '+46855500000', from: '+46701234567', switchPort: asterisk.sipPort, address: '127.0.0.2' }
  try {
    const callers = await Promise.all(
      [[], ['Supported: timer', 'Session-Expires: 90;refresher=uac']].map((more) =>
        ringOverUdp({ ...to, tones: nobody, silent: true, headers: more }),
      ),
    )
    while (callers.some(({ state }) => state === 'ringing')) await soon()
    for (const caller of callers) caller.close()
    const since = performance.now()
    for (;;) {
      const response = await fetch(`${url}/channels`, { headers })
      const left = ((await response.json()) as { name: string }[]).map(({ name }) => name)
      if (left.length === 0 || performance.now() - since > patience * 1000) return left
      await soon()
    }
  } finally {
    await asterisk.close()
  }
}

const soon = () => new Promise((resolve) => setTimeout(resolve, 500))

/** Who listens for none of them. */
const nobody = { music: 0, welcome: 0, song: 0, fallback: 0, caller: 0, anna: 0, ben: 0, outside: 0, speech: 0 }
