import { z } from 'zod'

const text = z.string()
const texts = z.array(z.string())
const role = z.enum(['admin', 'supervisor', 'agent', 'reviewer'])

/**
 * What an entry of the audit log says, by kind, for each reader's language. `account` is a name as it was;
 * `agent`, `group`, `from` and `to` of group numbers and agents are ids; `caller` a number, absent where hidden.
 */
export const auditSaidSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('accountPut'),
    values: z.object({ account: text, roles: z.array(role), agent: text.optional(), supervises: texts }),
  }),
  z.object({ kind: z.literal('accountRemoved'), values: z.object({ account: text }) }),
  z.object({ kind: z.literal('accountInvited'), values: z.object({ account: text }) }),
  z.object({ kind: z.literal('accountSignedOut'), values: z.object({ account: text }) }),
  z.object({ kind: z.literal('pinSet'), values: z.object({ account: text }) }),
  z.object({ kind: z.literal('pinRemoved'), values: z.object({ account: text }) }),
  z.object({ kind: z.literal('pinUnlocked'), values: z.object({ account: text }) }),
  z.object({ kind: z.literal('pinLocked'), values: z.object({ accounts: texts }) }),
  z.object({ kind: z.literal('callerPageOpened'), values: z.object({}) }),
  z.object({ kind: z.literal('callerPageClosed'), values: z.object({}) }),
  z.object({ kind: z.literal('configurationChanged'), values: z.object({ revision: text, summary: text }) }),
  z.object({ kind: z.literal('logIn'), values: z.object({ agent: text, group: text.optional() }) }),
  z.object({ kind: z.literal('logOut'), values: z.object({ agent: text, group: text.optional() }) }),
  z.object({ kind: z.literal('pause'), values: z.object({ agent: text, reason: text.optional() }) }),
  z.object({ kind: z.literal('resume'), values: z.object({ agent: text }) }),
  z.object({ kind: z.literal('endWrapUp'), values: z.object({ agent: text }) }),
  z.object({ kind: z.literal('extendWrapUp'), values: z.object({ agent: text, seconds: text }) }),
  z.object({ kind: z.literal('hangUp'), values: z.object({ agent: text }) }),
  z.object({
    kind: z.literal('callMoved'),
    values: z.object({ caller: text.optional(), from: text, to: text }),
  }),
  z.object({
    kind: z.literal('callPrioritised'),
    values: z.object({ caller: text.optional(), group: text, priority: text }),
  }),
  z.object({
    kind: z.literal('monitored'),
    values: z.object({ mode: z.enum(['listen', 'whisper', 'barge']), agent: text, group: text }),
  }),
  z.object({
    kind: z.literal('voicemailRemoved'),
    values: z.object({ caller: text.optional(), group: text, seconds: text }),
  }),
  z.object({
    kind: z.literal('voicemailToGroup'),
    values: z.object({ caller: text.optional(), group: text, to: text }),
  }),
  z.object({
    kind: z.literal('voicemailToAgent'),
    values: z.object({ caller: text.optional(), group: text, to: text }),
  }),
  /** Prefixes; all empty: names only. */
  z.object({
    kind: z.literal('destinationsChanged'),
    values: z.object({ opened: texts, closed: texts, removed: texts }),
  }),
  z.object({
    kind: z.literal('recordingRefused'),
    values: z.object({ group: text, why: z.enum(['forbidden', 'refused', 'conflict', 'other']) }),
  }),
])

export type AuditSaid = z.infer<typeof auditSaidSchema>
