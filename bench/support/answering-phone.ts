import { performance } from 'node:perf_hooks'
import { PeerConnection } from 'node-datachannel'
import {
  Registerer,
  RegistererState,
  SessionState,
  UserAgent,
  type Invitation,
  type SessionDescriptionHandler,
} from 'sip.js'
import { WebSocket } from 'ws'
import { sipDomain, sipPath } from '../../src/contract/softphone.ts'

/** An agent's softphone that answers at once, and hangs up when it has talked. */
export interface AnsweringPhone {
  /** From here on it answers. */
  begin(): void
  close(): Promise<void>
}

export interface AnsweringPhoneOptions {
  readonly user: string
  readonly secret: string
  /** The service's, such as `http://127.0.0.1:8330`. */
  readonly origin: string
  /** How long the call that begins now lasts, in milliseconds. */
  readonly talk: () => number
  /**
   * An INVITE reached this phone, which sent a BYE before: milliseconds between the two, on the wire. `caller` is what the
   * INVITE says of the caller.
   */
  readonly rung: (waited: number, caller: string) => void
}

/** SIP over the service's own WebSocket (RFC 7118), and a browser's kind of media from libdatachannel. */
export async function openAnsweringPhone(options: AnsweringPhoneOptions): Promise<AnsweringPhone> {
  const { user, secret, origin, talk, rung } = options
  // sip.js opens whatever is called WebSocket; the service takes none without an origin.
  Object.assign(globalThis, {
    WebSocket: class extends WebSocket {
      constructor(url: string, protocol: string) {
        super(url, protocol, { origin })
      }
    },
  })
  const uri = UserAgent.makeURI(`sip:${user}@${sipDomain}`)
  if (!uri) throw new Error(`no address: ${user}`)
  let answers = false
  let hungUpAt: number | undefined
  const agent = new UserAgent({
    uri,
    authorizationUsername: user,
    authorizationPassword: secret,
    transportOptions: { server: origin.replace('http', 'ws') + sipPath, keepAliveInterval: 0 },
    sessionDescriptionHandlerFactory: answerer,
    logBuiltinEnabled: false,
    gracefulShutdown: false,
    delegate: {
      onInvite(invitation) {
        // A call that is over by then, on either side, needs nothing more.
        invitation.stateChange.addListener((state) => {
          if (state !== SessionState.Established) return
          setTimeout(() => {
            hangUp(invitation).catch(() => undefined)
          }, talk())
        })
        answer(invitation, answers).catch(() => undefined)
      },
    },
  })
  const { transport } = agent
  const [hear, send] = [transport.onMessage, transport.send.bind(transport)]
  transport.onMessage = (text) => {
    if (text.startsWith('INVITE ') && hungUpAt !== undefined) {
      rung(performance.now() - hungUpAt, /^From:.*?sip:([^@>]*)@/im.exec(text)?.[1] ?? '')
      hungUpAt = undefined
    }
    hear?.(text)
  }
  transport.send = (text) => {
    if (text.startsWith('BYE ')) hungUpAt = performance.now()
    return send(text)
  }

  await agent.start()
  const registerer = new Registerer(agent, { expires: 300 })
  const registered = new Promise<void>((resolve, reject) => {
    registerer.stateChange.addListener((state) => {
      if (state === RegistererState.Registered) resolve()
      else reject(new Error(`${user} is ${state}`))
    })
  })
  await registerer.register()
  await registered
  return {
    begin: () => {
      answers = true
    },
    close: () => agent.stop(),
  }
}

async function answer(invitation: Invitation, answers: boolean): Promise<void> {
  if (answers) await invitation.accept()
  else await invitation.reject({ statusCode: 486 })
}

async function hangUp(invitation: Invitation): Promise<void> {
  if (invitation.state === SessionState.Established) await invitation.bye()
}

/** Answers an offer as a browser does: candidates first, DTLS as the active side. */
function answerer(): SessionDescriptionHandler {
  const connection = new PeerConnection('phone', { iceServers: [], bindAddress: '127.0.0.1' })
  const gathered = new Promise<void>((resolve) => {
    connection.onGatheringStateChange((state) => {
      if (state === 'complete') resolve()
    })
  })
  return {
    async getDescription() {
      await gathered
      return { body: connection.localDescription()?.sdp ?? '', contentType: 'application/sdp' }
    },
    setDescription(offer) {
      connection.setRemoteDescription(offer, 'offer')
      return Promise.resolve()
    },
    hasDescription: (contentType) => contentType === 'application/sdp',
    sendDtmf: () => false,
    rollbackDescription: () => Promise.resolve(),
    close() {
      connection.close()
    },
  }
}
