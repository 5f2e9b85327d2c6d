import * as crypto from 'node:crypto'
import { oneAtATime } from '../one-at-a-time.ts'

/** How much work a guess costs (RFC 9106): memory in KiB, passes over it. */
export interface PasswordWork {
  readonly memory: number
  readonly passes: number
}

interface Passwords {
  /** The PHC string `$argon2id$v=19$m=...,t=...,p=1$salt$hash`. */
  hash(password: string): Promise<string>
  /** The work is the same when there is no password to compare with; then false. */
  matches(password: string, hashed: string | undefined): Promise<boolean>
  /** Whether it was made with other work than today's, and should be made anew. */
  isOutdated(hashed: string): boolean
}

/** OWASP's password storage cheat sheet, 2024: argon2id with 19 MiB and two passes. */
const usualWork: PasswordWork = { memory: 19_456, passes: 2 }

const tagLength = 32
const saltLength = 16

/**
 * Passwords as argon2id. At most two are hashed at a time: each takes memory, and a thread that the disk
 * needs too.
 */
export function createPasswords({
  random,
  work = usualWork,
}: {
  readonly random: (bytes: number) => Buffer
  readonly work?: PasswordWork | undefined
}): Passwords {
  const lanes = [oneAtATime(), oneAtATime()] as const
  let turns = 0
  /** Compared with when there is none: nobody knows its password. */
  const nobody: Hashed = { ...work, salt: random(saltLength), tag: random(tagLength) }

  function inLane<Value>(task: () => Promise<Value>): Promise<Value> {
    const [even, odd] = lanes
    return turns++ % 2 === 0 ? even(task) : odd(task)
  }

  return {
    async hash(password) {
      const salt = random(saltLength)
      const tag = await inLane(() => derive(password, salt, work))
      return phcOf({ ...work, salt, tag })
    },
    async matches(password, hashed) {
      const known = hashed === undefined ? undefined : parsePhc(hashed)
      const { salt, tag, memory, passes } = known ?? nobody
      const derived = await inLane(() => derive(password, salt, { memory, passes }))
      return crypto.timingSafeEqual(derived, tag) && known !== undefined
    },
    isOutdated(hashed) {
      const { memory, passes } = parsePhc(hashed) ?? nobody
      return memory !== work.memory || passes !== work.passes
    },
  }
}

interface Hashed extends PasswordWork {
  readonly salt: Buffer
  readonly tag: Buffer
}

/** The PHC string format, as `argon2` tools write it: base64 without padding. */
function phcOf({ memory, passes, salt, tag }: Hashed): string {
  const unpadded = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '')
  return `$argon2id$v=19$m=${memory},t=${passes},p=1$${unpadded(salt)}$${unpadded(tag)}`
}

function parsePhc(text: string): Hashed | undefined {
  const parts = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=1\$([\w+/]{22})\$([\w+/]{43})$/.exec(text)
  if (parts === null) return undefined
  const [, memory = '', passes = '', salt = '', tag = ''] = parts
  return {
    memory: Number(memory),
    passes: Number(passes),
    salt: Buffer.from(salt, 'base64'),
    tag: Buffer.from(tag, 'base64'),
  }
}

/** Node has argon2 from 24.7 on, if its TLS library has it; Electron's has not. */
function derive(password: string, salt: Buffer, { memory, passes }: PasswordWork): Promise<Buffer> {
  const { argon2 } = crypto as Partial<typeof crypto>
  if (argon2 === undefined) return deriveByPackage(password, salt, { memory, passes })
  return new Promise((resolve, reject) => {
    argon2('argon2id', { message: password, nonce: salt, parallelism: 1, tagLength, memory, passes }, (error, tag) => {
      if (error === null) resolve(Buffer.from(tag))
      else reject(error)
    })
  })
}

/** The same by the package, for a runtime without argon2. */
export async function deriveByPackage(
  password: string,
  salt: Buffer,
  { memory, passes }: PasswordWork,
): Promise<Buffer> {
  const { hashRaw } = await import('@node-rs/argon2')
  // argon2id is its preset; the names are a const enum, which type stripping cannot read.
  return hashRaw(password, {
    salt,
    memoryCost: memory,
    timeCost: passes,
    parallelism: 1,
    outputLen: tagLength,
  })
}
