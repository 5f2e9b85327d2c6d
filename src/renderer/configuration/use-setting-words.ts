import { useI18n } from 'vue-i18n'
import type { Action, CallerRule, Configuration, Outcome, Settings } from '../../core/configuration/types.ts'
import { formatPhoneNumber } from '../shared/phone-number.ts'

type SettingKey = keyof Settings

/** Says the value of a setting in the window's language; a key more in `Settings` does not compile without its words. */
export function useSettingWords(configuration: () => Configuration) {
  const { t } = useI18n()

  const action = (given: Action | { readonly do: 'queue' }): string => {
    if (given.do === 'forward') return t('configuration.action.forward', { to: formatPhoneNumber(given.to) })
    if (given.do !== 'group') return t(`configuration.action.${given.do}`)
    const group = configuration().groupNumbers.find(({ id }) => id === given.to)
    return t('configuration.action.group', { to: group?.name ?? given.to })
  }

  const seconds = (count: number) => t('configuration.seconds', { count })
  const yesNo = (on: boolean) => t(on ? 'configuration.yes' : 'configuration.no')
  const callerRule = (rule: CallerRule) => {
    const who = 'number' in rule ? formatPhoneNumber(rule.number) : `${rule.prefix}…`
    return 'block' in rule
      ? t('configuration.callerBlocked', { who })
      : t('configuration.callerFirst', { who, priority: rule.priority })
  }

  const outcome = ({ code, name, active }: Outcome) =>
    t(active ? 'configuration.outcome' : 'configuration.outcomeInactive', { code, name })

  const words: Readonly<Record<SettingKey, (settings: Settings) => string>> = {
    strategy: ({ strategy }) => t(`configuration.strategy.${strategy}`),
    ringSeconds: ({ ringSeconds }) => seconds(ringSeconds),
    progressSeconds: ({ progressSeconds }) => seconds(progressSeconds),
    wrapUpSeconds: ({ wrapUpSeconds }) => seconds(wrapUpSeconds),
    escalateSeconds: ({ escalateSeconds }) =>
      escalateSeconds === null ? t('configuration.escalateNone') : seconds(escalateSeconds),
    missesBeforePause: ({ missesBeforePause }) =>
      missesBeforePause === 0 ? t('configuration.never') : String(missesBeforePause),
    maxQueueLength: ({ maxQueueLength }) => String(maxQueueLength),
    maxWaitSeconds: ({ maxWaitSeconds }) =>
      maxWaitSeconds === 0 ? t('configuration.noLimit') : seconds(maxWaitSeconds),
    comfortSeconds: ({ comfortSeconds }) => (comfortSeconds === 0 ? t('configuration.never') : seconds(comfortSeconds)),
    announcePosition: ({ announcePosition }) => yesNo(announcePosition),
    announceWait: ({ announceWait }) => yesNo(announceWait),
    welcome: ({ welcome }) => t(`configuration.welcomeHow.${welcome}`),
    whenClosed: ({ whenClosed }) => action(whenClosed),
    whenFull: ({ whenFull }) => action(whenFull),
    whenTimeout: ({ whenTimeout }) => action(whenTimeout),
    whenNoAgents: ({ whenNoAgents }) => action(whenNoAgents),
    atClosing: ({ atClosing }) => t(`configuration.atClosing.${atClosing}`),
    priority: ({ priority }) => String(priority),
    callers: ({ callers }) => (callers.length === 0 ? t('configuration.none') : callers.map(callerRule).join('; ')),
    presentCaller: ({ presentCaller }) => t(`configuration.presentCaller.${presentCaller}`),
    acceptOnPhone: ({ acceptOnPhone: { digit, seconds: count } }) => t('configuration.acceptOnPhone', { digit, count }),
    callback: ({ callback }) =>
      callback === null ? t('configuration.no') : t('configuration.callback', { ...callback }),
    voicemail: ({ voicemail }) => t('configuration.voicemail', { ...voicemail }),
    serviceLevelSeconds: ({ serviceLevelSeconds }) => seconds(serviceLevelSeconds),
    shortAbandonSeconds: ({ shortAbandonSeconds }) => seconds(shortAbandonSeconds),
    outcomes: ({ outcomes }) => (outcomes.length === 0 ? t('configuration.none') : outcomes.map(outcome).join('; ')),
    outcomeRequired: ({ outcomeRequired }) => yesNo(outcomeRequired),
    callPage: ({ callPage }) =>
      callPage === null ? t('configuration.none') : t(`configuration.callPage.${callPage.at}`, { url: callPage.url }),
  }

  return {
    action,
    /** The value of one setting in words. */
    setting: (key: SettingKey, settings: Settings): string => words[key](settings),
    keys: Object.keys(words) as readonly SettingKey[],
  }
}
