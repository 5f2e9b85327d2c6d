import { createSocket } from 'node:dgram'
import { Core } from 'sip.js'
import type { Trunk } from '../../contract/switch.ts'
import type { Clock } from './clock.ts'
import type { Channel } from './sip/peer.ts'
import { rateLimit } from './sip/rate-limit.ts'
import { readMessage } from './sip/read-message.ts'
import { reliableDatagrams, type ReliableDatagrams } from './sip/reliable-datagrams.ts'

/** SIP over UDP, with the configured trunks only: what comes from elsewhere is dropped without a word. */
export interface DatagramServer {
  readonly address: string
  readonly port: number
  setUp(trunks: readonly Trunk[]): void
  /** The way to an address, the same one as long as it is used. */
  channelTo(address: string, port: number): Channel
  close(): void
}

export interface DatagramServerOptions {
  readonly address: string
  /** 0: any free one. */
  readonly port: number
  readonly clock: Clock
  readonly heard: (
    message: Core.IncomingRequestMessage | Core.IncomingResponseMessage,
    channel: Channel,
    trunk: Trunk,
  ) => void
  readonly log: (level: 'info' | 'warn', text: string) => void
}

export const sipPort = 5060
const mostChannels = 500

interface DatagramChannel extends Channel {
  readonly reliable: ReliableDatagrams
}

export async function openDatagramServer(options: DatagramServerOptions): Promise<DatagramServer> {
  const { clock, heard, log } = options
  const socket = createSocket('udp4')
  const channels = new Map<string, DatagramChannel>()
  const limits = new Map<string, ReturnType<typeof rateLimit>>()
  let trunks: readonly Trunk[] = []
  let order = 0

  socket.on('error', (error) => {
    log('warn', `SIP over UDP: ${error.message}`)
  })
  socket.on('message', (data, { address, port }) => {
    const trunk = trunks.find((each) => each.address === address && (each.port === undefined || each.port === port))
    if (!trunk || !limits.get(address)?.take(clock.now())) return
    // A keep-alive (RFC 5626 section 4.4).
    if (data.length <= 4) return
    const read = readMessage(data.toString(), { address, port })
    if (read.kind === 'drop') {
      log('info', `message from ${trunk.name} dropped: ${read.why}`)
      return
    }
    const channel = channelTo(address, port)
    if (read.kind === 'refuse') {
      log('info', `message from ${trunk.name} refused: ${read.status}`)
      transmit(read.reply, { address, port })
    } else if (read.kind === 'response') {
      channel.reliable.heardResponse(withStatus(read.response))
      heard(read.response, channel, trunk)
    } else if (channel.reliable.heardRequest(read.request) === 'new') heard(read.request, channel, trunk)
  })
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject)
    socket.bind(options.port, options.address, () => {
      socket.off('error', reject)
      resolve()
    })
  })

  function channelTo(address: string, port: number): DatagramChannel {
    const key = `${address}:${port}`
    const known = channels.get(key)
    if (known) {
      channels.delete(key)
      channels.set(key, known)
      return known
    }
    const reliable = reliableDatagrams(clock, (message) => {
      transmit(message, { address, port })
    })
    const channel: DatagramChannel = {
      protocol: 'UDP',
      order: ++order,
      source: address,
      open: true,
      reliable,
      send: (message) => {
        reliable.send(message)
      },
      close: () => undefined,
    }
    channels.set(key, channel)
    for (const [oldKey, old] of channels) {
      if (channels.size <= mostChannels) break
      old.reliable.close()
      channels.delete(oldKey)
    }
    return channel
  }

  function transmit(message: string, peer: { readonly address: string; readonly port: number }) {
    const port = message.startsWith('SIP/2.0') ? answerPort(message) : targetPort(message, peer.address)
    socket.send(message, port ?? peer.port, peer.address, (error) => {
      if (error) log('warn', `SIP over UDP to ${peer.address}: ${error.message}`)
    })
  }

  const bound = socket.address()
  return {
    address: options.address,
    port: bound.port,
    setUp(given) {
      trunks = given
      for (const { address } of given)
        if (!limits.has(address)) limits.set(address, rateLimit({ burst: 1000, perSecond: 300 }))
    },
    channelTo,
    close() {
      for (const { reliable } of channels.values()) reliable.close()
      socket.close()
    },
  }
}

/** RFC 3261 section 18.2.2 and RFC 3581: to the port it came from if `rport` was asked for, else to the one in its Via. */
function answerPort(message: string): number | undefined {
  const via = /\r\nVia:\s*SIP\/2\.0\/UDP\s+([^;,\r\n]*)([^,\r\n]*)/i.exec(message)
  if (!via) return undefined
  const [, sentBy = '', parameters = ''] = via
  const asked = portOf(/;\s*rport\s*=\s*(\d+)/i.exec(parameters)?.[1])
  return asked ?? portOf(/:(\d+)\s*$/.exec(sentBy)?.[1]) ?? sipPort
}

/** A dialog may be moved to another port of the same address; never to another address, which would be no trunk. */
function targetPort(message: string, address: string): number | undefined {
  const target = /\r\nRoute:\s*<?sips?:([^>;,\s]+)/i.exec(message) ?? /^\S+\s+sips?:(\S+)/i.exec(message)
  const [, host, port] = /^(?:[^@]*@)?([\d.]+)(?::(\d+))?/.exec(target?.[1] ?? '') ?? []
  return host === address ? portOf(port) : undefined
}

function portOf(digits: string | undefined): number | undefined {
  const port = Number(digits)
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : undefined
}

function withStatus({ method, viaBranch, statusCode = 0 }: Core.IncomingResponseMessage) {
  return { method, viaBranch, statusCode }
}
