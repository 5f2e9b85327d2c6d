import type { AuditEntry } from '../ports.ts'
import type { createPasswords } from './password.ts'
import type { AccountDocument, KeptAccount } from './account-document.ts'

/** PINs for the service numbers: kept as passwords are, and fewer tries. */
export interface Pins {
  /** `locked`: none is right until it is unlocked, or a new one is set. Of an unknown account: `none`. */
  of(account: string): PinState
  /** Ends a lock; undefined: no PIN any more. */
  set(account: string, pin: string | undefined, by: string): Promise<void>
  /** Undefined where nobody of them has it. Five wrong ones in a row lock a PIN. */
  check(accounts: readonly string[], pin: string): Promise<KeptAccount | undefined>
  unlock(account: string, by: string): Promise<void>
}

type PinState = 'none' | 'set' | 'locked'

const tries = 5

interface PinParts {
  readonly find: (id: string) => KeptAccount | undefined
  readonly change: (work: (now: AccountDocument) => AccountDocument, told?: Told) => Promise<void>
  readonly passwords: Pick<ReturnType<typeof createPasswords>, 'hash' | 'matches'>
}

type Told = Omit<AuditEntry, 'at'>

type KeptPin = NonNullable<KeptAccount['pin']>

export function openPins({ find, change, passwords }: PinParts): Pins {
  function stateOf({ pin }: Pick<KeptAccount, 'pin'>): PinState {
    if (pin === undefined) return 'none'
    return pin.wrong < tries ? 'set' : 'locked'
  }

  /** Of those accounts whose PIN is still the one that was looked at. */
  function counted(found: readonly KeptAccount[], count: (account: KeptAccount, wrong: number) => number, told?: Told) {
    return change((now) => {
      const accounts = now.accounts.map((account) => {
        const before = found.find(({ id }) => id === account.id)
        if (account.pin === undefined || account.pin.hash !== before?.pin?.hash) return account
        return { ...account, pin: { ...account.pin, wrong: Math.max(0, count(account, account.pin.wrong)) } }
      })
      return { ...now, accounts }
    }, told)
  }

  async function check(ids: readonly string[], pin: string): Promise<KeptAccount | undefined> {
    const known = ids.map(find).filter((account) => account !== undefined)
    const asked = known.filter((account) => stateOf(account) === 'set')
    if (asked.length === 0) {
      await passwords.matches(pin, undefined)
      return undefined
    }
    // Before it is tried: many at once, or a kill in between, gain nothing.
    await counted(asked, (_, wrong) => wrong + 1)
    for (const account of asked) {
      if (!(await passwords.matches(pin, account.pin?.hash))) continue
      const now = find(account.id)
      if (now?.pin?.hash !== account.pin?.hash) continue
      await counted(asked, ({ id }, wrong) => (id === account.id ? 0 : wrong - 1))
      return now
    }
    const locked = asked.filter(({ id }) => stateOf(find(id) ?? {}) === 'locked').map(({ name }) => name)
    if (locked.length > 0)
      await counted([], (_, wrong) => wrong, {
        by: 'gruppnummer',
        what: `account ${locked.join(', ')}: PIN locked`,
        said: { kind: 'pinLocked', values: { accounts: locked } },
      })
    return undefined
  }

  function become(id: string, pin: KeptPin | undefined, told: Told) {
    return change(
      (now) => ({
        ...now,
        accounts: now.accounts.map((account) => {
          if (account.id !== id) return account
          const { pin: _, ...rest } = account
          return pin === undefined ? rest : { ...rest, pin }
        }),
      }),
      told,
    )
  }

  const nameOf = (id: string) => find(id)?.name ?? id

  return {
    of: (account) => stateOf(find(account) ?? {}),
    check,
    async set(account, pin, by) {
      const kept = pin === undefined ? undefined : { hash: await passwords.hash(pin), wrong: 0 }
      const name = nameOf(account)
      await become(account, kept, {
        by,
        what: `account ${name}: PIN ${kept === undefined ? 'removed' : 'set'}`,
        said: { kind: kept === undefined ? 'pinRemoved' : 'pinSet', values: { account: name } },
      })
    },
    async unlock(account, by) {
      const found = find(account)
      if (found === undefined) return
      await counted([found], () => 0, {
        by,
        what: `account ${found.name}: PIN unlocked`,
        said: { kind: 'pinUnlocked', values: { account: found.name } },
      })
    },
  }
}
