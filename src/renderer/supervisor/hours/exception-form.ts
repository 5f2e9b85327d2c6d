import type {
  Action,
  E164,
  Exception,
  ExceptionId,
  GroupNumberId,
  LocalDateTime,
  MessageId,
} from '../../../core/configuration/types.ts'
import type { LocalDate } from '../../../core/hours/local-date.ts'
import { failed, ok, type Result } from '../../../core/result.ts'
import { readPhoneNumber } from '../../shared/phone-field.ts'
import { dateOf, dayAfter, dayBefore, isMidnight } from './date-words.ts'
import { readDate } from './typed-date.ts'
import { readTime } from './typed-time.ts'

/** An exception as it is typed. */
export interface ExceptionForm {
  readonly name: string
  readonly effect: Exception['effect']
  /** Whole days: the last one is `toDate`; times are not looked at. */
  readonly wholeDays: boolean
  readonly fromDate: string
  readonly fromTime: string
  readonly toDate: string
  readonly toTime: string
  readonly yearly: boolean
  readonly message: MessageId | undefined
  /** `usual`: what the settings say; only what is closed has one. */
  readonly action: 'usual' | Action['do']
  readonly forwardTo: string
  readonly group: GroupNumberId | undefined
}

export type ExceptionField = 'name' | 'fromDate' | 'fromTime' | 'toDate' | 'toTime' | 'forwardTo' | 'group'

/** `hoursEdit.fault.KEY` words it. */
export type ExceptionFaults = Partial<Record<ExceptionField, ExceptionFault>>
export type ExceptionFault =
  'exceptionName' | 'date' | 'time' | 'endBeforeStart' | 'longerThanYear' | 'phone' | 'groupChoice'

export const emptyForm = (date: LocalDate): ExceptionForm => ({
  name: '',
  effect: 'closed',
  wholeDays: true,
  fromDate: date,
  fromTime: '08:00',
  toDate: date,
  toTime: '12:00',
  yearly: false,
  message: undefined,
  action: 'usual',
  forwardTo: '',
  group: undefined,
})

export function formOf(exception: Exception): ExceptionForm {
  const { name, effect, from, to, yearly, message, action } = exception
  const wholeDays = isMidnight(from) && isMidnight(to)
  return {
    ...emptyForm(dateOf(from)),
    name,
    effect,
    wholeDays,
    toDate: isMidnight(to) ? dayBefore(dateOf(to)) : dateOf(to),
    ...(!wholeDays && { fromTime: from.slice(11), toTime: isMidnight(to) ? '24:00' : to.slice(11) }),
    yearly: yearly === true,
    message,
    action: action?.do ?? 'usual',
    ...(action?.do === 'forward' && { forwardTo: action.to }),
    ...(action?.do === 'group' && { group: action.to }),
  }
}

/** The exception that was typed, or what is wrong with which field. */
export function exceptionOf(form: ExceptionForm, id: ExceptionId): Result<Exception, ExceptionFaults> {
  const { effect, yearly, message } = form
  const name = form.name.trim()
  const action = effect === 'closed' ? actionOf(form) : ok(undefined)
  const span = spanOfForm(form)
  if (name === '' || !action.ok || !span.ok)
    return failed({
      ...(name === '' && { name: 'exceptionName' }),
      ...(action.ok ? {} : action.problem),
      ...(span.ok ? {} : span.problem),
    })
  return ok({
    id,
    name,
    effect,
    ...span.value,
    ...(yearly && { yearly: true as const }),
    ...(message !== undefined && { message }),
    ...(action.value && { action: action.value }),
  })
}

function spanOfForm(form: ExceptionForm): Result<Pick<Exception, 'from' | 'to'>, ExceptionFaults> {
  const { wholeDays, fromDate, toDate } = form
  const fromTime = wholeDays ? '00:00' : readTime(form.fromTime, 'from')
  const toTime = wholeDays ? '24:00' : readTime(form.toTime, 'to')
  const faults: ExceptionFaults = {
    ...(!isDate(fromDate) && { fromDate: 'date' as const }),
    ...(!isDate(toDate) && { toDate: 'date' as const }),
    ...(fromTime === undefined && { fromTime: 'time' as const }),
    ...(toTime === undefined && { toTime: 'time' as const }),
  }
  if (!isDate(fromDate) || !isDate(toDate) || fromTime === undefined || toTime === undefined) return failed(faults)

  const from = `${fromDate}T${fromTime}` as LocalDateTime
  const to = (toTime === '24:00' ? `${dayAfter(toDate)}T00:00` : `${toDate}T${toTime}`) as LocalDateTime
  if (to <= from) return failed({ [wholeDays || toDate < fromDate ? 'toDate' : 'toTime']: 'endBeforeStart' })
  const yearOn = `${String(Number(from.slice(0, 4)) + 1).padStart(4, '0')}${from.slice(4)}`
  if (form.yearly && to > yearOn) return failed({ toDate: 'longerThanYear' })
  return ok({ from, to })
}

function actionOf(form: ExceptionForm): Result<Action | undefined, ExceptionFaults> {
  switch (form.action) {
    case 'usual':
      return ok(undefined)
    case 'forward': {
      const to: E164 | undefined = readPhoneNumber(form.forwardTo)
      return to === undefined ? failed({ forwardTo: 'phone' }) : ok({ do: 'forward', to })
    }
    case 'group':
      return form.group === undefined ? failed({ group: 'groupChoice' }) : ok({ do: 'group', to: form.group })
    case 'hangUp':
    case 'voicemail':
      return ok({ do: form.action })
  }
}

/** A day of the calendar; what is none stands as it was typed. */
const isDate = (text: string): text is LocalDate => readDate(text, text as LocalDate) === text
