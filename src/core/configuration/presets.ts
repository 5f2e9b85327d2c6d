import type { Company, GroupNumber, Settings } from './types.ts'

/** What each setting is where a group number does not say (förinställda värden); seconds where not said. */
export const presets: Settings = {
  strategy: 'longestIdle',
  ringSeconds: 20,
  progressSeconds: 10,
  wrapUpSeconds: 30,
  escalateSeconds: null,
  missesBeforePause: 2,
  maxQueueLength: 50,
  maxWaitSeconds: 1200,
  comfortSeconds: 60,
  announcePosition: false,
  announceWait: false,
  welcome: 'playFirst',
  whenClosed: { do: 'hangUp' },
  whenFull: { do: 'hangUp' },
  whenTimeout: { do: 'hangUp' },
  whenNoAgents: { do: 'queue' },
  atClosing: 'serveQueue',
  priority: 0,
  callers: [],
  presentCaller: 'caller',
  acceptOnPhone: { digit: '1', seconds: 8 },
  callback: null,
  voicemail: { maxSeconds: 180, retentionDays: 90 },
  serviceLevelSeconds: 20,
  shortAbandonSeconds: 5,
  outcomes: [],
  outcomeRequired: false,
  callPage: null,
}

/** Every setting of a group number: its own where it has one, else the preset. */
export function settingsOf(group: Pick<GroupNumber, 'settings'>): Settings {
  return { ...presets, ...group.settings }
}

const presetServiceNumbers: NonNullable<Company['serviceNumbers']> = {
  logIn: { short: '833' },
  record: { short: '844' },
}

/** The company's own where it says any, even none; else the preset ones. */
export function serviceNumbersOf({ serviceNumbers }: Pick<Company, 'serviceNumbers'>) {
  return serviceNumbers ?? presetServiceNumbers
}
