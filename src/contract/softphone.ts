import type { CallId, OfferId } from '../core/routing/messages.ts'

/** The realm of every digest of ours (RFC 3261 section 22). */
export const sipRealm = 'gruppnummer'

/** The domain of our addresses; `.invalid` never resolves (RFC 2606). */
export const sipDomain = 'gruppnummer.invalid'

/** The path of the softphones' WebSocket on the service's port (RFC 7118). */
export const sipPath = '/sip'

/** In an INVITE to an agent, so that the desk finds the offer it shows. In one header, since Asterisk wakes two threads for each. */
export const offerHeader = 'X-Gruppnummer-Offer'
export const offerText = (call: CallId, offer: OfferId) => `${call}/${offer}`

/** Undefined: not as `offerText` writes it. */
export function readOffer(text: string | undefined): { readonly call: CallId; readonly offer: OfferId } | undefined {
  const [, call, offer] = /^([^/]+)\/([^/]+)$/.exec(text?.trim() ?? '') ?? []
  return call === undefined || offer === undefined ? undefined : { call: call as CallId, offer: offer as OfferId }
}

/** In the answer to an INVITE of an agent's: the call, as the service names it. */
export const callHeader = 'X-Gruppnummer-Call'

/** In an INVITE to an agent whom a colleague calls: the colleague's id, percent-encoded. There is no offer of the queue. */
export const agentHeader = 'X-Gruppnummer-Agent'

/**
 * In an INVITE that gives an agent's softphone its call again, after it has come back as another one (the page was reloaded, the
 * program died): answered without being asked. Call and offer are those it had.
 */
export const againHeader = 'X-Gruppnummer-Again'

/** What a softphone dials to hear itself. */
export const echoUser = 'echo'

/** How the offer begins of an INVITE to who has asked to listen in on a call: answered without being asked. */
export const monitorOfferPrefix = 'monitor-'
