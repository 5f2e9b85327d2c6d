import type { Ask, Role } from '../../contract/console.ts'

/**
 * How far a role reaches: `self` is the account's own agent, `groups` the agents and calls in the group numbers the
 * account supervises, and only through those.
 */
export type Reach = 'no' | 'self' | 'groups' | 'all'

/** Who may ask what (design section 9, Accounts). */
export const rights: Readonly<Record<Ask['type'], Readonly<Record<Role, Reach>>>> = {
  logIn: { admin: 'all', supervisor: 'groups', agent: 'self', reviewer: 'no' },
  logOut: { admin: 'all', supervisor: 'groups', agent: 'self', reviewer: 'no' },
  pause: { admin: 'all', supervisor: 'groups', agent: 'self', reviewer: 'no' },
  resume: { admin: 'all', supervisor: 'groups', agent: 'self', reviewer: 'no' },
  endWrapUp: { admin: 'all', supervisor: 'groups', agent: 'self', reviewer: 'no' },
  extendWrapUp: { admin: 'all', supervisor: 'groups', agent: 'self', reviewer: 'no' },
  hangUp: { admin: 'all', supervisor: 'groups', agent: 'self', reviewer: 'no' },
  readConfiguration: { admin: 'all', supervisor: 'groups', agent: 'no', reviewer: 'all' },
  allowCallerPage: { admin: 'all', supervisor: 'no', agent: 'no', reviewer: 'no' },
  // Which edits, and of what: `service/administration/edit-rights.ts`.
  edit: { admin: 'all', supervisor: 'groups', agent: 'no', reviewer: 'no' },
  effects: { admin: 'all', supervisor: 'groups', agent: 'no', reviewer: 'no' },
  history: { admin: 'all', supervisor: 'groups', agent: 'no', reviewer: 'all' },
  version: { admin: 'all', supervisor: 'groups', agent: 'no', reviewer: 'all' },
  compare: { admin: 'all', supervisor: 'groups', agent: 'no', reviewer: 'all' },
  restore: { admin: 'all', supervisor: 'groups', agent: 'no', reviewer: 'no' },
  undo: { admin: 'all', supervisor: 'groups', agent: 'no', reviewer: 'no' },
  check: { admin: 'all', supervisor: 'groups', agent: 'no', reviewer: 'all' },
  whatCallerHears: { admin: 'all', supervisor: 'groups', agent: 'no', reviewer: 'all' },
  findAgent: { admin: 'all', supervisor: 'groups', agent: 'no', reviewer: 'no' },
  listAccounts: { admin: 'all', supervisor: 'no', agent: 'no', reviewer: 'no' },
  putAccount: { admin: 'all', supervisor: 'no', agent: 'no', reviewer: 'no' },
  removeAccount: { admin: 'all', supervisor: 'no', agent: 'no', reviewer: 'no' },
  inviteAccount: { admin: 'all', supervisor: 'no', agent: 'no', reviewer: 'no' },
  sessions: { admin: 'all', supervisor: 'self', agent: 'self', reviewer: 'self' },
  endSession: { admin: 'all', supervisor: 'self', agent: 'self', reviewer: 'self' },
  endSessions: { admin: 'all', supervisor: 'self', agent: 'self', reviewer: 'self' },
  pin: { admin: 'self', supervisor: 'self', agent: 'self', reviewer: 'self' },
  setPin: { admin: 'self', supervisor: 'self', agent: 'self', reviewer: 'self' },
  removePin: { admin: 'all', supervisor: 'self', agent: 'self', reviewer: 'self' },
  unlockPin: { admin: 'all', supervisor: 'no', agent: 'no', reviewer: 'no' },
  audit: { admin: 'all', supervisor: 'no', agent: 'no', reviewer: 'no' },
  // Of these `self` is the own group numbers: those the account's agent is a member of.
  pick: { admin: 'all', supervisor: 'groups', agent: 'self', reviewer: 'no' },
  moveCall: { admin: 'all', supervisor: 'groups', agent: 'no', reviewer: 'no' },
  prioritise: { admin: 'all', supervisor: 'groups', agent: 'no', reviewer: 'no' },
  monitor: { admin: 'all', supervisor: 'groups', agent: 'no', reviewer: 'no' },
  // The own call only, whoever it is.
  transfer: { admin: 'self', supervisor: 'self', agent: 'self', reviewer: 'no' },
  confirmTransfer: { admin: 'self', supervisor: 'self', agent: 'self', reviewer: 'no' },
  cancelTransfer: { admin: 'self', supervisor: 'self', agent: 'self', reviewer: 'no' },
  threeWay: { admin: 'self', supervisor: 'self', agent: 'self', reviewer: 'no' },
  missed: { admin: 'all', supervisor: 'groups', agent: 'self', reviewer: 'no' },
  voicemailDone: { admin: 'all', supervisor: 'groups', agent: 'self', reviewer: 'no' },
  forwardVoicemail: { admin: 'all', supervisor: 'groups', agent: 'self', reviewer: 'no' },
  removeVoicemail: { admin: 'all', supervisor: 'groups', agent: 'self', reviewer: 'no' },
  // Contacts are those in group numbers of one's own, and what one's own agent did.
  callAbout: { admin: 'all', supervisor: 'groups', agent: 'self', reviewer: 'no' },
  callRecords: { admin: 'all', supervisor: 'groups', agent: 'no', reviewer: 'no' },
  // Of one's own calls, whoever one is.
  noteCall: { admin: 'self', supervisor: 'self', agent: 'self', reviewer: 'no' },
  measuredCall: { admin: 'self', supervisor: 'self', agent: 'self', reviewer: 'no' },
  destinations: { admin: 'all', supervisor: 'no', agent: 'no', reviewer: 'no' },
  setDestinations: { admin: 'all', supervisor: 'no', agent: 'no', reviewer: 'no' },
}

/** Of all roles of an account. */
export function reachOf(roles: readonly Role[], ask: Ask['type']): ReadonlySet<Reach> {
  return new Set(roles.map((role) => rights[ask][role]))
}
