import { Audio, PeerConnection, type Track } from 'node-datachannel'
import {
  Invitation,
  Inviter,
  Registerer,
  RegistererState,
  SessionState,
  UserAgent,
  type BodyAndContentType,
  type SessionDescriptionHandler,
} from 'sip.js'
import { againHeader, offerHeader, readOffer, sipDomain, sipPath } from '../../../src/contract/softphone.ts'
import { openRtpVoice } from '../../e2e/support/rtp-voice.ts'
import { heardIn } from '../../e2e/support/tones.ts'
import type { Heard, StageDial, StagePhone } from '../behaves-as-switch.ts'

export interface SipPhoneOptions {
  readonly user: string
  readonly secret: string
  /** Of the WebSocket on the loopback. */
  readonly port: number
  readonly hertz: number
  readonly tones: Readonly<Record<Exclude<Heard, 'silence'>, number>>
}

export interface SipPhone extends StagePhone {
  /** What the last ring told of itself: the headers of ours, and the number that it shows. */
  readonly about: { readonly call: string; readonly offer: string; readonly from: string }
  /** Puts whoever it talks with on hold, or takes them up again. */
  holds(on: boolean): Promise<void>
  close(): Promise<void>
}

/** An agent's softphone in Node: sip.js over a WebSocket (RFC 7118), and a browser's kind of media from libdatachannel. */
export async function openSipPhone(options: SipPhoneOptions): Promise<SipPhone> {
  let invitation: Invitation | undefined
  let media: PhoneMedia | undefined
  let stopped: StagePhone['stopped']
  let rings = 0
  const dialledMedia = new WeakMap<object, PhoneMedia>()
  const agents: UserAgent[] = []
  const uri = UserAgent.makeURI(`sip:${options.user}@${sipDomain}`)
  if (!uri) throw new Error(`no address: ${options.user}`)
  const start = async () => {
    const agent = new UserAgent({
      uri,
      authorizationUsername: options.user,
      authorizationPassword: options.secret,
      transportOptions: { server: `ws://127.0.0.1:${options.port}${sipPath}`, keepAliveInterval: 0 },
      sessionDescriptionHandlerFactory: (session) => {
        const made = openPhoneMedia(options.hertz, session instanceof Inviter)
        if (session instanceof Invitation) media = made
        else dialledMedia.set(session, made)
        return made
      },
      logBuiltinEnabled: false,
      gracefulShutdown: false,
      delegate: {
        onInvite(incoming) {
          rings++
          stopped = undefined
          invitation = incoming
          incoming.delegate = {
            onCancel({ request }) {
              // RFC 3326.
              const answered = (request.getHeader('Reason') ?? '').includes('cause=200')
              stopped = answered ? 'answeredElsewhere' : 'cancelled'
            },
          }
          if (incoming.request.hasHeader(againHeader)) void incoming.accept()
        },
      },
    })
    agents.push(agent)
    await agent.start()
    const registerer = new Registerer(agent, { expires: 300 })
    try {
      await becomes(registerer, RegistererState.Registered, () => registerer.register())
    } catch (fault) {
      await agent.stop()
      throw fault
    }
    return { agent, registerer }
  }
  let { agent, registerer } = await start()

  const current = () => {
    if (!invitation) throw new Error(`${options.user} was never rung`)
    return invitation
  }
  return {
    get state() {
      if (invitation?.state === SessionState.Initial || invitation?.state === SessionState.Establishing)
        return 'ringing'
      return invitation?.state === SessionState.Established ? 'answered' : 'idle'
    },
    get rings() {
      return rings
    },
    get stopped() {
      return stopped
    },
    get about() {
      const { request } = current()
      const { call = '', offer = '' } = readOffer(request.getHeader(offerHeader)) ?? {}
      return { call, offer, from: request.from.uri.user ?? '' }
    },
    answers: () => current().accept(),
    declines: (how) => current().reject({ statusCode: how === 'busy' ? 486 : 603 }),
    hearsAll: () => heardIn(options.tones, media?.hears() ?? []).toSorted(),
    hears: () => heardIn(options.tones, media?.hears() ?? [])[0] ?? 'silence',
    presses: (digit) => Promise.resolve(media?.press(digit)),
    hangsUp: async () => {
      await current().bye()
    },
    async holds(on) {
      media?.hold(on)
      await current().invite()
    },
    dies: () => {
      media?.close()
      return Promise.resolve()
    },
    async comesBack() {
      media?.close()
      media = undefined
      invitation = undefined
      await agent.transport.disconnect()
      ;({ agent, registerer } = await start())
    },
    unregisters: () => becomes(registerer, RegistererState.Unregistered, () => registerer.unregister()),
    dials: (to, as) => dial(agent, to, as, (session) => dialledMedia.get(session)?.hears() ?? [], options.tones),
    async close() {
      media?.close()
      for (const each of agents) await each.stop()
    },
  }
}

async function dial(
  agent: UserAgent,
  to: string,
  as: string | undefined,
  heardBy: (session: Inviter) => ReturnType<PhoneMedia['hears']>,
  tones: SipPhoneOptions['tones'],
): Promise<StageDial> {
  const target = UserAgent.makeURI(`sip:${to}@${sipDomain}`)
  if (!target) throw new Error(`no address: ${to}`)
  const session = new Inviter(agent, target, {
    earlyMedia: true,
    ...(as !== undefined && { extraHeaders: [`P-Preferred-Identity: <sip:${as}@${sipDomain}>`] }),
  })
  let rung = false
  let status: number | undefined
  await session.invite({
    requestDelegate: {
      onProgress: () => {
        rung = true
      },
      onReject: ({ message }) => {
        status = message.statusCode
      },
    },
  })
  const hearsAll = () => heardIn(tones, heardBy(session)).toSorted()
  return {
    get state() {
      if (session.state === SessionState.Established) return 'answered'
      if (session.state === SessionState.Terminated) return status === 487 ? 'ended' : (status ?? 'ended')
      return rung ? 'ringing' : 'asked'
    },
    hearsAll,
    hears: () => hearsAll()[0] ?? 'silence',
    hangsUp: async () => {
      await (session.state === SessionState.Established ? session.bye() : session.cancel())
    },
  }
}

async function becomes(registerer: Registerer, wanted: RegistererState, ask: () => Promise<unknown>): Promise<void> {
  const become = new Promise<void>((resolve, reject) => {
    registerer.stateChange.addListener((state) => {
      if (state === wanted) resolve()
      else reject(new Error(`${wanted} was expected, not ${state}`))
    })
  })
  await ask()
  await become
}

interface PhoneMedia extends SessionDescriptionHandler {
  hears(): ReturnType<ReturnType<typeof openRtpVoice>['hears']>
  press(digit: string): void
  /** In the next offer. */
  hold(on: boolean): void
}

/** Offers or answers as a browser does: candidates gathered first, DTLS as the active side. */
function openPhoneMedia(hertz: number, offers: boolean): PhoneMedia {
  const connection = new PeerConnection('phone', { iceServers: [], bindAddress: '127.0.0.1' })
  let track: Track | undefined
  let offered = ''
  let direction = 'sendrecv'
  /** Of what is told to the far side (RFC 4566 section 5.2). */
  let version = 0
  const voice = openRtpVoice(hertz, (packet) => {
    if (track?.isOpen()) track.sendMessageBinary(packet)
  })
  const gathered = new Promise<void>((resolve) => {
    connection.onGatheringStateChange((state) => {
      if (state === 'complete') resolve()
    })
  })
  const take = (opened: Track) => {
    track = opened
    opened.onMessage((packet) => {
      voice.received(packet)
    })
  }
  connection.onTrack(take)
  if (offers) {
    const audio = new Audio('0', 'SendRecv')
    audio.addAudioCodec(8, 'PCMA')
    audio.addSSRC(1 + Math.floor(Math.random() * 2 ** 31), 'phone')
    take(connection.addTrack(audio))
    connection.setLocalDescription()
  }
  return {
    async getDescription(): Promise<BodyAndContentType> {
      await gathered
      const description = connection.localDescription()
      if (!description) throw new Error('no answer was made')
      const sdp = (offers ? withoutOwnPort(description.sdp) : description.sdp)
        .replace(/^(o=\S+ \S+) \d+/m, `$1 ${String(version++)}`)
        .replace(/^a=sendrecv/m, `a=${direction}`)
        // RFC 8842 section 5.5: the one that is there.
        .replace(/^a=connection:new/m, `a=connection:${version > 1 ? 'existing' : 'new'}`)
      return { body: sdp, contentType: 'application/sdp' }
    },
    setDescription(sdp) {
      // Later ones change the direction alone.
      if (offered !== '') return Promise.resolve()
      offered = sdp
      // For all payload types at once (RFC 4585 section 4.2): it does not read that.
      connection.setRemoteDescription(sdp.replace(/^a=rtcp-fb:\*.*\r\n/gm, ''), offers ? 'answer' : 'offer')
      return Promise.resolve()
    },
    hasDescription: (contentType) => contentType === 'application/sdp',
    sendDtmf: () => false,
    rollbackDescription: () => Promise.resolve(),
    hears: () => voice.hears(),
    hold(on) {
      direction = on ? 'sendonly' : 'sendrecv'
    },
    press(digit) {
      const payloadType = /^a=rtpmap:(\d+) telephone-event\/8000/m.exec(offered)?.[1]
      voice.press(digit, Number(payloadType ?? 101))
    },
    close() {
      voice.close()
      connection.close()
    },
  }
}

/**
 * One that is asked for its connectivity (ICE) before it has the answer, as Asterisk does, closes now and then: so nobody knows
 * where to ask. It asks itself, from where it is (RFC 8445 section 7.3.1.3); port 9 is for what is discarded.
 */
function withoutOwnPort(sdp: string): string {
  return sdp.replace(/^(a=candidate:\S+ \d+ \S+ \d+ \S+) \d+/gm, '$1 9')
}
