import { after, seconds } from '../../time.ts'
import type { Floor } from '../floor.ts'
import type { EventOf, Notice, Service, SpokenPart } from '../messages.ts'
import type { ServedCall } from '../state.ts'
import { about, steps, text, type Turn } from './steps.ts'

/** Without a digit, a message or a PIN for so long, the call is over. */
const patience = seconds(60)
const longestRecording = 300
const pinTries = 3

/** Who calls a service number is answered at once, and known by the number called from. */
export function beginService(
  floor: Floor,
  arrival: Pick<EventOf<'callArrived'>, 'call' | 'from' | 'trusted'>,
  service: Service,
): void {
  const { call: id, from, trusted = false } = arrival
  const agent = from === undefined ? undefined : floor.configuration.agents.find(({ phone }) => phone === from)?.id
  const served: ServedCall = {
    id,
    service,
    from,
    step: service === 'record' ? 'number' : trusted ? 'menu' : 'pin',
    entered: '',
    wrong: 0,
    agent,
    group: undefined,
    kind: undefined,
    recording: undefined,
    play: undefined,
    told: false,
    idle: undefined,
  }
  floor.served.set(id, served)
  floor.command({ type: 'answer', call: id })
  const { words } = about(floor, served)
  if (service === 'logIn' && agent === undefined)
    go(floor, served, { to: 'farewell', first: [text(words.unknownPhone)] })
  else go(floor, served, { to: served.step })
}

export function servedPressed(floor: Floor, served: ServedCall, digit: string): void {
  const turn = steps[served.step].pressed?.(about(floor, served), digit)
  if (turn !== undefined) {
    if (served.step === 'review' && turn.to === 'farewell') tell(floor, served)
    return go(floor, served, turn)
  }
  switch (served.step) {
    // The switch may have ended the words at this key, and tells nothing then.
    case 'record':
    case 'farewell':
      return servedHeard(floor, served, served.play)
    case 'pin':
    case 'recording':
      return wait(floor, served)
    case 'number':
      wait(floor, served)
      // Who has begun to enter something need not hear the words to the end.
      return hush(floor, served)
    default:
      return repeatStep(floor, served)
  }
}

export function pinChecked(
  floor: Floor,
  served: ServedCall,
  { ok, by }: Pick<EventOf<'pinChecked'>, 'ok' | 'by'>,
): void {
  if (served.step !== 'pin') return
  served.by = by
  const { words } = about(floor, served)
  if (ok) return go(floor, served, { to: served.service === 'logIn' ? 'menu' : 'record' })
  served.wrong += 1
  go(floor, served, { to: served.wrong < pinTries ? 'pin' : 'farewell', first: [text(words.wrongPin)] })
}

/** What was said has been said, or could not be. */
export function servedHeard(floor: Floor, served: ServedCall, play: ServedCall['play']): void {
  if (served.play === undefined || (play !== undefined && play !== served.play)) return
  served.play = undefined
  if (served.step === 'farewell') return endService(floor, served)
  if (served.step !== 'record') return
  served.step = 'recording'
  floor.command({ type: 'record', call: served.id, maxSeconds: longestRecording })
  wait(floor, served)
}

export function servedRecorded(
  floor: Floor,
  served: ServedCall,
  { file, seconds: length }: Pick<EventOf<'recorded'>, 'file' | 'seconds'>,
): void {
  if (served.step !== 'recording') return
  const { words } = about(floor, served)
  if (!(length > 0)) return go(floor, served, { to: 'record', first: [text(words.nothingHeard)] })
  served.recording = { file, seconds: length }
  go(floor, served, { to: 'review' })
}

/** We end the call. */
export function endService(floor: Floor, served: ServedCall): void {
  floor.command({ type: 'hangUp', call: served.id, why: 'served' })
  serviceEnded(floor, served)
}

/** The call has ended. */
export function serviceEnded(floor: Floor, served: ServedCall): void {
  floor.takeBack(served.idle)
  floor.served.delete(served.id)
  if (served.told) return
  floor.notice({ type: 'served', call: served.id, service: served.service })
}

/** Says the words of the step again, to one who has heard nothing for a while. */
export function repeatStep(floor: Floor, served: ServedCall): void {
  go(floor, served, { to: served.step === 'recording' ? 'record' : served.step })
}

function go(floor: Floor, served: ServedCall, { to, first = [] }: Turn): void {
  hush(floor, served)
  served.step = to
  served.entered = ''
  const parts: readonly SpokenPart[] = [...first, ...steps[to].says(about(floor, served))]
  served.play = floor.nextPlay()
  floor.command({ type: 'say', call: served.id, parts, play: served.play })
  wait(floor, served)
}

function hush(floor: Floor, served: ServedCall): void {
  if (served.play === undefined) return
  served.play = undefined
  floor.command({ type: 'stopPlaying', call: served.id })
}

function wait(floor: Floor, served: ServedCall): void {
  floor.takeBack(served.idle)
  const longer = served.step === 'recording' ? seconds(longestRecording) : seconds(0)
  served.idle = floor.set(after(after(floor.now, patience), longer), { kind: 'served', served })
}

/** What was recorded is taken at once: whoever hangs up during the thanks has saved it. */
function tell(floor: Floor, served: ServedCall): void {
  const { group, kind, recording, by } = served
  if (group === undefined || kind === undefined || recording === undefined) return
  served.told = true
  const recorded: NonNullable<Extract<Notice, { type: 'served' }>['recorded']> = {
    group,
    kind,
    ...recording,
    ...(by !== undefined && { by }),
  }
  floor.notice({ type: 'served', call: served.id, service: served.service, recorded })
}
