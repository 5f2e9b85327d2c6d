import { Inviter, SessionState, type UserAgent } from 'sip.js'
import { z } from 'zod'
import type { CallerCredential } from '../../contract/console.ts'
import { sipPath } from '../../contract/softphone.ts'
import type { E164 } from '../../core/configuration/types.ts'
import { instant } from '../../core/time.ts'
import { type DescriptionHandler, describeWith } from '../shared/sip/description-handler.ts'
import { openSoundInput, type SoundInput } from '../shared/sip/sound-source.ts'
import { addressOf, openUserAgent } from '../shared/sip/transport.ts'
import { socketAddress } from '../stores/socket-address.ts'
import { type Hearing, listenTo } from './hearing.ts'

export type CallerState =
  | { readonly state: 'idle' }
  | { readonly state: 'calling' }
  | { readonly state: 'connected'; readonly since: number; readonly hearing: Hearing }
  /** `status`: the SIP final response of a call that was refused, 300 to 699; absent: it had been answered. */
  | { readonly state: 'ended'; readonly status?: number }

export interface CallerLine {
  readonly state: CallerState
  /** Whether a test tone is sent instead of a microphone's sound. */
  readonly sendsTone: boolean
  call(credential: CallerCredential, number: E164): Promise<void>
  press(digit: string): void
  hangUp(): Promise<void>
}

const credentialSchema = z.object({
  user: z.string(),
  secret: z.string(),
  until: z.number().transform(instant),
  numbers: z.array(z.object({ number: z.string().transform((number) => number as E164), name: z.string() })),
})

/** Asks the service for a short-lived credential; a message for the person where it gives none. */
export async function fetchCredential(): Promise<CallerCredential | { readonly refused: number }> {
  const answer = await fetch('/api/caller', { method: 'POST' }).catch(() => undefined)
  if (!answer?.ok) return { refused: answer?.status ?? 0 }
  const parsed = credentialSchema.safeParse(await answer.json().catch(() => undefined))
  return parsed.success ? parsed.data : { refused: 500 }
}

/** A telephone of one call: rings a group number and says what it hears. */
export function openCallerLine(audio: HTMLAudioElement, changed: () => void): CallerLine {
  let state: CallerState = { state: 'idle' }
  let input: SoundInput | undefined
  let session: Inviter | undefined
  let handler: DescriptionHandler | undefined
  let userAgent: UserAgent | undefined

  return {
    get state() {
      return state
    },
    get sendsTone() {
      return input?.microphone.state === 'listenOnly'
    },
    call,
    press: (digit) => void handler?.sendDtmf(digit, { duration: 120, interToneGap: 70 }),
    async hangUp() {
      if (session?.state === SessionState.Established) await session.bye()
      else await session?.cancel()
    },
  }

  async function call(credential: CallerCredential, number: E164) {
    become({ state: 'calling' })
    input ??= await openedInput()
    const source = input
    userAgent = openUserAgent(socketAddress(sipPath), credential, {
      sessionDescriptionHandlerFactory: describeWith(
        () => Promise.resolve(source.track()),
        (_, made) => (handler = made),
      ),
      delegate: {
        onDisconnect: () => {
          if (state.state === 'calling') become({ state: 'ended', status: 503 })
        },
      },
    })
    const agent = userAgent
    try {
      await agent.start()
    } catch {
      become({ state: 'ended', status: 503 })
      return
    }
    const inviter = new Inviter(agent, addressOf(number))
    session = inviter
    inviter.stateChange.addListener((now) => {
      if (now === SessionState.Established) connected()
      if (now === SessionState.Terminated) ended(agent)
    })
    await inviter.invite({
      requestDelegate: {
        onReject: ({ message }) => {
          become({ state: 'ended', ...(message.statusCode !== undefined && { status: message.statusCode }) })
        },
      },
    })
  }

  /** Settled, so that the first description is made with the sound that the person granted. */
  function openedInput(): Promise<SoundInput> {
    const opened = openSoundInput('tone')
    return new Promise((resolve) => {
      const settled = () => {
        changed()
        if (opened.microphone.state !== 'unasked') resolve(opened)
      }
      opened.changed(settled)
    })
  }

  function connected() {
    if (!handler) return
    audio.srcObject = handler.remoteMediaStream
    void audio.play().catch(() => undefined)
    const ear = listenTo(handler.remoteMediaStream)
    const since = Date.now()
    const listen = () => {
      become({ state: 'connected', since, hearing: ear.hear() })
    }
    listen()
    const listening = setInterval(listen, 250)
    session?.stateChange.addListener((now) => {
      if (now !== SessionState.Terminated) return
      clearInterval(listening)
      ear.stop()
    })
  }

  function ended(agent: UserAgent) {
    audio.srcObject = null
    if (state.state !== 'ended') become({ state: 'ended' })
    void agent.stop().catch(() => undefined)
  }

  function become(next: CallerState) {
    state = next
    changed()
  }
}
