/** What the generated configuration and the engine that drives it both speak of. */

/** Where a call enters the dialplan; its first argument to our application says the same. */
export const entrances = {
  /** From a trunk: `Stasis(application,caller,PRESENTATION)`, and since when the caller has waited in the fallback. */
  caller: 'gruppnummer-callers',
  /** From a softphone of an agent: `Stasis(application,desk)`. */
  desk: 'gruppnummer-desks',
  /** From the page `/caller`: `Stasis(application,visitor,PRESENTATION)`. */
  visitor: 'gruppnummer-visitors',
} as const

/** Where another server under the same service rings softphones; the extension is the softphone's user. */
export const peersContext = 'gruppnummer-peers'

/** By which endpoint that other server is known. */
export const peerEndpoint = (server: string) => `peer-${server}`

/** The `accountcode` of the endpoints that the service has made. */
export const softphoneMark = 'gruppnummer'

/** What softphones speak: the sound as the telephone network has it, so that nothing is converted. */
export const softphoneCodecs = 'alaw,ulaw'

/** Where a caller waits while the service is away; the extension is the number that was rung. */
export const fallbackContext = 'gruppnummer-fallback'

/** Where a call that is not answered is refused; the extension is the status of SIP. */
export const refusalContext = 'gruppnummer-refusals'

/** The class of the music that is played there. */
export const musicClass = 'gruppnummer'

/** Where Asterisk takes the softphones' WebSockets, behind its `http.conf` prefix. */
export const softphonePath = '/ws'

/** Where an agent who answers comes to us: `Stasis(application,leg)`. */
export const legsContext = 'gruppnummer-legs'

/** Run when a leg of a caller's call has gone, on its channel. */
export const aloneContext = 'gruppnummer-alone'

/** On a leg: the channel of a caller whom we have rung, and the number they are to be taken for ringing; on a caller's channel the dialplan sets the latter. */
export const callerVariable = 'GRUPPNUMMER_CALLER'
export const calledVariable = 'GRUPPNUMMER_CALLED'

/** On a caller's channel: by which way in it came, so that the fallback knows. */
export const entranceVariable = 'GRUPPNUMMER_ENTRANCE'

/** A global variable: when the service has been there last, in seconds since the epoch; it says so every second. */
export const seenVariable = 'GRUPPNUMMER_SEEN'
