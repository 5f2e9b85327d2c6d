import { Core, URI } from 'sip.js'
import { sipDomain } from '../../../contract/softphone.ts'

/** A way to the far side: a WebSocket connection, or a UDP address. */
export interface Channel {
  readonly protocol: 'WS' | 'UDP'
  /** Greater for one opened later. */
  readonly order: number
  readonly open: boolean
  send(message: string): void
  /** Ends a connection, so that the far side opens another one where it still lives; over UDP there is none. */
  close(): void
  /** Whose attempts and messages are counted together. */
  readonly source: string
}

export interface PeerOptions {
  readonly channel: Channel
  /** In our Via and Contact: host and port over UDP. */
  readonly host: string
  /** A request outside any dialog. */
  readonly onInvite: (invite: Core.InviteUserAgentServer, peer: Peer) => void
  readonly now: () => number
  /** For the digest of a trunk that asks us for one. */
  readonly account?: { readonly user: string; readonly ha1: string }
}

/** One far side and its dialogs, which outlive a channel: a softphone comes back on another connection. */
export interface Peer {
  readonly core: Core.UserAgentCore
  readonly channel: Channel
  /** Whose registration, if any, decides which channel is the newest. */
  user: string | undefined
  /** As given to the far side for requests to us. */
  readonly contact: string
  /** From here on everything goes that way, what could not be sent lately too. */
  moveTo(channel: Channel): void
  receive(message: Core.IncomingRequestMessage | Core.IncomingResponseMessage): void
  /** Whether this message belongs to a dialog or transaction of this peer. */
  knows(message: Core.IncomingRequestMessage | Core.IncomingResponseMessage): boolean
  readonly idle: boolean
  dispose(): void
}

/** What is sent while the far side is away is worth delivering for as long as a transaction lives. */
const heldFor = 64 * Core.Timers.T1
const mostHeld = 50

const loggers = new Core.LoggerFactory()
loggers.builtinEnabled = false

export function openPeer({ channel: first, host, onInvite, now, account }: PeerOptions): Peer {
  let channel = first
  let held: { readonly at: number; readonly message: string }[] = []
  const contact = first.protocol === 'WS' ? `<sip:gruppnummer@${sipDomain};transport=ws>` : `<sip:gruppnummer@${host}>`
  const own = new URI('sip', 'gruppnummer', sipDomain)
  const configuration: Core.UserAgentCoreConfiguration = {
    aor: own,
    contact: { pubGruu: undefined, tempGruu: undefined, uri: own, toString: () => contact },
    displayName: '',
    loggerFactory: loggers,
    hackViaTcp: false,
    routeSet: [],
    sipjsId: '',
    supportedOptionTags: [],
    supportedOptionTagsResponse: [],
    userAgentHeaderFieldValue: 'Gruppnummer',
    viaForceRport: first.protocol === 'UDP',
    viaHost: host,
    authenticationFactory: () =>
      account && new Core.DigestAuthentication(loggers, account.ha1, account.user, undefined),
    transportAccessor: () => transport,
  }
  const transport: Core.Transport = {
    protocol: first.protocol,
    send(message) {
      if (channel.open) channel.send(message)
      else held = [...held, { at: now(), message }].slice(-mostHeld)
      return Promise.resolve()
    },
  }
  const core = new Core.UserAgentCore(configuration)
  const peer: Peer = {
    core,
    get channel() {
      return channel
    },
    user: undefined,
    contact,
    moveTo(next) {
      if (next === channel) return
      channel = next
      for (const dialog of core.dialogs.values()) forgetLostAck(dialog)
      const late = held
      held = []
      for (const { at, message } of late) if (now() - at < heldFor) channel.send(message)
    },
    receive(message) {
      if (message instanceof Core.IncomingRequestMessage) {
        // The core answers 404 to any user but its own; who may be called is decided by us.
        if (message.ruri) configuration.aor = message.ruri
        core.receiveIncomingRequestFromTransport(message)
      } else core.receiveIncomingResponseFromTransport(message)
    },
    knows(message) {
      if (message instanceof Core.IncomingResponseMessage) {
        const client = core.userAgentClients.get(message.viaBranch + message.method)
        return client?.transaction.request.callId === message.callId
      }
      if (core.dialogs.has(message.callId + message.toTag + message.fromTag)) return true
      return core.userAgentServers.get(message.viaBranch)?.transaction.request.callId === message.callId
    },
    get idle() {
      return core.dialogs.size === 0 && core.userAgentClients.size === 0 && core.userAgentServers.size === 0
    },
    dispose: () => {
      core.dispose()
    },
  }
  core.delegate.onInvite = (invite) => {
    // What comes in is always this class.
    if (invite instanceof Core.InviteUserAgentServer) onInvite(invite, peer)
  }
  return peer
}

/** An ACK that was lost with a connection would have every later re-INVITE refused. */
function forgetLostAck(dialog: Core.Dialog) {
  if (!(dialog instanceof Core.SessionDialog)) return
  if (dialog.reinviteUserAgentServer?.transaction.state === Core.TransactionState.Accepted)
    dialog.reinviteUserAgentServer = undefined
}
