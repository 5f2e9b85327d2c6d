import type { ServedView } from '../../core/routing/view.ts'
import type { Account } from '../ports.ts'

/**
 * The accounts whose PIN opens this call, by id. To log in: those of the agent whose phone it is. To record: those with
 * rights to the group number; of these the phone's own, where it has one, since the number called from can be forged.
 */
export function pinHolders({ service, agent, group }: ServedView, accounts: readonly Account[]): readonly string[] {
  const own = accounts.filter((account) => agent !== undefined && account.agent === agent)
  if (service === 'logIn') return idsOf(own)
  const isEntitled = ({ roles, supervises }: Account) =>
    roles.includes('admin') || (roles.includes('supervisor') && group !== undefined && supervises.includes(group))
  const ownEntitled = own.filter(isEntitled)
  return idsOf(ownEntitled.length > 0 ? ownEntitled : accounts.filter(isEntitled))
}

const idsOf = (accounts: readonly Account[]) => accounts.map(({ id }) => id)
