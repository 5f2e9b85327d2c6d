import helmet from '@fastify/helmet'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { problem } from './answers.ts'
import type { Door, Refusal } from './door.ts'
import { permissions, policies } from './policies.ts'

export interface Guards {
  readonly door: Door
  readonly secure: boolean
  /** Told of each request that the door turned away. */
  readonly turnedAway?: (request: FastifyRequest, refusal: Refusal) => void
}

/** What every page and answer of ours goes through: the door, the policies of a page, and no copy of an answer kept. */
export async function addGuards(app: FastifyInstance, { door, secure, turnedAway }: Guards) {
  app.addHook('onRequest', async (request, reply) => {
    const refusal = door.refuses(request)
    if (!refusal) return
    turnedAway?.(request, refusal)
    await problem(reply, refusal.status, refusal.kind, refusal.message)
  })
  await app.register(helmet, policies(secure))
  app.addHook('onSend', async (request, reply) => {
    reply.header('permissions-policy', permissions)
    if (request.url.startsWith('/api/')) reply.header('cache-control', 'no-store')
  })
}
