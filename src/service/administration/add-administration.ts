import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { basename, dirname } from 'node:path'
import { Readable } from 'node:stream'
import {
  audioPath,
  exportPath,
  importPath,
  speechPath,
  speechSchema,
  type Imported,
} from '../../contract/administration.ts'
import type { FileWork } from '../file-work/file-work.ts'
import type { Disk } from '../files.ts'
import { accountOf, limitedTo, notSignedIn, problem } from '../http/answers.ts'
import type { SessionCookie } from '../http/session-cookie.ts'
import { mostPackageBytes } from '../package-file/package-file.ts'
import type { Account, Accounts, ConfigurationStore } from '../ports.ts'
import type { Speech } from './audio/speak.ts'
import { audioFile, storeAudio } from './audio/store-audio.ts'
import { httpRights } from './http-rights.ts'
import type { Packages } from './packages.ts'
import type { SoundFiles } from './sound-files.ts'

export interface AdministrationHttp {
  readonly packages: Packages
  readonly soundFiles: SoundFiles
  readonly speech: Speech
  readonly files: Pick<FileWork, 'convert'>
  readonly disk: Disk
}

interface Parts {
  readonly accounts: Pick<Accounts, 'session'>
  readonly cookie: SessionCookie
  readonly store: Pick<ConfigurationStore, 'soundPath'>
  readonly administration: AdministrationHttp
}

const mostAudioBytes = 20 * 1024 * 1024
const mostTextBytes = 16 * 1024
const sha256Form = /^[0-9a-f]{64}$/

/** Export, import, uploaded audio and speech. Who may not is turned away before the body is read. */
export function addAdministration(app: FastifyInstance, parts: Parts) {
  const { store, administration } = parts
  const { packages, soundFiles, speech, files, disk } = administration

  const mayUse = (right: keyof typeof httpRights) => async (request: FastifyRequest, reply: FastifyReply) => {
    const account = accountOf(parts, request)
    if (!account) return notSignedIn(reply)
    if (account.roles.every((role) => httpRights[right][role] === 'no'))
      return problem(reply, 403, 'forbidden', 'this account may not do that')
    return undefined
  }
  const asking = (request: FastifyRequest): Account => {
    const account = accountOf(parts, request)
    if (!account) throw Object.assign(new Error('expected a signed-in account'), { statusCode: 401 })
    return account
  }

  app.get(exportPath, { ...limitedTo(30), onRequest: mayUse('export') }, async (request, reply) => {
    const exported = await packages.export(asking(request))
    if (!exported.ok) return problem(reply, 409, 'incomplete', exported.problem)
    return reply
      .type('application/zip')
      .header('content-disposition', 'attachment; filename="gruppnummer.zip"')
      .send(Readable.from(exported.value))
  })

  app.get<{ Params: { sha256: string } }>(
    `${audioPath}/:sha256`,
    { onRequest: mayUse('audio') },
    async (request, reply) => {
      const { sha256 } = request.params
      const file = audioFile(sha256)
      if (!sha256Form.test(sha256) || !(await soundFiles.has({ file, sha256 })))
        return problem(reply, 404, 'unknown', 'no such recording')
      const path = store.soundPath(file)
      return reply.sendFile(basename(path), dirname(path))
    },
  )

  app.get(speechPath, { onRequest: mayUse('audio') }, async () => ({ available: await speech.isAvailable() }))

  app.register((scope, _, registered) => {
    // Bodies are files here, also the documents that are JSON.
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
    addUploads(scope)
    registered()
  })

  function addUploads(scope: FastifyInstance) {
    scope.post<{ Querystring: { preview?: string; onto?: string } }>(
      importPath,
      { ...limitedTo(20), bodyLimit: mostPackageBytes, onRequest: mayUse('import') },
      async (request, reply) => {
        const file = bytesOf(request)
        const { preview, onto } = request.query
        if (preview !== undefined) {
          const shown = await packages.preview(file)
          return shown.ok ? shown.value : problem(reply, 422, 'invalid', shown.problem)
        }
        if (onto !== undefined && !/^\d{1,12}$/.test(onto))
          return problem(reply, 400, 'invalid', 'onto: expected a revision')
        const imported = await packages.import(asking(request), file, onto === undefined ? undefined : Number(onto))
        if (!imported.ok) return problem(reply, 422, 'invalid', imported.problem)
        const { value } = imported
        if (value.outcome === 'done') return { revision: value.revision } satisfies Imported
        const message =
          value.outcome === 'conflict'
            ? 'the configuration was changed since the preview: look again'
            : value.problems.map((each) => each.message).join('; ')
        return problem(reply, value.outcome === 'conflict' ? 409 : 422, value.outcome, message)
      },
    )

    scope.post(
      audioPath,
      { ...limitedTo(60), bodyLimit: mostAudioBytes, onRequest: mayUse('audio') },
      async (request, reply) => taken(reply, bytesOf(request)),
    )

    scope.post(
      speechPath,
      { ...limitedTo(30), bodyLimit: mostTextBytes, onRequest: mayUse('audio') },
      async (request, reply) => {
        const asked = speechSchema.safeParse(jsonOf(bytesOf(request)))
        if (!asked.success)
          return problem(reply, 400, 'invalid', 'expected { text, language }, at most 2000 characters')
        const spoken = await speech.speak(asked.data.text, asked.data.language)
        return spoken.ok ? taken(reply, spoken.value) : problem(reply, 503, 'unavailable', spoken.problem)
      },
    )
  }

  async function taken(reply: FastifyReply, recording: Buffer) {
    const converted = await files.convert(recording)
    if (converted.ok) return storeAudio(converted.value, { disk, soundPath: (file) => store.soundPath(file) })
    const { kind, message } = converted.problem
    const status = kind === 'unavailable' ? 503 : kind === 'unsupported' ? 415 : 422
    return problem(reply, status, kind, message)
  }
}

const bytesOf = ({ body }: FastifyRequest): Buffer => (Buffer.isBuffer(body) ? body : Buffer.alloc(0))

function jsonOf(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    return undefined
  }
}
