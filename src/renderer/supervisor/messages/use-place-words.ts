import { useI18n } from 'vue-i18n'
import type { Chosen } from '../../../core/configuration/edits/effect.ts'
import type { Configuration, GroupNumber } from '../../../core/configuration/types.ts'
import type { Use } from './message-uses.ts'

/** Says where a message is chosen: `Kundtjänst, välkomstmeddelande, schemat Sommar`. */
export function usePlaceWords() {
  const { t } = useI18n()

  const within = (group: GroupNumber, chosen: Chosen | 'unchosen'): string => {
    if (chosen === 'unchosen') return t('messages.place.unchosen')
    switch (chosen.in) {
      case 'schedule':
        return t('messages.place.schedule', { name: nameOf(group.schedules, chosen.schedule) })
      case 'exception':
        return t('messages.place.exception', { name: nameOf(group.exceptions, chosen.exception) })
      case 'override':
        return t('messages.place.override')
      default:
        return ''
    }
  }

  return {
    place: (group: GroupNumber, use: Use, chosen: Chosen | 'unchosen') =>
      [group.name, t(`messages.use.${use}`), within(group, chosen)].filter((part) => part !== '').join(', '),
    groupOf: ({ groupNumbers }: Pick<Configuration, 'groupNumbers'>, id: string) =>
      groupNumbers.find((group) => group.id === id),
  }
}

const nameOf = (items: readonly { readonly id: string; readonly name: string }[], id: string) =>
  items.find((item) => item.id === id)?.name ?? id
