import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { changedFields } from '../../src/core/configuration/changed-fields.ts'
import { applyEdits } from '../../src/core/configuration/edits/apply-edits.ts'
import { parseConfigurationText } from '../../src/core/configuration/parse.ts'
import type { Edit } from '../../src/core/configuration/edits/edit-schema.ts'
import type { Configuration, GroupNumberId } from '../../src/core/configuration/types.ts'
import { after, instant, millis } from '../../src/core/time.ts'
import { noAccounts, writeDocument } from '../../src/service/accounts/account-document.ts'
import { openAccounts } from '../../src/service/accounts/open-accounts.ts'
import { systemClock } from '../../src/service/clock.ts'
import { openJournal } from '../../src/service/journal/open-journal.ts'
import { openConfigurationStore } from '../../src/service/store/open-configuration-store.ts'
import { largeCompany, type Size } from './large-company.ts'

const prerecorded = fileURLToPath(new URL('../../resources/prerecorded', import.meta.url))
const versions = 40
const audited = 1000
const linkLife = 600_000
const supervised = ['group-0', 'group-1'] as GroupNumberId[]

/**
 * Writes a data directory as a company of that size has it after some weeks: an account for everybody, all agents logged
 * in, versions by turns of many group numbers, and a long audit log.
 *
 * @returns the tokens of sign-in links: of an admin, and of a supervisor of the first two group numbers.
 */
export async function furnishCompany(directory: string, size: Size): Promise<{ admin: string; supervisor: string }> {
  mkdirSync(directory, { recursive: true })
  cpSync(join(prerecorded, 'audio'), join(directory, 'audio'), { recursive: true })
  const company = { ...withOneLarge(largeCompany(size)), messages: prerecordedMessages() }
  await keepVersions(directory, company)
  await logEverybodyIn(directory, company)
  return makeAccounts(directory, company)
}

/** The first group number has everybody as a member, and a fourth of all exceptions: its pages are the longest. */
function withOneLarge(company: Configuration): Configuration {
  const [first, ...others] = company.groupNumbers
  if (first === undefined) return company
  const exceptions = company.groupNumbers.flatMap((group) => group.exceptions)
  const own = exceptions
    .slice(0, exceptions.length / 4)
    .map((exception, index) => ({ ...exception, id: `own-${index}` as typeof exception.id }))
  const kept = Math.floor((exceptions.length - own.length) / Math.max(1, others.length))
  return {
    ...company,
    groupNumbers: [
      { ...first, members: company.agents.map(({ id }) => ({ agent: id })), exceptions: own },
      ...others.map((group) => ({ ...group, exceptions: group.exceptions.slice(0, kept) })),
    ],
  }
}

function prerecordedMessages(): Configuration['messages'] {
  const parsed = parseConfigurationText(readFileSync(join(prerecorded, 'gruppnummer.json'), 'utf8'))
  if (!parsed.ok) throw new Error('the prerecorded messages cannot be read')
  return parsed.value.messages
}

async function keepVersions(directory: string, initial: Configuration): Promise<void> {
  const store = await openConfigurationStore({ directory, clock: systemClock(), initial })
  for (let at = 0; at < versions; at += 1) {
    const { revision, configuration } = store.current()
    const made = applyEdits(configuration, [editAt(at, configuration)])
    if (!made.ok) throw new Error(JSON.stringify(made.problem))
    const changes = changedFields(configuration, made.value)
    const touches = [...new Set(changes.map(({ path }) => path.slice(0, 2).join('/')))]
    const summary = `Ändring ${at}`
    const kept = await store.change({ onto: revision, author: 'admin', summary, configuration: made.value, touches })
    if (!kept.ok) throw new Error(JSON.stringify(kept.problem))
  }
  await store.close()
}

/** Every fifth is of the supervisor's own group number, every fifth of an agent. */
function editAt(at: number, { agents, groupNumbers }: Configuration): Edit {
  const agent = agents[at % agents.length]
  if (at % 5 === 1 && agent) return { type: 'putAgent', agent: { ...agent, lastName: `Gift ${at}` } }
  const group = `group-${at % 5 === 0 ? 0 : at % groupNumbers.length}` as GroupNumberId
  return { type: 'renameGroupNumber', group, name: `Nytt namn ${at}` }
}

async function logEverybodyIn(directory: string, { agents }: Configuration): Promise<void> {
  const clock = systemClock()
  const journal = await openJournal({ file: join(directory, 'journal.sqlite'), clock })
  const since = instant(clock.now() - 3_600_000)
  journal.append(
    agents.map(({ id }, index) => ({
      kind: 'event',
      event: { type: 'loggedIn', agent: id, at: after(since, millis(index)) },
    })),
  )
  await journal.close()
}

async function makeAccounts(directory: string, { agents }: Configuration) {
  const kept = agents.map(({ id, firstName }, index) => ({
    id: `account-${index}`,
    name: firstName,
    roles: ['agent'] as const,
    agent: id,
    supervises: [],
  }))
  // All at once: each kept by itself takes a disk's time.
  writeFileSync(join(directory, 'accounts.json'), writeDocument({ ...noAccounts, accounts: kept }))
  const begun = Date.now() - audited * 60_000
  const lines = Array.from({ length: audited }, (_, index) =>
    JSON.stringify({ at: begun + index * 60_000, by: 'admin', what: `logOut agent-${index} in group-0` }),
  )
  writeFileSync(join(directory, 'audit.jsonl'), lines.map((line) => `${line}\n`).join(''))
  const accounts = await openAccounts({ directory, clock: systemClock() })
  const linkOf = async (account: Parameters<typeof accounts.put>[0]) =>
    accounts.makeLink((await accounts.put(account, 'bench')).id, linkLife)
  const links = {
    admin: await linkOf({ name: 'admin', roles: ['admin'], supervises: [] }),
    supervisor: await linkOf({ name: 'lead', roles: ['supervisor'], supervises: supervised }),
  }
  await accounts.close()
  return links
}
