import type { Edit } from '../../../core/configuration/edits/edit-schema.ts'
import type { Agent, AgentId, Configuration, GroupNumber, Member } from '../../../core/configuration/types.ts'
import { readPhoneNumber } from '../../shared/phone-field.ts'
import { formatPhoneNumber } from '../../shared/phone-number.ts'
import { readCsv, writeCsv } from '../shared/csv.ts'

/** The columns, in Swedish as the file is read by those who keep it; English ones are understood. */
const columns = {
  phone: ['Telefonnummer', 'phone', 'telefon'],
  firstName: ['Förnamn', 'first name', 'firstname'],
  lastName: ['Efternamn', 'last name', 'lastname'],
  level: ['Nivå', 'level'],
  answersAt: ['Svarar i', 'answers at', 'answersat'],
  agreement: ['Avtal', 'agreement'],
} as const
type Column = keyof typeof columns
const columnNames = Object.keys(columns) as Column[]

const answersAt = { softphone: 'programmet', phone: 'telefon' } as const

/** The members of a group number, in their order. */
export function writeAgents(group: GroupNumber, { agents, agreements }: Configuration): string {
  const known = new Map(agents.map((agent) => [agent.id, agent]))
  const agreementName = new Map(agreements.map(({ id, name }) => [id, name]))
  return writeCsv([
    columnNames.map((column) => columns[column][0]),
    ...group.members.flatMap(({ agent: id, level = 1 }) => {
      const agent = known.get(id)
      if (agent === undefined) return []
      const cells: Readonly<Record<Column, string>> = {
        phone: formatPhoneNumber(agent.phone),
        firstName: agent.firstName,
        lastName: agent.lastName,
        level: String(level),
        answersAt: answersAt[agent.answersAt],
        agreement: agreementName.get(agent.agreement) ?? '',
      }
      return [columnNames.map((column) => cells[column])]
    }),
  ])
}

/** A line of the file, and what it would do. */
export type ImportRow = { readonly line: number; readonly name: string; readonly phone: string } & (
  | { readonly does: 'create' | 'change' | 'join' | 'nothing' }
  | { readonly does: 'fault'; readonly fault: 'phone' | 'name' | 'level' | 'answersAt' | 'agreement' | 'twice' }
)

export interface AgentsImport {
  readonly rows: readonly ImportRow[]
  readonly edits: readonly Edit[]
  /** Named in the file and needed: then nothing else is read. */
  readonly missing: readonly string[]
}

/** What importing the file would change. Who is not in the file stays as they are. `makeId`: for new agents, by name. */
export function readAgents(
  text: string,
  group: GroupNumber,
  { agents, agreements }: Configuration,
  makeId: (name: string) => AgentId,
): AgentsImport {
  const [header = [], ...lines] = readCsv(text)
  const at = (column: Column) =>
    header.findIndex((title) => columns[column].some((name) => name.toLowerCase() === title.toLowerCase()))
  if (at('phone') < 0) return { rows: [], edits: [], missing: [columns.phone[0]] }

  const byPhone = new Map(agents.map((agent) => [agent.phone, agent]))
  const members = new Map(group.members.map((member) => [member.agent, member]))
  const seen = new Set<string>()
  const rows: ImportRow[] = []
  const put: Agent[] = []
  const joined: Member[] = []

  for (const [index, cells] of lines.entries()) {
    const cell = (column: Column) => (at(column) < 0 ? '' : (cells[at(column)] ?? '').trim())
    const phone = readPhoneNumber(cell('phone'))
    const before = phone && byPhone.get(phone)
    const firstName = cell('firstName') || (before?.firstName ?? '')
    const lastName = cell('lastName') || (before?.lastName ?? '')
    const name = `${firstName} ${lastName}`.trim()
    const line = { line: index + 2, name, phone: phone ?? cell('phone') }
    const agreement =
      cell('agreement') === ''
        ? (before?.agreement ?? group.agreement)
        : agreements.find((each) => each.name.toLowerCase() === cell('agreement').toLowerCase())?.id
    const level = cell('level') === '' ? undefined : Number(cell('level'))
    const answers = readAnswersAt(cell('answersAt')) ?? before?.answersAt ?? 'softphone'

    if (phone === undefined) rows.push({ ...line, does: 'fault', fault: 'phone' })
    else if (seen.has(phone)) rows.push({ ...line, does: 'fault', fault: 'twice' })
    else if (name === '') rows.push({ ...line, does: 'fault', fault: 'name' })
    else if (level !== undefined && (!Number.isInteger(level) || level < 1 || level > 9))
      rows.push({ ...line, does: 'fault', fault: 'level' })
    else if (cell('answersAt') !== '' && readAnswersAt(cell('answersAt')) === undefined)
      rows.push({ ...line, does: 'fault', fault: 'answersAt' })
    else if (agreement === undefined) rows.push({ ...line, does: 'fault', fault: 'agreement' })
    else {
      seen.add(phone)
      const agent: Agent = {
        ...before,
        id: before?.id ?? makeId(name),
        firstName,
        lastName,
        phone,
        agreement,
        answersAt: answers,
      }
      const isChanged =
        before === undefined ||
        (['firstName', 'lastName', 'agreement', 'answersAt'] as const).some((field) => before[field] !== agent[field])
      if (isChanged) put.push(agent)
      const member = members.get(agent.id)
      const isNewLevel = level !== undefined && level !== (member?.level ?? 1)
      if (member === undefined || isNewLevel) joined.push(memberWith(agent.id, member, level))
      rows.push({
        ...line,
        does: doneBy({ isNew: before === undefined, isChanged, isMember: member !== undefined, isNewLevel }),
      })
    }
  }
  return {
    rows,
    missing: [],
    edits: [
      ...put.map((agent): Edit => ({ type: 'putAgent', agent })),
      ...(joined.length === 0 ? [] : [{ type: 'addMembers' as const, group: group.id, members: joined }]),
    ],
  }
}

function memberWith(agent: AgentId, member: Member | undefined, level: number | undefined): Member {
  const { level: before, ...rest } = member ?? { agent }
  const wanted = level ?? before ?? 1
  return wanted === 1 ? rest : { ...rest, level: wanted }
}

function doneBy(what: { isNew: boolean; isChanged: boolean; isMember: boolean; isNewLevel: boolean }) {
  if (what.isNew) return 'create'
  if (!what.isMember) return 'join'
  return what.isChanged || what.isNewLevel ? 'change' : 'nothing'
}

function readAnswersAt(text: string): Agent['answersAt'] | undefined {
  const given = text.toLowerCase()
  if (['programmet', 'softphone', 'app'].includes(given)) return 'softphone'
  return ['telefon', 'phone'].includes(given) ? 'phone' : undefined
}
