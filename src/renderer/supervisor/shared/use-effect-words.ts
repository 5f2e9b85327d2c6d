import { useI18n } from 'vue-i18n'
import { never } from '../../../core/brand.ts'
import type { Chosen, Effect } from '../../../core/configuration/edits/effect.ts'
import type { Configuration } from '../../../core/configuration/types.ts'
import { useSettingWords } from '../../configuration/use-setting-words.ts'

/** What an edit changes beside what it names, said with the names of `configuration`, as it was before the edit. */
export function useEffectWords(configuration: () => Configuration) {
  const { t } = useI18n()
  const { action } = useSettingWords(configuration)

  const nameOf = (items: readonly { readonly id: string; readonly name: string }[], id: string) =>
    items.find((item) => item.id === id)?.name ?? id
  const group = (id: string) => nameOf(configuration().groupNumbers, id)
  const agreement = (id: string) => nameOf(configuration().agreements, id)
  const message = (id: string | null) =>
    id === null ? t('configuration.silence') : nameOf(configuration().messages, id)
  const agent = (id: string) => {
    const found = configuration().agents.find((each) => each.id === id)
    return found === undefined ? id : `${found.firstName} ${found.lastName}`.trim()
  }

  function place(of: string, chosen: Chosen): string {
    const found = configuration().groupNumbers.find(({ id }) => id === of)
    switch (chosen.in) {
      case 'groupNumber':
        return group(of)
      case 'schedule':
        return `${group(of)}, ${nameOf(found?.schedules ?? [], chosen.schedule)}`
      case 'exception':
        return `${group(of)}, ${nameOf(found?.exceptions ?? [], chosen.exception)}`
      case 'override':
        return `${group(of)}, ${t('hours.reason.override')}`
      case 'setting':
        return `${group(of)}, ${t(`configuration.settingName.${chosen.setting}`)}`
      default:
        return never(chosen)
    }
  }

  function moved({ what, id, to }: Extract<Effect, { kind: 'moves' }>): string {
    const names = { agreement, agent, groupNumber: group } as const
    return t('supervisor.effect.moves', { name: names[what](id), to: agreement(to) })
  }

  return (effect: Effect): string => {
    switch (effect.kind) {
      case 'leaves':
        return t('supervisor.effect.leaves', { agent: agent(effect.agent), group: group(effect.group) })
      case 'nobodyLeft':
        return t('supervisor.effect.nobodyLeft', { group: group(effect.group) })
      case 'plays':
        return t('supervisor.effect.plays', {
          place: place(effect.group, effect.chosen),
          use: t(`configuration.kind.${effect.use}`),
          message: message(effect.message),
          instead: message(effect.instead),
        })
      case 'messageRemoved':
        return t('supervisor.effect.messageRemoved', { message: message(effect.message) })
      case 'action':
        return t('supervisor.effect.action', {
          place: place(effect.group, effect.chosen),
          instead: action(effect.instead),
        })
      case 'active': {
        const schedules = configuration().groupNumbers.find(({ id }) => id === effect.group)?.schedules ?? []
        return effect.schedule === null
          ? t('supervisor.effect.noneActive', { group: group(effect.group) })
          : t('supervisor.effect.active', { group: group(effect.group), schedule: nameOf(schedules, effect.schedule) })
      }
      case 'moves':
        return moved(effect)
      default:
        return never(effect)
    }
  }
}
