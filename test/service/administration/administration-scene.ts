import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pino } from 'pino'
import { onTestFinished } from 'vitest'
import type { AdministrationAsk, EditOutcome } from '../../../src/contract/administration.ts'
import type { Reply, Role } from '../../../src/contract/console.ts'
import { checkConfiguration } from '../../../src/core/configuration/check.ts'
import { fieldPathOf } from '../../../src/core/configuration/field-path-of.ts'
import type { AgentId, Configuration, GroupNumberId } from '../../../src/core/configuration/types.ts'
import { ok } from '../../../src/core/result.ts'
import { openAccounts } from '../../../src/service/accounts/open-accounts.ts'
import { openAdministration } from '../../../src/service/administration/open-administration.ts'
import { openSoundFiles } from '../../../src/service/administration/sound-files.ts'
import type { Account } from '../../../src/service/ports.ts'
import { openConfigurationStore } from '../../../src/service/store/open-configuration-store.ts'
import { office } from '../../core/configuration/edits/office.ts'
import { fakeClock } from '../../support/persistence/fake-clock.ts'
import { temporaryDirectory } from '../../support/persistence/temporary-directory.ts'

export type Scene = Awaited<ReturnType<typeof administers>>

/** Administration on a real store and real accounts, without a port; one account for each role. Support is supervised. */
export async function administers({ configuration = office() }: { configuration?: Configuration } = {}) {
  const directory = temporaryDirectory()
  const clock = fakeClock()
  const logged: string[] = []
  const log = pino({ level: 'debug' }, { write: (line: string) => logged.push(line) })
  const store = await openConfigurationStore({ directory, clock, initial: configuration })
  const accounts = await openAccounts({ directory, clock, passwordWork: { memory: 64, passes: 1 } })
  const soundFiles = openSoundFiles(store)
  const administration = openAdministration({
    store,
    accounts,
    hasSound: (message) => soundFiles.has(message),
    checkSounds: (given) => soundFiles.check(given),
    check: (given) =>
      checkConfiguration(given).map(({ severity, path, words }) => ({
        severity,
        path: fieldPathOf(path, given),
        words,
      })),
    makeLink: async (account, lifetime) => ok(await accounts.makeLink(account, lifetime)),
    clock,
    log,
  })
  onTestFinished(async () => {
    await accounts.close()
    await store.close()
  })

  const root = await accounts.put({ name: 'root', roles: ['admin'], supervises: [] }, 'test')
  const support = ['support' as GroupNumberId]
  const signedIn = async (role: Role): Promise<Account> =>
    role === 'admin'
      ? root
      : accounts.put({ name: role, roles: [role], supervises: support, agent: 'anna' as AgentId }, 'test')

  return {
    directory,
    clock,
    store,
    accounts,
    administration,
    logged,
    root,
    signedIn,
    ask: (account: Account, ask: AdministrationAsk): Promise<Reply> => administration.ask(account, ask),
    edits: async (account: Account, edits: readonly unknown[], onto = store.current().revision) =>
      outcomeOf(await administration.ask(account, { type: 'edit', onto, edits: [...edits] })),
    hasAudio: (content = 'not really audio') => {
      const sha256 = createHash('sha256').update(content).digest('hex')
      mkdirSync(join(directory, 'audio'), { recursive: true })
      writeFileSync(join(directory, 'audio', `${sha256}.wav`), content)
      return { file: `audio/${sha256}.wav`, sha256 }
    },
  }
}

/** Or the kind of the refusal. */
export function outcomeOf(reply: Reply): EditOutcome | string {
  return reply.ok ? (reply.value as EditOutcome) : reply.problem.kind
}

// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the caller says what was asked
export function valueOf<Value>(reply: Reply): Value {
  if (!reply.ok) throw new Error(JSON.stringify(reply.problem))
  return reply.value as Value
}
