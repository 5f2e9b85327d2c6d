import { z } from 'zod'

const port = z.int().min(0).max(65535)

/** What the switch's program is told at its start. */
export const processOptionsSchema = z.strictObject({
  /** Where services attach. */
  path: z.string().min(1),
  /** Where softphones' WebSocket upgrades are piped to. */
  socketPath: z.string().min(1),
  logFile: z.string().min(1),
  /** The directory that callers' messages are kept in. */
  recordings: z.exactOptional(z.string().min(1)),
  sipUdp: z.exactOptional(z.strictObject({ address: z.ipv4(), port })),
  mediaAddress: z.ipv4(),
  rtpPorts: z.exactOptional(z.strictObject({ min: port, max: port })),
  callLimit: z.exactOptional(z.int().min(1)),
  /** Alone and without calls for this long, it ends. Preset: a minute. */
  idleMillis: z.exactOptional(z.int().min(1)),
})
export type ProcessOptions = z.infer<typeof processOptionsSchema>
