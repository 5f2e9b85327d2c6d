import { z } from 'zod'

/** What the service's process tells the main process. */
export const fromServiceSchema = z.discriminatedUnion('type', [
  /** `link`: signs this window in, once. */
  z.strictObject({ type: z.literal('ready'), origin: z.url(), link: z.url() }),
  z.strictObject({ type: z.literal('failed'), why: z.string() }),
  /** The switch is a process of its own, which only the main process can start. */
  z.strictObject({ type: z.literal('startSwitch'), program: z.string(), argument: z.string() }),
])
export type FromServiceProcess = z.infer<typeof fromServiceSchema>

/** What the main process tells the service's. */
export const toServiceSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('switchEnded'), code: z.number().nullable() }),
  z.strictObject({ type: z.literal('stop') }),
])
export type ToServiceProcess = z.infer<typeof toServiceSchema>
