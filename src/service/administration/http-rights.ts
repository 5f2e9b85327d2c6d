import type { Role } from '../../contract/console.ts'

/** Who may use what of administration over HTTP; `groups`: of the group numbers that the account supervises. */
export const httpRights: Readonly<
  Record<'export' | 'import' | 'audio', Readonly<Record<Role, 'all' | 'groups' | 'no'>>>
> = {
  export: { admin: 'all', supervisor: 'groups', agent: 'no', reviewer: 'all' },
  import: { admin: 'all', supervisor: 'no', agent: 'no', reviewer: 'no' },
  /** Makes a file that no message names yet; which message may name it is an edit's question. */
  audio: { admin: 'all', supervisor: 'all', agent: 'no', reviewer: 'no' },
}
