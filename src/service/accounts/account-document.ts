import { z } from 'zod'
import type { Role } from '../../contract/console.ts'
import type { AgentId, GroupNumberId } from '../../core/configuration/types.ts'

const roles = ['admin', 'supervisor', 'agent', 'reviewer'] as const satisfies readonly Role[]
const text = z.string().min(1).max(200)
const branded = <Id extends string>() => text as unknown as z.ZodType<Id, string>

/** What is said of an account from outside; the password is set apart. */
export const accountSchema = z.strictObject({
  name: z.string().trim().min(1).max(100),
  roles: z.array(z.enum(roles)).min(1).readonly(),
  agent: branded<AgentId>().exactOptional(),
  supervises: z.array(branded<GroupNumberId>()).readonly(),
})

const keptAccountSchema = accountSchema.extend({
  id: text,
  /** argon2id, as a PHC string. */
  password: z.string().exactOptional(),
  /** For the service numbers. `hash` as the password's; `wrong`: in a row. */
  pin: z.strictObject({ hash: z.string(), wrong: z.int().min(0) }).exactOptional(),
})
export type KeptAccount = Readonly<z.infer<typeof keptAccountSchema>>

const accountsSchema = z.strictObject({
  schemaVersion: z.literal(1),
  accounts: z.array(keptAccountSchema).readonly(),
  /** SIP secrets by agent. */
  softphones: z.record(z.string(), z.string()),
  flags: z.strictObject({ callerPage: z.boolean().exactOptional() }),
})
/** `accounts.json`. */
export type AccountDocument = Readonly<z.infer<typeof accountsSchema>>

export const noAccounts: AccountDocument = { schemaVersion: 1, accounts: [], softphones: {}, flags: {} }

const sha256 = z.string().regex(/^[\w-]{43}$/)
const sessionsSchema = z.strictObject({
  schemaVersion: z.literal(1),
  /** `hash`: SHA-256 of the token, base64url. Times in milliseconds since the epoch. */
  sessions: z.array(z.strictObject({ hash: sha256, account: text, began: z.number(), seen: z.number() })).readonly(),
  links: z.array(z.strictObject({ hash: sha256, account: text, until: z.number() })).readonly(),
})
/** `sessions.json`. */
export type SessionDocument = Readonly<z.infer<typeof sessionsSchema>>

export const readAccounts = (content: string) => read(content, accountsSchema)
export const readSessions = (content: string) => read(content, sessionsSchema)
export const writeDocument = (document: AccountDocument | SessionDocument) => `${JSON.stringify(document, null, 2)}\n`

function read<Value>(content: string, schema: z.ZodType<Value>): Value | undefined {
  try {
    return schema.safeParse(JSON.parse(content)).data
  } catch {
    return undefined
  }
}
