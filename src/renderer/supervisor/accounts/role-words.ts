import type { Role } from '../../../contract/console.ts'

/** In the order of how much they may; each has its name and what it may as `accounts.role.ROLE` and `accounts.may.ROLE`. */
export const allRoles: readonly Role[] = ['admin', 'supervisor', 'agent', 'reviewer']
