import { URI } from 'sip.js'
import type { SwitchSetup, Trunk } from '../../contract/switch.ts'
import type { AgentId, E164 } from '../../core/configuration/types.ts'
import type { LegListener, Media, MediaLeg } from './media/media.ts'
import type { Peer } from './sip/peer.ts'

/** How parties are reached: softphones where they are registered, ordinary phones and numbers outside over the trunk. */
export interface Ways {
  toAgent(agent: AgentId): Way | undefined
  outside(number: E164): Way | undefined
  /** A leg of plain RTP. */
  rtpLeg(listener: LegListener, address: string): MediaLeg
}

export interface Way {
  readonly peer: Peer
  readonly to: URI
  media(listener: LegListener): MediaLeg
  /** A softphone of ours, not a telephone behind the trunk. */
  readonly knowsUs: boolean
}

export interface WaysOptions {
  readonly media: Media
  readonly setup: () => SwitchSetup | undefined
  readonly contactOf: (agent: AgentId) => { readonly uri: URI; readonly peer: Peer } | undefined
  /** How calls leave over a trunk; absent: no SIP over UDP. */
  readonly peerOf: (trunk: Trunk) => Peer | undefined
}

/** A network may be silent where nobody speaks; a browser sends always. Milliseconds. */
const rtpSilence = 30_000

export function openWays({ media, setup, contactOf, peerOf }: WaysOptions): Ways {
  function rtpLeg(listener: LegListener, address: string): MediaLeg {
    const leg = media.openRtpLeg(listener, { address })
    leg.silenceLimit(rtpSilence)
    return leg
  }

  function outside(number: E164): Way | undefined {
    const trunk = setup()?.trunks.find((each) => each.outbound)
    const peer = trunk && peerOf(trunk)
    if (!trunk || !peer) return undefined
    return {
      peer,
      to: new URI('sip', number, trunk.address, trunk.port),
      media: (listener) => rtpLeg(listener, trunk.address),
      knowsUs: false,
    }
  }

  function toAgent(agent: AgentId): Way | undefined {
    const phone = setup()?.phones?.find((each) => each.agent === agent)
    if (phone) return outside(phone.number)
    const contact = contactOf(agent)
    return (
      contact && {
        peer: contact.peer,
        to: contact.uri,
        media: (listener) => media.openWebRtcLeg(listener),
        knowsUs: true,
      }
    )
  }

  return { toAgent, outside, rtpLeg }
}
