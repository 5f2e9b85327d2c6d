import { findNotBuilt } from '../../../core/routing/not-built.ts'
import type {
  AgentId,
  AgreementId,
  Configuration,
  E164,
  GroupNumberId,
  Settings,
} from '../../../core/configuration/types.ts'
import type { SettingKey } from './settings-table.ts'

/** Settings that calls do not get yet, and whether the action `voicemail` is such. */
export interface NotInForce {
  readonly settings: ReadonlySet<SettingKey>
  readonly voicemail: boolean
}

/** Asks core with a document that uses everything, so that what is built later is in force here by itself. */
export function findNotInForce(): NotInForce {
  const problems = findNotBuilt(everything)
  const silent = new Set<SettingKey>()
  let voicemail = false
  for (const { path } of problems) {
    const [list, , part, key] = path
    if (list === 'agents') silent.add('acceptOnPhone')
    else if (part === 'settings' && key === 'whenClosed') voicemail = true
    else if (part === 'settings' && isSetting(key)) silent.add(key)
  }
  if (voicemail) silent.add('voicemail')
  return { settings: silent, voicemail }
}

const used: Partial<Settings> = {
  whenClosed: { do: 'voicemail' },
  announcePosition: true,
  announceWait: true,
  callback: { digit: '1', afterSeconds: 0, tries: 1, untilHours: 1 },
}
const isSetting = (key: unknown): key is SettingKey => typeof key === 'string' && Object.hasOwn(used, key)

const agreement = 'agreement' as AgreementId
const everything: Configuration = {
  schemaVersion: 1,
  company: { name: 'Any', timeZone: 'Europe/Stockholm', language: 'sv', country: 'SE' },
  agreements: [{ id: agreement, name: 'Any' }],
  agents: [
    {
      id: 'agent' as AgentId,
      firstName: '',
      lastName: '',
      phone: '+46700000000' as E164,
      agreement,
      answersAt: 'phone',
    },
  ],
  groupNumbers: [
    {
      id: 'group' as GroupNumberId,
      number: '+46700000001' as E164,
      name: 'Any',
      agreement,
      members: [{ agent: 'agent' as AgentId }],
      schedules: [],
      exceptions: [],
      messages: { music: [] },
      settings: used,
    },
  ],
  messages: [],
}
