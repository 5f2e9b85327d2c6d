import { z } from 'zod'
import type { CallDetailRecord, CallRecordsRead } from '../../../contract/call-records.ts'

const text = z.string()
const number = z.number()

const record = z.looseObject({
  id: text,
  call: text,
  way: z.enum(['in', 'out']),
  group: text.optional(),
  at: number,
  number: text.optional(),
  name: text.optional(),
  end: text,
  agent: text.optional(),
  agentName: text.optional(),
  waited: number.optional(),
  talked: number.optional(),
  voicemail: z.literal(true).optional(),
  note: text.optional(),
  outcome: z.looseObject({ code: text, name: text }).optional(),
  quality: z
    .looseObject({
      seconds: number,
      score: number,
      worst: number,
      loss: number,
      jitter: number,
      roundTrip: number.optional(),
      poorSeconds: number,
      cause: z.enum(['loss', 'jitter', 'delay']).optional(),
    })
    .optional(),
})
const read = z.looseObject({ records: z.array(record) }) as unknown as z.ZodType<CallRecordsRead>

/** Undefined: not what the contract says. */
export const readCallRecords = (value: unknown): readonly CallDetailRecord[] | undefined =>
  read.safeParse(value).data?.records
