import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { StartProblem } from '../service/ports.ts'

const serverSchema = z.strictObject({
  name: z.string().regex(/^[\w.-]{1,50}$/, 'expected letters, digits, ".", "_" and "-", 50 at most'),
  url: z.url({ protocol: /^https?$/, error: 'expected http:// or https://, such as http://127.0.0.1:8088/ari' }),
  user: z.string().min(1).max(100),
  password: z.string().min(1).max(200),
  application: z.string().min(1).max(100).exactOptional(),
  trunk: z.string().min(1).max(100).exactOptional(),
  /** New callers a second. */
  callsPerSecond: z.int().min(1).exactOptional(),
  /** Calls at once. */
  callLimit: z.int().min(1).exactOptional(),
})

const asteriskSchema = z.strictObject({ servers: z.array(serverSchema).min(1).max(20) })

/** How one Asterisk server is reached, as `gruppnummer asterisk-config` writes it. */
export type AsteriskServer = z.infer<typeof serverSchema>

/** The servers that a service drives: a file, since it holds passwords, which are not for a command line. Throws `StartProblem`. */
export function readAsterisk(file: string): readonly AsteriskServer[] {
  const read = asteriskSchema.safeParse(jsonIn(file))
  if (!read.success) {
    const [issue] = read.error.issues
    throw new StartProblem(`${file}: ${['$', ...(issue?.path ?? [])].join('.')}: ${issue?.message ?? 'not understood'}`)
  }
  const { servers } = read.data
  const twice = servers.find(({ name }, at) => servers.findIndex((each) => each.name === name) !== at)
  if (twice) throw new StartProblem(`${file}: $.servers: expected different names, and ${twice.name} is there twice`)
  return servers.map((server) => ({ ...server, url: server.url.replace(/\/$/, '') }))
}

function jsonIn(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (fault) {
    const why = fault instanceof SyntaxError ? `not JSON: ${fault.message}` : (fault as Error).message
    throw new StartProblem(
      `${file}: expected the file that "gruppnummer asterisk-config" writes for the service: ${why}`,
    )
  }
}
