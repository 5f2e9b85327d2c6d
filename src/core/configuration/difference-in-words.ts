import type { Change, Subject } from './difference.ts'
import { isKeyed, type Keyed } from './fields.ts'
import { presets } from './presets.ts'
import type { Language, Settings, Weekday } from './types.ts'
import { vocabularies, type Vocabulary } from './vocabulary.ts'

/** One change as a line: `Support: Ringtid per agent 20 s (förinställt) → 25 s`. */
export function inWords(change: Change, language: Language): string {
  const words = vocabularies[language]
  const { kind, subjects, path } = change
  const field = path.at(-1) ?? ''
  if (kind === 'added' || kind === 'removed') {
    const last = subjects.at(-1)
    const what = last ? words.item[last.kind] : undefined
    if (!last || !what) return path.join('/')
    const details = kind === 'added' ? detailsOf(last, change.after, words, change.names) : ''
    return `${ownersOf(subjects.slice(0, -1))}${what.noun} ${last.name} ${what[kind]}${details}`
  }
  if (kind === 'reordered') {
    const list = path.at(-2) ?? ''
    return `${ownersOf(subjects)}${words.order(words.lists[list] ?? list)}`
  }
  const place = placeOf(change)
  const say = (value: unknown) => valueInWords(value, place, words, change.names)
  return `${ownersOf(subjects)}${labelOf(place, field, words)} ${say(change.before)} → ${say(change.after)}`
}

/** All of a change in one line, for the history; what does not fit in `most` characters is counted. */
export function summaryInWords(changes: readonly Change[], language: Language, most = 500): string {
  const lines = changes.map((change) => inWords(change, language))
  const { more } = vocabularies[language]
  let summary = ''
  for (const [index, line] of lines.entries()) {
    const next = summary === '' ? line : `${summary}; ${line}`
    const left = lines.length - index
    if (next.length > most - 20 && index > 0) return `${summary} ${more(left)}`
    summary = next.length > most ? `${next.slice(0, most - 1)}…` : next
  }
  return summary
}

const ownersOf = (subjects: readonly Subject[]) =>
  subjects.length === 0 ? '' : `${subjects.map(({ name, id }) => name || id).join(', ')}: `

/** What kind of thing a field belongs to, as the vocabularies name their labels. */
type Place =
  | { readonly of: 'company' | Subject['kind']; readonly field: string }
  | { readonly of: 'setting'; readonly field: keyof Settings }
  | { readonly of: 'chosen'; readonly field: string }
  | { readonly of: 'day'; readonly field: Weekday }

function placeOf({ path, subjects }: Change): Place {
  const field = path.at(-1) ?? ''
  const list = path.at(-2)
  if (list === 'settings') return { of: 'setting', field: field as keyof Settings }
  if (list === 'week') return { of: 'day', field: field as Weekday }
  if (list === 'messages' && path.length === 4) return { of: 'chosen', field }
  return { of: subjects.at(-1)?.kind ?? 'company', field }
}

function labelOf(place: Place, field: string, words: Vocabulary): string {
  if (place.of === 'setting') return words.settings[place.field]
  if (place.of === 'day') return words.days[place.field]
  if (place.of === 'chosen') return words.kinds[place.field] ?? field
  const labels: Readonly<Partial<Record<string, string>>> = words.fields[place.of]
  return labels[field] ?? field
}

function valueInWords(value: unknown, place: Place, words: Vocabulary, names: Change['names']): string {
  const named = (id: unknown) => quoted(names[textOf(id)] ?? textOf(id))
  switch (place.of) {
    case 'setting':
      return value === undefined
        ? words.preset(settingInWords(presets[place.field], place.field, words, names))
        : settingInWords(value, place.field, words, names)
    case 'day':
      return intervalsInWords(value, words)
    case 'chosen':
      return messageInWords(value, words, named)
    default:
      return fieldInWords(value, place.field, words, names)
  }
}

function messageInWords(value: unknown, words: Vocabulary, named: (id: unknown) => string): string {
  if (value === null) return words.silence
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return words.presetAlone
  return Array.isArray(value) ? value.map(named).join(', ') : named(value)
}

function fieldInWords(value: unknown, field: string, words: Vocabulary, names: Change['names']): string {
  const named = (id: unknown) => quoted(names[textOf(id)] ?? textOf(id))
  switch (field) {
    case 'welcome':
    case 'closed':
    case 'message':
      return messageInWords(value, words, named)
    case 'action':
      return value === undefined ? words.settings.whenClosed.toLowerCase() : actionInWords(value, words, names)
    case 'override':
      return overrideInWords(value, words, names)
    case 'effect':
      return words.effects[value === 'open' ? 'open' : 'closed']
    case 'answersAt':
      return words.answersAt[value === 'phone' ? 'phone' : 'softphone']
    case 'yearly':
    case 'autoAnswer':
      return value === true ? words.yes : words.no
    case 'language':
      return words.languages[value === 'en' ? 'en' : 'sv']
    case 'kind':
      return words.kinds[textOf(value)] ?? textOf(value)
    case 'origin':
      return words.origins[textOf(value)] ?? textOf(value)
    case 'sha256':
      return value === undefined ? words.none : textOf(value).slice(0, 8)
    case 'seconds':
    case 'wrapUpSeconds':
      return value === undefined ? words.presetAlone : words.seconds(Number(value))
    case 'activeSchedule':
    case 'agreement':
    case 'parent':
    case 'groupNumber':
      return value === undefined ? words.none : named(value)
    case 'level':
    case 'weight':
      return textOf(value ?? 1)
    case 'serviceNumbers':
      return serviceNumbersInWords(value, words)
    case 'from':
    case 'to':
      return textOf(value).replace('T', ' ')
    default:
      if (value === undefined) return words.none
      return typeof value === 'string' ? quoted(value) : textOf(value)
  }
}

function serviceNumbersInWords(value: unknown, words: Vocabulary): string {
  if (!isKeyed(value)) return words.presetAlone
  const said = (['logIn', 'record'] as const).flatMap((use) => {
    const numbers = value[use]
    if (!isKeyed(numbers)) return []
    const long = numbers.long === undefined ? '' : ` (${textOf(numbers.long)})`
    return [`${words.services[use]} ${textOf(numbers.short)}${long}`]
  })
  return said.length === 0 ? words.none : said.join(', ')
}

function settingInWords(
  value: unknown,
  key: keyof Settings,
  words: Vocabulary,
  names: Readonly<Record<string, string>>,
): string {
  if (key.startsWith('when')) return actionInWords(value, words, names)
  const special = words.settingValues[key]
  if (special && (typeof value === 'string' || typeof value === 'number' || value === null)) {
    const said = special[textOf(value)]
    if (said !== undefined) return said
  }
  if (typeof value === 'boolean') return value ? words.yes : words.no
  if (typeof value === 'number') return key.endsWith('Seconds') ? words.seconds(value) : textOf(value)
  if (value === null) return words.none
  if (key === 'callers' && Array.isArray(value)) return callersInWords(value, words)
  if (key === 'outcomes' && Array.isArray(value)) return outcomesInWords(value, words)
  if (key === 'callPage' && isKeyed(value))
    return `${textOf(value.url)}, ${words.callPageAt[value.at === 'answer' ? 'answer' : 'ringing']}`
  if (isKeyed(value))
    return Object.entries(value)
      .map(([name, each]) => `${words.parts[name] ?? name} ${textOf(each)}`)
      .join(', ')
  return textOf(value)
}

function callersInWords(rules: readonly unknown[], words: Vocabulary): string {
  if (rules.length === 0) return words.none
  return rules
    .filter(isKeyed)
    .map(({ number, prefix, priority, block }) => {
      const who = number === undefined ? `${textOf(prefix)}…` : textOf(number)
      return block === true ? words.blocked(who) : words.first(who, Number(priority))
    })
    .join(', ')
}

function outcomesInWords(outcomes: readonly unknown[], words: Vocabulary): string {
  if (outcomes.length === 0) return words.none
  return outcomes
    .filter(isKeyed)
    .map(({ code, name, active }) => {
      const said = `${textOf(code)} ${textOf(name)}`
      return active === false ? words.inactive(said) : said
    })
    .join(', ')
}

function actionInWords(value: unknown, words: Vocabulary, names: Readonly<Record<string, string>>): string {
  if (!isKeyed(value)) return words.none
  const to = textOf(value.to)
  if (value.do === 'forward') return words.actions.forward(to)
  if (value.do === 'group') return words.actions.group(names[to] ?? to)
  if (value.do === 'voicemail') return words.actions.voicemail
  return value.do === 'queue' ? words.actions.queue : words.actions.hangUp
}

function overrideInWords(value: unknown, words: Vocabulary, names: Readonly<Record<string, string>>): string {
  if (!isKeyed(value)) return words.notByHand
  const { effect, until, message, action } = value
  return [
    words.effects[effect === 'open' ? 'open' : 'closed'],
    ...(until === undefined ? [] : [words.until(textOf(until).replace('T', ' '))]),
    ...(message === undefined ? [] : [quoted(names[textOf(message)] ?? textOf(message))]),
    ...(action === undefined ? [] : [actionInWords(action, words, names)]),
  ].join(', ')
}

function intervalsInWords(value: unknown, words: Vocabulary): string {
  if (!Array.isArray(value) || value.length === 0) return words.effects.closed
  return value
    .filter(isKeyed)
    .map(({ from, to }) => `${textOf(from)}–${textOf(to)}`)
    .join(', ')
}

/** Behind an item that was added: what callers will meet by it, in short. */
function detailsOf(subject: Subject, item: unknown, words: Vocabulary, names: Change['names']): string {
  if (!isKeyed(item)) return ''
  const details = detailWords[subject.kind]?.(item, words, names) ?? ''
  return details === '' ? '' : ` (${details})`
}

const detailWords: Readonly<
  Partial<Record<Subject['kind'], (item: Keyed, words: Vocabulary, names: Change['names']) => string>>
> = {
  agent: ({ phone }) => textOf(phone),
  groupNumber: ({ number }) => textOf(number),
  member: ({ level }, words) =>
    level === undefined ? '' : `${words.fields.member.level.toLowerCase()} ${textOf(level)}`,
  schedule: ({ week }, words) =>
    Object.entries(isKeyed(week) ? week : {})
      .flatMap(([day, intervals]) =>
        Array.isArray(intervals) && intervals.length > 0
          ? [`${words.days[day as Weekday]} ${intervalsInWords(intervals, words)}`]
          : [],
      )
      .join(', '),
  exception: ({ effect, from, to }, words) =>
    `${words.effects[effect === 'open' ? 'open' : 'closed']} ${textOf(from).replace('T', ' ')} – ${textOf(to).replace('T', ' ')}`,
  message: ({ kind }, words) => words.kinds[textOf(kind)] ?? '',
}

/** A value as it stands in the document; an object that no words were found for, as JSON. */
const textOf = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))

const quoted = (text: string) => `”${text.length > 80 ? `${text.slice(0, 79)}…` : text}”`
