import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { performance } from 'node:perf_hooks'
import { dialogOf, inDialog, overUdp } from '../../test/support/sip/sip-peer.ts'
import { sdpOf } from '../../test/support/sip/quiet-media.ts'

/** As many callers as `count`, over one trunk: whoever is done is followed by another. */
export interface WaitingCallers {
  /** By the number a caller shows: when it rang (`performance.now`). */
  readonly rangAt: ReadonlyMap<string, number>
  close(): void
}

export interface WaitingCallersOptions {
  readonly count: number
  readonly to: string
  /** Milliseconds until another caller follows one who is done. */
  readonly pause: () => number
  /** UDP, of the switch. */
  readonly sipPort: number
}

export async function openWaitingCallers({
  count,
  to,
  pause,
  sipPort,
}: WaitingCallersOptions): Promise<WaitingCallers> {
  const ear = createSocket('udp4')
  ear.bind(0, '127.0.0.1')
  await once(ear, 'listening')
  const trunk = await overUdp(sipPort)
  const rangAt = new Map<string, number>()
  let closed = false
  let calls = 0

  async function ring(): Promise<void> {
    calls += 1
    const number = `+46700${String(calls).padStart(6, '0')}`
    rangAt.set(number, performance.now())
    const invite = trunk.ask({
      method: 'INVITE',
      uri: `sip:${to}@127.0.0.1:${sipPort}`,
      from: `<sip:${number}@127.0.0.1:${trunk.port}>`,
      body: sdpOf({ port: ear.address().port }),
    })
    const answered = await trunk.answerTo(invite)
    if (answered.status !== 200) throw new Error(`a caller was answered ${answered.status}`)
    const dialog = dialogOf(invite, answered, 'uac')
    trunk.ask(inDialog(dialog, { method: 'ACK' }))
    const bye = await trunk.next(
      (message) => message.status === 0 && message.method === 'BYE' && message.header('call-id') === dialog.callId,
    )
    trunk.answer(bye, 200)
  }

  async function ringOn(): Promise<void> {
    while (!closed) {
      await ring()
      await new Promise((resolve) => setTimeout(resolve, pause()))
    }
  }

  for (let each = 0; each < count; each += 1) void ringOn()
  return {
    rangAt,
    close() {
      closed = true
      trunk.close()
      ear.close()
    },
  }
}
