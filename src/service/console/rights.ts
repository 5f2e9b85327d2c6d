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
}

/** Of all roles of an account. */
export function reachOf(roles: readonly Role[], ask: Ask['type']): ReadonlySet<Reach> {
  return new Set(roles.map((role) => rights[ask][role]))
}
