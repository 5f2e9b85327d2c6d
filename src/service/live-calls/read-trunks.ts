import { join } from 'node:path'
import { z } from 'zod'
import type { Trunk } from '../../contract/switch.ts'
import { realDisk, type Disk } from '../files.ts'
import { StartProblem } from '../ports.ts'
import { ha1 } from './switch-setup.ts'

const trunksSchema = z.array(
  z.strictObject({
    name: z.string().min(1).max(100),
    address: z.ipv4(),
    port: z.int().min(1).max(65535).exactOptional(),
    account: z.strictObject({ user: z.string().min(1).max(100), secret: z.string().min(1).max(200) }).exactOptional(),
    outbound: z.literal(true).exactOptional(),
  }),
)

/**
 * The peers from which SIP over UDP is taken: `trunks.json` beside the configuration, never in it, since it holds
 * secrets. Missing: none. Throws `StartProblem`.
 */
export async function readTrunks(directory: string, disk: Disk = realDisk): Promise<readonly Trunk[]> {
  const file = join(directory, 'trunks.json')
  const text = (await disk.read(file))?.toString('utf8')
  if (text === undefined) return []
  const trunks = trunksSchema.safeParse(jsonOf(text))
  if (!trunks.success) {
    const [issue] = trunks.error.issues
    throw new StartProblem(`${file}: ${['$', ...(issue?.path ?? [])].join('.')}: ${issue?.message ?? 'not understood'}`)
  }
  return trunks.data.map(({ account, ...trunk }) => ({
    ...trunk,
    ...(account && { account: { user: account.user, ha1: ha1(account.user, account.secret) } }),
  }))
}

/** Undefined: not JSON. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
