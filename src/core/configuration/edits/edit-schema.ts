import { z } from 'zod'
import { configurationSchema } from '../schema.ts'

const { company, agreements, agents, groupNumbers, messages } = configurationSchema.shape
const agreement = agreements.element
const agent = agents.element
const group = groupNumbers.element
const member = group.shape.members.element
const schedule = group.shape.schedules.element
const exception = group.shape.exceptions.element
const override = group.shape.override.unwrap()
const groupMessages = group.shape.messages.shape
const settings = group.shape.settings
const message = messages.element

const agreementId = agreement.shape.id
const agentId = agent.shape.id
const groupId = group.shape.id
const scheduleId = schedule.shape.id
const exceptionId = exception.shape.id
const messageId = message.shape.id

const edit = <Type extends string, Shape extends z.core.$ZodLooseShape>(type: Type, shape: Shape) =>
  z.strictObject({ type: z.literal(type), ...shape })

/**
 * One change that an administrator makes. `put` creates or replaces what has the id, whole; who puts makes the id: a
 * slug and some letters of a UUID (`newId`). A list of edits is one change: all of it is done, or nothing.
 */
export const editSchema = z.discriminatedUnion('type', [
  edit('putCompany', { company }),

  edit('putAgreement', { agreement }),
  /** `moveTo`: where its sub-agreements, agents and group numbers go; needed where it has any. */
  edit('removeAgreement', { agreement: agreementId, moveTo: agreementId.exactOptional() }),

  edit('putAgent', { agent }),
  edit('removeAgent', { agent: agentId }),

  /** New or changed: name, number and agreement only; all else of a group number has edits of its own. */
  edit('putGroupNumber', { group: group.pick({ id: true, number: true, name: true, agreement: true }) }),
  edit('renameGroupNumber', { group: groupId, name: group.shape.name }),
  /** To another agreement. */
  edit('moveGroupNumber', { group: groupId, agreement: agreementId }),
  edit('removeGroupNumber', { group: groupId }),

  /** All members, in order. */
  edit('setMembers', { group: groupId, members: z.array(member).max(10_000) }),
  /** At the end, in order; one who is a member already gets the new level and weight and keeps the place. */
  edit('addMembers', { group: groupId, members: z.array(member).min(1).max(10_000) }),
  edit('removeMembers', { group: groupId, agents: z.array(agentId).min(1).max(10_000) }),

  /** The first schedule becomes active by itself. */
  edit('putSchedule', { group: groupId, schedule }),
  /** `activate`: needed where the schedule is the active one and others are left; `null`: closed. */
  edit('removeSchedule', { group: groupId, schedule: scheduleId, activate: scheduleId.nullable().exactOptional() }),
  /** `null`: none is active, so the group number is closed. */
  edit('activateSchedule', { group: groupId, schedule: scheduleId.nullable() }),

  edit('putException', { group: groupId, exception }),
  edit('removeException', { group: groupId, exception: exceptionId }),

  edit('setOverride', { group: groupId, override }),
  edit('clearOverride', { group: groupId }),

  /** Only what is named changes; `reset`: what applies where nothing is chosen. */
  edit('setGroupMessages', {
    group: groupId,
    set: z.strictObject({ ...groupMessages, music: groupMessages.music.exactOptional() }),
    reset: z.array(z.enum(['welcome', 'closed', 'comfort', 'overflow', 'music'])).exactOptional(),
  }),

  edit('putMessage', { message }),
  /** Wherever the message is named, `by` is named instead; both stay. */
  edit('replaceMessage', { message: messageId, by: messageId }),
  edit('removeMessage', { message: messageId }),

  /** Only what is named changes; `reset`: back to the preset. */
  edit('setSettings', {
    group: groupId,
    set: settings,
    reset: z.array(z.keyof(settings)).exactOptional(),
  }),
])

export type Edit = z.infer<typeof editSchema>
export type EditType = Edit['type']
export type EditOf<Type extends EditType> = Extract<Edit, { readonly type: Type }>
