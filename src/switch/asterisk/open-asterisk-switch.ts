import { z } from 'zod'
import type { Attachment, SoftphoneSocket, Switch, SwitchProblem, SwitchSetup } from '../../contract/switch.ts'
import { done, failed, ok, type Result } from '../../core/result.ts'
import type { SwitchEvent } from '../../core/routing/messages.ts'
import { keepAccounts } from './accounts.ts'
import { openAdmission } from './admission.ts'
import type { AriEvent } from './ari-messages.ts'
import { openCallControl, type CallControl } from './call-control.ts'
import { watchDevices } from './devices.ts'
import type { Joinable, Neighbourhood } from './join-servers.ts'
import { askOnce, openAriClient, type AriAccess, type AriClient, type AriProblem } from './open-ari-client.ts'
import { recordingsIn } from './recordings.ts'
import { softphonePath } from './server/names.ts'
import { openSpeech, type Speak } from './speech.ts'

export interface AsteriskSwitch extends Joinable {
  /** Resolves when what was commanded is done, and written where the next service finds it. */
  settled(): Promise<void>
}

/** Milliseconds that a service which leaves waits for what it has commanded. */
const leaveLimit = 1000

export interface AsteriskOptions extends AriAccess {
  /** The ARI application of the dialplan. @default gruppnummer */
  readonly application?: string
  /** The endpoint that calls to outside numbers leave by, where the setup names no trunk. */
  readonly trunk?: string
  /** Of callers' messages. */
  readonly recordings: string
  /** Of texts made into sound; Asterisk reads them, as it reads the sounds of the setup: by the same paths as we. */
  readonly spoken: string
  readonly speak: Speak
  /** New callers a second, and no more: see `openAdmission`. @default 200 */
  readonly callsPerSecond?: number
  /** Calls at once; one more is refused with 503. @default no limit */
  readonly callLimit?: number
  /** Seconds that anybody is rung. @default 180 */
  readonly longestRing?: number
  readonly log?: (level: 'info' | 'warn', text: string) => void
}

/** Kept in Asterisk itself, so that a service of an earlier time is refused there. */
const epochVariable = 'GRUPPNUMMER_EPOCH'

/** An Asterisk server driven through ARI. All that it holds lives on in it, whatever becomes of us. */
export function openAsteriskSwitch(options: AsteriskOptions): AsteriskSwitch {
  const { application = 'gruppnummer', log = () => undefined } = options
  const recordings = recordingsIn({ access: options, directory: options.recordings, log })
  const admission = openAdmission({
    ...(options.callsPerSecond !== undefined && { perSecond: options.callsPerSecond }),
    now: () => performance.now(),
    turnedAway: (count, why) => {
      log('warn', `${String(count)} callers were turned away: ${why}`)
    },
  })
  const speech = openSpeech({ recordings, directory: options.spoken, speak: options.speak, log })
  let current: Current | undefined
  let setup: SwitchSetup | undefined
  let neighbourhood: Neighbourhood = { elsewhere: () => undefined, told: (call) => call }

  async function attach(attachment: Attachment) {
    const epoch = await readEpoch(options)
    if (!epoch.ok) return problemOf(epoch.problem)
    // Before our application is taken from whoever has it.
    if (epoch.value >= attachment.epoch) return failed({ kind: 'staleEpoch' } as const)
    leave('replaced')
    const mine = open(attachment)
    const client = await openAriClient({
      ...options,
      application,
      heard: (event) => {
        if (event.type === 'ApplicationReplaced') mine.ended('replaced')
        else mine.heard(event)
      },
      ended: (why) => {
        mine.ended(why)
      },
      malformed: () => {
        log('warn', 'an event of Asterisk was not understood, and dropped')
      },
    })
    if (!client.ok) return problemOf(client.problem)
    const begun = await mine.begin(client.value)
    if (!begun.ok) client.value.close()
    return begun
  }

  interface Current {
    begin(ari: AriClient): Promise<Awaited<ReturnType<Switch['attach']>>>
    heard(event: AriEvent): void
    ended(why: 'gone' | 'frozen' | 'replaced'): void
    prepare(setup: SwitchSetup): Promise<Result<void, SwitchProblem>>
    softphonesMoved(): void
    readonly control: CallControl | undefined
    settled(): Promise<void>
    close(): void
  }

  function open(attachment: Attachment): Current {
    let parts: ReturnType<typeof partsOn> | undefined
    /** Until it is known which numbers are ours. */
    let early: AriEvent[] | undefined = []
    let over = false
    /** Whether every account is as it is to be. */
    let checking: Promise<void> = Promise.resolve()
    /** Asked anew after every wait. */
    const isOver = () => over

    const tell = (event: SwitchEvent) => {
      if (!over) attachment.heard(event)
    }

    function partsOn(ari: AriClient) {
      const accounts = keepAccounts(ari)
      const control = openCallControl({
        ari,
        application,
        callLimit: options.callLimit ?? Infinity,
        admission,
        tell,
        speech,
        recordings,
        trunk: () => setup?.trunks.find(({ outbound }) => outbound)?.name ?? options.trunk,
        busyChanged: () => {
          devices.busyChanged()
        },
        elsewhere: (agent) => neighbourhood.elsewhere(agent),
        registers: (user) => accounts.registers(user),
        told: (call) => neighbourhood.told(call),
        ...(options.longestRing !== undefined && { longestRing: options.longestRing }),
        log,
      })
      const devices = watchDevices({
        ari,
        tell(event) {
          tell(event)
          if (event.state === 'gone') control.phoneGone(event.agent)
        },
        busy: () => control.busy,
      })
      return { ari, control, devices, accounts, prepared: false }
    }

    async function begin(ari: AriClient) {
      const taken = await takeEpoch(ari, attachment.epoch)
      if (!taken.ok) return taken
      const opened = partsOn(ari)
      const holdings = await opened.control.recover()
      if (!holdings.ok || isOver()) {
        opened.control.close()
        return holdings.ok ? failed({ kind: 'gone' } as const) : holdings
      }
      parts = opened
      current = mine
      return ok({ engine: 'asterisk', ...holdings.value })
    }

    async function prepare(given: SwitchSetup): Promise<Result<void, SwitchProblem>> {
      if (!parts || over) return failed({ kind: 'staleEpoch' })
      const { control, devices, accounts } = parts
      await checking
      if (parts.prepared) said(await accounts.keep(given, false))
      else said(await accounts.makeMissing(given))
      await speech.setUp(given)
      if (isOver()) return failed({ kind: 'gone' })
      setup = given
      control.setUp(given)
      const first = !parts.prepared
      parts.prepared = true
      const events = early ?? []
      early = undefined
      for (const event of events) heard(event)
      const hasTrunk = (given.trunks.find(({ outbound }) => outbound)?.name ?? options.trunk) !== undefined
      await devices.setUp(given, hasTrunk)
      // That takes as long as there are many, and callers do not wait for it.
      if (first) checking = accounts.keep(given, true).then(said)
      return isOver() ? failed({ kind: 'gone' }) : done
    }

    function said(problems: readonly string[]) {
      if (!over) for (const problem of problems) log('warn', problem)
    }

    function heard(event: AriEvent) {
      if (early) {
        early.push(event)
        return
      }
      parts?.control.heard(event)
    }

    function close() {
      over = true
      parts?.control.close()
      parts?.devices.close()
      parts?.ari.close()
      if (current === mine) current = undefined
    }

    const mine: Current = {
      begin,
      heard,
      prepare,
      ended(why) {
        if (over) return
        const told = parts !== undefined
        close()
        if (told) attachment.lost(why)
      },
      softphonesMoved() {
        parts?.devices.moved()
      },
      get control() {
        return parts?.control
      },
      async settled() {
        await parts?.ari.settled()
        parts?.control.flush()
        await parts?.ari.settled()
      },
      close,
    }
    return mine
  }

  function leave(why: 'replaced' | undefined) {
    const before = current
    if (why) before?.ended(why)
    else before?.close()
  }

  const settled = () => current?.settled() ?? Promise.resolve()

  return {
    attach,
    prepare: (given) => current?.prepare(given) ?? Promise.resolve(failed({ kind: 'staleEpoch' })),
    perform: (command) =>
      Promise.resolve(current?.control?.perform(command) ?? failed({ kind: 'staleEpoch' } as const)),
    get softphoneSocket() {
      return socketOf(options.url)
    },
    softphonesMoved: () => current?.softphonesMoved(),
    answers: async () => (await readEpoch(options)).ok,
    joins(given) {
      neighbourhood = given
    },
    settled,
    async detach() {
      await Promise.race([settled(), new Promise((resolve) => setTimeout(resolve, leaveLimit))])
      leave(undefined)
    },
  }
}

function socketOf(url: string): SoftphoneSocket {
  const { hostname, port, protocol } = new URL(url)
  return { host: hostname, port: Number(port === '' ? (protocol === 'https:' ? 443 : 80) : port), url: softphonePath }
}

const variable = z.object({ value: z.string() })

async function readEpoch(access: AriAccess): Promise<Result<number, AriProblem>> {
  const path = `/asterisk/variable?variable=${epochVariable}`
  const read = await askOnce(access, path, variable)
  return read.ok ? ok(Number(read.value.value)) : read
}

/** Once more over the socket: another service may have come meanwhile. */
async function takeEpoch(ari: AriClient, epoch: number): Promise<Result<void, SwitchProblem>> {
  const read = await ari.request({
    method: 'GET',
    path: '/asterisk/variable',
    query: { variable: epochVariable },
    reply: variable,
  })
  if (!read.ok) return problemOf(read.problem)
  if (Number(read.value.value) > epoch) return failed({ kind: 'staleEpoch' })
  const set = await setGlobal(ari, epochVariable, String(epoch))
  return set.ok ? done : problemOf(set.problem)
}

function setGlobal(ari: AriClient, name: string, value: string) {
  return ari.send({ method: 'POST', path: '/asterisk/variable', query: { variable: name, value } })
}

function problemOf(problem: AriProblem): Result<never, SwitchProblem> {
  if (problem.kind !== 'refused') return failed({ kind: 'gone' })
  const why =
    problem.status === 401 ? 'Asterisk does not know this user and password' : `Asterisk answers ${problem.reason}`
  return failed({ kind: 'refused', why })
}
