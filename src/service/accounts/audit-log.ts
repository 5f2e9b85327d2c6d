import { z } from 'zod'
import { auditSaidSchema } from '../../contract/audit.ts'
import { instant, type Instant } from '../../core/time.ts'
import type { Disk } from '../files.ts'
import { oneAtATime } from '../one-at-a-time.ts'
import type { AuditEntry } from '../ports.ts'

export interface AuditFilter {
  /** Inside. */
  readonly from?: Instant
  /** Outside. */
  readonly to?: Instant
  readonly by?: string
  /** Somewhere in `what`, whatever its case. */
  readonly containing?: string
  /** So many of the newest are left out. @default 0 */
  readonly skip?: number
  /** @default 1000 */
  readonly limit?: number
}

/** Who did what, one line of JSON each, only ever added to. */
interface AuditLog {
  /** Resolves when it survives a power cut. */
  add(entry: AuditEntry): Promise<void>
  /** Newest first. */
  read(filter: AuditFilter): Promise<readonly AuditEntry[]>
  idle(): Promise<void>
}

const entrySchema = z.looseObject({
  at: z.number(),
  by: z.string(),
  what: z.string(),
  // Of an older program, or of a newer one: `what` is read.
  said: auditSaidSchema.optional().catch(undefined),
})
const newline = 0x0a

export function openAuditLog({ file, disk }: { readonly file: string; readonly disk: Disk }): AuditLog {
  const inTurn = oneAtATime()
  let startsOnNewLine: boolean | undefined

  async function add({ at, by, what, said }: AuditEntry): Promise<void> {
    startsOnNewLine ??= await endsWithNewLine()
    const line = `${startsOnNewLine ? '' : '\n'}${JSON.stringify({ at, by, what, said })}\n`
    // Until it is known to be whole, the last line may have been cut short.
    startsOnNewLine = undefined
    const opened = await disk.append(file, 0o600)
    try {
      await opened.write(Buffer.from(line))
      await opened.sync()
    } finally {
      await opened.close()
    }
    startsOnNewLine = true
  }

  async function endsWithNewLine(): Promise<boolean> {
    const content = await disk.read(file)
    return content === undefined || content.length === 0 || content.at(-1) === newline
  }

  async function read(filter: AuditFilter): Promise<readonly AuditEntry[]> {
    const { from, to, by, containing, skip = 0, limit = 1000 } = filter
    let passed = 0
    const content = (await disk.read(file))?.toString('utf8') ?? ''
    const found: AuditEntry[] = []
    for (const line of content.split('\n').toReversed()) {
      const entry = readLine(line)
      if (entry === undefined) continue
      if (from !== undefined && entry.at < from) continue
      if (to !== undefined && entry.at >= to) continue
      if (by !== undefined && entry.by !== by) continue
      if (containing !== undefined && !entry.what.toLowerCase().includes(containing.toLowerCase())) continue
      if (passed < skip) passed += 1
      else found.push(entry)
      if (found.length === limit) break
    }
    return found
  }

  return { add: (entry) => inTurn(() => add(entry)), read: (filter) => inTurn(() => read(filter)), idle: inTurn.idle }
}

/** Undefined: nothing, or a line that a power cut left half. */
function readLine(line: string): AuditEntry | undefined {
  try {
    const { data } = entrySchema.safeParse(JSON.parse(line))
    if (data === undefined) return undefined
    const { at, by, what, said } = data
    return { at: instant(at), by, what, ...(said && { said }) }
  } catch {
    return undefined
  }
}
