import type { AuditRead } from '../../../contract/administration.ts'

/** The log as a table for a spreadsheet (RFC 4180), times as ISO instants; no cell of it can be taken for a formula. */
export function auditCsv(entries: readonly AuditRead[], heads: readonly [string, string, string]): string {
  const rows = entries.map(({ at, by, what }) => [new Date(at).toISOString(), by, what])
  return [heads, ...rows].map((row) => row.map(cell).join(';') + '\r\n').join('')
}

/** A spreadsheet computes what begins like this, whoever wrote it. */
const cell = (text: string) => {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[";\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
