import { z } from 'zod'
import type { CallerAccount, SipAccount, SwitchSetup } from '../../contract/switch.ts'
import { sipRealm } from '../../contract/softphone.ts'
import { entrances, softphoneCodecs, softphoneMark } from './server/names.ts'
import { each } from './each.ts'
import type { AriClient, AriProblem } from './open-ari-client.ts'

/** SIP accounts of Asterisk, kept in step with the setup without a reload. Those of its own files are left alone. */
export interface Accounts {
  /** Makes those that are not there. What could not be done, in words: a line for each reason. */
  makeMissing(setup: SwitchSetup): Promise<readonly string[]>
  /** Makes, changes and removes what differs; `all`: looks at those known to be right too. What could not be done, as above. */
  keep(setup: SwitchSetup, all: boolean): Promise<readonly string[]>
  /** It is an account of ours, and so one that registers; not one of Asterisk's own files, which may have an address there. */
  registers(user: string): boolean
}

interface Wanted {
  readonly kind: 'auth' | 'aor' | 'endpoint'
  readonly id: string
  readonly fields: Readonly<Record<string, string>>
}

/** By reason, the accounts concerned. */
type Troubles = Map<string, Set<string>>

/** Marks the endpoints that are ours to change and to remove. */
const mark = softphoneMark
const order = ['auth', 'aor', 'endpoint'] as const

/** Of what is looked through while calls are served. */
const fewAtOnce = 2

const fieldsReply = z.array(z.object({ attribute: z.string(), value: z.string() }))
const endpointsReply = z.array(z.object({ resource: z.string() }))

export function keepAccounts(ari: Pick<AriClient, 'request' | 'send'>): Accounts {
  /** As they were put last, by kind and id. */
  const known = new Map<string, string>()
  /** As they were wanted, and refused: they stand in a file of the server. */
  const fixed = new Map<string, string>()

  async function makeMissing(setup: SwitchSetup): Promise<readonly string[]> {
    const troubles: Troubles = new Map()
    const listed = await ari.request({ method: 'GET', path: '/endpoints/PJSIP', reply: endpointsReply })
    if (!listed.ok) return []
    const there = new Set(listed.value.map(({ resource }) => resource))
    await inOrder(
      wantedObjects(setup).filter(({ id }) => !there.has(id)),
      (object) => put(object, false, troubles),
    )
    return inWords(troubles)
  }

  async function keep(setup: SwitchSetup, all: boolean): Promise<readonly string[]> {
    const wanted = wantedObjects(setup)
    const troubles: Troubles = new Map()
    if (all) await removeStrangers(wanted, troubles)
    else await removeUnwanted(wanted, troubles)
    await inOrder(wanted, (object) => put(object, all, troubles), all ? fewAtOnce : undefined)
    return inWords(troubles)
  }

  /** What an endpoint is made of is there before it. */
  async function inOrder(objects: readonly Wanted[], act: (object: Wanted) => Promise<void>, atOnce?: number) {
    for (const kind of order)
      await each(
        objects.filter((object) => object.kind === kind),
        act,
        atOnce,
      )
  }

  /** Drift: accounts of ours that nobody wants any more, made by an earlier service. */
  async function removeStrangers(wanted: readonly Wanted[], troubles: Troubles) {
    const wantedIds = new Set(wanted.map(({ id }) => id))
    const listed = await ari.request({ method: 'GET', path: '/endpoints/PJSIP', reply: endpointsReply })
    const others = (listed.ok ? listed.value : []).filter(({ resource }) => !wantedIds.has(resource))
    await each(
      others,
      async ({ resource }) => {
        const fields = await fieldsOf('endpoint', resource)
        if (fields?.get('accountcode') === mark) await removeAll(resource, troubles)
      },
      fewAtOnce,
    )
  }

  async function removeUnwanted(wanted: readonly Wanted[], troubles: Troubles) {
    const wantedKeys = new Set(wanted.map(keyOf))
    const gone = [...known.keys()].filter((key) => !wantedKeys.has(key)).map((key) => key.slice(key.indexOf(' ') + 1))
    for (const id of new Set(gone)) await removeAll(id, troubles)
  }

  async function removeAll(id: string, troubles: Troubles) {
    for (const kind of order.toReversed()) {
      known.delete(keyOf({ kind, id }))
      const removed = await ari.send({ method: 'DELETE', path: pathOf(kind, id) })
      // 404: there was none of that kind.
      if (!removed.ok && !(removed.problem.kind === 'refused' && removed.problem.status === 404))
        note(troubles, reasonOf('removed', removed.problem), id)
    }
  }

  async function put({ kind, id, fields }: Wanted, all: boolean, troubles: Troubles) {
    const text = JSON.stringify(fields)
    const key = keyOf({ kind, id })
    if (fixed.get(key) === text || (known.get(key) === text && !all)) return
    const there = all ? await fieldsOf(kind, id) : undefined
    if (there && Object.entries(fields).every(([name, value]) => isSame(name, value, there.get(name)))) {
      known.set(key, text)
      return
    }
    const put = await ari.send({
      method: 'PUT',
      path: pathOf(kind, id),
      body: { fields: Object.entries(fields).map(([attribute, value]) => ({ attribute, value })) },
    })
    if (put.ok) {
      known.set(key, text)
      return
    }
    if (isFixed(put.problem)) fixed.set(key, text)
    note(troubles, reasonOf('made', put.problem), id)
  }

  async function fieldsOf(kind: Wanted['kind'], id: string): Promise<ReadonlyMap<string, string> | undefined> {
    const reply = await ari.request({ method: 'GET', path: pathOf(kind, id), reply: fieldsReply })
    return reply.ok ? new Map(reply.value.map(({ attribute, value }) => [attribute, value])) : undefined
  }

  return { makeMissing, keep, registers: (user) => !fixed.has(keyOf({ kind: 'endpoint', id: user })) }
}

const isFixed = (problem: AriProblem) => problem.kind === 'refused' && problem.status === 403

function reasonOf(what: 'made' | 'removed', problem: AriProblem): string {
  return isFixed(problem)
    ? 'in files of the server, and left as they are there'
    : `not ${what}: ${JSON.stringify(problem)}`
}

function note(troubles: Troubles, why: string, id: string) {
  troubles.set(why, (troubles.get(why) ?? new Set()).add(id))
}

/** How many accounts are named. */
const mostNamed = 3

function inWords(troubles: Troubles): readonly string[] {
  return [...troubles].map(([why, accounts]) => {
    const names = [...accounts].slice(0, mostNamed).join(', ')
    return `SIP accounts ${why}: ${String(accounts.size)} (${names}${accounts.size > mostNamed ? ', ...' : ''})`
  })
}

const keyOf = ({ kind, id }: Pick<Wanted, 'kind' | 'id'>) => `${kind} ${id}`
const pathOf = (kind: Wanted['kind'], id: string) =>
  `/asterisk/config/dynamic/res_pjsip/${kind}/${encodeURIComponent(id)}`

/** Asterisk writes some values in a way of its own. */
function isSame(name: string, wanted: string, found: string | undefined): boolean {
  if (found === undefined) return false
  if (found === wanted) return true
  if (name === 'allow') return found.replace(/[()|\s]/g, '').includes(wanted)
  if (name === 'disallow') return true
  const truth = (value: string) => (['yes', 'true', 'on', '1'].includes(value) ? 'yes' : value === '' ? 'no' : value)
  if (['yes', 'no'].includes(wanted)) return truth(found) === wanted || (wanted === 'no' && found === 'false')
  return Number.isFinite(Number(wanted)) && found !== '' && Number(found) === Number(wanted)
}

function wantedObjects({ softphones, callers }: SwitchSetup): readonly Wanted[] {
  return [...softphones.flatMap(softphone), ...callers.flatMap(caller)]
}

/** What a browser needs. */
const browser = {
  accountcode: mark,
  webrtc: 'yes',
  disallow: 'all',
  allow: softphoneCodecs,
  direct_media: 'no',
  rewrite_contact: 'yes',
  rtp_symmetric: 'yes',
  force_rport: 'yes',
  dtmf_mode: 'rfc4733',
  // Seconds. A browser sends always, also when its microphone is muted.
  rtp_timeout: '8',
  rtp_timeout_hold: '300',
  send_connected_line: 'no',
  trust_id_outbound: 'yes',
}

function softphone({ user, ha1 }: SipAccount): readonly Wanted[] {
  return [
    auth(user, user, ha1),
    { kind: 'aor', id: user, fields: { max_contacts: '1', remove_existing: 'yes', qualify_frequency: '20' } },
    {
      kind: 'endpoint',
      id: user,
      fields: { ...browser, auth: user, aors: user, context: entrances.desk, device_state_busy_at: '1' },
    },
  ]
}

/** One who calls from a browser: may ring us, and is shown as what the service says. */
function caller({ user, ha1, number }: CallerAccount): readonly Wanted[] {
  return [
    auth(user, user, ha1),
    {
      kind: 'endpoint',
      id: user,
      fields: {
        ...browser,
        auth: user,
        context: entrances.visitor,
        callerid: number === undefined ? '"Anonymous" <anonymous>' : `<${number}>`,
      },
    },
  ]
}

function auth(id: string, username: string, ha1: string): Wanted {
  return { kind: 'auth', id, fields: { auth_type: 'md5', username, realm: sipRealm, md5_cred: ha1 } }
}
