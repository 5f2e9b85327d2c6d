import { z } from 'zod'
import type {
  AccountRead,
  AdministrationAsk,
  AdministrationAskType,
  AgentFound,
  AuditRead,
  CheckRead,
  Compared,
  EditOutcome,
  EffectsRead,
  HistoryRead,
  Invitation,
  PinRead,
  SessionRead,
  VersionRead,
} from '../../contract/administration.ts'
import { auditSaidSchema } from '../../contract/audit.ts'
import { configurationSchema } from '../../core/configuration/schema.ts'
import type { CallerWay } from '../../core/hours/caller-way.ts'
import { failed, ok, type Result } from '../../core/result.ts'
import type { AskProblem } from './connection.ts'
import { useConsoleStore } from './console-store.ts'

/** What each ask is answered with. */
export interface Answers {
  readonly edit: EditOutcome
  readonly effects: EffectsRead
  readonly history: HistoryRead
  readonly version: VersionRead
  readonly compare: Compared
  readonly restore: EditOutcome
  readonly undo: EditOutcome
  readonly check: CheckRead
  readonly whatCallerHears: CallerWay
  readonly findAgent: AgentFound | null
  readonly listAccounts: readonly AccountRead[]
  readonly putAccount: AccountRead
  readonly removeAccount: undefined
  readonly inviteAccount: Invitation
  readonly sessions: readonly SessionRead[]
  readonly endSession: undefined
  readonly endSessions: undefined
  readonly pin: PinRead
  readonly setPin: undefined
  readonly removePin: undefined
  readonly unlockPin: undefined
  readonly audit: readonly AuditRead[]
}

export type AskOf<Type extends AdministrationAskType> = Extract<AdministrationAsk, { readonly type: Type }>

/** Asks the service as an administrator; an answer of another form than the contract's is `invalid`. */
export function useAdministration() {
  const service = useConsoleStore()
  return async function ask<Type extends AdministrationAskType>(
    asked: AskOf<Type>,
  ): Promise<Result<Answers[Type], AskProblem>> {
    const reply = await service.ask(asked)
    if (!reply.ok) return reply
    const read = answers[asked.type].safeParse(reply.value)
    return read.success ? ok(read.data as Answers[Type]) : failed('invalid')
  }
}

const path = z.array(z.string())
const time = z.number()
export const changeSchema = z.looseObject({
  path,
  kind: z.enum(['added', 'removed', 'changed', 'reordered']),
  subjects: z.array(z.looseObject({ kind: z.string(), id: z.string(), name: z.string() })),
  names: z.record(z.string(), z.string()),
})
const editProblem = z.looseObject({ path, key: z.string(), message: z.string(), edit: z.number().optional() })
const outcome = z.discriminatedUnion('outcome', [
  z.looseObject({ outcome: z.literal('done'), revision: z.number() }),
  z.looseObject({
    outcome: z.literal('conflict'),
    revision: z.number(),
    byWhom: z.array(z.string()),
    fields: z.array(z.looseObject({ path })),
  }),
  z.looseObject({ outcome: z.literal('refused'), problems: z.array(editProblem) }),
])
const pinState = z.enum(['none', 'set', 'locked'])
const account = z.looseObject({
  id: z.string(),
  name: z.string(),
  roles: z.array(z.enum(['admin', 'supervisor', 'agent', 'reviewer'])),
  agent: z.string().optional(),
  supervises: z.array(z.string()),
  hasPassword: z.boolean(),
  pin: pinState,
  sessions: z.number(),
})
const nothing = z.unknown().transform(() => undefined)

/** Their form alone is judged, and keys more than these are let through. */
const answers: Readonly<Record<AdministrationAskType, z.ZodType>> = {
  edit: outcome,
  effects: z.looseObject({
    effects: z.array(z.looseObject({ kind: z.string() })),
    accounts: z.array(z.looseObject({ account: z.string(), name: z.string() })),
    problems: z.array(editProblem),
  }),
  history: z.looseObject({
    revisions: z.array(z.looseObject({ revision: z.number(), at: time, author: z.string(), summary: z.string() })),
    more: z.boolean(),
  }),
  version: z.looseObject({ revision: z.number(), configuration: configurationSchema }),
  compare: z.looseObject({ from: z.number(), to: z.number(), changes: z.array(changeSchema) }),
  restore: outcome,
  undo: outcome,
  check: z.looseObject({
    problems: z.array(
      z.looseObject({
        severity: z.enum(['error', 'warning']),
        path,
        words: z.looseObject({ sv: z.string(), en: z.string() }),
      }),
    ),
  }),
  whatCallerHears: z.discriminatedUnion('kind', [
    z.looseObject({ kind: z.literal('unknown') }),
    z.looseObject({
      kind: z.literal('way'),
      steps: z.array(z.looseObject({ after: z.number(), group: z.string(), kind: z.string() })),
    }),
  ]),
  findAgent: z
    .looseObject({
      agent: z.looseObject({ id: z.string(), firstName: z.string(), lastName: z.string(), phone: z.string() }),
      agreement: z.looseObject({ id: z.string(), name: z.string() }),
      memberOf: z.array(z.string()),
      elsewhere: z.boolean(),
      mayChange: z.array(z.string()),
    })
    .nullish()
    .transform((found) => found ?? null),
  listAccounts: z.array(account),
  putAccount: account,
  removeAccount: nothing,
  inviteAccount: z.looseObject({ link: z.string(), until: time }),
  sessions: z.array(z.looseObject({ id: z.string(), began: time, seen: time })),
  endSession: nothing,
  endSessions: nothing,
  pin: z.looseObject({ pin: pinState }),
  setPin: nothing,
  removePin: nothing,
  unlockPin: nothing,
  audit: z.array(
    z.looseObject({
      at: time,
      by: z.string(),
      what: z.string(),
      said: auditSaidSchema.optional().catch(undefined),
    }),
  ),
}
