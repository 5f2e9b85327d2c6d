import { serviceNumbersOf } from '../../core/configuration/presets.ts'
import type { Configuration } from '../../core/configuration/types.ts'
import type { CallId, SwitchEvent } from '../../core/routing/messages.ts'
import type { ServedView } from '../../core/routing/view.ts'
import { wordsOf } from '../files.ts'
import type { Log } from '../log.ts'
import { oneAtATime } from '../one-at-a-time.ts'
import type { Account, Accounts } from '../ports.ts'
import { pinHolders } from './pin-holders.ts'

/** Where the switch's events come in: the digits of PINs go no further, before anything writes them down. */
export interface PinGate {
  /** What the router is to hear of it. */
  letThrough(event: SwitchEvent): SwitchEvent | undefined
}

interface PinGateParts {
  readonly configuration: () => Configuration
  readonly served: () => readonly ServedView[]
  readonly accounts: Pick<Accounts, 'list' | 'pin' | 'checkPin'>
  /** Undefined: nobody who may has this PIN. */
  readonly checked: (call: CallId, by: Account | undefined) => void
  readonly log: Log
}

/** More digits than a PIN has are a wrong one. */
const mostDigits = 20
const rememberedCalls = 1000

export function openPinGate({ configuration, served, accounts, checked, log }: PinGateParts): PinGate {
  /** By call; `checking`: what is pressed meanwhile belongs to no step. Also of calls that have ended. */
  const asked = new Map<CallId, { entered: string; checking: boolean }>()
  const inTurn = oneAtATime()

  function letThrough(event: SwitchEvent): SwitchEvent | undefined {
    if (event.type === 'callArrived') return needsPin(event) ? event : { ...event, trusted: true }
    return event.type === 'digitPressed' && takes(event) ? undefined : event
  }

  /** Whose agent has no PIN is known by the number called from alone. */
  function needsPin({ to, from, trusted }: Extract<SwitchEvent, { type: 'callArrived' }>): boolean {
    const { company, agents } = configuration()
    const { short, long } = serviceNumbersOf(company).logIn ?? {}
    if (trusted || from === undefined || (to !== short && to !== long)) return true
    const agent = agents.find(({ phone }) => phone === from)?.id
    return (
      agent === undefined ||
      accounts.list().some((account) => account.agent === agent && accounts.pin(account.id) !== 'none')
    )
  }

  function takes(event: Extract<SwitchEvent, { type: 'digitPressed' }>): boolean {
    const call = served().find((each) => each.call === event.call)
    if (call?.step === 'pin') {
      press(call, event.digit)
      return true
    }
    // After the last wrong PIN, and when the call is over, it may be a digit of one more.
    return asked.has(event.call) && (call === undefined || call.step === 'farewell')
  }

  function press(call: ServedView, digit: string) {
    const entry = entryOf(call.call)
    if (entry.checking) return
    if (digit === '*') entry.entered = ''
    else if (digit !== '#') entry.entered = (entry.entered + digit).slice(0, mostDigits)
    else void check(call, entry)
  }

  function entryOf(call: CallId) {
    const entry = asked.get(call) ?? { entered: '', checking: false }
    asked.set(call, entry)
    const [oldest] = asked.keys()
    if (asked.size > rememberedCalls && oldest !== undefined) asked.delete(oldest)
    return entry
  }

  async function check(call: ServedView, entry: { entered: string; checking: boolean }) {
    const pin = entry.entered
    entry.entered = ''
    entry.checking = true
    const by = await inTurn(() => accounts.checkPin(pinHolders(call, accounts.list()), pin)).catch((fault: unknown) => {
      log.error({ fault: wordsOf(fault), call: call.call }, 'a PIN could not be checked')
      return undefined
    })
    entry.checking = false
    checked(call.call, by)
  }

  return { letThrough }
}
