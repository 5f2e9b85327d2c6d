import { useI18n } from 'vue-i18n'
import type { FieldPath } from '../../core/configuration/fields.ts'
import type { Configuration } from '../../core/configuration/types.ts'

/** Where a field is, with the names of what it is in: `Kundtjänst › öppettider › Ordinarie schema › mån`. */
export function usePlaceInWords() {
  const i18n = useI18n()
  const { t } = i18n
  const te = (key: string) => i18n.te(key)
  const word = (part: string) => {
    if (te(`supervisor.fieldName.${part}`)) return t(`supervisor.fieldName.${part}`)
    if (te(`configuration.settingName.${part}`)) return t(`configuration.settingName.${part}`)
    return te(`configuration.day.${part}`) ? t(`configuration.day.${part}`) : part
  }
  return (path: FieldPath, configuration: Configuration): string => {
    const names = namesIn(configuration)
    return path
      .slice(path.length > 1 ? 1 : 0)
      .map((part) => names.get(part) ?? word(part))
      .join(' › ')
  }
}

/** A value of the document, its ids said by name. */
export function valueInWords(value: unknown, configuration: Configuration): string {
  const names = namesIn(configuration)
  const say = (given: unknown): string => {
    if (typeof given === 'string') return names.get(given) ?? given
    if (Array.isArray(given)) return given.map(say).join(', ')
    if (typeof given !== 'object' || given === null) return given === null ? '–' : JSON.stringify(given)
    return Object.entries(given)
      .filter(([key]) => key !== 'id')
      .map(([, each]) => say(each))
      .join(' ')
  }
  return say(value)
}

/** Everything that has an id, by its name. */
export function namesIn({ agreements, agents, groupNumbers, messages }: Configuration): ReadonlyMap<string, string> {
  return new Map<string, string>([
    ...agreements.map(({ id, name }) => [id, name] as const),
    ...agents.map(({ id, firstName, lastName }) => [id, `${firstName} ${lastName}`.trim()] as const),
    ...messages.map(({ id, name }) => [id, name] as const),
    ...groupNumbers.flatMap(({ id, name, schedules, exceptions }) => [
      [id, name] as const,
      ...[...schedules, ...exceptions].map((each) => [each.id, each.name] as const),
    ]),
  ])
}
