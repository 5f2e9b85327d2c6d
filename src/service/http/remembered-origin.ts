import { join } from 'node:path'
import { z } from 'zod'
import { realDisk, writeAtomically, type Disk } from '../files.ts'

/**
 * Where the service listened last. A port once chosen is kept: in a browser another one is another origin, without the
 * offline copy and the choice of devices.
 */
export interface RememberedOrigin {
  /** To try in turn, where none was asked for. */
  ports(): Promise<readonly number[]>
  /** Undefined: it never listened. */
  origin(): Promise<string | undefined>
  /** `port`: chosen by the service itself. */
  remember(where: Where): Promise<void>
}

const whereSchema = z.object({ origin: z.url(), port: z.int().min(1).max(65535).exactOptional() })
type Where = z.infer<typeof whereSchema>

const firstPort = 8330
const tries = 50

export function rememberedOrigin(directory: string, disk: Disk = realDisk): RememberedOrigin {
  const path = join(directory, 'listening.json')

  /** A file that is damaged is as good as none. */
  async function read(): Promise<Where | undefined> {
    const text = (await disk.read(path, 4096))?.toString('utf8')
    if (text === undefined) return undefined
    try {
      return whereSchema.safeParse(JSON.parse(text)).data
    } catch {
      return undefined
    }
  }

  return {
    ports: async () => {
      const kept = (await read())?.port
      const fresh = Array.from({ length: tries }, (_, further) => firstPort + further)
      return kept === undefined ? fresh : [kept, ...fresh.filter((port) => port !== kept)]
    },
    origin: async () => (await read())?.origin,
    remember: async (where) => {
      const kept = await read()
      const port = where.port ?? kept?.port
      if (kept?.origin === where.origin && kept.port === port) return
      const content = `${JSON.stringify({ origin: where.origin, ...(port !== undefined && { port }) })}\n`
      await writeAtomically(disk, { path, content, mode: 0o600 })
    },
  }
}
