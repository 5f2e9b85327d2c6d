/** Milliseconds that an outage counts as short: a service that is started anew, an Asterisk that is. */
const short = 5 * 60_000
const firstLimit = 500

/**
 * How long to wait until the next try to connect, in milliseconds: full jitter, so that all desks do not come back at one moment.
 * Every desk is to be back within two seconds of what it connects to; where that stays away, it is asked more seldom.
 *
 * @param outage since when there is no connection, milliseconds
 * @param limits the longest waits, in a short outage and in a longer one
 */
export function retryWait(
  { tries, outage }: { readonly tries: number; readonly outage: number },
  limits: { readonly soon: number; readonly later: number },
  random: () => number,
): number {
  if (tries === 0) return random() * firstLimit
  return random() * (outage < short ? limits.soon : limits.later)
}
