import type { InjectionKey } from 'vue'
import { z } from 'zod'
import { audioPath, speechPath, type StoredAudio } from '../../../contract/administration.ts'
import type { Language } from '../../../core/configuration/types.ts'
import { failed, ok, type Result } from '../../../core/result.ts'
import { wavFrom } from './wav-from.ts'

export type SoundProblem =
  | 'noContact'
  /** More than 20 MB, or than 20 minutes. */
  | 'tooBig'
  /** Of no kind that the service reads, or damaged. */
  | 'notSound'
  | 'forbidden'
  | 'tooMany'
  | 'unavailable'
  | 'cancelled'

/** A sound on its way to the service. */
export interface Sending {
  readonly done: Promise<Result<StoredAudio, SoundProblem>>
  cancel(): void
}

/** Where sounds are stored before a message names them. */
export interface SoundService {
  /** `progress` is told the share that is sent, 0 to 1. */
  send(sound: Blob, progress: (share: number) => void): Sending
  speak(text: string, language: Language): Promise<Result<StoredAudio, SoundProblem>>
  /** Whether the service has a voice. */
  canSpeak(): Promise<boolean>
}

export const soundServiceKey: InjectionKey<SoundService> = Symbol('sound service')

export const mostBytes = 20 * 1024 * 1024
/** Unsupported Media Type (RFC 9110 section 15.5.16). */
const notRead = 415

export const soundService: SoundService = {
  send(sound, progress) {
    // Of the two ways to ask, only this one tells how far it has come.
    let request = new XMLHttpRequest()
    let cancelled = false
    return {
      done: start(),
      cancel() {
        cancelled = true
        request.abort()
      },
    }

    async function start(): Promise<Result<StoredAudio, SoundProblem>> {
      if (sound.size > mostBytes) return failed('tooBig')
      const answer = await post(sound)
      if (request.status !== notRead) return answer
      // What the service does not read, this browser may: the telephones' own kinds among them.
      const made = await wavFrom(sound)
      if (cancelled) return failed('cancelled')
      if (!made.ok) return made.problem === 'tooLong' ? failed('tooBig') : answer
      return post(made.value)
    }

    function post(body: Blob) {
      request = new XMLHttpRequest()
      return new Promise<Result<StoredAudio, SoundProblem>>((resolve) => {
        request.upload.addEventListener('progress', ({ loaded, total }) => progress(total > 0 ? loaded / total : 0))
        request.addEventListener('load', () => resolve(readAnswer(request.status, request.responseText)))
        request.addEventListener('error', () => resolve(failed('noContact')))
        request.addEventListener('abort', () => resolve(failed('cancelled')))
        request.open('POST', audioPath)
        request.setRequestHeader('content-type', 'application/octet-stream')
        request.send(body)
      })
    }
  },

  async speak(text, language) {
    try {
      const answer = await fetch(speechPath, {
        method: 'POST',
        credentials: 'same-origin',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ text, language }),
      })
      return readAnswer(answer.status, await answer.text())
    } catch {
      return failed('noContact')
    }
  },

  async canSpeak() {
    try {
      const answer = await fetch(speechPath, { credentials: 'same-origin' })
      return answer.ok && offerSchema.parse(await answer.json()).available
    } catch {
      return false
    }
  },
}

const offerSchema = z.looseObject({ available: z.boolean() })
const faultSchema = z.looseObject({ error: z.looseObject({ kind: z.string() }) })
const storedSchema = z.looseObject({
  file: z.string(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  seconds: z.number().min(0),
  warnings: z.array(z.enum(['silent', 'clipped', 'quiet'])),
})

/** Reads an answer by its status (RFC 9110 section 15) and its JSON. */
export function readAnswer(status: number, body: string): Result<StoredAudio, SoundProblem> {
  if (status === 0) return failed('noContact')
  if (status === 401 || status === 403) return failed('forbidden')
  if (status === 413 || faultSchema.safeParse(parsed(body)).data?.error.kind === 'tooLong') return failed('tooBig')
  if (status === 429) return failed('tooMany')
  if (status >= 500) return failed('unavailable')
  if (status >= 400) return failed('notSound')
  const read = storedSchema.safeParse(parsed(body))
  return read.success ? ok(read.data) : failed('unavailable')
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}
