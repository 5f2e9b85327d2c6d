import type { NumberKind, Range } from './settings-table.ts'

/** Reads a number as people write it: `20`, `1 200`, `2,5`, and seconds as `1:30` too. Undefined: none, or out of its range. */
export function readNumber(text: string, range: Range, kind: NumberKind): number | undefined {
  const plain = text.replace(/\s/g, '').replace('−', '-').replace(',', '.')
  const value = kind === 'seconds' ? (readClock(plain) ?? readPlain(plain)) : readPlain(plain)
  if (value === undefined || value < range.from || value > range.to) return undefined
  if ((range.above && value === range.from) || (range.whole && !Number.isInteger(value))) return undefined
  return value
}

const readPlain = (text: string) => (/^-?\d+(\.\d+)?$/.test(text) ? Number(text) : undefined)

/** `1:30` or `1:02:05`. */
function readClock(text: string): number | undefined {
  const [, hours = '0', minutes, seconds] = /^(?:(\d+):(?=\d\d:))?(\d+):([0-5]\d)$/.exec(text) ?? []
  if (minutes === undefined || seconds === undefined) return undefined
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)
}
