import type { AgentId, Configuration } from '../core/configuration/types.ts'
import type { Account, Accounts, ConfigurationStore } from './ports.ts'
import type { Service } from './start-service.ts'

/** One-time sign-in links to try the program with. */
export interface TryOut {
  /** A supervisor of all group numbers who also answers. */
  readonly supervisor: string
  /** A second one who answers. */
  readonly agent: string
  readonly reviewer: string
}

/** The accounts of `tryOut`, so that a later start can ask the running service for links to them. */
export const tryOutAccounts = ['supervisor', 'agent', 'reviewer'] as const

/**
 * Makes the accounts of a try-out where they are missing, and a link to each.
 *
 * Throws where the configuration has not two agents who answer in one group number, as the example company has.
 */
export async function tryOut(
  service: Pick<Service, 'makeLink'>,
  { accounts, store }: { readonly accounts: Accounts; readonly store: Pick<ConfigurationStore, 'current'> },
): Promise<TryOut> {
  const { configuration } = store.current()
  const [first, second] = twoWhoAnswer(configuration)
  const supervises = configuration.groupNumbers.map(({ id }) => id)
  const wanted: readonly Omit<Account, 'id'>[] = [
    { name: 'supervisor', roles: ['supervisor', 'agent'], agent: first, supervises },
    { name: 'agent', roles: ['agent'], agent: second, supervises: [] },
    { name: 'reviewer', roles: ['reviewer'], supervises: [] },
  ]
  for (const account of wanted) if (!accounts.find(account.name)) await accounts.put(account, 'try-out')

  async function link(account: (typeof tryOutAccounts)[number]): Promise<string> {
    const made = await service.makeLink(account)
    if (!made.ok) throw new Error(made.problem)
    return made.value
  }
  return { supervisor: await link('supervisor'), agent: await link('agent'), reviewer: await link('reviewer') }
}

function twoWhoAnswer({ agents, groupNumbers }: Configuration): readonly [AgentId, AgentId] {
  const withSoftphone = new Set(agents.filter(({ answersAt }) => answersAt === 'softphone').map(({ id }) => id))
  for (const { members } of groupNumbers) {
    const [first, second] = members.map(({ agent }) => agent).filter((agent) => withSoftphone.has(agent))
    if (first !== undefined && second !== undefined) return [first, second]
  }
  throw new Error('expected a group number with two agents who answer at a softphone')
}
