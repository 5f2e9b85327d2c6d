import type { Line } from './story.ts'

/** What became of one caller, stay by stay. Durations in seconds. */
export interface Fare {
  readonly stays: readonly StayFare[]
  /** Seconds of the message left. */
  readonly voicemail?: number
  /** Where the call was put through to, outside. */
  readonly forwardedTo?: string
}

export interface StayFare {
  readonly group: string
  readonly end: 'refused' | 'completed' | 'left' | 'moved' | 'waiting' | 'talking'
  /** Of `refused` and `left`. */
  readonly why?: string
  /** Until the connection, or the end. */
  readonly waited?: number
  readonly agent?: string
  readonly talked?: number
  /** Asked to be rung back. */
  readonly callback?: true
}

export type Difference = 'end' | 'groups' | 'agent' | 'wait' | 'callback' | 'voicemail' | 'forward'

/** A caller who fares otherwise, and in what. */
export interface ComparedCaller {
  readonly call: string
  readonly before: Fare
  readonly after: Fare
  readonly differs: readonly Difference[]
}

/**
 * Which callers fare otherwise in the second playing of a story than in the first, in the order in which they came.
 * Both are results of `playStory`, of the same story under two configurations.
 */
export function compareStories(before: readonly Line[], after: readonly Line[]): readonly ComparedCaller[] {
  const [were, are] = [fares(before), fares(after)]
  return [...new Set([...were.keys(), ...are.keys()])].flatMap((call) => {
    const [was, is] = [were.get(call) ?? noFare, are.get(call) ?? noFare]
    const differs = questions.filter(({ asks }) => asks(was) !== asks(is)).map(({ difference }) => difference)
    return differs.length === 0 ? [] : [{ call, before: was, after: is, differs }]
  })
}

/** In words, such as "answered by anna after 12 s in support". */
export function fareInWords({ stays, voicemail, forwardedTo }: Fare): string {
  const said = [
    ...stays.map(stayInWords),
    ...(voicemail === undefined ? [] : [`left a message of ${String(voicemail)} s`]),
    ...(forwardedTo === undefined ? [] : [`put through to ${forwardedTo}`]),
  ]
  return said.length === 0 ? 'in no group number' : said.join(', then ')
}

function stayInWords({ group, end, why, waited = 0, agent, callback }: StayFare): string {
  const back = callback === true ? ', to be rung back' : ''
  const after = `after ${String(waited)} s in ${group}${back}`
  if (agent !== undefined) return `answered by ${agent} ${after}`
  if (end === 'refused') return `refused by ${group} (${why ?? ''})`
  if (end === 'waiting') return `still waiting in ${group}${back}`
  return end === 'moved' ? `moved ${after}` : `left ${after} (${why ?? ''})`
}

const noFare: Fare = { stays: [] }

/** What is compared: talk times are not, since the story ends the talks. */
const questions: readonly { readonly difference: Difference; readonly asks: (fare: Fare) => string }[] = [
  { difference: 'end', asks: ({ stays }) => stays.map(({ end, why }) => `${end} ${why ?? ''}`).join() },
  { difference: 'groups', asks: ({ stays }) => stays.map(({ group }) => group).join() },
  { difference: 'agent', asks: ({ stays }) => stays.flatMap(({ agent }) => agent ?? []).join() },
  { difference: 'wait', asks: ({ stays }) => stays.flatMap(({ waited }) => waited ?? []).join() },
  { difference: 'callback', asks: ({ stays }) => String(stays.some(({ callback }) => callback)) },
  { difference: 'voicemail', asks: ({ voicemail }) => String(voicemail) },
  { difference: 'forward', asks: ({ forwardedTo }) => String(forwardedTo) },
]

type Changed = Partial<StayFare> & Pick<StayFare, 'end'>

/** By call, in the order in which they are first told of. */
function fares(lines: readonly Line[]): ReadonlyMap<string, Fare> {
  const fares = new Map<string, Fare>()
  for (const line of lines) {
    const { call } = line
    if (typeof call !== 'string') continue
    const fare = fares.get(call) ?? noFare
    fares.set(call, toldOf(fare, line))
  }
  return fares
}

function toldOf(fare: Fare, line: Line): Fare {
  const { stays } = fare
  const begun = (stay: Changed): Fare => ({ ...fare, stays: [...stays, { group: word(line.group), ...stay }] })
  const changed = (stay: Partial<StayFare>): Fare => {
    const last = stays.at(-1)
    return last === undefined ? fare : { ...fare, stays: [...stays.slice(0, -1), { ...last, ...stay }] }
  }
  switch (`${line.kind} ${line.type}`) {
    case 'notice queued':
      return begun({ end: 'waiting' })
    case 'notice refused':
      return begun({ end: 'refused', why: word(line.why) })
    case 'notice callbackAsked':
      return changed({ callback: true })
    case 'notice connected':
      return changed({ end: 'talking', agent: word(line.agent), waited: Number(line.waited) })
    case 'notice returned':
      return changed({ end: 'waiting' })
    case 'notice completed':
      return changed({ end: 'completed', talked: Number(line.talked) })
    case 'notice left':
      return changed({ end: 'left', why: word(line.why), waited: Number(line.waited) })
    case 'notice moved':
      return changed({ end: 'moved', waited: Number(line.waited) })
    case 'notice voicemailLeft':
      return { ...fare, voicemail: Number(line.seconds) }
    case 'command forward':
      return { ...fare, forwardedTo: word(line.to) }
    default:
      return fare
  }
}

const word = (value: unknown) => (typeof value === 'string' ? value : '')
