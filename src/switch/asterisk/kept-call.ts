import { z } from 'zod'
import type { AgentId, E164, MessageId } from '../../core/configuration/types.ts'
import type { CallId, OfferId, PlayId } from '../../core/routing/messages.ts'
import type { Call, Leg } from './call.ts'
import { parsedJson } from './ari-messages.ts'

/**
 * What Asterisk cannot tell of a call by itself is written on its channels, so that the next service finds it there: in this
 * variable of the caller's channel (of a callback without one: of a leg's) the state of the call, and in that of each leg
 * what the leg is for.
 */
export const callVariable = 'GRUPPNUMMER_CALL'
export const legVariable = 'GRUPPNUMMER_LEG'

const text = z.string()
const named = <Id>() => z.custom<Id>((value) => typeof value === 'string' && value !== '')

const keptLeg = z.object({
  call: named<CallId>(),
  id: named<OfferId>(),
  role: z.enum(['agent', 'monitor', 'outside', 'caller', 'called']),
  agent: named<AgentId>().exactOptional(),
  to: named<E164>().exactOptional(),
  softphone: z.boolean(),
  user: text.exactOptional(),
  /** Rung to take the place of the leg with the same id. */
  again: z.literal(true).exactOptional(),
  mode: z.enum(['listen', 'whisper', 'barge']),
})
export type KeptLeg = z.infer<typeof keptLeg>

const target = z.union([z.object({ agent: named<AgentId>() }).strict(), z.object({ number: named<E164>() }).strict()])

const keptCall = z.object({
  id: named<CallId>(),
  /** Of writings the last one counts. */
  version: z.number(),
  to: named<E164>(),
  number: named<E164>().exactOptional(),
  name: text.exactOptional(),
  arrived: z.number(),
  callback: z.boolean(),
  past: z.array(named<PlayId & OfferId>()),
  playing: z
    .object({
      id: text,
      files: z.array(text),
      millis: z.number(),
      message: named<MessageId>().exactOptional(),
      play: named<PlayId>().exactOptional(),
    })
    .exactOptional(),
  music: z.object({
    messages: z.array(named<MessageId>()),
    pieces: z.array(z.object({ file: text, millis: z.number() })),
  }),
  recording: z.object({ name: text, maxSeconds: z.number(), stopping: z.boolean() }).exactOptional(),
  /** By the channels of the legs. */
  connected: text.exactOptional(),
  forwarding: text.exactOptional(),
  callingOut: text.exactOptional(),
  consultation: z
    .object({ by: text, to: target, third: text, threeWay: z.enum(['all', 'callerLeft']).exactOptional() })
    .exactOptional(),
})
export type KeptCall = z.infer<typeof keptCall>

/** Absent: no variable of ours, or not as we write it. */
export function readKeptCall(value: string): KeptCall | undefined {
  return keptCall.safeParse(parsedJson(value)).data
}

export function readKeptLeg(value: string): KeptLeg | undefined {
  return keptLeg.safeParse(parsedJson(value)).data
}

export function keptLegOf(call: CallId, leg: Omit<Leg, 'line'>): string {
  const { id, role, agent, to, softphone, user, instead, mode } = leg
  return JSON.stringify({
    call,
    id,
    role,
    ...(agent !== undefined && { agent }),
    ...(to !== undefined && { to }),
    softphone,
    ...(user !== undefined && { user }),
    ...(instead && { again: true }),
    mode,
  } satisfies KeptLeg)
}

/** How many things of the past are remembered. */
const mostPast = 30

export function keptCallOf(call: Call, version: number): string {
  const { id, to, caller, arrived, callback, past, playing, music, recording, consultation } = call
  const channelOf = (leg: Leg | undefined) => (leg && leg.state !== 'ended' ? leg.line.channel : undefined)
  const [connected, forwarding, callingOut] = [call.connected, call.forwarding, call.callingOut].map(channelOf)
  const to_ = consultation?.to
  return JSON.stringify({
    id,
    version,
    to,
    ...(caller.number !== undefined && { number: caller.number }),
    ...(caller.name !== undefined && { name: caller.name }),
    arrived,
    callback,
    past: [...past].slice(-mostPast) as (PlayId & OfferId)[],
    ...(playing && { playing: { ...playing, files: [...playing.files] } }),
    music: { messages: [...music.messages], pieces: [...music.pieces] },
    ...(recording && { recording }),
    ...(connected !== undefined && { connected }),
    ...(forwarding !== undefined && { forwarding }),
    ...(callingOut !== undefined && { callingOut }),
    ...(consultation &&
      to_ &&
      !('group' in to_) && {
        consultation: {
          by: consultation.by.line.channel,
          to: to_,
          third: consultation.third.line.channel,
          ...(consultation.threeWay && { threeWay: consultation.threeWay }),
        },
      }),
  } satisfies KeptCall)
}
