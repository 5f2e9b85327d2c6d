import type { AuditRead } from '../../../contract/administration.ts'
import type { AuditSaid } from '../../../contract/audit.ts'
import { useWords } from '../../shared/use-words.ts'
import { useConsoleStore } from '../../stores/console-store.ts'

/** Says entries of the audit log in the window's language, agents and group numbers by their names of now. */
export function useAuditWords(): (entry: Pick<AuditRead, 'what' | 'said'>) => string {
  const { t, caller, pauseReason } = useWords()
  const service = useConsoleStore()

  const group = (id: string) => service.live?.groups[id]?.name ?? id
  function agent(id: string): string {
    const known = service.live?.agents[id]
    const name = known === undefined ? '' : `${known.firstName} ${known.lastName}`.trim()
    return name === '' ? id : name
  }
  const from = (number: string | undefined) => (number === undefined ? t('history.audit.part.hidden') : caller(number))
  const list = (texts: readonly string[]) => texts.join(', ')

  function filled({ kind, values }: AuditSaid): Record<string, string> {
    switch (kind) {
      case 'accountPut':
        return {
          account: values.account,
          roles: list(values.roles.map((role) => t(`accounts.role.${role}`))),
          agent: values.agent === undefined ? '' : t('history.audit.part.asAgent', { name: agent(values.agent) }),
          supervises:
            values.supervises.length === 0
              ? ''
              : t('history.audit.part.supervises', { names: list(values.supervises.map(group)) }),
        }
      case 'pinLocked':
        return { accounts: list(values.accounts) }
      case 'logIn':
      case 'logOut':
        return {
          agent: agent(values.agent),
          where: values.group === undefined ? '' : t(`history.audit.part.${kind}`, { group: group(values.group) }),
        }
      case 'pause':
        return {
          agent: agent(values.agent),
          reason:
            values.reason === undefined ? '' : t('history.audit.part.reason', { reason: pauseReason(values.reason) }),
        }
      case 'resume':
      case 'endWrapUp':
      case 'extendWrapUp':
      case 'hangUp':
        return { ...values, agent: agent(values.agent) }
      case 'callMoved':
        return { caller: from(values.caller), from: group(values.from), to: group(values.to) }
      case 'callPrioritised':
      case 'voicemailRemoved':
        return { ...values, caller: from(values.caller), group: group(values.group) }
      case 'voicemailToGroup':
        return { caller: from(values.caller), group: group(values.group), to: group(values.to) }
      case 'voicemailToAgent':
        return { caller: from(values.caller), group: group(values.group), to: agent(values.to) }
      case 'monitored':
        return {
          mode: t(`history.audit.part.mode.${values.mode}`),
          agent: agent(values.agent),
          group: group(values.group),
        }
      case 'destinationsChanged':
        return { changes: destinations(values) }
      case 'recordingRefused':
        return { group: group(values.group), why: t(`history.audit.part.why.${values.why}`) }
      default:
        return values
    }
  }

  function destinations(values: Extract<AuditSaid, { kind: 'destinationsChanged' }>['values']): string {
    const parts = (['opened', 'closed', 'removed'] as const)
      .filter((change) => values[change].length > 0)
      .map((change) => t(`history.audit.part.destinations.${change}`, { prefixes: list(values[change]) }))
    return parts.length === 0 ? t('history.audit.part.destinations.names') : parts.join('; ')
  }

  return ({ what, said }) => (said === undefined ? what : t(`history.audit.said.${said.kind}`, filled(said)))
}
