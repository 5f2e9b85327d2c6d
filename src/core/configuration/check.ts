import type { DestinationTable } from '../destinations/allowed-destination.ts'
import { findClosedDestinations } from './check-destinations.ts'
import { hoursRules } from './check-hours.ts'
import { messageRules } from './check-messages.ts'
import { queueRules } from './check-queue.ts'
import { bad, doubtful, type Finding } from './finding.ts'
import { actionsNamed, messagesNamed } from './integrity.ts'
import { serviceNumbersOf } from './presets.ts'
import type { PathPart } from './problem.ts'
import { isEmergency } from '../routing/emergency-number.ts'
import type { Configuration, E164, GroupNumberId, ServiceNumber } from './types.ts'

/**
 * What is valid in a document, but hardly meant: each finding says what to do. Errors first, else in the order of the rules.
 *
 * A rule is a function and a line in one of the lists. `destinations`: what may be rung outside, where that is known.
 */
export function checkConfiguration(configuration: Configuration, destinations?: DestinationTable): readonly Finding[] {
  const found = [
    ...rules.flatMap((rule) => rule(configuration)),
    ...findClosedDestinations(configuration, destinations),
    ...configuration.groupNumbers.flatMap((group, index) =>
      groupRules.flatMap((rule) => rule(group, configuration).map((each) => each(['groupNumbers', index]))),
    ),
  ]
  return [
    ...found.filter(({ severity }) => severity === 'error'),
    ...found.filter(({ severity }) => severity === 'warning'),
  ]
}

type Rule = (configuration: Configuration) => readonly Finding[]

const rules: readonly Rule[] = [
  overflowLoops,
  filesOfTwoContents,
  serviceNumbersOfTwoUses,
  unusedMessages,
  phonesThatAreGroupNumbers,
]

const groupRules = [...hoursRules, ...queueRules, ...messageRules]

/**
 * Callers who are sent round among group numbers. Where every step is at once (closed, full, nobody there) the ring could turn
 * without end, which is an error; through `whenTimeout` each turn takes its time.
 */
function overflowLoops({ groupNumbers }: Configuration) {
  const found: Finding[] = []
  const reported = new Set<string>()
  const names = new Map(groupNumbers.map(({ id, name }) => [id, name]))
  for (const { say, steps } of [
    { say: bad, steps: (path: readonly PathPart[]) => path.at(-1) !== 'whenTimeout' },
    { say: doubtful, steps: () => true },
  ]) {
    const edges = new Map(
      groupNumbers.map((group, index) => [
        group.id,
        actionsNamed(group).flatMap(({ path, action }) =>
          action.do === 'group' && steps(path) ? [{ to: action.to, path: ['groupNumbers', index, ...path] }] : [],
        ),
      ]),
    )
    for (const { id } of groupNumbers)
      for (const { to, path } of edges.get(id) ?? []) {
        const key = path.join('/')
        const back = reported.has(key) ? undefined : shortestWay(edges, to, id)
        if (back === undefined) continue
        reported.add(key)
        const ring = [id, ...back].map((each) => names.get(each) ?? each).join(' → ')
        found.push(
          say(path, {
            en: `a caller may be sent round ${ring}: let one of these group numbers end otherwise`,
            sv: `den som ringer kan skickas runt ${ring}: låt ett av de gruppnumren sluta på annat sätt`,
          }),
        )
      }
  }
  return found
}

/** The group numbers from `from` to `goal`, both included; undefined: no way leads there. */
function shortestWay(
  edges: ReadonlyMap<GroupNumberId, readonly { readonly to: GroupNumberId }[]>,
  from: GroupNumberId,
  goal: GroupNumberId,
): readonly GroupNumberId[] | undefined {
  const ways = new Map<GroupNumberId, readonly GroupNumberId[]>([[from, [from]]])
  for (const [group, way] of ways) {
    if (group === goal) return way
    for (const { to } of edges.get(group) ?? []) if (!ways.has(to)) ways.set(to, [...way, to])
  }
  return undefined
}

function filesOfTwoContents({ messages }: Configuration) {
  const sums = new Map<string, string>()
  return messages.flatMap(({ file, sha256 }, index) => {
    const first = sums.get(file) ?? sha256
    sums.set(file, first)
    return first === sha256
      ? []
      : [
          bad(['messages', index, 'sha256'], {
            en: `another message says that ${file} has other bytes: give one of them a file of its own`,
            sv: `ett annat meddelande säger att ${file} har ett annat innehåll: ge ett av dem en egen fil`,
          }),
        ]
  })
}

/** Prerecorded ones play where nothing is chosen, so they are never without use. */
function unusedMessages({ groupNumbers, messages }: Configuration) {
  const used = new Set(groupNumbers.flatMap((group) => messagesNamed(group).map(({ message }) => message)))
  return messages.flatMap(({ id, name, kind, origin }, index) =>
    used.has(id) || origin === 'prerecorded' || kind === 'other'
      ? []
      : [
          doubtful(['messages', index], {
            en: `nothing plays ${name}: choose it somewhere, or remove it`,
            sv: `inget spelar upp ${name}: välj det någonstans eller ta bort det`,
          }),
        ],
  )
}

function phonesThatAreGroupNumbers({ agents, groupNumbers }: Configuration) {
  const numbers = new Set(groupNumbers.map(({ number }) => number))
  return agents.flatMap(({ phone }, index) =>
    numbers.has(phone)
      ? [
          doubtful(['agents', index, 'phone'], {
            en: `${phone} is a group number: give the agent a phone of their own`,
            sv: `${phone} är ett gruppnummer: ge agenten en egen telefon`,
          }),
        ]
      : [],
  )
}

/** Who rings it meets the one and never the other. */
function serviceNumbersOfTwoUses({ company, groupNumbers }: Configuration) {
  const { logIn, record } = serviceNumbersOf(company)
  const path = (use: 'logIn' | 'record', form: 'short' | 'long') => ['company', 'serviceNumbers', use, form]
  const found: Finding[] = []
  for (const form of ['short', 'long'] as const)
    if (record?.[form] !== undefined && record[form] === logIn?.[form])
      found.push(
        bad(path('record', form), {
          en: `${record[form]} is the number to log in, too: give one of them another number`,
          sv: `${record[form]} är också numret att logga in på: ge ett av dem ett annat nummer`,
        }),
      )
  for (const [use, { short, long }] of Object.entries(serviceNumbersOf(company)) as [
    'logIn' | 'record',
    ServiceNumber,
  ][]) {
    if (isEmergency(short as E164))
      found.push(
        bad(path(use, 'short'), {
          en: `${short} is the emergency number, and always reaches it: choose another short number`,
          sv: `${short} är nödnumret, och går alltid dit: välj ett annat kortnummer`,
        }),
      )
    const group = groupNumbers.find(({ number }) => number === long)
    if (group)
      found.push(
        bad(path(use, 'long'), {
          en: `${group.number} is the number of ${group.name}, whose callers would be led to the service number: choose another`,
          sv: `${group.number} är numret till ${group.name}, vars uppringare skulle hamna hos tjänsten: välj ett annat`,
        }),
      )
  }
  return found
}
