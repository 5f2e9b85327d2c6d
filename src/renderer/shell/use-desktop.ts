import { onScopeDispose, watch, type ComputedRef } from 'vue'
import { useI18n } from 'vue-i18n'
import { useRouter } from 'vue-router'
import type { AgentLive } from '../../contract/console.ts'
import type { DeskCall } from '../desk/desk-call.ts'
import { useCallActs } from '../desk/use-call-acts.ts'
import { shownState } from '../shared/agent-state.ts'
import { formatPhoneNumber } from '../shared/phone-number.ts'
import { useConsoleStore } from '../stores/console-store.ts'
import { usePreferencesStore } from '../stores/preferences-store.ts'

/** Joins the console with the desktop program, where it runs in it: what rings and how the agent is, told; what is asked there, done. */
export function useDesktop(me: ComputedRef<AgentLive | undefined>, call: ComputedRef<DeskCall>) {
  const { desktop } = window
  if (desktop === undefined) return
  const { t } = useI18n()
  const service = useConsoleStore()
  const preferences = usePreferencesStore()
  const router = useRouter()

  const ringing = () => (call.value.kind === 'ringing' ? call.value : undefined)
  watch(
    [
      () => ringing()?.offer,
      () => ringing()?.from,
      () => ringing()?.name,
      () => ringing()?.groupName,
      () => preferences.locale,
    ],
    ([offer, from, name, groupName]) => {
      if (offer === undefined) return void desktop.stopRinging()
      const title = from === undefined ? (name ?? t('call.hidden')) : formatPhoneNumber(from)
      const body = groupName ?? t('app.name')
      void desktop.showRinging({ title, body, answer: t('call.answer'), reject: t('call.reject') })
    },
    { immediate: true },
  )
  watch(
    [() => me.value && shownState(me.value), () => service.link.state, () => preferences.locale],
    ([state = 'loggedOut', link, language]) => {
      const mark = link === 'waiting' ? 'problem' : state
      void desktop.showState({ mark, words: t(`state.${mark}`), language })
    },
    { immediate: true },
  )

  const acts = { ...useCallActs(me, call), show: () => undefined }
  const stops = [
    desktop.on('asked', (act) => {
      if (act === 'answer') void router.push({ name: 'desk' })
      acts[act]()
    }),
  ]
  onScopeDispose(() => {
    for (const stop of stops) stop()
  })
}
