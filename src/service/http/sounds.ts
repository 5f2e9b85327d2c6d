import type { FastifyInstance } from 'fastify'
import { basename, dirname } from 'node:path'
import type { MessageId } from '../../core/configuration/types.ts'
import type { Accounts, ConfigurationStore } from '../ports.ts'
import { accountOf, notSignedIn, problem } from './answers.ts'
import { mayHear } from './may-hear.ts'
import type { SessionCookie } from './session-cookie.ts'

interface SoundParts {
  readonly accounts: Pick<Accounts, 'session'>
  readonly cookie: SessionCookie
  readonly store: Pick<ConfigurationStore, 'current' | 'soundPath'>
}

/** A message's audio, whole or by ranges. */
export function addSounds(app: FastifyInstance, parts: SoundParts) {
  const { store } = parts
  app.get<{ Params: { id: string } }>('/api/sounds/:id', async (request, reply) => {
    const account = accountOf(parts, request)
    if (!account) return notSignedIn(reply)
    const { configuration } = store.current()
    const message = configuration.messages.find(({ id }) => id === (request.params.id as MessageId))
    // Whoever may not hear it is not told either whether there is one.
    if (!message || !mayHear(account, message, configuration))
      return problem(reply, 404, 'unknown', `no message ${request.params.id} for this account`)
    const path = store.soundPath(message.file)
    return reply.sendFile(basename(path), dirname(path))
  })
}
