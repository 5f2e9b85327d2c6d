import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Configuration, Settings } from '../../../src/core/configuration/types.ts'
import { toneWav } from './tones.ts'

/** Every sound and every party has a pitch of its own, in Hz: whoever hears it knows who it is. */
export const tones = {
  welcome: 440,
  music: 620,
  closed: 800,
  fallback: 530,
  caller: 1000,
  laterCaller: 2100,
  anna: 1300,
  ben: 1700,
  ownWelcome: 1150,
  eveningWelcome: 1500,
  comfort: 720,
  outside: 2400,
  cora: 2700,
}
export type Tone = keyof typeof tones

/** Open day and night; anna and ben are its members. */
export const openNumber = '+46122260980'
/** Without opening hours, and so always closed. */
export const closedNumber = '+46122260981'
export const openName = 'Support'
export const closedName = 'Night'
/** Of Cia, who belongs to the agreement below, and answers in no group number. */
export const phoneOfSubAgreement = '+46701000003'

/** Changes the document that is to be written; it is only read by the service. */
export type Adapt = (company: WrittenCompany) => void
interface WrittenCompany {
  readonly agents: object[]
  readonly groupNumbers: object[]
  readonly messages: object[]
  /** An agent of the company's first agreement. */
  readonly agent: (id: string, about: object) => object
  /** A group number of the company's first agreement: open day and night, no rest after a call. */
  readonly groupNumber: (
    id: string,
    about: { number: string; members: readonly string[]; settings?: Partial<Settings>; messages?: object },
  ) => object
  /** A message that is a tone, and its file. */
  readonly message: (id: Tone, kind: string, seconds: number) => object
}

/** Writes a data directory's configuration: one company, whose messages are tones. */
export function writeCompany(directory: string, settings: Partial<Settings> = {}, adapt: Adapt = () => undefined) {
  mkdirSync(join(directory, 'audio'), { recursive: true })
  const allDay = [{ from: '00:00', to: '24:00' }]
  const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']
  const message = (id: Tone, kind: string, seconds: number) => {
    const file = `audio/${id}.wav`
    const wav = toneWav(tones[id], { seconds, rate: 8000 })
    writeFileSync(join(directory, file), wav)
    const sha256 = createHash('sha256').update(wav).digest('hex')
    return { id, name: id, kind, language: 'sv', transcript: id, seconds, file, sha256, origin: 'prerecorded' }
  }
  const schedule = { id: 'always', name: 'Always', week: Object.fromEntries(days.map((day) => [day, allDay])) }
  const configuration = {
    schemaVersion: 1,
    company: { name: 'Exempel AB', timeZone: 'Europe/Stockholm', language: 'sv', country: 'SE' },
    agreements: [
      { id: 'agreement', name: 'Avtal' },
      { id: 'sub', name: 'Filial', parent: 'agreement' },
    ],
    agents: [
      {
        id: 'anna',
        firstName: 'Anna',
        lastName: 'Ek',
        phone: '+46701000001',
        agreement: 'agreement',
        answersAt: 'softphone',
      },
      {
        id: 'ben',
        firstName: 'Ben',
        lastName: 'Lund',
        phone: '+46701000002',
        agreement: 'agreement',
        answersAt: 'softphone',
      },
      {
        id: 'cia',
        firstName: 'Cia',
        lastName: 'Berg',
        phone: phoneOfSubAgreement,
        agreement: 'sub',
        answersAt: 'softphone',
      },
    ],
    groupNumbers: [
      {
        id: 'support',
        number: openNumber,
        name: openName,
        agreement: 'agreement',
        members: [{ agent: 'anna' }, { agent: 'ben' }],
        schedules: [schedule],
        activeSchedule: 'always',
        exceptions: [],
        messages: { music: ['music'] },
        settings: { strategy: 'fixedOrder', wrapUpSeconds: 0, ...settings },
      },
      {
        id: 'night',
        number: closedNumber,
        name: closedName,
        agreement: 'agreement',
        members: [],
        schedules: [],
        exceptions: [],
        messages: { music: [] },
        settings: {},
      },
    ],
    messages: [
      message('welcome', 'welcome', 1),
      message('closed', 'closed', 2),
      message('fallback', 'overflow', 1),
      message('music', 'music', 2),
    ],
  } satisfies Record<keyof Configuration, unknown>
  adapt({
    ...configuration,
    message,
    agent: (id, about) => ({
      id,
      firstName: id.slice(0, 1).toUpperCase() + id.slice(1),
      lastName: '',
      agreement: 'agreement',
      ...about,
    }),
    groupNumber: (id, { members, settings: own = {}, messages = { music: ['music'] }, ...about }) => ({
      id,
      name: id,
      agreement: 'agreement',
      members: members.map((agent) => ({ agent })),
      schedules: [schedule],
      activeSchedule: 'always',
      exceptions: [],
      messages,
      settings: { strategy: 'fixedOrder', wrapUpSeconds: 0, ...own },
      ...about,
    }),
  })
  writeFileSync(join(directory, 'gruppnummer.json'), `${JSON.stringify(configuration, null, 2)}\n`)
}
