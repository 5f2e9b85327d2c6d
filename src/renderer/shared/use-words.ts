import { computed, inject, type ComputedRef, type InjectionKey } from 'vue'
import { useI18n } from 'vue-i18n'
import type { GroupLive } from '../../contract/console.ts'
import { instant, type Instant } from '../../core/time.ts'
import type { Locale } from '../i18n/i18n.ts'
import { formatMoment } from './moment.ts'
import { formatPhoneNumber } from './phone-number.ts'

/** The service's time, ticking. */
export const nowKey: InjectionKey<ComputedRef<Instant>> = Symbol('now')
/** The company's IANA zone: every time shown is by its clock. */
export const timeZoneKey: InjectionKey<ComputedRef<string>> = Symbol('time zone')

interface Ringing {
  readonly from?: string
  readonly name?: string
  readonly groupName?: string
}

/** How this window says times, callers and opening hours, in the language chosen. */
export function useWords() {
  const { t, locale } = useI18n()
  const now = inject(nowKey)
  const timeZone = inject(timeZoneKey)
  if (now === undefined || timeZone === undefined) throw new Error('words need the time and its zone')

  /** Only its day counts for how a moment is said: what shows one is drawn anew once a minute, not at every tick. */
  const minute = computed(() => instant(Math.floor(now.value / 60_000) * 60_000))
  const moment = (at: Instant, precision?: 'minutes' | 'seconds') =>
    formatMoment({ at, now: minute.value, timeZone: timeZone.value, locale: locale.value as Locale }, precision)

  const party = ({ from, name }: Ringing) => (from === undefined ? (name ?? t('call.hidden')) : formatPhoneNumber(from))

  return {
    t,
    now,
    moment,
    /** A caller's number, or that it is hidden. */
    caller: (from: string | undefined) => (from === undefined ? t('call.hidden') : formatPhoneNumber(from)),
    /** Who is at the other side: a number, a colleague's name, or that it is hidden. */
    party,
    /** Who rings, and which group number; a colleague rings no group number. */
    ringingFrom: (call: Ringing) =>
      call.groupName === undefined
        ? t('call.ringingFromColleague', { caller: party(call) })
        : t('call.ringingFrom', { caller: party(call), group: call.groupName }),
    /** `Öppet till 16:00`. */
    opening: ({ open, next }: Pick<GroupLive, 'open' | 'next'>) => {
      if (next === null) return t(open ? 'hours.open' : 'hours.closed')
      return t(open ? 'hours.openUntil' : 'hours.closedUntil', { time: moment(next.at) })
    },
    /** Why it is open or closed: the override, or the name of the exception or schedule. */
    reason: ({ kind, name }: GroupLive['reason']) => {
      if (kind === 'override' || kind === 'noSchedule') return t(`hours.reason.${kind}`)
      if (name === undefined) return t(kind === 'exception' ? 'hours.exceptionUnnamed' : 'hours.scheduleUnnamed')
      return t(`hours.reason.${kind}`, { name })
    },
    /** A reason of ours in the window's language, or the agent's own words. */
    pauseReason: (reason: string) => (pauseReasons.includes(reason) ? t(`desk.pauseReason.${reason}`) : reason),
  }
}

/** Kept in the journal by these names, so that they read alike in both languages. */
export const pauseReasons: readonly string[] = ['lunch', 'break', 'meeting', 'training']
