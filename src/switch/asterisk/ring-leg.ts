import { offerHeader, offerText } from '../../contract/softphone.ts'
import { done, failed, type Result } from '../../core/result.ts'
import type { E164 } from '../../core/configuration/types.ts'
import type { CallId } from '../../core/routing/messages.ts'
import type { Caller, Leg } from './call.ts'
import { keptLegOf, legVariable } from './kept-call.ts'
import type { AriClient, AriProblem } from './open-ari-client.ts'
import { aloneContext, calledVariable, entranceVariable, legsContext, softphoneCodecs } from './server/names.ts'

/** How somebody is reached. */
export interface Way {
  /** As Asterisk dials it. */
  readonly endpoint: string
  /** A softphone of ours, which is told of the call and the offer. */
  readonly softphone: boolean
  /** Of the softphone that is registered with this server. */
  readonly user?: string
}

export interface Ringing {
  readonly ari: AriClient
  readonly application: string
  readonly call: CallId
  /** The same as the service names it, for the desk. */
  readonly told: CallId
  readonly leg: Leg
  readonly way: Way
  readonly show: Caller
  /** Asterisk itself looks after whoever is alone when this leg ends while no service is there. */
  readonly watched?: boolean
  /** A caller whom we ring, and the number that they are taken for ringing when we are away. */
  readonly rungBack?: { readonly number: E164; readonly called: E164 }
  /** Nothing is to be written on the channel before it is answered. */
  readonly atOnce?: boolean
  /** Told when the channel comes into the application. */
  readonly entering: Map<string, () => void>
  /** When the channel has come in, and before it is dialled: after what is asked of this other channel then. */
  readonly beforeDial?: { readonly of: string; readonly does: () => Promise<void> }
  /** Beside those of the call and the offer, for a softphone of ours. */
  readonly headers?: Readonly<Record<string, string>>
  /** Seconds. @default 180: nothing rings longer, also when no service is there to say so */
  readonly longestRing?: number
}

/** Of the ids of the channels that we make. */
export const channelPrefix = 'gruppnummer-'
/** Milliseconds that Asterisk may take to take a channel in. */
const entersWithin = 5000

/** Resolves when it rings, or when it is known that it will not. */
export function ringLeg(ringing: Ringing): Promise<Result<void, AriProblem>> {
  return ringing.atOnce ? ringAtOnce(ringing) : ringWhenMade(ringing)
}

/**
 * In one request. The channel rings on its own, and comes into our application by the dialplan when it is answered; while we are away,
 * it waits there.
 */
async function ringAtOnce(ringing: Ringing): Promise<Result<void, AriProblem>> {
  const { ari, leg, way, longestRing = 180 } = ringing
  const rung = await ari.send({
    method: 'POST',
    path: `/channels/${leg.line.channel}`,
    query: {
      endpoint: way.endpoint,
      context: legsContext,
      extension: 's',
      timeout: String(longestRing),
      // Else Asterisk goes through every codec that it knows, at each ring.
      ...(way.softphone && { formats: softphoneCodecs }),
    },
    body: { variables: variablesOf(ringing) },
    urgent: true,
  })
  return rung.ok ? done : rung
}

/**
 * Makes the channel, and rings when Asterisk has taken it into our application: a channel that is dialled before is refused
 * now and then. It can be written on while it rings.
 */
async function ringWhenMade(ringing: Ringing): Promise<Result<void, AriProblem>> {
  const { ari, application, leg, way, entering, beforeDial, longestRing = 180 } = ringing
  const { channel } = leg.line
  let timer: NodeJS.Timeout | undefined
  const entered = new Promise<boolean>((resolve) => {
    entering.set(channel, () => {
      resolve(true)
    })
    timer = setTimeout(() => {
      resolve(false)
    }, entersWithin)
  })
  try {
    const made = await ari.send({
      method: 'POST',
      path: '/channels/create',
      query: { endpoint: way.endpoint, app: application, channelId: channel },
      body: { variables: variablesOf(ringing) },
    })
    if (!made.ok) return made
    if (!(await entered)) return failed({ kind: 'timedOut' })
    if (leg.state === 'ended') return done
    leg.line.entered()
    await beforeDial?.does()
    const dialled = await ari.send({
      method: 'POST',
      path: `/channels/${channel}/dial`,
      query: { timeout: String(longestRing) },
      ...(beforeDial && { lane: beforeDial.of }),
    })
    return dialled.ok ? done : dialled
  } finally {
    clearTimeout(timer)
    entering.delete(channel)
  }
}

function variablesOf({
  call,
  told: toldCall,
  leg,
  way,
  show: { number, name },
  watched = false,
  rungBack,
  headers = {},
}: Ringing): Record<string, string> {
  const variables: Record<string, string> = { [legVariable]: keptLegOf(call, leg) }
  if (watched) variables['CHANNEL(hangup_handler_push)'] = `${aloneContext},s,1`
  if (rungBack) {
    variables[calledVariable] = rungBack.called
    variables[entranceVariable] = 'caller'
    variables['CALLERID(num)'] = rungBack.number
  }
  // The far side sees this one as the caller. Each is told to everybody who listens to the channel, so nothing empty is.
  variables['CONNECTEDLINE(num,i)'] = number ?? 'anonymous'
  const shown = name ?? (number ? '' : 'Anonymous')
  if (shown !== '') variables['CONNECTEDLINE(name,i)'] = shown
  if (!number) variables['CONNECTEDLINE(pres,i)'] = 'prohib'
  if (way.softphone) {
    const told = { [offerHeader]: offerText(toldCall, leg.id), ...headers }
    for (const [header, value] of Object.entries(told)) variables[`PJSIP_HEADER(add,${header})`] = value
  }
  return variables
}
