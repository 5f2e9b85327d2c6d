import type { GroupNumberId } from '../../core/configuration/types.ts'

/** What is done with a waiting caller by hand. */
export type QueueAct =
  | { readonly act: 'pick' }
  | { readonly act: 'move'; readonly group: GroupNumberId }
  | { readonly act: 'prioritise'; readonly priority: number }
