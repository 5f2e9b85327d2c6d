import { useRoute, type RouteLocationRaw } from 'vue-router'
import { never } from '../../../core/brand.ts'
import type { Configuration } from '../../../core/configuration/types.ts'
import type { CallerStep } from '../../../core/hours/caller-way.ts'
import { useSettingWords } from '../../configuration/use-setting-words.ts'
import { formatPhoneNumber } from '../../shared/phone-number.ts'
import { useWords } from '../../shared/use-words.ts'
import { routeOf, type SectionName } from '../route-of.ts'

/** How the script says a step, the rule that decided it, and where that rule is kept. */
export function useStepWords(configuration: () => Configuration) {
  const { t, opening, reason } = useWords()
  const { action } = useSettingWords(configuration)
  const route = useRoute()

  const groupName = (id: string) => configuration().groupNumbers.find((group) => group.id === id)?.name ?? id
  const messageName = (id: string) => configuration().messages.find((message) => message.id === id)?.name ?? id
  const agentNames = (ids: readonly string[]) => {
    const known = new Map(
      configuration().agents.map(({ id, firstName, lastName }) => [id as string, `${firstName} ${lastName}`.trim()]),
    )
    const names = ids.slice(0, 4).map((id) => known.get(id) ?? id)
    return ids.length > 4
      ? `${names.join(', ')} ${t('supervisor.save.more', { count: ids.length - 4 })}`
      : names.join(', ')
  }

  function words(step: CallerStep): string {
    switch (step.kind) {
      case 'arrives':
        return `${groupName(step.group)}: ${opening(step)}`
      case 'blocked':
        return t('overview.step.blocked')
      case 'priority':
        return t('overview.step.priority', { priority: 'priority' in step.rule ? step.rule.priority : 0 })
      case 'plays': {
        const as = t(`configuration.kind.${step.as}`)
        if (step.message === null) return t('overview.step.silence', { as })
        const played = t('overview.step.plays', {
          as,
          name: messageName(step.message),
          seconds: Math.round(step.seconds),
        })
        return step.every === undefined ? played : `${played} ${t('overview.step.every', { seconds: step.every })}`
      }
      case 'announces':
        return `${t(announced(step))} ${t('overview.step.every', { seconds: step.every })}`
      case 'queued':
        return t('overview.step.queued', { position: step.position })
      case 'music':
        return step.messages.length === 0
          ? t('overview.step.noMusic')
          : t('overview.step.music', { names: step.messages.map(messageName).join(', ') })
      case 'rings':
        return t(step.all ? 'overview.step.ringsAll' : 'overview.step.rings', {
          names: agentNames(step.agents),
          seconds: step.seconds,
        })
      case 'answered':
        return t('overview.step.answered')
      case 'waitsOn':
        return t('overview.step.waitsOn')
      case 'leaves':
        return t(`overview.step.leaves.${step.why}`, { then: action(step.then) })
      case 'forwarded':
        return t('overview.step.forwarded', { to: formatPhoneNumber(step.to) })
      case 'voicemail':
        return t('overview.step.voicemail', { seconds: step.maxSeconds })
      case 'hungUp':
        return t('overview.step.hungUp')
      default:
        return never(step)
    }
  }

  function rule(step: CallerStep): string | undefined {
    switch (step.kind) {
      case 'arrives':
        return reason(step.reason)
      case 'plays':
        return t(`overview.chosenBy.${step.chosenBy}`)
      case 'music':
        return t(`overview.chosenBy.${step.chosenBy}`)
      case 'blocked':
      case 'priority':
        return `${t('configuration.settingName.callers')}: ${'number' in step.rule ? formatPhoneNumber(step.rule.number) : `${step.rule.prefix}…`}`
      case 'leaves':
        return step.asked === undefined ? settingOf(step) : t('overview.step.asked', { asked: action(step.asked) })
      case 'rings':
        return t('configuration.settingName.strategy')
      default:
        return undefined
    }
  }

  function settingOf({ why }: Extract<CallerStep, { kind: 'leaves' }>): string {
    return t(`configuration.settingName.${leavesBy[why]}`)
  }

  function ruleTo(step: CallerStep): RouteLocationRaw | undefined {
    const name = sectionOf(step)
    if (name === undefined) return undefined
    const there = routeOf({ name, of: 'groupNumber' })
    if (route.name === there && route.params.group === step.group) return undefined
    return { name: there, params: { group: step.group } }
  }

  return { words, rule, ruleTo }
}

function announced({ position, wait }: Extract<CallerStep, { kind: 'announces' }>) {
  if (!wait) return 'overview.step.announces.position'
  return position ? 'overview.step.announces.both' : 'overview.step.announces.wait'
}

const leavesBy = {
  closed: 'whenClosed',
  closing: 'atClosing',
  full: 'whenFull',
  timeout: 'whenTimeout',
  noAgents: 'whenNoAgents',
  blocked: 'callers',
} as const

function sectionOf(step: CallerStep): SectionName | undefined {
  switch (step.kind) {
    case 'arrives':
      return step.reason.kind === 'override' ? 'overview' : 'hours'
    case 'plays':
      return step.chosenBy === 'exception' || step.chosenBy === 'schedule' ? 'hours' : 'messages'
    case 'music':
      return 'messages'
    case 'blocked':
    case 'priority':
    case 'leaves':
    case 'rings':
    case 'announces':
    case 'voicemail':
      return 'settings'
    default:
      return undefined
  }
}
