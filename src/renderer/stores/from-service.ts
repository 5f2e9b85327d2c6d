import { z } from 'zod'
import type { Change, FromService, Live, LiveCollection } from '../../contract/console.ts'

/**
 * Reads a message of the service, or nothing if it is none.
 *
 * Keys that this console does not know are let through: a service may say more than it did.
 */
export function parseFromService(text: string): FromService | undefined {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return undefined
  }
  const read = fromServiceSchema.safeParse(json)
  return read.success ? (read.data as unknown as FromService) : undefined
}

/** The live state after the changes; untouched collections stay the same objects, so that only what shows them is drawn anew. */
export function applyChanges(live: Live, changes: readonly Change[]): Live {
  const touched: Partial<Record<LiveCollection, Record<string, unknown>>> = {}
  for (const change of changes) {
    const collection = (touched[change.in] ??= { ...live[change.in] })
    if (change.value === null) Reflect.deleteProperty(collection, change.key)
    else collection[change.key] = change.value
  }
  return { ...live, ...touched } as Live
}

const id = z.string().min(1)
const time = z.number()

const entries = {
  company: z.looseObject({ name: z.string(), timeZone: z.string(), language: z.enum(['sv', 'en']) }),
  service: z.looseObject({
    switch: z.enum(['attached', 'lost']),
    engine: z.string(),
    revision: z.number(),
    trouble: z.string().optional(),
  }),
  groups: z.looseObject({
    group: id,
    number: z.string(),
    name: z.string(),
    open: z.boolean(),
    reason: z.looseObject({
      kind: z.enum(['override', 'exception', 'schedule', 'noSchedule']),
      id: z.string().optional(),
      name: z.string().optional(),
    }),
    next: z.looseObject({ at: time, open: z.boolean() }).nullable(),
    members: z.array(id),
    ringMillis: z.number(),
    today: z.looseObject({ offered: z.number(), answeredInTime: z.number(), withinSeconds: z.number() }).optional(),
  }),
  agents: z.looseObject({
    agent: id,
    state: z.enum(['loggedOut', 'available', 'ringing', 'talking', 'wrapUp', 'paused']),
    since: time,
    loggedIn: z.array(id),
    before: z.array(id).optional(),
    device: z.enum(['ready', 'busy', 'gone']),
    pauseReason: z.string().optional(),
    wrapUpUntil: time.optional(),
    call: id.optional(),
    misses: z.number(),
    firstName: z.string(),
    lastName: z.string(),
    answersAt: z.enum(['softphone', 'phone']),
    autoAnswer: z.literal(true).optional(),
  }),
  calls: z.looseObject({
    call: id,
    group: id,
    from: z.string().optional(),
    name: z.string().optional(),
    arrived: time,
    phase: z.enum(['welcome', 'waiting', 'ringing', 'talking', 'leaving']),
    position: z.number().optional(),
    offers: z.array(z.looseObject({ agent: id, offer: id, until: time })),
    consulting: z
      .looseObject({
        to: z.looseObject({}),
        agent: id.optional(),
        answered: z.boolean(),
        threeWay: z.enum(['all', 'callerLeft']).optional(),
      })
      .optional(),
    agent: id.optional(),
    talkingSince: time.optional(),
  }),
  passed: z.looseObject({
    offer: id,
    call: id,
    group: id,
    from: z.string().optional(),
    name: z.string().optional(),
    at: time,
    why: z.enum(['missed', 'answeredElsewhere', 'callerGone', 'withdrawn', 'rejected']),
    answeredBy: id.optional(),
  }),
  history: z.looseObject({
    id,
    call: id,
    way: z.enum(['made', 'taken', 'missed']),
    at: time,
    number: z.string().optional(),
    name: z.string().optional(),
    colleague: id.optional(),
    dialled: z.string().optional(),
    group: id.optional(),
    as: z.string().optional(),
    with: z.array(z.looseObject({ agent: id.optional(), number: z.string().optional() })).optional(),
    seconds: z.number().optional(),
    why: z.string().optional(),
    note: z.string().optional(),
    outcome: z.looseObject({ code: z.string(), name: z.string() }).optional(),
  }),
  missed: z.looseObject({
    id,
    group: id,
    number: z.string(),
    name: z.string().optional(),
    tries: z.number(),
    first: time,
    last: time,
    why: z.enum(['abandoned', 'timeout', 'closed', 'noAgents', 'full', 'lost', 'notReached', 'forwarded']),
    voicemail: z.literal(true).optional(),
    owner: z.looseObject({ account: z.string(), name: z.string() }).optional(),
    note: z.string().optional(),
    state: z.enum(['open', 'calledBack', 'gotThrough', 'done']),
    changed: time,
  }),
  voicemails: z.looseObject({
    id,
    group: id,
    from: z.string().optional(),
    name: z.string().optional(),
    at: time,
    seconds: z.number(),
    done: z.looseObject({ by: z.string(), at: time }).optional(),
    for: id.optional(),
    forwarded: z.looseObject({ by: z.string(), at: time, from: id.optional() }).optional(),
    sentTo: z.array(id).optional(),
  }),
}

const changeOf = <Name extends LiveCollection>(name: Name) =>
  z.looseObject({ in: z.literal(name), key: z.string(), value: entries[name].nullable() })

const fromServiceSchema = z.discriminatedUnion('type', [
  z.looseObject({
    type: z.literal('welcome'),
    protocol: z.number(),
    signedIn: z.looseObject({
      account: z.string(),
      name: z.string(),
      roles: z.array(z.enum(['admin', 'supervisor', 'agent', 'reviewer'])),
      agent: id.optional(),
      supervises: z.array(id),
    }),
    softphone: z.looseObject({ user: z.string(), secret: z.string() }).optional(),
    now: time,
  }),
  z.looseObject({
    type: z.literal('snapshot'),
    revision: z.number(),
    now: time,
    live: z.looseObject({
      company: z.looseObject({ company: entries.company }),
      service: z.looseObject({ service: entries.service }),
      groups: z.record(z.string(), entries.groups),
      agents: z.record(z.string(), entries.agents),
      calls: z.record(z.string(), entries.calls),
      passed: z.record(z.string(), entries.passed),
      history: z.record(z.string(), entries.history),
      missed: z.record(z.string(), entries.missed),
      voicemails: z.record(z.string(), entries.voicemails),
    }),
  }),
  z.looseObject({
    type: z.literal('delta'),
    revision: z.number(),
    now: time,
    changes: z.array(
      z.discriminatedUnion('in', [
        changeOf('company'),
        changeOf('service'),
        changeOf('groups'),
        changeOf('agents'),
        changeOf('calls'),
        changeOf('passed'),
        changeOf('history'),
        changeOf('missed'),
        changeOf('voicemails'),
      ]),
    ),
  }),
  z.looseObject({
    type: z.literal('reply'),
    id: z.string(),
    reply: z.discriminatedUnion('ok', [
      z.looseObject({ ok: z.literal(true), value: z.unknown().optional() }),
      z.looseObject({
        ok: z.literal(false),
        problem: z.looseObject({
          kind: z.enum(['forbidden', 'unknown', 'invalid', 'unavailable', 'tooMany']),
          message: z.string(),
        }),
      }),
    ]),
  }),
  z.looseObject({ type: z.literal('pong'), sent: z.number(), now: time }),
  z.looseObject({
    type: z.literal('goodbye'),
    why: z.enum(['notSignedIn', 'signedOut', 'protocol', 'slow', 'stopping']),
  }),
])
