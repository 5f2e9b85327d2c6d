/** What the generated configuration and the engine that drives it both speak of. */

/** Where a call enters the dialplan; its first argument to our application says the same. */
export const entrances = {
  /** From a trunk: `Stasis(application,caller,NUMBER)`. */
  caller: 'gruppnummer-callers',
  /** From a softphone of an agent: `Stasis(application,desk,DIALLED)`. */
  desk: 'gruppnummer-desks',
  /** From the page `/caller`: `Stasis(application,visitor,NUMBER)`. */
  visitor: 'gruppnummer-visitors',
} as const

/** Where a caller waits while the service is away; the extension is the number that was rung. */
export const fallbackContext = 'gruppnummer-fallback'

/** The class of the music that is played there. */
export const musicClass = 'gruppnummer'

/** Channel variables that every event and every snapshot carries (`channelvars` of ari.conf): our ids live in Asterisk. */
export const channelVariables = ['GN_CALL', 'GN_ROLE', 'GN_AGENT', 'GN_OFFER', 'GN_TO', 'GN_FROM', 'GN_SINCE'] as const

/** Where Asterisk takes the softphones' WebSockets, behind its `http.conf` prefix. */
export const softphonePath = '/ws'
