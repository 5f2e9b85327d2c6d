import { z } from 'zod'
import type { AgentId, E164, GroupNumberId } from '../../core/configuration/types.ts'
import type { CallId, EventOf, Notice, RoutingEvent } from '../../core/routing/messages.ts'
import type { Instant } from '../../core/time.ts'
import type { MissedCaller, MissedWhy } from '../../contract/work.ts'
import type { JournalEntry } from '../ports.ts'
import type { CallerBook } from './caller-book.ts'

/** Callers who were not served, one for each number in each group number. */
export interface MissedCallers {
  /** In the order of the journal; the same entries twice change nothing more. */
  saw(entry: JournalEntry): void
  /** The same map, and the same entries in it, until they change. */
  list(): ReadonlyMap<string, MissedCaller>
  /** Unknown: no effect. */
  change(id: string, change: MissedChange): void
  /** Takes away what has been over for a week, and what nobody has touched for 90 days. */
  prune(now: Instant): void
  kept(): KeptMissed
}

/** `owner` and `note` null: none from now on. */
export interface MissedChange {
  readonly at: Instant
  readonly owner?: MissedCaller['owner'] | null
  readonly note?: string | null
  readonly mark?: Exclude<MissedCaller['state'], 'gotThrough'>
}

type NoticeOf<Type extends Notice['type']> = Extract<Notice, { type: Type }>

const day = 24 * 60 * 60 * 1000
const overFor = 7 * day
const untouchedFor = 90 * day
/** Calls of one item that are told apart from a repetition of what is in the journal. */
const callsKnown = 20

const text = z.string()
const whys = ['abandoned', 'timeout', 'closed', 'noAgents', 'full', 'lost', 'notReached', 'forwarded'] as const
const keptSchema = z.strictObject({
  items: z.array(
    z.strictObject({
      item: z.strictObject({
        id: text,
        group: text,
        number: text,
        name: text.exactOptional(),
        tries: z.number(),
        first: z.number(),
        last: z.number(),
        why: z.enum(whys),
        voicemail: z.literal(true).exactOptional(),
        owner: z.strictObject({ account: text, name: text }).exactOptional(),
        note: text.exactOptional(),
        state: z.enum(['open', 'calledBack', 'gotThrough', 'done']),
        changed: z.number(),
      }),
      calls: z.array(text),
    }),
  ),
})

/** What a later start goes on from. */
export interface KeptMissed {
  readonly items: readonly { readonly item: MissedCaller; readonly calls: readonly CallId[] }[]
}
export const keptMissedSchema = keptSchema as unknown as z.ZodType<KeptMissed>

const leftWhys: Readonly<Record<NoticeOf<'left'>['why'], MissedWhy>> = {
  abandoned: 'abandoned',
  timeout: 'timeout',
  closed: 'closed',
  noAgents: 'noAgents',
  lost: 'lost',
  notReached: 'notReached',
}

export function missedCallers(
  callers: Pick<CallerBook, 'of'>,
  kept: KeptMissed = { items: [] },
  isMember: (agent: AgentId, group: GroupNumberId) => boolean = () => true,
): MissedCallers {
  let items: ReadonlyMap<string, MissedCaller> = new Map(kept.items.map(({ item }) => [item.id, item]))
  const calls = new Map(kept.items.map((each) => [each.item.id, each.calls]))
  /** Sent on to a number outside, which may answer. */
  const forwarded = new Map<CallId, GroupNumberId>()

  /** Whom agents call themselves. */
  const called = new Map<CallId, E164>()

  function saw(entry: JournalEntry) {
    if (entry.kind === 'command') {
      const { command } = entry
      if (command.type === 'placeCall' && 'number' in command.to) called.set(command.call, command.to.number)
    } else if (entry.kind === 'event') sawEvent(entry.event)
    else if (entry.kind === 'notice') sawNotice(entry.notice)
  }

  function sawEvent(event: RoutingEvent) {
    switch (event.type) {
      case 'callerHungUp':
        forwardFailed(event.call, event.at)
        return
      case 'forwarded':
        if (event.result === 'answered' || event.result === 'ended') forwarded.delete(event.call)
        else forwardFailed(event.call, event.at)
        return
      case 'agentCallAnswered':
        calledBack(event)
        return
      case 'agentCallEnded':
        called.delete(event.call)
        return
      case 'switchAttached':
        for (const call of [...called.keys()])
          if (!event.agentCalls?.some((held) => held.call === call)) called.delete(call)
        return
      case 'commandFailed':
        if (event.command === 'forward') forwardFailed(event.call, event.at)
        return
      default:
        return
    }
  }

  /** An agent of the group number has got hold of the caller. */
  function calledBack({ call, agent, at }: EventOf<'agentCallAnswered'>) {
    const number = called.get(call)
    for (const item of items.values())
      if (item.number === number && item.state === 'open' && isMember(agent, item.group))
        put({ ...item, state: 'calledBack', changed: at })
  }

  function forwardFailed(call: CallId, at: Instant) {
    const group = forwarded.get(call)
    forwarded.delete(call)
    if (group !== undefined) missed({ call, group, why: 'forwarded', at })
  }

  function sawNotice(notice: Notice) {
    switch (notice.type) {
      case 'connected':
        gotThrough(notice)
        return
      case 'left':
        notServed({ ...notice, why: leftWhys[notice.why] })
        return
      case 'refused':
        if (notice.why !== 'blocked') notServed({ ...notice, why: notice.why })
        return
      case 'voicemailLeft':
        leftMessage(notice)
        return
      default:
        return
    }
  }

  interface NotServed {
    readonly call: CallId
    readonly group: GroupNumberId
    readonly why: MissedWhy
    readonly at: Instant
    readonly then?: NoticeOf<'left'>['then']
  }

  function notServed({ then, ...miss }: NotServed) {
    // The next group number serves the caller, or tells that it did not.
    if (then?.do === 'group') return
    if (then?.do === 'forward') forwarded.set(miss.call, miss.group)
    else missed(miss)
  }

  function missed({ call, group, why, at }: Omit<NotServed, 'then'>) {
    const { number, name } = callers.of(call) ?? {}
    if (number === undefined) return
    const id = idOf(group, number)
    const known = calls.get(id) ?? []
    if (known.includes(call)) return
    calls.set(id, [...known, call].slice(-callsKnown))
    const before = items.get(id)
    const goesOn = before?.state === 'open' || before?.state === 'calledBack' ? before : undefined
    put({
      id,
      group,
      number,
      ...(name !== undefined && { name }),
      tries: (goesOn?.tries ?? 0) + 1,
      first: goesOn?.first ?? at,
      last: at,
      why,
      ...(goesOn?.owner && { owner: goesOn.owner }),
      ...(goesOn?.note !== undefined && { note: goesOn.note }),
      state: 'open',
      changed: at,
    })
  }

  function gotThrough({ call, group, at }: NoticeOf<'connected'>) {
    const { number } = callers.of(call) ?? {}
    const item = number === undefined ? undefined : items.get(idOf(group, number))
    if (item?.state === 'open' || item?.state === 'calledBack') put({ ...item, state: 'gotThrough', changed: at })
  }

  function leftMessage({ call, group }: NoticeOf<'voicemailLeft'>) {
    const { number } = callers.of(call) ?? {}
    const item = number === undefined ? undefined : items.get(idOf(group, number))
    if (item && !item.voicemail) put({ ...item, voicemail: true })
  }

  function put(item: MissedCaller) {
    items = new Map([...items, [item.id, item]])
  }

  function change(id: string, { at, owner, note, mark }: MissedChange) {
    const item = items.get(id)
    if (!item) return
    const { owner: hadOwner, note: hadNote, ...rest } = item
    const nextOwner = owner === undefined ? hadOwner : (owner ?? undefined)
    const nextNote = note === undefined ? hadNote : (note ?? undefined)
    put({
      ...rest,
      ...(nextOwner && { owner: nextOwner }),
      ...(nextNote !== undefined && { note: nextNote }),
      ...(mark && { state: mark, changed: at }),
    })
  }

  function prune(now: Instant) {
    const gone = [...items.values()].filter(({ state, changed, last }) =>
      state === 'gotThrough' || state === 'done'
        ? now - changed > overFor
        : now - Math.max(changed, last) > untouchedFor,
    )
    if (gone.length === 0) return
    for (const { id } of gone) calls.delete(id)
    const ids = new Set(gone.map(({ id }) => id))
    items = new Map([...items].filter(([id]) => !ids.has(id)))
  }

  return {
    saw,
    list: () => items,
    change,
    prune,
    kept: () => ({ items: [...items.values()].map((item) => ({ item, calls: calls.get(item.id) ?? [] })) }),
  }
}

const idOf = (group: GroupNumberId, number: E164) => `${group} ${number}`
