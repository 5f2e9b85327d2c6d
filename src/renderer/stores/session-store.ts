import { defineStore } from 'pinia'
import { ref } from 'vue'
import { z } from 'zod'
import { request, type HttpTrouble } from './service-http.ts'

export type SignInProblem = 'noContact' | 'refused' | 'limited' | 'link' | 'other'

/** Signing in and out over HTTP; who is signed in is told by the service, and kept in the console store. */
export const useSessionStore = defineStore('session', () => {
  const busy = ref(false)
  const redeeming = ref(false)
  const problem = ref<SignInProblem>()
  /** Signed in by a link a moment ago: a password may be chosen without an old one. */
  const passwordOffered = ref(false)

  async function enter(path: string, body: unknown, words: (trouble: HttpTrouble) => SignInProblem) {
    busy.value = true
    problem.value = undefined
    const answer = await request('POST', path, body)
    busy.value = false
    if (!answer.ok) problem.value = words(answer.problem)
    return answer
  }

  return {
    busy,
    redeeming,
    problem,
    passwordOffered,
    /** True when signed in. */
    signIn: async (name: string, password: string) =>
      (await enter('/api/session', { name, password }, signInProblem)).ok,
    /** True when signed in; a link works once, so it is never tried twice. */
    async redeem(link: string) {
      redeeming.value = true
      const answer = await enter('/api/session/link', { link }, linkProblem)
      redeeming.value = false
      passwordOffered.value = answer.ok && !hasPassword.safeParse(answer.value).success
      return answer.ok
    },
    async signOut() {
      await request('DELETE', '/api/session')
      passwordOffered.value = false
    },
    /** True when saved. */
    async choosePassword(password: string) {
      const { ok } = await request('POST', '/api/password', { password })
      if (ok) passwordOffered.value = false
      return ok
    },
  }
})

/** Of a `Redeemed`: whoever has a password already is not asked for another. */
const hasPassword = z.looseObject({ hasPassword: z.literal(true) })

function signInProblem(trouble: HttpTrouble): SignInProblem {
  if (trouble.kind === 'noContact') return 'noContact'
  if (trouble.status === 429) return 'limited'
  return trouble.status >= 500 ? 'other' : 'refused'
}

function linkProblem(trouble: HttpTrouble): SignInProblem {
  const otherwise = signInProblem(trouble)
  return otherwise === 'refused' ? 'link' : otherwise
}
