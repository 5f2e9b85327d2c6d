import { z } from 'zod'
import type { Leg } from './call.ts'
import type { AriClient } from './open-ari-client.ts'

/** Looks after the softphones in calls whose connection is another, or none: a page that is loaded anew, a browser that died. */
export interface Comebacks {
  close(): void
}

export interface ComebacksOptions {
  readonly ari: AriClient
  /** Of softphones registered with this server, that have answered. */
  readonly legs: () => readonly Leg[]
  /** `leg.silent` is to be another. */
  readonly silenced: (leg: Leg, silent: boolean) => void
  /** The softphone is registered as another one, and nothing is heard from where it was. */
  readonly cameBack: (leg: Leg) => void
}

/** Milliseconds between two looks; a browser sends fifty packets a second, also when its microphone is muted. */
const looksEvery = 500
/** How often one contact is given a call: the ring of a page that is still being loaded may be lost. */
const mostGiven = 5

/**
 * Asks which contacts there are, for all in one request, and looks closer at those that have changed since. One that connected anew goes
 * on with its dialog: the user part of its contact is what it was.
 */
export function watchComebacks({ ari, legs, silenced, cameBack }: ComebacksOptions): Comebacks {
  /** By user, as they were at the look before; undefined: there was none. */
  let before: ReadonlyMap<string, string> | undefined
  /** Users to be looked at closer. */
  const unsure = new Set<string>()
  /** Packets that had come from each at the look before. */
  let packets = new Map<Leg, number>()
  /** The contact to which each was given its call last, and how often. */
  const given = new WeakMap<Leg, { readonly contact: string; readonly times: number }>()
  let looking = false
  let closed = false
  /** Asked anew after every wait. */
  const isClosed = () => closed

  const looks = setInterval(() => {
    if (looking) return
    looking = true
    void look().finally(() => {
      looking = false
    })
  }, looksEvery)

  async function look() {
    const [any, ...more] = legs()
    if (!any) {
      before = undefined
      unsure.clear()
      return
    }
    const now = await contacts(any)
    if (!now || isClosed()) return
    for (const { user } of [any, ...more])
      if (user !== undefined && (before?.get(user) !== now.get(user) || !now.has(user))) unsure.add(user)
    before = now
    const counted = new Map<Leg, number>()
    for (const leg of legs())
      if (leg.user !== undefined && unsure.has(leg.user)) await closer(leg, leg.user, now.get(leg.user), counted)
    packets = counted
  }

  async function closer(leg: Leg, user: string, contact: string | undefined, counted: Map<Leg, number>) {
    const count = await received(leg)
    if (count === undefined || isClosed()) return
    counted.set(leg, count)
    const silent = packets.get(leg) === count
    const isOther = contact !== undefined && (await isAnother(leg, contact))
    if (isClosed() || leg.state !== 'answered') return
    if (contact !== undefined && isOther === false) {
      unsure.delete(user)
      silenced(leg, false)
      return
    }
    if (packets.has(leg)) silenced(leg, silent)
    if (!silent || contact === undefined || isOther !== true || leg.again) return
    const last = given.get(leg)
    const times = last?.contact === contact ? last.times : 0
    if (times >= mostGiven) return
    given.set(leg, { contact, times: times + 1 })
    cameBack(leg)
  }

  /** By user: the contact that each is registered with; undefined: not known. */
  async function contacts(leg: Leg): Promise<ReadonlyMap<string, string> | undefined> {
    const keys = await variable(leg, `DB_KEYS(${contactFamily})`)
    if (keys === undefined) return undefined
    return new Map(
      keys.split(',').flatMap((key) => {
        const [user, hash] = key.split(';@')
        return user === undefined || hash === undefined ? [] : [[user, key]]
      }),
    )
  }

  /** Whether the contact is of another softphone than was rung; undefined: not known. */
  async function isAnother(leg: Leg, contact: string): Promise<boolean | undefined> {
    const [there, rung] = await Promise.all([
      variable(leg, `PJSIP_CONTACT(${contact},uri)`),
      variable(leg, 'CHANNEL(pjsip,target_uri)'),
    ])
    const [one, other] = [userOf(there), userOf(rung)]
    return one === undefined || other === undefined ? undefined : one !== other
  }

  async function variable({ line: { channel } }: Leg, name: string): Promise<string | undefined> {
    const path = `/channels/${channel}/variable`
    const read = await ari.request({ method: 'GET', path, query: { variable: name }, reply: variableReply })
    return read.ok ? read.value.value : undefined
  }

  async function received({ line: { channel } }: Leg): Promise<number | undefined> {
    const read = await ari.request({ method: 'GET', path: `/channels/${channel}/rtp_statistics`, reply: statistics })
    return read.ok ? read.value.rxcount : undefined
  }

  return {
    close() {
      closed = true
      clearInterval(looks)
    },
  }
}

/** Of Asterisk's database, where `sorcery.conf` has it keep contacts. */
const contactFamily = 'registrar/contact'
const variableReply = z.object({ value: z.string() })
const statistics = z.object({ rxcount: z.number() })

/** Of a SIP URI. */
const userOf = (uri: string | undefined) => /^<?sips?:([^@;>]+)@/.exec(uri ?? '')?.[1]
