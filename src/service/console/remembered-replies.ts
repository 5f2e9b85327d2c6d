import type { Reply } from '../../contract/console.ts'

/** Does an ask once, however often it comes, and answers alike. */
export interface RememberedReplies {
  /** `id` is the console's own; two accounts may use the same one. */
  once(account: string, id: string, perform: () => Promise<Reply>): Promise<Reply>
}

/** Newest kept, of each account; a console repeats what it has no answer to, and that is little. */
const keptEach = 200

export function rememberedReplies(accounts = 1000): RememberedReplies {
  const byAccount = new Map<string, Map<string, Promise<Reply>>>()

  return {
    once: (account, id, perform) => {
      const replies = byAccount.get(account) ?? new Map<string, Promise<Reply>>()
      // Set anew, so that the map's order is that of use.
      byAccount.delete(account)
      byAccount.set(account, replies)
      dropOldest(byAccount, accounts)
      const known = replies.get(id)
      if (known) return known
      const reply = perform()
      replies.set(id, reply)
      dropOldest(replies, keptEach)
      return reply
    },
  }
}

function dropOldest(map: Map<string, unknown>, most: number) {
  const [oldest] = map.keys()
  if (map.size > most && oldest !== undefined) map.delete(oldest)
}
