import type { Brand } from './brand.ts'

/** Milliseconds since 1970-01-01T00:00Z. Core is always told the time; it never asks. */
export type Instant = Brand<number, 'Instant'>

/** A length of time in milliseconds. */
export type Millis = Brand<number, 'Millis'>

export const instant = (millis: number) => millis as Instant
export const millis = (length: number) => length as Millis
export const seconds = (length: number) => (length * 1000) as Millis

export const after = (start: Instant, wait: Millis) => (start + wait) as Instant
export const between = (start: Instant, end: Instant) => (end - start) as Millis
