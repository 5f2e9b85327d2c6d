import type { FastifyInstance } from 'fastify'
import { basename, dirname } from 'node:path'
import type { Configuration } from '../../core/configuration/types.ts'
import type { Voicemail } from '../../contract/work.ts'
import { scopeOf } from '../console/scope.ts'
import type { Accounts } from '../ports.ts'
import { accountOf, notSignedIn, problem } from './answers.ts'
import type { SessionCookie } from './session-cookie.ts'

export interface VoicemailParts {
  readonly accounts: Pick<Accounts, 'session'>
  readonly cookie: SessionCookie
  readonly store: { current(): { readonly configuration: Configuration } }
  readonly voicemails: {
    find(id: string): Voicemail | undefined
    /** Absolute. */
    path(id: string): string
  }
}

/** A message left by a caller, whole or by ranges. */
export function addVoicemails(app: FastifyInstance, parts: VoicemailParts) {
  app.get<{ Params: { id: string } }>('/api/voicemails/:id', async (request, reply) => {
    const account = accountOf(parts, request)
    if (!account) return notSignedIn(reply)
    const { id } = request.params
    const voicemail = parts.voicemails.find(id)
    // Whoever may not hear it is not told either whether there is one.
    if (!voicemail || !scopeOf(account, parts.store.current().configuration).seesWork(voicemail))
      return problem(reply, 404, 'unknown', `no message ${id} for this account`)
    const path = parts.voicemails.path(voicemail.id)
    return reply.sendFile(basename(path), dirname(path))
  })
}
