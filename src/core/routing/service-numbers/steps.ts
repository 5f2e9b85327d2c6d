import type { RecordedKind, SpokenPart } from '../messages.ts'
import { logIn, logOut } from '../agents.ts'
import { enteredNumber } from '../entered-number.ts'
import type { Floor } from '../floor.ts'
import type { AgentRecord, Membership, ServedCall } from '../state.ts'
import type { ServedStep } from '../view.ts'
import { serviceWords, type ServiceWords } from './service-words.ts'

/** What a digit leads to: the next step, with what is said before its own words. */
export interface Turn {
  readonly to: ServedStep
  readonly first?: readonly SpokenPart[]
}

interface Step {
  readonly says: (about: About) => readonly SpokenPart[]
  /** Undefined: the digit means nothing here. */
  readonly pressed?: (about: About, digit: string) => Turn | undefined
}

export interface About {
  readonly floor: Floor
  readonly served: ServedCall
  readonly words: ServiceWords
}

export const about = (floor: Floor, served: ServedCall): About => ({
  floor,
  served,
  words: serviceWords[floor.configuration.company.language],
})

export const text = (said: string): SpokenPart => ({ say: 'text', text: said })
const number = (said: number): SpokenPart => ({ say: 'number', number: said })

const kinds: readonly RecordedKind[] = ['welcome', 'closed', 'comfort', 'overflow']

/** The two dialogues: who is known by the number called from logs in or out; anybody with rights records. */
export const steps: Readonly<Record<ServedStep, Step>> = {
  /** The digits go to the service, which tells `pinChecked`. */
  pin: { says: ({ words }) => [text(words.pin)] },
  menu: {
    says: ({ words, floor, served }) => [...stateOf(agentOf(floor, served), words), text(words.menu)],
    pressed: ({ floor, served }, digit) => {
      const agent = agentOf(floor, served)
      if (digit === '3') return { to: 'groups' }
      if (agent === undefined || (digit !== '1' && digit !== '2')) return undefined
      if (digit === '1') logIn(floor, agent, { type: 'loggedIn', agent: agent.id, at: floor.now })
      else logOut(floor, agent, { type: 'loggedOut', agent: agent.id, at: floor.now })
      return { to: 'menu' }
    },
  },
  groups: {
    says: ({ words, floor, served }) => [
      ...stateOf(agentOf(floor, served), words),
      ...choices(floor, served).flatMap(({ group }, index) => [
        text(words.press),
        number(index + 1),
        text(words.forGroup),
        text(group.configured.name),
      ]),
      text(words.back),
    ],
    pressed: ({ floor, served }, digit) => {
      if (digit === '*') return { to: 'menu' }
      const { group, agent } = choices(floor, served)[Number(digit) - 1] ?? {}
      if (group === undefined || agent === undefined) return undefined
      const event = { agent: agent.id, group: group.id, at: floor.now }
      if (agent.loggedIn.has(group.id)) logOut(floor, agent, { type: 'loggedOut', ...event })
      else logIn(floor, agent, { type: 'loggedIn', ...event })
      return { to: 'groups' }
    },
  },
  number: {
    says: ({ words }) => [text(words.number)],
    pressed: ({ floor, served, words }, digit) => {
      if (digit !== '#') {
        served.entered = digit === '*' ? '' : served.entered + digit
        return undefined
      }
      const entered = enteredNumber(served.entered)
      const group = entered === undefined ? undefined : floor.compiled.byNumber.get(entered)
      served.group = group?.id
      return group === undefined ? { to: 'number', first: [text(words.noNumber)] } : { to: 'kind' }
    },
  },
  kind: {
    says: ({ words }) => [
      text(words.kind),
      ...kinds.flatMap((kind, index) => [
        text(words.press),
        number(index + 1),
        text(words.forGroup),
        text(words.kinds[kind]),
      ]),
    ],
    pressed: ({ served }, digit) => {
      const kind = kinds[Number(digit) - 1]
      if (kind === undefined) return undefined
      served.kind = kind
      return { to: 'pin' }
    },
  },
  /** When it has been said the recording begins. */
  record: { says: ({ words }) => [text(words.record)] },
  recording: { says: () => [] },
  review: {
    says: ({ words, served }) => [
      ...(served.recording === undefined ? [] : [{ say: 'recording', file: served.recording.file } as const]),
      text(words.review),
    ],
    pressed: ({ words }, digit) => {
      if (digit === '2') return { to: 'record' }
      if (digit === '3') return { to: 'review' }
      return digit === '1' ? { to: 'farewell', first: [text(words.saved)] } : undefined
    },
  },
  /** When it has been said the call is over. */
  farewell: { says: ({ words }) => [text(words.goodbye)] },
}

function agentOf(floor: Floor, { agent }: ServedCall): AgentRecord | undefined {
  return agent === undefined ? undefined : floor.agents.get(agent)
}

/** As many as there are digits. */
function choices(floor: Floor, served: ServedCall): readonly Membership[] {
  return agentOf(floor, served)?.memberships.slice(0, 9) ?? []
}

function stateOf(agent: AgentRecord | undefined, words: ServiceWords): readonly SpokenPart[] {
  if (agent === undefined || agent.loggedIn.size === 0) return [text(words.loggedOut)]
  if (agent.loggedIn.size === agent.memberships.length) return [text(words.loggedIn), text(words.everywhere)]
  const names = agent.memberships.filter(({ group }) => agent.loggedIn.has(group.id))
  return [text(words.loggedIn), ...names.map(({ group }) => text(group.configured.name))]
}
