import { createSocket, type RemoteInfo } from 'node:dgram'
import { once } from 'node:events'
import { openRtpVoice, type RtpVoice } from './rtp-voice.ts'

/** A voice on a UDP port of its own. */
export interface RtpEar extends RtpVoice {
  readonly port: number
  /** Says it to this address from now on; without this, to whoever is heard first. */
  sayTo(address: string, port: number): void
}

/** `silent`: sends nothing at all, as a telephone that suppresses silence. */
export async function openRtpEar(hertz: number, { silent = false } = {}): Promise<RtpEar> {
  const socket = createSocket('udp4')
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  let isOpen = true
  let other: { address: string; port: number } | undefined
  const voice = openRtpVoice(hertz, (packet) => {
    if (other && !silent) socket.send(packet, other.port, other.address)
  })
  socket.on('message', (packet: Buffer, from: RemoteInfo) => {
    other ??= from
    voice.received(packet)
  })
  return {
    ...voice,
    port: socket.address().port,
    sayTo(address, port) {
      other = { address, port }
    },
    close() {
      if (!isOpen) return
      isOpen = false
      voice.close()
      socket.close()
    },
  }
}
