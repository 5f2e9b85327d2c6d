import { z } from 'zod'
import { ok, type Result } from '../../core/result.ts'
import type { CallId } from '../../core/routing/messages.ts'
import type { Instant } from '../../core/time.ts'
import { agentBridgePrefix, agentCallVariable, readKeptAgentCall, type KeptAgentCall } from './agent-calls.ts'
import { ariBridge, ariChannel, type AriChannel } from './ari-messages.ts'
import { bridgePrefix, bridgesOf } from './arrange.ts'
import type { Call, Leg } from './call.ts'
import { each } from './each.ts'
import { callVariable, legVariable, readKeptCall, readKeptLeg, type KeptCall, type KeptLeg } from './kept-call.ts'
import { nothing, type Ear, type Line } from './line.ts'
import { musicPrefix } from './music.ts'
import type { AriClient, AriProblem, AriRequest } from './open-ari-client.ts'
import { channelPrefix } from './ring-leg.ts'
import { fallbackContext } from './server/names.ts'

export interface Holdings {
  readonly calls: readonly Call[]
  /** Calls that agents have made; `other`: whom they called. */
  readonly agentCalls: readonly FoundAgentCall[]
  /** Callers whom no service has taken yet, who rang first in front. */
  readonly strays: readonly AriChannel[]
  /** Of our calls. */
  readonly bridges: readonly string[]
  /** Of calls whose recordings have ended while nobody was told. */
  readonly recorded: readonly string[]
  /** Legs and bridges of no call, which were ended. */
  readonly swept: number
}

export interface FoundAgentCall {
  readonly channel: AriChannel
  readonly kept: KeptAgentCall
  readonly line: Line
  readonly other: Leg | undefined
}

export interface HoldingsOptions {
  readonly ari: AriClient
  readonly application: string
  /** `making`: it is not in our application yet. */
  readonly lineOf: (channel: string, answered: boolean, found: { hears: Ear; making?: true }) => Line
}

/** Reads from Asterisk which calls there are, and sweeps what belongs to none. */
export async function readHoldings({
  ari,
  application,
  lineOf,
}: HoldingsOptions): Promise<Result<Holdings, AriProblem>> {
  const found = await lookAround(ari, application)
  if (!found.ok) return found
  const { channels, legs, calls: keptCalls, agentCalls: keptAgentCalls, strays, bridges } = found.value
  const bridgeOf = new Map(bridges.flatMap(({ id, channels: members }) => members.map((member) => [member, id])))
  const bridge = (id: string): Ear | undefined => {
    const inside = bridgeOf.get(id)
    if (inside === undefined) return undefined
    return { kind: inside.startsWith(musicPrefix) ? 'music' : 'bridge', id: inside }
  }
  const rebuiltLeg = ({ kept, channel }: FoundLeg) =>
    legFrom(
      kept,
      channel,
      lineOf(channel.id, true, {
        hears: bridge(channel.id) ?? nothing,
        ...(channel.dialplan.app_name !== 'Stasis' && { making: true }),
      }),
    )
  const doubled = doubledLegs(legs, [...keptCalls.values()])
  const legsByCall = Map.groupBy(
    legs.filter((leg) => !doubled.has(leg)),
    ({ kept }) => kept.call,
  )
  const calls: Call[] = []
  const recorded: string[] = []
  for (const [channel, kept] of keptCalls) {
    const theirs = legsByCall.get(kept.id) ?? []
    const sounding = await soundOf(ari, kept)
    if (kept.recording && sounding.kind !== 'recording') recorded.push(kept.recording.name)
    const rebuilt = rebuild(kept, {
      legs: theirs.map(rebuiltLeg),
      line: channels.get(channel),
      lineOf: (of) => lineOf(of.id, of.state === 'Up', { hears: bridge(of.id) ?? sounding }),
    })
    calls.push(rebuilt)
  }
  const agentCalls = keptAgentCalls.map(({ channel, kept }): FoundAgentCall => {
    const other = legsByCall.get(channel.id as CallId)?.[0]
    const line = lineOf(channel.id, channel.state === 'Up', { hears: bridge(channel.id) ?? nothing })
    return { channel, kept, line, other: other && rebuiltLeg(other) }
  })
  const heard = calls.flatMap(({ line }) => (line?.hears.kind === 'music' ? [line.hears.id] : []))
  const living = new Set([
    ...calls.flatMap((call) => bridgesOf(call)),
    ...agentCalls.map(({ channel }) => `${agentBridgePrefix}${channel.id}`),
    ...heard,
  ])
  const ids = new Set<string>([...calls.map(({ id }) => id), ...agentCalls.map(({ channel }) => channel.id)])
  const lonely = legs.filter((leg) => !ids.has(leg.kept.call) || doubled.has(leg))
  const empty = bridges.filter(({ id }) => !living.has(id))
  const snoops = [...channels.keys()].filter((id) => id.startsWith(`${channelPrefix}snoop-`))
  await each([...lonely.map(({ channel }) => channel.id), ...snoops], async (id) => {
    await ari.send({ method: 'DELETE', path: `/channels/${encodeURIComponent(id)}` })
  })
  await each(empty, async ({ id }) => {
    await ari.send({ method: 'DELETE', path: `/bridges/${encodeURIComponent(id)}` })
  })
  return ok({
    calls: calls.toSorted((one, other) => one.arrived - other.arrived),
    agentCalls,
    strays,
    bridges: bridges.map(({ id }) => id).filter((id) => living.has(id)),
    recorded,
    swept: lonely.length + empty.length,
  })
}

interface FoundLeg {
  readonly kept: KeptLeg
  readonly channel: AriChannel
}

/** Of an agent whose softphone came back as another one while nobody was there: those that are not in the call. */
function doubledLegs(legs: readonly FoundLeg[], calls: readonly KeptCall[]): ReadonlySet<FoundLeg> {
  const named = new Set(
    calls.flatMap(({ connected, consultation }) => [connected, consultation?.by, consultation?.third]),
  )
  const doubled = new Set<FoundLeg>()
  for (const same of Map.groupBy(legs, ({ kept }) => `${kept.call} ${kept.id}`).values()) {
    const [first] = same
    const chosen =
      same.find(({ channel }) => named.has(channel.id)) ?? same.find(({ kept }) => kept.again !== true) ?? first
    for (const leg of same) if (leg !== chosen) doubled.add(leg)
  }
  return doubled
}

interface Found {
  readonly channels: ReadonlyMap<string, AriChannel>
  readonly legs: readonly FoundLeg[]
  /** By the channel that each is written on. */
  readonly calls: ReadonlyMap<string, KeptCall>
  readonly agentCalls: readonly { readonly channel: AriChannel; readonly kept: KeptAgentCall }[]
  readonly strays: readonly AriChannel[]
  readonly bridges: readonly z.infer<typeof ariBridge>[]
}

async function lookAround(ari: AriClient, application: string): Promise<Result<Found, AriProblem>> {
  const get = <Body>(path: string, reply: z.ZodType<Body>) =>
    ari.request({ method: 'GET', path, reply } satisfies AriRequest<Body>)
  const [all, bridges] = await Promise.all([get('/channels', z.array(ariChannel)), get('/bridges', z.array(ariBridge))])
  if (!all.ok) return all
  if (!bridges.ok) return bridges
  const channels = new Map(
    all.value
      .filter(
        (channel) => isIn(application, channel) || (channel.id.startsWith(channelPrefix) && !isInFallback(channel)),
      )
      .map((channel) => [channel.id, channel]),
  )
  const legs: FoundLeg[] = []
  const strays: AriChannel[] = []
  const agentCalls: { channel: AriChannel; kept: KeptAgentCall }[] = []
  const versions = new Map<string, { readonly channel: string; readonly kept: KeptCall }>()
  await each([...channels.values()], async (channel) => {
    const [leg, call] = await Promise.all([
      channel.id.startsWith(channelPrefix) ? read(ari, channel.id, legVariable) : undefined,
      read(ari, channel.id, callVariable),
    ])
    const keptLeg = leg === undefined ? undefined : readKeptLeg(leg)
    const kept = call === undefined ? undefined : readKeptCall(call)
    if (keptLeg) legs.push({ kept: keptLeg, channel })
    // Written on a leg while there was no caller, and on the caller's channel later: the last one counts.
    if (kept && (versions.get(kept.id)?.kept.version ?? -1) < kept.version)
      versions.set(kept.id, { channel: channel.id, kept })
    if (channel.id.startsWith(channelPrefix) || kept) return
    const own = await read(ari, channel.id, agentCallVariable)
    const ownCall = own === undefined ? undefined : readKeptAgentCall(own)
    if (ownCall) agentCalls.push({ channel, kept: ownCall })
    else strays.push(channel)
  })
  // A caller who has gone leaves nothing but legs; a callback lives on any of them.
  const calls = [...versions.values()].map(({ channel, kept }) => [channel, kept] as const)
  return ok({
    channels,
    legs,
    calls: new Map(calls),
    agentCalls,
    strays: strays.toSorted(({ creationtime: one = '' }, { creationtime: other = '' }) => (one < other ? -1 : 1)),
    bridges: bridges.value.filter(({ id }) => id.startsWith(bridgePrefix)),
  })
}

const isIn = (application: string, { dialplan }: AriChannel) =>
  dialplan.app_name === 'Stasis' && dialplan.app_data.split(',')[0] === application

/** One whom we had rung may be there. */
const isInFallback = ({ dialplan }: AriChannel) =>
  dialplan.context === fallbackContext && dialplan.app_name !== 'Stasis'

async function read(ari: AriClient, channel: string, variable: string): Promise<string | undefined> {
  const value = await ari.request({
    method: 'GET',
    path: `/channels/${encodeURIComponent(channel)}/variable`,
    query: { variable },
    reply: z.object({ value: z.string() }),
  })
  return value.ok ? value.value.value : undefined
}

/** What the caller hears, where it is still to be heard. */
async function soundOf(ari: AriClient, { playing, recording }: KeptCall): Promise<Ear> {
  const isThere = async (path: string) => (await ari.send({ method: 'GET', path })).ok
  if (playing && (await isThere(`/playbacks/${playing.id}`)))
    return { kind: 'playback', id: playing.id, files: playing.files, millis: playing.millis }
  if (recording && (await isThere(`/recordings/live/${recording.name}`)))
    return { kind: 'recording', name: recording.name, maxSeconds: recording.maxSeconds }
  return nothing
}

interface Parts {
  readonly legs: readonly Leg[]
  /** The channel that the call was written on. */
  readonly line: AriChannel | undefined
  readonly lineOf: (channel: AriChannel) => Line
}

function rebuild(kept: KeptCall, { legs, line: keeper, lineOf }: Parts): Call {
  const byChannel = (channel: string | undefined) => legs.find((leg) => leg.line.channel === channel)
  const caller = legs.find(({ role }) => role === 'caller')
  const isCallers = keeper !== undefined && byChannel(keeper.id) === undefined
  const ownLine = isCallers ? lineOf(keeper) : caller?.state === 'answered' ? caller.line : undefined
  const { consultation, music, playing, recording } = kept
  const third = byChannel(consultation?.third)
  const by = byChannel(consultation?.by) ?? goneLeg(consultation?.by)
  const sounds = ownLine?.hears
  const playbackId = sounds?.kind === 'playback' ? sounds.id : undefined
  return {
    id: kept.id,
    to: kept.to,
    caller: {
      ...(kept.number !== undefined && { number: kept.number }),
      ...(kept.name !== undefined && { name: kept.name }),
    },
    arrived: kept.arrived as Instant,
    line: ownLine,
    callback: kept.callback,
    fresh: false,
    callingOut: caller,
    offers: new Map(legs.filter(({ role }) => role === 'agent').map((leg) => [leg.id, leg])),
    past: new Set(kept.past),
    playing: playing && playing.id === playbackId ? playing : undefined,
    music,
    recording: recording && { ...recording },
    saving: undefined,
    connected: byChannel(kept.connected),
    forwarding: byChannel(kept.forwarding),
    consultation: consultation && third && by ? { ...consultation, by, third } : undefined,
    monitors: new Map(
      legs.flatMap((leg) => (leg.role === 'monitor' && leg.agent !== undefined ? [[leg.agent, leg]] : [])),
    ),
  }
}

function legFrom({ id, role, agent, to, softphone, user, mode }: KeptLeg, channel: AriChannel, line: Line): Leg {
  return {
    id,
    role,
    ...(agent !== undefined && { agent }),
    ...(to !== undefined && { to }),
    softphone,
    ...(user !== undefined && { user }),
    line,
    state: channel.state === 'Up' && line.made ? 'answered' : 'ringing',
    alerted: channel.state !== 'Down',
    held: false,
    playing: undefined,
    mode,
    snoop: undefined,
  }
}

/** The agent who asked for a third party has left meanwhile. */
function goneLeg(channel: string | undefined): Leg | undefined {
  if (channel === undefined) return undefined
  const line: Line = {
    channel,
    answered: true,
    made: true,
    hears: nothing,
    answer: () => undefined,
    wants: () => undefined,
    write: () => undefined,
    guard: () => undefined,
    limited: () => undefined,
    finished: () => false,
    entered: () => undefined,
    gone: () => undefined,
  }
  return {
    id: `gone-${channel}` as Leg['id'],
    role: 'agent',
    softphone: true,
    line,
    state: 'ended',
    alerted: true,
    held: false,
    playing: undefined,
    mode: 'listen',
    snoop: undefined,
  }
}
