import { after, millis, type Instant } from '../../../core/time.ts'
import type { Clock } from '../clock.ts'

/** RFC 3261 section 17 over an unreliable transport, for one remote address: what sip.js leaves to the transport. */
export interface ReliableDatagrams {
  /** Sends, and sends again until it is answered. */
  send(message: string): void
  /** `repeated`: the transactions have had it; our last answer, if any, has been sent again. */
  heardRequest(request: { readonly method: string; readonly viaBranch: string }): 'new' | 'repeated'
  heardResponse(response: { readonly method: string; readonly viaBranch: string; readonly statusCode: number }): void
  close(): void
}

const t1 = 500
const t2 = 4000
/** 64 x T1: timers B, F, H, J, and how long anything is remembered. */
const giveUp = 64 * t1

interface Remembered {
  readonly at: Instant
  readonly message: string | undefined
}

/**
 * Timers A, E and G (retransmission), J (an answer is kept for a repeated request) and D (a repeated final answer
 * to an INVITE is acknowledged again). A 2xx to INVITE is repeated by the dialog, in sip.js.
 */
export function reliableDatagrams(clock: Clock, transmit: (message: string) => void): ReliableDatagrams {
  /** Of requests heard, by transaction. */
  const answers = new Map<string, Remembered>()
  /** Of ours to final answers other than 2xx, by branch. */
  const acknowledgements = new Map<string, Remembered>()
  /** Running retransmissions by direction and transaction. */
  const repeating = new Map<string, { readonly stop: () => void; slow: boolean }>()

  function send(message: string) {
    transmit(message)
    const { method, branch, status } = summaryOf(message)
    if (status !== undefined) {
      remember(answers, `${branch} ${method}`, message)
      if (method === 'INVITE' && status >= 300) repeat(`answer ${branch} INVITE`, message, t2)
      return
    }
    if (method === 'ACK') {
      remember(acknowledgements, branch, message)
      return
    }
    repeat(`ask ${branch} ${method}`, message, method === 'INVITE' ? giveUp : t2)
  }

  function repeat(key: string, message: string, longest: number) {
    repeating.get(key)?.stop()
    const end = clock.now() + giveUp
    let wait = t1
    let cancel = arm()
    function arm() {
      return clock.wake(after(clock.now(), millis(wait)), () => {
        if (clock.now() >= end) {
          repeating.delete(key)
          return
        }
        transmit(message)
        wait = repeating.get(key)?.slow ? t2 : Math.min(wait * 2, longest)
        cancel = arm()
      })
    }
    repeating.set(key, {
      slow: false,
      stop: () => {
        cancel()
      },
    })
  }

  function stop(key: string) {
    repeating.get(key)?.stop()
    repeating.delete(key)
  }

  function heardRequest({ method, viaBranch }: { method: string; viaBranch: string }): 'new' | 'repeated' {
    if (method === 'ACK') {
      stop(`answer ${viaBranch} INVITE`)
      return 'new'
    }
    const key = `${viaBranch} ${method}`
    const known = answers.get(key)
    if (!known) {
      remember(answers, key, undefined)
      return 'new'
    }
    if (known.message !== undefined) transmit(known.message)
    return 'repeated'
  }

  function heardResponse({ method, viaBranch, statusCode }: Parameters<ReliableDatagrams['heardResponse']>[0]) {
    const key = `ask ${viaBranch} ${method}`
    if (method === 'INVITE' || statusCode >= 200) stop(key)
    else {
      const running = repeating.get(key)
      if (running) running.slow = true
    }
    if (method !== 'INVITE' || statusCode < 300) return
    const acknowledgement = acknowledgements.get(viaBranch)?.message
    if (acknowledgement !== undefined) transmit(acknowledgement)
  }

  function remember(memory: Map<string, Remembered>, key: string, message: string | undefined) {
    const at = clock.now()
    // Kept in order of time, so that the oldest are first.
    memory.delete(key)
    memory.set(key, { at, message })
    for (const [oldKey, old] of memory) {
      if (at - old.at <= giveUp) break
      memory.delete(oldKey)
    }
  }

  return {
    send,
    heardRequest,
    heardResponse,
    close: () => {
      for (const { stop: end } of repeating.values()) end()
      repeating.clear()
    },
  }
}

/** Of a message that we wrote ourselves. */
function summaryOf(message: string) {
  const status = /^SIP\/2\.0 (\d{3})/.exec(message)?.[1]
  return {
    status: status === undefined ? undefined : Number(status),
    branch: /\r\nVia:[^\r\n]*?;\s*branch\s*=\s*([^;,\s]+)/i.exec(message)?.[1] ?? '',
    method: /\r\nCSeq:\s*\d+\s+([^\s]+)/i.exec(message)?.[1] ?? '',
  }
}
