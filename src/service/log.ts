import type { Logger } from 'pino'

/** What a part of the service may say to the log; pino's own logger fits. */
export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>
