import { onScopeDispose, watch, type ComputedRef } from 'vue'
import { useI18n } from 'vue-i18n'
import { useRouter } from 'vue-router'
import type { AgentLive } from '../../contract/console.ts'
import type { DesktopNotices } from '../../contract/desktop.ts'
import type { DeskCall } from '../desk/desk-call.ts'
import { useSoftphoneStore } from '../desk/softphone-store.ts'
import { formatPhoneNumber } from '../shared/phone-number.ts'
import { useConsoleStore } from '../stores/console-store.ts'
import { usePreferencesStore } from '../stores/preferences-store.ts'

/** Joins the console with the desktop program, where it runs in it: what rings and how the agent is, told; what is asked there, done. */
export function useDesktop(me: ComputedRef<AgentLive | undefined>, call: ComputedRef<DeskCall>) {
  const { desktop } = window
  if (desktop === undefined) return
  const { t } = useI18n()
  const service = useConsoleStore()
  const softphone = useSoftphoneStore()
  const preferences = usePreferencesStore()
  const router = useRouter()

  const ringing = () => (call.value.kind === 'ringing' ? call.value : undefined)
  watch(
    [() => ringing()?.offer, () => ringing()?.from, () => ringing()?.groupName, () => preferences.locale],
    ([offer, from, groupName]) => {
      if (offer === undefined) return void desktop.stopRinging()
      const title = from === undefined ? t('call.hidden') : formatPhoneNumber(from)
      const body = groupName ?? t('app.name')
      void desktop.showRinging({ title, body, answer: t('call.answer'), reject: t('call.reject') })
    },
    { immediate: true },
  )
  watch(
    [() => me.value?.state, () => service.link.state, () => preferences.locale],
    ([state = 'loggedOut', link, language]) => {
      const mark = link === 'waiting' ? 'problem' : state
      void desktop.showState({ mark, words: t(`state.${mark}`), language })
    },
    { immediate: true },
  )

  const acts: Readonly<Record<DesktopNotices['asked'], () => unknown>> = {
    show: () => undefined,
    answer: () =>
      call.value.kind === 'ringing' && call.value.answer === 'here' && softphone.phone?.answer(call.value.offer),
    reject: () =>
      call.value.kind === 'ringing' && call.value.answer === 'here' && softphone.phone?.reject(call.value.offer),
    mute: () => softphone.phone?.mute(softphone.call?.muted !== true),
    hangUp() {
      if (call.value.kind !== 'ongoing') return
      const agent = me.value?.agent
      const ended = call.value.call
      // Both ways, as the desk does: a BYE on a dead socket is lost.
      if (call.value.where === 'here') void softphone.phone?.hangUp()
      if (agent !== undefined) void service.ask({ type: 'hangUp', agent, call: ended })
    },
  }
  const stops = [
    desktop.on('asked', (act) => {
      if (act === 'answer') void router.push({ name: 'desk' })
      void acts[act]()
    }),
    desktop.on('woke', () => service.tryNow()),
  ]
  onScopeDispose(() => {
    for (const stop of stops) stop()
  })
}
