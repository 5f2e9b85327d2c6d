import { readFileSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Role } from '../../../src/contract/console.ts'
import type { AgentId, GroupNumberId } from '../../../src/core/configuration/types.ts'
import { openAccounts, type AccountsOptions, type OpenedAccounts } from '../../../src/service/accounts/open-accounts.ts'
import { realDisk } from '../../../src/service/files.ts'
import { StartProblem, type Account, type Session } from '../../../src/service/ports.ts'
import { fakeClock } from '../../support/persistence/fake-clock.ts'
import { temporaryDirectory } from '../../support/persistence/temporary-directory.ts'
import { noSpace, watchedDisk } from '../../support/persistence/watched-disk.ts'

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour
const anna = 'anna' as AgentId
const growers = 'growers' as GroupNumberId

const wanted = (name: string, ...roles: readonly Role[]): Omit<Account, 'id'> => ({ name, roles, supervises: [] })

async function open(directory: string, more: Partial<AccountsOptions> = {}): Promise<OpenedAccounts> {
  const passwordWork = { memory: 64, passes: 1 }
  const accounts = await openAccounts({ directory, clock: fakeClock(), passwordWork, ...more })
  onTestFinished(() => accounts.close())
  return accounts
}

/** Eva the admin and Anna the agent, whose password is `rosor i maj`. */
async function office(directory = temporaryDirectory(), more: Partial<AccountsOptions> = {}) {
  const clock = fakeClock()
  const accounts = await open(directory, { clock, ...more })
  await accounts.put(wanted('Eva', 'admin'), 'gruppnummer')
  await accounts.put({ ...wanted('Anna', 'agent'), agent: anna }, 'Eva')
  await accounts.setPassword('Anna', 'rosor i maj')
  return { accounts, clock, directory }
}

async function signedIn(accounts: OpenedAccounts, name = 'Anna', password = 'rosor i maj'): Promise<Session> {
  const session = await accounts.signIn(name, password, '192.0.2.1')
  if (typeof session === 'string') throw new Error(session)
  return session
}

function everythingIn(directory: string): string {
  return readdirSync(directory)
    .map((name) => readFileSync(join(directory, name), 'utf8'))
    .join('\n')
}

describe('accounts', () => {
  test('an account is made once and changed by its name, whatever its case, and survives a restart', async () => {
    const { accounts, directory } = await office()
    const before = accounts.find('Anna')
    const supervisor = { name: 'anna', roles: ['agent', 'supervisor'] as const, agent: anna, supervises: [growers] }
    const changed = await accounts.put(supervisor, 'Eva')
    expect(changed).toEqual({ id: before?.id, ...supervisor })
    expect(accounts.list()).toHaveLength(2)
    expect(accounts.hasPassword('Anna')).toBe(true)
    await accounts.close()

    const again = await open(directory)
    expect(again.find('ANNA')).toEqual(changed)
    expect(again.find(changed.id)).toEqual(changed)
    expect(again.hasPassword('Eva')).toBe(false)
  })

  test('[S17] the last admin stays one', async () => {
    const { accounts } = await office()
    await expect(accounts.put(wanted('Eva', 'reviewer'), 'Eva')).rejects.toThrow('at least one account')
    await expect(accounts.remove('Eva', 'Eva')).rejects.toThrow('at least one account')
    await accounts.put(wanted('Ben', 'admin'), 'Eva')
    await accounts.remove('Eva', 'Ben')
    expect(accounts.find('Eva')).toBeUndefined()
  })

  test('an account without a role or a name is refused', async () => {
    const { accounts } = await office()
    await expect(accounts.put(wanted('Carl'), 'Eva')).rejects.toThrow('roles')
    await expect(accounts.put(wanted(' ', 'agent'), 'Eva')).rejects.toThrow('name')
  })

  test('[S18] every file of theirs is readable by its owner only, and holds no secret in clear but SIP secrets', async () => {
    const { accounts, directory } = await office()
    const link = await accounts.makeLink('Anna', 10 * minute)
    const { token } = await signedIn(accounts)
    for (const name of readdirSync(directory))
      expect([name, statSync(join(directory, name)).mode & 0o777]).toEqual([name, 0o600])
    const kept = everythingIn(directory)
    for (const secret of ['rosor i maj', link, token]) expect(kept).not.toContain(secret)
    expect(kept).toContain('$argon2id$v=19$m=64,t=1,p=1$')
  })

  test('a change that cannot be written is refused and not in force', async () => {
    let full = false
    const disk = watchedDisk(realDisk, () => {
      if (full) throw noSpace()
    })
    const { accounts } = await office(temporaryDirectory(), { disk })
    full = true
    await expect(accounts.put(wanted('Carl', 'agent'), 'Eva')).rejects.toThrow('ENOSPC')
    await expect(accounts.makeLink('Eva', minute)).rejects.toThrow('ENOSPC')
    expect(accounts.find('Carl')).toBeUndefined()
    // Who is at work can still sign in.
    expect(accounts.session((await signedIn(accounts)).token)?.name).toBe('Anna')
    full = false
    await accounts.put(wanted('Carl', 'agent'), 'Eva')
    expect(accounts.find('Carl')).toBeDefined()
  })
})

describe('opening', () => {
  test.each<[string, (file: string) => void]>([
    ['truncated', (file) => truncateSync(file, 60)],
    ['empty', (file) => truncateSync(file, 0)],
    ['not accounts', (file) => writeFileSync(file, '{"accounts":[]}')],
    ['missing', (file) => rmSync(file)],
  ])(
    '[S19] a file that is %s is replaced by its copy, loudly, and no right is lost or given back',
    async (_, damage) => {
      const { accounts, directory } = await office()
      await accounts.put(wanted('Anna', 'reviewer'), 'Eva')
      await accounts.close()
      damage(join(directory, 'accounts.json'))
      const again = await open(directory)
      expect(again.list().map(({ name, roles }) => [name, ...roles])).toEqual([
        ['Eva', 'admin'],
        ['Anna', 'reviewer'],
      ])
      expect(again.troubles).toHaveLength(1)
      expect((await open(directory)).troubles).toEqual([])
    },
  )

  test('[S19] when both are damaged it does not start, and leaves them as they are', async () => {
    const { accounts, directory } = await office()
    await accounts.close()
    for (const name of ['accounts.json', 'accounts.json.copy']) truncateSync(join(directory, name), 60)
    await expect(open(directory)).rejects.toThrow(StartProblem)
    await expect(open(directory)).rejects.toThrow(join(directory, 'accounts.json'))
  })

  test('[S19] when both are gone it does not begin anew, so that no stranger becomes the first admin', async () => {
    const { accounts, directory } = await office()
    await accounts.close()
    for (const name of ['accounts.json', 'accounts.json.copy']) rmSync(join(directory, name))
    await expect(open(directory)).rejects.toThrow('audit.jsonl')
  })

  test('a new directory begins without accounts, and again', async () => {
    const directory = temporaryDirectory()
    expect((await open(directory)).list()).toEqual([])
    expect((await open(directory)).list()).toEqual([])
  })

  test('damaged sessions are set aside: everyone signs in anew', async () => {
    const { accounts, directory } = await office()
    const { token } = await signedIn(accounts)
    await accounts.close()
    truncateSync(join(directory, 'sessions.json'), 30)
    const again = await open(directory)
    expect(again.session(token)).toBeUndefined()
    expect(again.troubles.join()).toContain('signs in anew')
    expect(again.session((await signedIn(again)).token)?.name).toBe('Anna')
  })
})

describe('links', () => {
  test('[S20] a link signs in once, also when two come together', async () => {
    const { accounts } = await office()
    const link = await accounts.makeLink('Anna', 10 * minute)
    expect(link).toMatch(/^[\w-]{43}$/)
    const redeemed = await Promise.all([accounts.redeem(link), accounts.redeem(link), accounts.redeem(link)])
    const [session, ...others] = redeemed.filter((one) => one !== undefined)
    expect(others).toEqual([])
    expect(session?.signedIn).toMatchObject({ name: 'Anna', roles: ['agent'], agent: anna, supervises: [] })
    expect(accounts.session(session?.token ?? '')?.name).toBe('Anna')
    expect(await accounts.redeem(link)).toBeUndefined()
  })

  test('[S20] a link holds until its time is out, and no longer', async () => {
    const { accounts, clock } = await office()
    const [early, late] = [await accounts.makeLink('Anna', 10 * minute), await accounts.makeLink('Anna', 10 * minute)]
    clock.pass(10 * minute - 1)
    expect(await accounts.redeem(early)).toBeDefined()
    clock.pass(1)
    expect(await accounts.redeem(late)).toBeUndefined()
  })

  test('[S20] a redeemed link stays redeemed after a restart, another still holds', async () => {
    const { accounts, directory } = await office()
    const [used, kept] = [await accounts.makeLink('Anna', hour), await accounts.makeLink('Eva', hour)]
    await accounts.redeem(used)
    const again = await open(directory)
    expect(await again.redeem(used)).toBeUndefined()
    expect((await again.redeem(kept))?.signedIn.name).toBe('Eva')
  })

  test.each(['', 'x', 'A'.repeat(43), 'A'.repeat(100_000)])('a made-up link is nobody’s', async (token) => {
    const { accounts } = await office()
    expect(await accounts.redeem(token)).toBeUndefined()
    expect(accounts.session(token)).toBeUndefined()
  })

  test('a link for nobody is refused', async () => {
    const { accounts } = await office()
    await expect(accounts.makeLink('Nobody', hour)).rejects.toThrow('no such account')
  })
})

describe('passwords', () => {
  test('[S21] the right password signs in; a wrong one, a wrong name and no password are refused alike', async () => {
    const { accounts } = await office()
    expect((await signedIn(accounts, ' anna')).signedIn.name).toBe('Anna')
    expect(await accounts.signIn('Anna', 'rosor i juni', '192.0.2.1')).toBe('refused')
    expect(await accounts.signIn('Nobody', 'rosor i maj', '192.0.2.1')).toBe('refused')
    expect(await accounts.signIn('Eva', '', '192.0.2.1')).toBe('refused')
  })

  test('a password set with other work is made anew at the next sign-in', async () => {
    const { accounts, directory } = await office()
    await accounts.close()
    const again = await open(directory, { passwordWork: { memory: 128, passes: 1 } })
    await signedIn(again)
    expect(readFileSync(join(directory, 'accounts.json'), 'utf8')).toContain('$m=128,t=1')
    await signedIn(again)
  })

  test.each(['Anna', 'Nobody'])('[S22] after five wrong passwords %s must wait, longer each time', async (name) => {
    const { accounts, clock } = await office()
    let source = 0
    const guess = () => accounts.signIn(name, 'wrong', `192.0.2.${++source}`)
    for (let time = 0; time < 5; time++) expect(await guess()).toBe('refused')
    expect(await guess()).toBe('limited')
    clock.pass(second)
    expect(await guess()).toBe('refused')
    clock.pass(2 * second - 1)
    expect(await guess()).toBe('limited')
    clock.pass(1)
    expect(await guess()).toBe('refused')
  })

  test('[S22] even the right password waits, and then it clears the name', async () => {
    const { accounts, clock } = await office()
    for (let time = 0; time < 5; time++) await accounts.signIn('Anna', 'wrong', '192.0.2.1')
    expect(await accounts.signIn('Anna', 'rosor i maj', '192.0.2.1')).toBe('limited')
    clock.pass(second)
    await signedIn(accounts)
    for (let time = 0; time < 5; time++) expect(await accounts.signIn('Anna', 'wrong', '192.0.2.1')).toBe('refused')
  })

  test('[S22] the wait is at most five minutes, and quiet for an hour forgets', async () => {
    const { accounts, clock } = await office()
    for (let time = 0; time < 20; time++) {
      await accounts.signIn('Anna', 'wrong', `192.0.2.${time}`)
      clock.pass(5 * minute)
    }
    await signedIn(accounts)
    for (let time = 0; time < 5; time++) await accounts.signIn('Anna', 'wrong', '198.51.100.1')
    expect(await accounts.signIn('Anna', 'wrong', '198.51.100.1')).toBe('limited')
    clock.pass(hour + 1)
    for (let time = 0; time < 5; time++) expect(await accounts.signIn('Anna', 'wrong', '198.51.100.1')).toBe('refused')
  })

  test('[S22] many guesses at once gain nothing', async () => {
    const { accounts } = await office()
    const guesses = Array.from({ length: 30 }, (_, time) => accounts.signIn('Anna', 'wrong', `192.0.2.${time}`))
    const answers = await Promise.all(guesses)
    expect(answers.filter((answer) => answer === 'refused')).toHaveLength(5)
  })

  test.each<[string, (time: number) => string]>([
    ['an address', () => '192.0.2.1'],
    ['an address in IPv6 clothes', (time) => (time % 2 === 0 ? '192.0.2.1' : '::ffff:192.0.2.1')],
    ['an IPv6 network', (time) => `2001:db8:0:7::${time.toString(16)}`],
  ])('[S22] %s that tries many names is limited too, and no other is', async (_, from) => {
    const { accounts } = await office()
    for (let time = 0; time < 20; time++)
      expect(await accounts.signIn(`name ${time}`, 'wrong', from(time))).toBe('refused')
    expect(await accounts.signIn('Anna', 'rosor i maj', from(21))).toBe('limited')
    expect(await accounts.signIn('Anna', 'rosor i maj', '2001:db8:0:8::1')).toMatchObject({})
  })
})

describe('sessions', () => {
  test('[S23] a session holds 12 hours after its last use', async () => {
    const { accounts, clock } = await office()
    const { token } = await signedIn(accounts)
    clock.pass(11 * hour)
    expect(accounts.session(token)?.name).toBe('Anna')
    clock.pass(11 * hour)
    expect(accounts.session(token)?.name).toBe('Anna')
    clock.pass(12 * hour)
    expect(accounts.session(token)).toBeUndefined()
  })

  test('[S23] a session in use ends after 30 days', async () => {
    const { accounts, clock } = await office()
    const { token } = await signedIn(accounts)
    for (let time = 0; time < 59; time++) {
      clock.pass(12 * hour - 1)
      expect(accounts.session(token)?.name).toBe('Anna')
    }
    clock.pass(12 * hour)
    expect(accounts.session(token)).toBeUndefined()
  })

  test('[S23] a session survives a restart, and one signed out does not', async () => {
    const { accounts, directory, clock } = await office()
    const [here, there] = [await signedIn(accounts), await signedIn(accounts)]
    await accounts.signOut(there.token)
    expect(accounts.session(there.token)).toBeUndefined()
    await accounts.close()
    const again = await open(directory, { clock })
    expect(again.session(here.token)?.name).toBe('Anna')
    expect(again.session(there.token)).toBeUndefined()
    clock.pass(31 * day)
    expect(again.session(here.token)).toBeUndefined()
  })

  test('[S24] rights taken away are gone from sessions at once, and who listens is told', async () => {
    const { accounts } = await office()
    const { token } = await signedIn(accounts)
    const id = accounts.find('Anna')?.id
    const told: string[] = []
    const stop = accounts.changed((account) => told.push(account))
    await accounts.put(wanted('Anna', 'reviewer'), 'Eva')
    expect(accounts.session(token)).toMatchObject({ roles: ['reviewer'] })
    expect(accounts.session(token)).not.toHaveProperty('agent')
    await accounts.remove('Anna', 'Eva')
    expect(accounts.session(token)).toBeUndefined()
    stop()
    expect(told).toEqual([id, id])
  })

  test('[S24] the other sessions of an account can be ended, and its links', async () => {
    const { accounts } = await office()
    const [here, there] = [await signedIn(accounts), await signedIn(accounts)]
    const link = await accounts.makeLink('Anna', hour)
    await accounts.endSessions('Anna', here.token)
    expect(accounts.session(here.token)?.name).toBe('Anna')
    expect(accounts.session(there.token)).toBeUndefined()
    expect(await accounts.redeem(link)).toBeUndefined()
  })

  test('[S24] an account made anew under an old name does not get the old one’s sessions', async () => {
    const { accounts } = await office()
    const { token } = await signedIn(accounts)
    await accounts.remove('Anna', 'Eva')
    await accounts.put(wanted('Anna', 'admin'), 'Eva')
    expect(accounts.session(token)).toBeUndefined()
    expect(accounts.hasPassword('Anna')).toBe(false)
  })
})

describe('softphones and flags', () => {
  test('[S25] a softphone’s secret is made once, of its own for each agent, and stays', async () => {
    const { accounts, directory } = await office()
    const [first, second] = await Promise.all([accounts.softphoneSecret(anna), accounts.softphoneSecret(anna)])
    expect(first).toBe(second)
    expect(Buffer.from(first, 'base64url').length).toBeGreaterThanOrEqual(16)
    expect(await accounts.softphoneSecret('ben' as AgentId)).not.toBe(first)
    expect(await accounts.softphoneSecret('constructor' as AgentId)).toMatch(/^[\w-]{32}$/)
    expect(await (await open(directory)).softphoneSecret(anna)).toBe(first)
  })

  test('a flag is off until it is set, and stays', async () => {
    const { accounts, directory } = await office()
    expect(accounts.flag('callerPage')).toBe(false)
    await accounts.setFlag('callerPage', true, 'Eva')
    expect(accounts.flag('callerPage')).toBe(true)
    expect((await open(directory)).flag('callerPage')).toBe(true)
  })
})

describe('the audit log', () => {
  test('[S26] tells who did what, newest first, by time, by whom and by words', async () => {
    const { accounts, clock } = await office()
    const start = clock.now()
    clock.pass(minute)
    await accounts.audit({ at: clock.now(), by: 'Eva', what: 'logged out Anna' })
    clock.pass(minute)
    await accounts.setFlag('callerPage', true, 'Ben')
    expect((await accounts.readAudit({})).map(({ by, what }) => `${by}: ${what}`)).toEqual([
      'Ben: callerPage: true',
      'Eva: logged out Anna',
      'Eva: account Anna: agent; is the agent anna',
      'gruppnummer: account Eva: admin',
    ])
    expect(await accounts.readAudit({ by: 'Ben' })).toHaveLength(1)
    expect(await accounts.readAudit({ to: clock.now() })).toHaveLength(3)
    expect(await accounts.readAudit({ from: clock.now() })).toHaveLength(1)
    expect(await accounts.readAudit({ from: start, containing: 'ANNA', limit: 1 })).toMatchObject([
      { what: 'logged out Anna' },
    ])
  })

  test('[S26] tells by kind and values too, and reads lines that have none or others', async () => {
    const { accounts, directory } = await office()
    await accounts.put({ ...wanted('Anna', 'agent', 'supervisor'), agent: anna, supervises: [growers] }, 'Eva')
    await accounts.setPin('Anna', '24680', 'Anna')
    const ids = [accounts.find('Anna')?.id ?? '']
    for (const pin of ['1', '2', '3', '4', '5']) await accounts.checkPin(ids, pin)
    await accounts.unlockPin('Anna', 'Eva')
    await accounts.setPin('Anna', undefined, 'Eva')
    await accounts.setFlag('callerPage', true, 'Eva')
    await accounts.setFlag('callerPage', false, 'Eva')
    await accounts.remove('Anna', 'Eva')
    await accounts.close()
    const file = join(directory, 'audit.jsonl')
    const older = [
      { at: 1, by: 'Eva', what: 'account Bo: admin' },
      { at: 2, by: 'Eva', what: 'landed on the moon', said: { kind: 'moonLanding', values: {} } },
      { at: 3, by: 'Eva', what: 'account Bo: PIN set', said: { kind: 'pinSet', values: {} } },
    ]
    const lines = older.map((entry) => JSON.stringify(entry) + '\n').join('')
    writeFileSync(file, lines + readFileSync(file, 'utf8'))

    const read = await (await open(directory)).readAudit({})
    const account = 'Anna'
    expect(read.map(({ said }) => said)).toEqual([
      { kind: 'accountRemoved', values: { account } },
      { kind: 'callerPageClosed', values: {} },
      { kind: 'callerPageOpened', values: {} },
      { kind: 'pinRemoved', values: { account } },
      { kind: 'pinUnlocked', values: { account } },
      { kind: 'pinLocked', values: { accounts: [account] } },
      { kind: 'pinSet', values: { account } },
      {
        kind: 'accountPut',
        values: { account, roles: ['agent', 'supervisor'], agent: anna, supervises: [growers] },
      },
      { kind: 'accountPut', values: { account, roles: ['agent'], agent: anna, supervises: [] } },
      { kind: 'accountPut', values: { account: 'Eva', roles: ['admin'], supervises: [] } },
      undefined,
      undefined,
      undefined,
    ])
    expect(read.slice(-3)).toEqual(older.toReversed().map(({ at, by, what }) => ({ at, by, what })))
  })

  test('[S26] is read page by page', async () => {
    const { accounts, clock } = await office()
    for (const what of ['one', 'two', 'three']) await accounts.audit({ at: clock.now(), by: 'Ben', what })
    const page = async (skip: number) =>
      (await accounts.readAudit({ by: 'Ben', skip, limit: 2 })).map(({ what }) => what)
    expect(await page(0)).toEqual(['three', 'two'])
    expect(await page(2)).toEqual(['one'])
  })

  test('[S26] a line that a power cut left half harms no other', async () => {
    const { accounts, directory } = await office()
    await accounts.close()
    const file = join(directory, 'audit.jsonl')
    truncateSync(file, statSync(file).size - 5)
    const again = await open(directory)
    await again.audit({ at: fakeClock().now(), by: 'Eva', what: 'line\nwith break' })
    expect((await again.readAudit({})).map(({ what }) => what)).toEqual(['line\nwith break', 'account Eva: admin'])
  })

  test('[S26] what cannot be told in the audit log is not done', async () => {
    let full = false
    const disk = watchedDisk(realDisk, (step) => {
      if (full && step === 'append') throw noSpace()
    })
    const { accounts } = await office(temporaryDirectory(), { disk })
    full = true
    await expect(accounts.put(wanted('Carl', 'admin'), 'Eva')).rejects.toThrow('ENOSPC')
    expect(accounts.find('Carl')).toBeUndefined()
  })
})
