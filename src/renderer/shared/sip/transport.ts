import { UserAgent, type UserAgentDelegate, type UserAgentOptions } from 'sip.js'
import { sipDomain } from '../../../contract/softphone.ts'
import { sendAgain } from './send-again.ts'

/**
 * What every user agent of ours is alike in: it is quiet, keeps its sessions when the socket drops and sends again what was lost
 * with it, and reconnects by our own rule.
 */
export function openUserAgent(
  url: string,
  credential: { readonly user: string; readonly secret: string },
  {
    doubted,
    ...options
  }: Pick<UserAgentOptions, 'sessionDescriptionHandlerFactory'> & {
    readonly delegate: UserAgentDelegate
    /** What was sent is not answered: the connection may be dead. */
    readonly doubted?: () => void
  },
): UserAgent {
  const userAgent = new UserAgent({
    ...options,
    uri: addressOf(credential.user),
    authorizationUsername: credential.user,
    authorizationPassword: credential.secret,
    transportOptions: { server: url, keepAliveInterval: 0, connectionTimeout: 8 },
    gracefulShutdown: false,
    logBuiltinEnabled: false,
    logConfiguration: false,
    // The switch ends a ring; the longest ring time is 180 s.
    noAnswerTimeout: 240,
    userAgentString: 'Gruppnummer',
  })
  sendAgain(userAgent.transport, doubted)
  return userAgent
}

/** An address of ours; throws where `user` cannot stand in a SIP URI, which no number or id of ours does. */
export function addressOf(user: string) {
  const uri = UserAgent.makeURI(`sip:${encodeURIComponent(user).replaceAll('%2B', '+')}@${sipDomain}`)
  if (!uri) throw new Error('no SIP address can be made of this user name')
  return uri
}

/** Full jitter: a random wait below a bound that doubles with each try, so that a restarted service is not met by all desks at once. */
export function backOff(tries: number, random: () => number = Math.random): number {
  const bound = Math.min(20_000, 500 * 2 ** Math.min(tries, 10))
  return random() * bound
}
