import { z } from 'zod'
import type { CallAbout } from '../../../contract/call-records.ts'

const outcome = z.looseObject({ code: z.string().min(1), name: z.string() })
const contact = z.looseObject({
  id: z.string().min(1),
  way: z.enum(['in', 'out']),
  group: z.string().optional(),
  at: z.number(),
  end: z.string(),
  agent: z.string().optional(),
  agentName: z.string().optional(),
  waited: z.number().optional(),
  talked: z.number().optional(),
  voicemail: z.literal(true).optional(),
  note: z.string().optional(),
  outcome: outcome.optional(),
})

const callAbout = z.looseObject({
  contacts: z.array(contact).optional(),
  outcomes: z.array(outcome),
  outcomeRequired: z.boolean(),
  // The address is judged again before it is opened.
  page: z.looseObject({ url: z.string(), at: z.enum(['ringing', 'answer']) }).optional(),
  note: z.string().optional(),
  outcome: outcome.optional(),
}) as unknown as z.ZodType<CallAbout>

/** Undefined: not what the contract says. */
export const readCallAbout = (value: unknown): CallAbout | undefined => callAbout.safeParse(value).data
