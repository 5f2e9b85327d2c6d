import { actionsNamed, messagesNamed } from '../../core/configuration/integrity.ts'
import { changedFields, type FieldChange } from '../../core/configuration/changed-fields.ts'
import type { Edit, EditType } from '../../core/configuration/edits/edit-schema.ts'
import { withoutActions, withoutMessages } from '../../core/configuration/edits/mend.ts'
import type {
  Agent,
  AgentId,
  Configuration,
  GroupNumber,
  GroupNumberId,
  Message,
} from '../../core/configuration/types.ts'
import type { Role } from '../../contract/console.ts'
import type { Account } from '../ports.ts'
import { readableBy } from '../console/readable-configuration.ts'

/**
 * Who may make which edit (design section 9, Accounts): `groups` only of a group number that the account supervises, and
 * of what belongs to it alone. What an edit takes along is held to the same, field by field (`findForbidden`).
 */
export const editRights: Readonly<Record<EditType, Readonly<Record<Role, 'all' | 'groups' | 'no'>>>> = {
  putCompany: { admin: 'all', supervisor: 'no', agent: 'no', reviewer: 'no' },
  putAgreement: { admin: 'all', supervisor: 'no', agent: 'no', reviewer: 'no' },
  removeAgreement: { admin: 'all', supervisor: 'no', agent: 'no', reviewer: 'no' },
  putAgent: { admin: 'all', supervisor: 'groups', agent: 'no', reviewer: 'no' },
  removeAgent: { admin: 'all', supervisor: 'groups', agent: 'no', reviewer: 'no' },
  putGroupNumber: { admin: 'all', supervisor: 'no', agent: 'no', reviewer: 'no' },
  renameGroupNumber: { admin: 'all', supervisor: 'groups', agent: 'no', reviewer: 'no' },
  moveGroupNumber: { admin: 'all', supervisor: 'no', agent: 'no', reviewer: 'no' },
  removeGroupNumber: { admin: 'all', supervisor: 'no', agent: 'no', reviewer: 'no' },
  setMembers: { admin: 'all', supervisor: 'groups', agent: 'no', reviewer: 'no' },
  addMembers: { admin: 'all', supervisor: 'groups', agent: 'no', reviewer: 'no' },
  removeMembers: { admin: 'all', supervisor: 'groups', agent: 'no', reviewer: 'no' },
  putSchedule: { admin: 'all', supervisor: 'groups', agent: 'no', reviewer: 'no' },
  removeSchedule: { admin: 'all', supervisor: 'groups', agent: 'no', reviewer: 'no' },
  activateSchedule: { admin: 'all', supervisor: 'groups', agent: 'no', reviewer: 'no' },
  putException: { admin: 'all', supervisor: 'groups', agent: 'no', reviewer: 'no' },
  removeException: { admin: 'all', supervisor: 'groups', agent: 'no', reviewer: 'no' },
  setOverride: { admin: 'all', supervisor: 'groups', agent: 'no', reviewer: 'no' },
  clearOverride: { admin: 'all', supervisor: 'groups', agent: 'no', reviewer: 'no' },
  setGroupMessages: { admin: 'all', supervisor: 'groups', agent: 'no', reviewer: 'no' },
  putMessage: { admin: 'all', supervisor: 'groups', agent: 'no', reviewer: 'no' },
  replaceMessage: { admin: 'all', supervisor: 'groups', agent: 'no', reviewer: 'no' },
  removeMessage: { admin: 'all', supervisor: 'groups', agent: 'no', reviewer: 'no' },
  setSettings: { admin: 'all', supervisor: 'groups', agent: 'no', reviewer: 'no' },
}

type Asker = Pick<Account, 'roles' | 'supervises'>

/** Before anything is looked up, so that the answer does not tell whether there is such a group number. */
export function mayEdit({ roles, supervises }: Asker, edit: Edit): boolean {
  const reaches = roles.map((role) => editRights[edit.type][role])
  if (reaches.includes('all')) return true
  if (!reaches.includes('groups')) return false
  return !('group' in edit) || typeof edit.group !== 'string' || supervises.includes(edit.group)
}

/** The first field that the account may not change; undefined: it may make all of this change. */
export function findForbidden(asker: Asker, before: Configuration, after: Configuration): FieldChange | undefined {
  if (asker.roles.includes('admin')) return undefined
  const own = new Set(asker.roles.includes('supervisor') ? asker.supervises : [])
  const place: Place = { own, before: membershipsIn(before), after: membershipsIn(after), agreements: new Set() }
  for (const { id, agreement } of before.groupNumbers) if (own.has(id)) place.agreements.add(agreement)
  return changedFields(before, after).find((change) => !mayChange(change, place, before, after))
}

interface Place {
  readonly own: ReadonlySet<GroupNumberId>
  readonly before: Memberships
  readonly after: Memberships
  /** Of the group numbers supervised. */
  readonly agreements: Set<Agent['agreement']>
}

function mayChange({ path, kind }: FieldChange, place: Place, before: Configuration, after: Configuration): boolean {
  const [list, id = '', field] = path
  if (kind === 'reordered' && path.length === 2) return false
  switch (list) {
    case 'agents':
      return mayChangeAgent(id as AgentId, { kind, field }, place, { before, after })
    case 'groupNumbers':
      return field !== undefined && place.own.has(id as GroupNumberId) && field !== 'number' && field !== 'agreement'
    case 'messages':
      return [before, after].every(({ messages }) =>
        isOwn(
          messages.find((message) => message.id === id),
          place,
        ),
      )
    default:
      return false
  }
}

/** Of an agent who also answers elsewhere, name and agreement only. */
function mayChangeAgent(
  id: AgentId,
  { kind, field }: { readonly kind: FieldChange['kind']; readonly field: string | undefined },
  place: Place,
  { before, after }: { readonly before: Configuration; readonly after: Configuration },
): boolean {
  const isOurs = [place.before, place.after].some((memberships) =>
    memberships.of(id).some((group) => place.own.has(group)),
  )
  const isElsewhere = [place.before, place.after].some((memberships) =>
    memberships.of(id).some((group) => !place.own.has(group)),
  )
  const agent = [...before.agents, ...after.agents].find((each) => each.id === id)
  const isOfOurAgreement = agent !== undefined && place.agreements.has(agent.agreement)
  if (kind === 'added' || kind === 'removed') return !isElsewhere && (isOurs || isOfOurAgreement)
  if (isElsewhere) return isOurs && isNameOrAgreement(field)
  return isOurs || isOfOurAgreement
}

const isNameOrAgreement = (field: string | undefined) =>
  field === 'firstName' || field === 'lastName' || field === 'agreement'

const isOwn = (message: Message | undefined, { own }: Place) =>
  message === undefined || (message.groupNumber !== undefined && own.has(message.groupNumber))

interface Memberships {
  of(agent: AgentId): readonly GroupNumberId[]
}

function membershipsIn({ groupNumbers }: Configuration): Memberships {
  const groups = new Map<AgentId, GroupNumberId[]>()
  for (const { id, members } of groupNumbers)
    for (const { agent } of members) groups.set(agent, [...(groups.get(agent) ?? []), id])
  return { of: (agent) => groups.get(agent) ?? [] }
}

/** Which fields of an agent the account may change. */
export function changeableFields(asker: Asker, agent: Agent, configuration: Configuration): readonly (keyof Agent)[] {
  const all: readonly (keyof Agent)[] = [
    'firstName',
    'lastName',
    'phone',
    'agreement',
    'answersAt',
    'wrapUpSeconds',
    'autoAnswer',
  ]
  if (asker.roles.includes('admin')) return all
  const groups = membershipsIn(configuration).of(agent.id)
  return groups.some((group) => !asker.supervises.includes(group)) ? all.filter(isNameOrAgreement) : all
}

/**
 * What a supervisor's edits are tried on first: there, nothing of another group number can be named, and what is not
 * there and what is hidden are answered alike. All agents are there: any may be asked to help (`findAgent`).
 */
export function ownPart({ roles, supervises }: Asker, configuration: Configuration): Configuration {
  if (roles.includes('admin')) return configuration
  const part = { ...readableBy(supervises, configuration), agents: configuration.agents }
  const messages = new Set(part.messages.map(({ id }) => id))
  const groups = new Set(part.groupNumbers.map(({ id }) => id))
  return { ...part, groupNumbers: part.groupNumbers.map(closed) }

  /** Without what an admin chose from elsewhere. */
  function closed(group: GroupNumber): GroupNumber {
    const isHidden = (action: { readonly do: string; readonly to?: string }) =>
      action.do === 'group' && !groups.has(action.to as GroupNumberId)
    const named = messagesNamed(group).some(({ message }) => !messages.has(message))
    const sent = actionsNamed(group).some(({ action }) => isHidden(action))
    const mended = sent ? withoutActions(group, isHidden) : group
    return named ? withoutMessages(mended, (message) => !messages.has(message)) : mended
  }
}
