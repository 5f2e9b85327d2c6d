import { defineStore } from 'pinia'
import { computed, inject, shallowRef, watch, type InjectionKey } from 'vue'
import type { SignedIn } from '../../contract/console.ts'
import { instant } from '../../core/time.ts'
import { parseConfigurationRead } from '../configuration/parse-read.ts'
import { useConsoleStore } from '../stores/console-store.ts'
import { isTooOld, withoutCallers, type KeptCopies, type KeptCopy } from './kept-copy.ts'

/** Absent: nothing may be kept in this window. */
export const keptCopiesKey: InjectionKey<KeptCopies> = Symbol('kept copies')

const key = 'gruppnummer.keepCopy'

/**
 * Keeps the last configuration that this account may see, where it was asked to.
 *
 * The copy goes when the account signs out, when the service says that it is signed in no more or may read less, when
 * another account signs in, and after 30 days.
 */
export const useKeptCopyStore = defineStore('keptCopy', () => {
  const copies = inject(keptCopiesKey, undefined)
  const service = useConsoleStore()
  const copy = shallowRef<KeptCopy>()
  /** The account that asked for it in this browser. */
  const askedBy = shallowRef(readAskedBy())
  const now = () => instant(service.machineNow() + service.offset)

  const account = computed(() => service.signedIn?.account)
  const always = copies?.always === true
  const wanted = computed(() => account.value !== undefined && (always || askedBy.value === account.value))
  /** What is kept follows this: who, with which rights, of which revision. */
  const due = computed(() =>
    service.link.state === 'open' && service.signedIn
      ? JSON.stringify([service.signedIn, service.live?.service.service.revision, wanted.value])
      : undefined,
  )
  watch(
    due,
    (is) => {
      if (is !== undefined) void follow()
    },
    { immediate: true },
  )
  watch(
    () => service.link,
    (link) => {
      if (link.state === 'ended' && link.why !== 'protocol') void forget()
    },
  )
  void look()

  async function look() {
    const found = await copies?.read()
    if (found === undefined) return
    if (isTooOld(found, now())) return forget()
    copy.value ??= found
  }

  async function follow() {
    const { signedIn } = service
    if (copies === undefined || signedIn === undefined) return
    // Until the service has said anew what may be read, the old copy may hold too much.
    if (!wanted.value || !mayRead(signedIn)) return remove()
    const before = copy.value ?? (await copies.read())
    if (before !== undefined && before.account !== signedIn.account) await remove()
    const mine = due.value
    const reply = await service.ask({ type: 'readConfiguration' })
    if (mine !== due.value) return
    const read = reply.ok ? parseConfigurationRead(reply.value) : undefined
    if (read === undefined) return reply.ok || reply.problem === 'forbidden' ? remove() : undefined
    const configuration = withoutCallers(read.configuration)
    copy.value = { account: signedIn.account, revision: read.revision, at: now(), configuration }
    await copies.keep(copy.value)
  }

  async function remove() {
    copy.value = undefined
    await copies?.remove()
  }
  async function forget() {
    want(undefined)
    await remove()
  }
  function want(who: string | undefined) {
    askedBy.value = who
    try {
      if (who === undefined) localStorage.removeItem(key)
      else localStorage.setItem(key, who)
    } catch {
      // Storage forbidden: the choice holds for as long as the window.
    }
  }

  return {
    /** Whether a copy may be kept here at all. */
    isPossible: copies !== undefined,
    /** It is kept without being asked for. */
    always,
    copy,
    wanted,
    /** From now on, or no more. */
    setWanted: (on: boolean) => want(on ? account.value : undefined),
  }
})

const mayRead = ({ roles }: SignedIn) => roles.some((role) => role !== 'agent')

function readAskedBy(): string | undefined {
  try {
    return localStorage.getItem(key) ?? undefined
  } catch {
    return undefined
  }
}
