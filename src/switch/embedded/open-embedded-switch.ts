import { randomBytes } from 'node:crypto'
import { Core } from 'sip.js'
import type { LocalSocket, Switch, SwitchProblem, SwitchSetup, Trunk } from '../../contract/switch.ts'
import type { AgentId, E164, MessageId } from '../../core/configuration/types.ts'
import { done, failed, ok, type Result } from '../../core/result.ts'
import type { DeviceState } from '../../core/routing/messages.ts'
import { after, seconds } from '../../core/time.ts'
import { openAgentCalls } from './agent-calls.ts'
import { openCallControl } from './call-control.ts'
import { systemClock, type Clock } from './clock.ts'
import { openDatagramServer, sipPort, type DatagramServer } from './datagram-server.ts'
import type { Media, Sound } from './media/media.ts'
import { openMedia } from './media/open-media.ts'
import { claimSocket } from './process/own-socket.ts'
import { recordingsIn } from './recordings.ts'
import { openDigest, type DigestVerdict } from './sip/digest.ts'
import { attempt } from './sip/established.ts'
import { calledNumbers, callerOf, preferredNumber, type CallerIdentity } from './sip/identity.ts'
import { openPeer, type Channel, type Peer } from './sip/peer.ts'
import { allowHeader, readMessage } from './sip/read-message.ts'
import { openRegistrar, type Contact } from './sip/registrar.ts'
import { openSoftphoneServer } from './softphone-server.ts'
import { speakByEspeak, type Speak } from './speech/espeak.ts'
import { openSpeech } from './speech/open-speech.ts'
import { openWays } from './ways.ts'

export interface EmbeddedOptions {
  /** Where softphones' WebSocket upgrades arrive: a Unix socket or a Windows pipe, in a directory of this user's own. */
  readonly socketPath: string
  /** Absent: no SIP over UDP. Port 0: any free one. */
  readonly sipUdp?: { readonly address: string; readonly port: number }
  /** The IPv4 address that media is bound to and that is told to the far sides. */
  readonly mediaAddress: string
  /** UDP ports for media, both inside; absent: any that is free. */
  readonly rtpPorts?: { readonly min: number; readonly max: number }
  /** Callers at once; one more is refused with 503. Preset: 100. */
  readonly callLimit?: number
  /** Preset: this machine's. */
  readonly clock?: Clock
  /** Unguessable bytes. Preset: `randomBytes` of `node:crypto`. */
  readonly random?: (size: number) => Buffer
  /** Where callers' messages are kept, a directory of this user's own. Absent: `record` is not supported. */
  readonly recordings?: string
  /** Makes speech of texts. Preset: by `espeak-ng` where it is installed. */
  readonly speak?: Speak
  /** Words, never a secret. Preset: nothing is logged. */
  readonly log?: (level: 'info' | 'warn', text: string) => void
  /** In place of the real media, in tests. */
  readonly media?: Media
}

export interface EmbeddedSwitch extends Switch {
  readonly softphoneSocket: LocalSocket
  /** Callers held, answered or not. */
  readonly calls: number
  /** Where SIP over UDP is taken. */
  readonly sipUdp: { readonly address: string; readonly port: number } | undefined
  close(): Promise<void>
}

/** A caller, and what such a one may ring. */
interface Admitted {
  readonly caller: CallerIdentity
  /** Whose softphone it is, not a caller's. */
  readonly agent?: AgentId
  readonly mayRing: readonly string[]
}

/** A message from the net. */
type Incoming = Core.IncomingRequestMessage | Core.IncomingResponseMessage

const sweepEvery = seconds(60)

/** The embedded switch: SIP over WebSocket and UDP, G.711 over WebRTC and RTP, in this process. */
export async function openEmbeddedSwitch(options: EmbeddedOptions): Promise<EmbeddedSwitch> {
  const { socketPath, sipUdp, mediaAddress, callLimit = 100, clock = systemClock(), random = randomBytes } = options
  const log = options.log ?? (() => undefined)
  const media =
    options.media ?? openMedia({ address: mediaAddress, ...(options.rtpPorts && { rtpPorts: options.rtpPorts }) })
  const recordings = options.recordings === undefined ? undefined : recordingsIn(options.recordings, random)
  const digest = openDigest({ clock, random })
  const peers = new Map<Channel, Peer>()
  /** Only of channels over UDP. */
  const trunkOf = new Map<Channel, Trunk>()
  const sounds = new Map<string, Sound>()
  let setup: SwitchSetup | undefined
  let preparing = 0
  /** As told last; undefined while a service that has just attached is to be told of all. */
  let devices: ReadonlyMap<AgentId, DeviceState> | undefined = new Map()
  let messages: ReadonlyMap<MessageId, Sound> = new Map()

  const registrar = openRegistrar(clock, { registered, gone })
  const ways = openWays({
    media,
    setup: () => setup,
    contactOf: (agent) => registrar.contactOf(agent),
    peerOf: (trunk) => {
      const channel = datagrams?.channelTo(trunk.address, trunk.port ?? sipPort)
      return channel && peerOf(channel, trunk)
    },
  })
  const control = openCallControl({
    media,
    clock,
    random,
    callLimit,
    speech: openSpeech({ media, speak: options.speak ?? speakByEspeak, recordings }),
    recordings,
    log,
    ways,
  })
  const agentCalls = openAgentCalls({
    media,
    clock,
    random,
    ways,
    soundOf: (message) => messages.get(message),
    attached: () => control.attachedTo !== undefined,
    tell: (event) => {
      control.tell(event)
    },
    busyChanged: tellDevices,
    log,
  })
  const softphones = openSoftphoneServer({
    clock,
    opened: (channel) => {
      peerOf(channel)
    },
    heard: hearSoftphone,
    closed: (channel) => {
      const peer = peers.get(channel)
      if (peer) registrar.closed(peer)
      sweep()
    },
  })
  const claim = await claimSocket(socketPath)
  if (!claim.ok) throw new Error(`${socketPath}: ${claim.problem.kind}`)
  const listening = await claim.value.listen(softphones.server)
  if (!listening.ok) throw new Error(`${socketPath}: ${listening.problem.kind}`)
  const datagrams: DatagramServer | undefined =
    sipUdp && (await openDatagramServer({ ...sipUdp, clock, heard: hearTrunk, log }))
  let cancelSweep = armSweep()

  // --- the port ---------------------------------------------------------------------------------

  async function prepare(given: SwitchSetup): Promise<Result<void, SwitchProblem>> {
    if (!control.attachedTo) return failed({ kind: 'staleEpoch' })
    preparing += 1
    const turn = preparing
    setup = given
    datagrams?.setUp(given.trunks)
    for (const agent of registrar.agents)
      if (!given.softphones.some((account) => account.agent === agent)) registrar.drop(agent)
    const { language = 'sv', numbers: numberFiles = {} } = given.speech ?? {}
    const files = [...Object.values(given.sounds), ...Object.values(numberFiles)]
    await Promise.all(files.map(load))
    // A later picture has come meanwhile.
    if (turn !== preparing) return done
    const wanted = new Set(files.map(({ sha256 }) => sha256))
    for (const sha256 of sounds.keys()) if (!wanted.has(sha256)) sounds.delete(sha256)
    messages = loadedOf(given.sounds)
    control.setUp(given, { messages, language, numbers: loadedOf(numberFiles) })
    tellDevices()
    return done
  }

  function loadedOf<Name extends string>(files: Readonly<Record<Name, { readonly sha256: string }>>) {
    const loaded = new Map<Name, Sound>()
    for (const name of Object.keys(files) as Name[]) {
      const sound = sounds.get(files[name].sha256)
      if (sound) loaded.set(name, sound)
    }
    return loaded
  }

  async function load({ path, sha256 }: { readonly path: string; readonly sha256: string }) {
    if (sounds.has(sha256)) return
    const loaded = await media.loadSound(path, sha256)
    if (loaded.ok) sounds.set(sha256, loaded.value)
    else log('warn', `sound ${path} is not usable: ${loaded.problem}`)
  }

  // --- messages from the net --------------------------------------------------------------------

  function hearSoftphone(text: string, channel: Channel) {
    const read = readMessage(text)
    if (read.kind === 'drop') log('info', `message over ${channel.source} dropped: ${read.why}`)
    else if (read.kind === 'refuse') channel.send(read.reply)
    else hear(read.kind === 'request' ? read.request : read.response, channel)
  }

  function hearTrunk(message: Incoming, channel: Channel, trunk: Trunk) {
    trunkOf.set(channel, trunk)
    hear(message, channel, trunk)
  }

  /** Nothing that a message contains may end the switch. */
  function hear(message: Incoming, channel: Channel, trunk?: Trunk) {
    const peer = ownerOf(message, peerOf(channel, trunk))
    try {
      if (peer.channel !== channel) peer.moveTo(channel)
      if (!(message instanceof Core.IncomingRequestMessage)) peer.receive(message)
      else if (message.method === 'REGISTER') hearRegister(message, peer)
      else if (message.method === 'OPTIONS') hearOptions(message, peer)
      else peer.receive(message)
    } catch (error) {
      log('warn', `message over ${channel.source} failed: ${error instanceof Error ? error.message : 'unknown'}`)
      if (message instanceof Core.IncomingRequestMessage && message.method !== 'ACK')
        attempt(() => peer.core.replyStateless(message, { statusCode: 500 }))
    }
  }

  /** Who has the dialog: a softphone may speak in it over a later connection than the one it began on. */
  function ownerOf(message: Incoming, peer: Peer): Peer {
    if (peer.knows(message)) return peer
    const { protocol, source } = peer.channel
    for (const other of peers.values()) {
      if (other.channel.protocol !== protocol || !other.knows(message)) continue
      if (protocol === 'WS' || other.channel.source === source) return other
    }
    return peer
  }

  function hearOptions(message: Core.IncomingRequestMessage, peer: Peer) {
    const gone = message.toTag && !peer.knows(message)
    peer.core.replyStateless(message, {
      statusCode: gone ? 481 : 200,
      extraHeaders: gone ? [] : [allowHeader, 'Accept: application/sdp, application/dtmf-relay'],
    })
  }

  // --- who is there -----------------------------------------------------------------------------

  function hearRegister(message: Core.IncomingRequestMessage, peer: Peer) {
    if (peer.channel.protocol !== 'WS') {
      peer.core.replyStateless(message, { statusCode: 405, extraHeaders: [allowHeader] })
      return
    }
    const verdict = checkDigest(message, peer, (user) => accountOf(user)?.ha1)
    if (verdict.kind !== 'right') {
      peer.core.replyStateless(message, challenge(verdict))
      return
    }
    const account = accountOf(verdict.user)
    if (!account || message.to.uri.user !== verdict.user) {
      peer.core.replyStateless(message, { statusCode: 403 })
      return
    }
    peer.user = account.user
    const answer = registrar.register({ agent: account.agent, message, peer })
    peer.core.replyStateless(message, { statusCode: answer.status, extraHeaders: [...answer.headers] })
  }

  function accountOf(user: string) {
    return setup?.softphones.find((account) => account.user === user)
  }

  /** Calls that are running come along to the newest connection of the same softphone. */
  function registered(agent: AgentId, { uri, peer }: Contact, before: Contact | undefined) {
    // While it is still seen which connections are gone.
    control.cameBack(agent)
    const sameClient = before?.uri.user === uri.user
    for (const other of peers.values()) {
      if (other === peer || other.user === undefined || other.user !== peer.user) continue
      if (sameClient || !other.channel.open) other.moveTo(peer.channel)
    }
    if (before) return
    log('info', `softphone of ${agent} registered`)
    tellDevices()
  }

  function gone(agent: AgentId) {
    log('info', `softphone of ${agent} gone`)
    tellDevices()
  }

  /** An ordinary phone can be rung whenever there is a trunk to ring it over; a softphone while it is registered. */
  function reachable(): ReadonlySet<AgentId> {
    const phones = setup?.phones ?? []
    const softphones = registrar.agents.filter((agent) => !phones.some((phone) => phone.agent === agent))
    const hasTrunk = datagrams !== undefined && setup?.trunks.some(({ outbound }) => outbound) === true
    return new Set([...softphones, ...(hasTrunk ? phones.map(({ agent }) => agent) : [])])
  }

  function tellDevices() {
    if (!devices) return
    const { busy } = agentCalls
    const before = devices
    const now = new Map([...reachable()].map((agent) => [agent, busy.has(agent) ? 'busy' : 'ready'] as const))
    devices = now
    for (const agent of before.keys())
      if (!now.has(agent)) control.tell({ type: 'deviceChanged', agent, state: 'gone' })
    for (const [agent, state] of now)
      if (before.get(agent) !== state) control.tell({ type: 'deviceChanged', agent, state })
  }

  function checkDigest(
    message: Core.IncomingRequestMessage,
    peer: Peer,
    ha1Of: (user: string) => string | undefined,
  ): DigestVerdict {
    const verdict = digest.check(
      {
        method: message.method,
        uri: message.ruri?.toRaw() ?? '',
        authorization: message.getHeaders('authorization'),
        source: peer.channel.source,
      },
      ha1Of,
    )
    if (verdict.kind === 'wrong' || verdict.kind === 'limited')
      log('warn', `${message.method} over ${peer.channel.source}: wrong credentials`)
    return verdict
  }

  function challenge(verdict: DigestVerdict): Core.ResponseOptions {
    if (verdict.kind === 'limited') return { statusCode: 403, extraHeaders: ['Retry-After: 60'] }
    return { statusCode: 401, extraHeaders: [`WWW-Authenticate: ${digest.challenge(verdict.kind === 'stale')}`] }
  }

  // --- callers ----------------------------------------------------------------------------------

  function hearInvite(invite: Core.InviteUserAgentServer, peer: Peer) {
    const trunk = trunkOf.get(peer.channel)
    const admitted = trunk ? admitTrunk(invite.message, peer, trunk) : admitSoftphone(invite.message, peer)
    if (!admitted.ok) {
      invite.reject(admitted.problem)
      return
    }
    const { caller, agent, mayRing } = admitted.value
    const called = invite.message.ruri?.user ?? ''
    const to = [called as E164, ...calledNumbers(called)].find((number) => mayRing.includes(number))
    if (!to) {
      if (agent === undefined) invite.reject({ statusCode: 404 })
      else hearAgent(invite, peer, agent)
      return
    }
    if (!control.open) {
      invite.reject({ statusCode: 503, extraHeaders: ['Retry-After: 10'] })
      return
    }
    control
      .take({ invite, peer, caller, trusted: agent !== undefined, to, ...(trunk && { rtpAddress: trunk.address }) })
      .catch((error: unknown) => {
        log('warn', `call not taken: ${error instanceof Error ? error.message : 'unknown'}`)
        attempt(() => invite.reject({ statusCode: 500 }))
      })
  }

  function hearAgent(invite: Core.InviteUserAgentServer, peer: Peer, agent: AgentId) {
    const to = dialled(invite.message.ruri?.user ?? '')
    if (to === undefined) {
      invite.reject({ statusCode: 404 })
      return
    }
    agentCalls.take({ invite, peer, agent, to, as: preferredNumber(invite.message) }).catch((error: unknown) => {
      log('warn', `call of ${agent} not taken: ${error instanceof Error ? error.message : 'unknown'}`)
      attempt(() => invite.reject({ statusCode: 500 }))
    })
  }

  function admitTrunk(
    message: Core.IncomingRequestMessage,
    peer: Peer,
    { account }: Trunk,
  ): Result<Admitted, Core.ResponseOptions> {
    if (account) {
      const verdict = checkDigest(message, peer, (user) => (user === account.user ? account.ha1 : undefined))
      if (verdict.kind !== 'right') return failed(challenge(verdict))
    }
    const mayRing = [...(setup?.numbers ?? []), ...(setup?.serviceNumbers ?? [])]
    return ok({ caller: callerOf(message, true), mayRing })
  }

  function admitSoftphone(message: Core.IncomingRequestMessage, peer: Peer): Result<Admitted, Core.ResponseOptions> {
    const guest = (user: string) =>
      setup?.callers.find((account) => account.user === user && clock.now() < account.until)
    const verdict = checkDigest(message, peer, (user) => (accountOf(user) ?? guest(user))?.ha1)
    if (verdict.kind !== 'right') return failed(challenge(verdict))
    const agent = accountOf(verdict.user)
    // What From says of a number is passed over.
    const number = (agent ?? guest(verdict.user))?.number
    const { name } = callerOf(message, false)
    const caller = { ...(number && { number }), ...(name !== undefined && { name }) }
    const numbers = setup?.numbers ?? []
    if (!agent) return ok({ caller, mayRing: numbers })
    // Anything else that an agent calls is asked about.
    return ok({ caller, agent: agent.agent, mayRing: [...numbers, ...(setup?.serviceNumbers ?? [])] })
  }

  // --- peers ------------------------------------------------------------------------------------

  function peerOf(channel: Channel, trunk?: Trunk): Peer {
    const known = peers.get(channel)
    if (known) return known
    if (trunk) trunkOf.set(channel, trunk)
    const peer = openPeer({
      channel,
      host: channel.protocol === 'WS' ? `${random(6).toString('hex')}.invalid` : udpHost(),
      onInvite: hearInvite,
      now: () => clock.now(),
      ...(trunk?.account && { account: trunk.account }),
    })
    peers.set(channel, peer)
    return peer
  }

  function udpHost() {
    const address = datagrams?.address ?? '0.0.0.0'
    return `${address === '0.0.0.0' ? mediaAddress : address}:${datagrams?.port ?? sipPort}`
  }

  /** Peers without a dialog or transaction; of softphones those that are gone. */
  function sweep() {
    for (const [channel, peer] of peers) {
      if (!peer.idle || (channel.protocol === 'WS' && channel.open)) continue
      peer.dispose()
      peers.delete(channel)
      trunkOf.delete(channel)
    }
  }

  function armSweep(): () => void {
    return clock.wake(after(clock.now(), sweepEvery), () => {
      sweep()
      cancelSweep = armSweep()
    })
  }

  return {
    softphoneSocket: { path: socketPath },
    sipUdp: datagrams && { address: datagrams.address, port: datagrams.port },
    get calls() {
      return control.calls
    },
    attach(attachment) {
      const result = control.attach(attachment)
      // A turn later, so that whoever awaits the holdings has them before the first event.
      if (result.ok) {
        devices = undefined
        setImmediate(() => {
          if (control.attachedTo !== attachment) return
          devices = new Map()
          tellDevices()
          for (const event of [...control.takeUntold(), ...agentCalls.unplaced()]) attachment.heard(event)
        })
      }
      if (!result.ok) return Promise.resolve(result)
      return Promise.resolve(ok({ ...result.value, agentCalls: agentCalls.held() }))
    },
    prepare,
    perform(command) {
      const ours = control.attachedTo && agentCalls.perform(command)
      return Promise.resolve(ours ?? control.perform(command))
    },
    detach() {
      control.detach()
      return Promise.resolve()
    },
    async close() {
      agentCalls.close()
      control.close()
      cancelSweep()
      // The goodbyes are on their way before the sockets close.
      await new Promise((resolve) => setImmediate(resolve))
      softphones.close()
      claim.value.release()
      datagrams?.close()
      for (const peer of peers.values()) peer.dispose()
      media.close()
    },
  }
}

/** Of a softphone, 200 characters at most; undefined: nothing that can be meant. The parser has decoded it. */
function dialled(user: string): string | undefined {
  const to = user.trim()
  return to.length > 0 && to.length <= 200 ? to : undefined
}
