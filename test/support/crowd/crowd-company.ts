import { createHash } from 'node:crypto'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { AgentId } from '../../../src/core/configuration/types.ts'
import { openAccounts } from '../../../src/service/accounts/open-accounts.ts'
import { systemClock } from '../../../src/service/clock.ts'

/** Of the one group number. */
export const number = '+46122260980'

export interface Furnishing {
  /** The trunk that its callers come from. */
  readonly callersAt: string
  /** What every caller is played before anybody is rung, a .wav of so many seconds; with it there is music too. */
  readonly welcome?: { readonly wav: Buffer; readonly seconds: number }
}

export interface Furnished {
  readonly directory: string
  /** The token of the admin's sign-in link. */
  readonly link: string
}

/** A data directory with one group number that is always open, and the music that we ship. */
export async function furnish(users: readonly string[], { callersAt, welcome }: Furnishing): Promise<Furnished> {
  const directory = mkdtempSync(join(tmpdir(), 'gruppnummer-crowd-'))
  mkdirSync(join(directory, 'audio'))
  const shipped = fileURLToPath(new URL('../../../resources/prerecorded', import.meta.url))
  const { messages } = JSON.parse(readFileSync(join(shipped, 'gruppnummer.json'), 'utf8')) as {
    messages: { id: string; kind: string; file: string; sha256: string; seconds: number }[]
  }
  const played = messages.filter(({ kind }) => kind === 'music' || (kind === 'welcome' && welcome !== undefined))
  for (const { kind, file } of played)
    if (kind === 'music') cpSync(join(shipped, file), join(directory, file))
    else writeFileSync(join(directory, file), welcome?.wav ?? '')
  const own = welcome && {
    seconds: welcome.seconds,
    sha256: createHash('sha256').update(welcome.wav).digest('hex'),
  }
  const of = (kind: string) => (welcome ? played.filter((message) => message.kind === kind).map(({ id }) => id) : [])
  const configuration = {
    ...crowdCompany(users, { welcome: of('welcome')[0] ?? null, music: of('music') }),
    messages: played.map((message) => (message.kind === 'welcome' ? { ...message, ...own } : message)),
  }
  writeFileSync(join(directory, 'gruppnummer.json'), JSON.stringify(configuration))
  writeFileSync(join(directory, 'trunks.json'), JSON.stringify([{ name: 'trunk', address: callersAt }]))
  const accounts = await openAccounts({ directory, clock: systemClock() })
  const { id } = await accounts.put({ name: 'admin', roles: ['admin'], supervises: [] }, 'crowd')
  for (const user of users)
    await accounts.put({ name: user, roles: ['agent'], agent: user as AgentId, supervises: [] }, 'crowd')
  const link = await accounts.makeLink(id, 3_600_000)
  await accounts.close()
  return { directory, link }
}

const allDay = [{ from: '00:00', to: '24:00' }]
/** One group number that is always open, with agents at softphones; played: ids of messages. */
export const crowdCompany = (
  users: readonly string[],
  played: { readonly welcome: string | null; readonly music: string[] },
) => ({
  schemaVersion: 1,
  company: { name: 'Crowd', timeZone: 'Europe/Stockholm', language: 'sv', country: 'SE' },
  agreements: [{ id: 'agreement', name: 'Avtal' }],
  agents: users.map((id, at) => ({
    id,
    firstName: id,
    lastName: 'Ek',
    phone: `+46701${String(at).padStart(6, '0')}`,
    agreement: 'agreement',
    answersAt: 'softphone',
  })),
  groupNumbers: [
    {
      id: 'support',
      number,
      name: 'Support',
      agreement: 'agreement',
      members: users.map((agent) => ({ agent })),
      schedules: [
        {
          id: 'always',
          name: 'Always',
          week: Object.fromEntries(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].map((day) => [day, allDay])),
        },
      ],
      activeSchedule: 'always',
      exceptions: [],
      messages: { closed: null, comfort: null, overflow: null, ...played },
      settings: { wrapUpSeconds: 0, maxQueueLength: 1000 },
    },
  ],
})

/** In pjsip.conf, in place of the softphone that the service would make. */
export const telephone = (user: string, at: string) => `[${user}]
type=endpoint
context=gruppnummer-desks
disallow=all
allow=alaw
aors=${user}
direct_media=no
device_state_busy_at=1

[${user}]
type=aor
contact=sip:${user}@${at}
`

export const userNames = (count: number) => Array.from({ length: count }, (_, at) => `agent-${String(at + 1)}`)
