import { z } from 'zod'
import { callPageProblem } from '../call-page/call-page.ts'
import { isTimeZone, isLocalDateTime } from './wall-time.ts'
import type {
  AgentId,
  AgreementId,
  CallerRule,
  Configuration,
  E164,
  ExceptionId,
  GroupNumberId,
  LocalDateTime,
  LocalTime,
  MessageId,
  ScheduleId,
} from './types.ts'

// The console's content security policy forbids eval, which zod's compiled parsers use.
z.config({ jitless: true })

/** Gives a parser its brand: parsing is the only place where brands are given. */
const branded = <Branded extends string>(parser: z.ZodType<string>) => parser as unknown as z.ZodType<Branded, string>

const e164 = branded<E164>(
  z.string().regex(/^\+[1-9]\d{6,14}$/, 'expected a phone number as +, country and number, such as +46122260980'),
)

/** Ids become keys of plain objects, so the one name that such an object cannot hold is refused. */
const id = <Id extends string>() =>
  branded<Id>(
    z
      .string()
      .min(1)
      .max(200)
      .regex(/^(?!__proto__$)[^\u0000-\u001f\u007f]*$/, 'expected an id without control characters'),
  )

const name = z.string().min(1).max(200)
const startTime = branded<LocalTime>(
  z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'expected a time from 00:00 to 23:59'),
)
const endTime = branded<LocalTime>(
  z.string().regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'expected a time from 00:00 to 24:00'),
)
const localDateTime = branded<LocalDateTime>(
  z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/, { error: 'expected a date and time as YYYY-MM-DDTHH:MM', abort: true })
    .refine(isLocalDateTime, 'expected a date and time that exist, from 00:00 to 23:59'),
)
const digit = z.string().regex(/^[0-9*#]$/, 'expected one key of a phone: 0 to 9, * or #')
const wholeNumber = (from: number, to: number) => z.int().min(from).max(to)
const language = z.enum(['sv', 'en'])

const hangUp = z.strictObject({ do: z.literal('hangUp') })
const forward = z.strictObject({ do: z.literal('forward'), to: e164 })
const toGroup = z.strictObject({ do: z.literal('group'), to: id<GroupNumberId>() })
const voicemail = z.strictObject({ do: z.literal('voicemail') })
const action = z.discriminatedUnion('do', [hangUp, forward, toGroup, voicemail])
const actionOrQueue = z.discriminatedUnion('do', [
  hangUp,
  forward,
  toGroup,
  voicemail,
  z.strictObject({ do: z.literal('queue') }),
])

const oneOf = (...keys: string[]) => ({ oneOf: keys.map((key) => ({ required: [key] })) })
const exactlyOne = (first: unknown, second: unknown) => (first === undefined) !== (second === undefined)

/** One object with the pairs checked beside it, so that a problem names the key and not the whole union. */
const callerRule = z
  .strictObject({
    number: e164.exactOptional(),
    prefix: z
      .string()
      .regex(/^\+\d{0,14}$/, 'expected the beginning of a phone number, such as +4670')
      .exactOptional(),
    priority: wholeNumber(-1000, 1000).exactOptional(),
    block: z.literal(true).exactOptional(),
  })
  .refine((rule) => exactlyOne(rule.number, rule.prefix), 'expected exactly one of number and prefix')
  .refine((rule) => exactlyOne(rule.priority, rule.block), 'expected exactly one of priority and block')
  .meta({ allOf: [oneOf('number', 'prefix'), oneOf('priority', 'block')] }) as unknown as z.ZodType<
  CallerRule,
  CallerRule
>

/** More than anybody reads through after a call. */
const mostOutcomes = 100

const settings = z.strictObject({
  strategy: z
    .enum([
      'longestIdle',
      'ringAll',
      'roundRobin',
      'fixedOrder',
      'fewestCalls',
      'leastTalkTime',
      'random',
      'weightedRandom',
      'ringProgressively',
    ])
    .exactOptional(),
  ringSeconds: wholeNumber(5, 180).exactOptional(),
  progressSeconds: wholeNumber(1, 180).exactOptional(),
  wrapUpSeconds: wholeNumber(0, 600).exactOptional(),
  escalateSeconds: wholeNumber(1, 86_400).nullable().exactOptional(),
  missesBeforePause: wholeNumber(0, 100).exactOptional(),
  maxQueueLength: wholeNumber(0, 1000).exactOptional(),
  maxWaitSeconds: wholeNumber(0, 86_400).exactOptional(),
  comfortSeconds: wholeNumber(0, 3600).exactOptional(),
  announcePosition: z.boolean().exactOptional(),
  announceWait: z.boolean().exactOptional(),
  welcome: z.enum(['playFirst', 'whileRinging']).exactOptional(),
  whenClosed: action.exactOptional(),
  whenFull: action.exactOptional(),
  whenTimeout: action.exactOptional(),
  whenNoAgents: actionOrQueue.exactOptional(),
  atClosing: z.enum(['serveQueue', 'closeQueue']).exactOptional(),
  priority: wholeNumber(-1000, 1000).exactOptional(),
  callers: z.array(callerRule).exactOptional(),
  presentCaller: z.enum(['caller', 'groupNumber']).exactOptional(),
  acceptOnPhone: z
    .strictObject({
      digit,
      seconds: wholeNumber(1, 60),
      text: z.string().min(1).max(1000).exactOptional(),
    })
    .exactOptional(),
  callback: z
    .strictObject({
      digit,
      afterSeconds: wholeNumber(0, 86_400),
      tries: wholeNumber(1, 100),
      untilHours: z.number().positive().max(8760),
    })
    .nullable()
    .exactOptional(),
  voicemail: z
    .strictObject({ maxSeconds: wholeNumber(1, 3600), retentionDays: wholeNumber(0, 36_500) })
    .exactOptional(),
  serviceLevelSeconds: wholeNumber(1, 3600).exactOptional(),
  shortAbandonSeconds: wholeNumber(0, 3600).exactOptional(),
  outcomes: z
    .array(
      z.strictObject({
        code: z
          .string()
          .regex(/^[\p{L}\p{N}._-]{1,20}$/u, 'expected 1 to 20 letters, digits, dots, hyphens or underscores'),
        name: z.string().min(1).max(60),
        active: z.boolean(),
      }),
    )
    .max(mostOutcomes, `expected at most ${mostOutcomes} outcomes`)
    .refine((outcomes) => new Set(outcomes.map(({ code }) => code)).size === outcomes.length, 'expected each code once')
    .exactOptional(),
  outcomeRequired: z.boolean().exactOptional(),
  callPage: z
    .strictObject({
      url: z.string().superRefine((template, context) => {
        const problem = callPageProblem(template)
        if (problem !== undefined) context.addIssue(problem)
      }),
      at: z.enum(['ringing', 'answer']),
    })
    .nullable()
    .exactOptional(),
})

const interval = z.strictObject({ from: startTime, to: endTime })
const day = z.array(interval)
const messageOrSilence = id<MessageId>().nullable()

const serviceNumber = z.strictObject({
  short: z.string().regex(/^\d{2,6}$/, 'expected a short number of 2 to 6 digits, such as 833'),
  long: e164.exactOptional(),
})

const company = z.strictObject({
  name,
  timeZone: z.string().refine(isTimeZone, 'expected an IANA time zone, such as Europe/Stockholm'),
  language,
  country: z.literal('SE'),
  serviceNumbers: z
    .strictObject({ logIn: serviceNumber.exactOptional(), record: serviceNumber.exactOptional() })
    .exactOptional(),
})

const agreement = z.strictObject({ id: id<AgreementId>(), name, parent: id<AgreementId>().exactOptional() })

const agent = z.strictObject({
  id: id<AgentId>(),
  firstName: z.string().max(200),
  lastName: z.string().max(200),
  phone: e164,
  agreement: id<AgreementId>(),
  answersAt: z.enum(['softphone', 'phone']),
  wrapUpSeconds: wholeNumber(0, 600).exactOptional(),
  autoAnswer: z.literal(true).exactOptional(),
})

const schedule = z.strictObject({
  id: id<ScheduleId>(),
  name,
  week: z.strictObject({ mon: day, tue: day, wed: day, thu: day, fri: day, sat: day, sun: day }),
  welcome: messageOrSilence.exactOptional(),
  closed: messageOrSilence.exactOptional(),
})

const effect = z.enum(['closed', 'open'])

const exception = z.strictObject({
  id: id<ExceptionId>(),
  name,
  effect,
  from: localDateTime,
  to: localDateTime,
  yearly: z.literal(true).exactOptional(),
  message: id<MessageId>().exactOptional(),
  action: action.exactOptional(),
})

const override = z.strictObject({
  effect,
  until: localDateTime.exactOptional(),
  message: id<MessageId>().exactOptional(),
  action: action.exactOptional(),
})

/** A century of public holidays; each question about hours may look at all of them. */
const mostExceptions = 2000

const groupNumber = z.strictObject({
  id: id<GroupNumberId>(),
  number: e164,
  name,
  agreement: id<AgreementId>(),
  members: z.array(
    z.strictObject({
      agent: id<AgentId>(),
      level: wholeNumber(1, 9).exactOptional(),
      weight: z.number().min(0).max(1_000_000).exactOptional(),
    }),
  ),
  schedules: z.array(schedule),
  activeSchedule: id<ScheduleId>().exactOptional(),
  exceptions: z.array(exception).max(mostExceptions, `expected at most ${mostExceptions} exceptions`),
  override: override.exactOptional(),
  messages: z.strictObject({
    welcome: messageOrSilence.exactOptional(),
    closed: messageOrSilence.exactOptional(),
    comfort: messageOrSilence.exactOptional(),
    overflow: messageOrSilence.exactOptional(),
    music: z.array(id<MessageId>()),
  }),
  settings,
})

const message = z.strictObject({
  id: id<MessageId>(),
  name,
  kind: z.enum(['welcome', 'closed', 'comfort', 'overflow', 'music', 'other']),
  groupNumber: id<GroupNumberId>().exactOptional(),
  language,
  transcript: z.string().max(10_000),
  seconds: z.number().min(0).max(86_400),
  file: z
    .string()
    .max(300)
    .regex(
      // Relative, with / between, and no way out of the document's folder.
      /^(?!.*(^|\/)\.{1,2}(\/|$))[^/\\:\u0000-\u001f]+(\/[^/\\:\u0000-\u001f]+)*$/,
      'expected a file beside the document, such as audio/welcome-sv.wav',
    ),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 lower-case hexadecimal digits'),
  origin: z.enum(['prerecorded', 'recorded', 'uploaded', 'synthesized']),
})

/**
 * The shape of the document. Its keys stand in the order in which an export writes them.
 *
 * Strict all through: an unknown key is an error. What one part says of another is checked in `integrity.ts`.
 */
export const configurationSchema = z.strictObject({
  schemaVersion: z.literal(1),
  company,
  agreements: z.array(agreement),
  agents: z.array(agent),
  groupNumbers: z.array(groupNumber),
  messages: z.array(message),
}) satisfies z.ZodType<Configuration>
