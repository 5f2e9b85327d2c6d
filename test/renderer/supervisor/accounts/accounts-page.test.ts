import { expect, test } from 'vitest'
import type { AccountRead } from '../../../../src/contract/administration.ts'
import type { Ask } from '../../../../src/contract/console.ts'
import AccountsPage from '../../../../src/renderer/supervisor/accounts/AccountsPage.vue'
import PasswordChange from '../../../../src/renderer/supervisor/accounts/PasswordChange.vue'
import PinChange from '../../../../src/renderer/supervisor/accounts/PinChange.vue'
import SessionList from '../../../../src/renderer/supervisor/accounts/SessionList.vue'
import { openConsolePage } from '../../support/console-page.ts'
import { exampleCompany } from '../../support/kept-versions.ts'
import { at, liveOf } from '../../support/live.ts'
import { button, expectNoFaults } from '../../support/mount.ts'

const [first, second] = exampleCompany.groupNumbers

/** Accounts in memory: a link for each invitation, sessions that end. */
function keptAccounts() {
  const accounts: AccountRead[] = [
    { id: 'account-1', name: 'anna', roles: ['admin'], supervises: [], hasPassword: true, pin: 'set', sessions: 2 },
    {
      id: 'account-2',
      name: 'bo',
      roles: ['supervisor'],
      supervises: [first!.id],
      hasPassword: false,
      pin: 'locked',
      sessions: 0,
    },
  ]
  let sessions = [
    { id: 's2', account: 'account-1', began: at(-60), seen: at(0) },
    { id: 's1', account: 'account-1', began: at(-90_000), seen: at(-80_000) },
  ]
  function answer(ask: Ask): unknown {
    switch (ask.type) {
      case 'listAccounts':
        return accounts
      case 'putAccount': {
        const known = accounts.findIndex(({ name }) => name === ask.account.name)
        const { agent, ...given } = ask.account
        const put: AccountRead = {
          id: accounts[known]?.id ?? `account-${accounts.length + 1}`,
          ...given,
          ...(agent !== undefined && { agent }),
          hasPassword: false,
          pin: 'none',
          sessions: 0,
        }
        accounts.splice(known < 0 ? accounts.length : known, 1, put)
        return put
      }
      case 'inviteAccount':
        return { link: `https://example.se/#link=for-${ask.account}`, until: at(72 * 3600) }
      case 'removeAccount':
        accounts.splice(
          accounts.findIndex(({ id }) => id === ask.account),
          1,
        )
        return null
      case 'unlockPin':
      case 'removePin':
      case 'setPin':
      case 'pin':
        return aboutPin(ask)
      case 'sessions':
        return sessions.filter(({ account }) => account === (ask.account ?? 'account-1'))
      case 'endSession':
        sessions = sessions.filter(({ id }) => id !== ask.session)
        return null
      case 'endSessions':
        sessions = sessions.filter(({ account }) => account !== (ask.account ?? 'account-1'))
        return null
      default:
        return undefined
    }
  }
  function aboutPin(ask: Extract<Ask, { type: 'pin' | 'setPin' | 'removePin' | 'unlockPin' }>): unknown {
    const id = 'account' in ask && ask.account !== undefined ? ask.account : 'account-1'
    const at = accounts.findIndex((account) => account.id === id)
    if (ask.type === 'pin') return { pin: accounts[at]?.pin }
    accounts[at] = { ...accounts[at]!, pin: ask.type === 'removePin' ? 'none' : 'set' }
    return null
  }
  return { accounts, answer }
}

async function openAccountsPage(live = liveOf()) {
  const service = keptAccounts()
  const opened = await openConsolePage(
    AccountsPage,
    {},
    { configuration: exampleCompany, live, answer: service.answer },
  )
  return { ...opened, ...service }
}
const dialog = () => document.querySelector<HTMLElement>('[role=dialog]')
function press(name: string) {
  const found = [...(dialog()?.querySelectorAll('button') ?? [])].find((one) => one.textContent.trim() === name)
  if (found === undefined) throw new Error(`no button ${name} in ${dialog()?.textContent ?? 'no dialog'}`)
  found.click()
}
function write(selector: string, value: string) {
  const field = dialog()?.querySelector<HTMLInputElement>(selector)
  if (!field) throw new Error(`no ${selector}`)
  field.value = value
  field.dispatchEvent(new Event('input', { bubbles: true }))
}
const tick = (value: string) => dialog()?.querySelector<HTMLInputElement>(`input[value="${value}"]`)?.click()

test('every account stands with its roles, its numbers and how it gets in', async () => {
  const { page } = await openAccountsPage()
  const rows = page.findAll('li').map((row) => row.text())
  expect(rows[0]).toMatch(/^anna\s+du/)
  expect(rows[0]).toContain('Huvudadministratör')
  expect(rows[1]).toContain(`administrerar ${first!.name}`)
  expect(rows[1]).toContain('inget lösenord än')
  await expectNoFaults(page)
})

test('a new administrator is created with a group number, and invited by a link for 72 hours', async () => {
  const { page, settle, accounts } = await openAccountsPage()
  await button(page, 'Nytt konto').trigger('click')
  await settle()
  expect(dialog()?.textContent).toContain('Namngivna gruppnummer, och bara genom dem')
  press('Skapa och bjud in')
  await settle()
  expect(dialog()?.textContent).toContain('Skriv ett namn')
  write('input[type=text]', 'cia')
  tick('supervisor')
  await settle()
  press('Skapa och bjud in')
  await settle()
  expect(dialog()?.textContent).toContain('Välj minst ett gruppnummer')
  tick(second!.id)
  await settle()
  press('Skapa och bjud in')
  await settle()
  expect(accounts[2]).toMatchObject({ name: 'cia', roles: ['supervisor'], supervises: [second!.id] })
  expect(dialog()?.querySelector<HTMLInputElement>('input')?.value).toBe('https://example.se/#link=for-account-3')
  expect(dialog()?.textContent).toContain('gäller till tors 10:00')
})

test('a name that is taken is not written over', async () => {
  const { page, settle, asks } = await openAccountsPage()
  await button(page, 'Nytt konto').trigger('click')
  await settle()
  write('input[type=text]', 'bo')
  tick('reviewer')
  await settle()
  press('Skapa och bjud in')
  await settle()
  expect(dialog()?.textContent).toContain('Det finns redan ett konto')
  expect(asks().some(({ type }) => type === 'putAccount')).toBe(false)
})

test('who supervises no more keeps no group number', async () => {
  const { page, settle, accounts } = await openAccountsPage()
  await button(page, 'Ändra bo').trigger('click')
  await settle()
  tick('reviewer')
  await settle()
  tick('supervisor')
  await settle()
  press('Spara')
  await settle()
  expect(accounts[1]).toMatchObject({ roles: ['reviewer'], supervises: [] })
})

test('removing says what goes with it; the own account cannot be removed', async () => {
  const { page, settle, accounts } = await openAccountsPage()
  expect(button(page, 'Ta bort anna').attributes('disabled')).toBeDefined()
  await button(page, 'Ta bort bo').trigger('click')
  await settle()
  expect(dialog()?.textContent).toContain('bo kan inte logga in mer')
  press('Ta bort')
  await settle()
  expect(accounts.map(({ name }) => name)).toEqual(['anna'])
})

test.each([
  [true, 'Öppen: andra datorer kan ringa', 'Stäng för andra datorer', false],
  [false, 'Stängd: bara tjänstens egen dator', 'Öppna för andra datorer', true],
])('the page /caller is shown as it is (open: %s) and can be changed', async (open, words, act, asked) => {
  const live = liveOf()
  const { page, asks } = await openAccountsPage({
    ...live,
    service: { service: { ...live.service.service, callerPage: open } },
  })
  expect(page.text()).toContain(words)
  await button(page, act).trigger('click')
  expect(asks().at(-1)).toEqual({ type: 'allowCallerPage', allow: asked })
})

test('a locked PIN is seen, unlocked, and removed', async () => {
  const { page, settle, accounts, asks } = await openAccountsPage()
  const rows = page.findAll('li').map((row) => row.text())
  expect(rows[0]).toContain('har pinkod')
  expect(rows[1]).toContain('pinkoden är låst')
  await button(page, 'Pinkod för bo').trigger('click')
  await settle()
  expect(dialog()?.textContent).toContain('Fem felaktiga försök')
  await expectNoFaults({ element: dialog() } as never)
  press('Lås upp')
  await settle()
  expect(asks()).toContainEqual({ type: 'unlockPin', account: 'account-2' })
  expect(accounts[1]?.pin).toBe('set')
  await button(page, 'Pinkod för bo').trigger('click')
  await settle()
  press('Ta bort pinkoden')
  await settle()
  expect(accounts[1]?.pin).toBe('none')
  expect(page.findAll('li')[1]?.text()).not.toContain('pinkod')
})

test.each(['sv', 'en'] as const)(
  'the own PIN is set, changed and removed, and an easy one is not taken (%s)',
  async (locale) => {
    const { answer, accounts } = keptAccounts()
    const { page, settle, asks } = await openConsolePage(
      PinChange,
      {},
      { answer, signedIn: { roles: ['agent'] } },
      locale,
    )
    await settle()
    const write = async (pin: string) => {
      await page.find('input').setValue(pin)
      await page.find('form').trigger('submit')
      await settle()
    }
    await write('12')
    expect(page.find('.wrong').text()).toContain(locale === 'sv' ? '4 till 12 siffror' : '4 to 12 digits')
    await write('1234')
    expect(page.find('.wrong').text()).toContain(locale === 'sv' ? 'för lätt att gissa' : 'too easy to guess')
    await expectNoFaults(page)
    expect(asks().some(({ type }) => type === 'setPin')).toBe(false)
    await write('90417')
    expect(asks()).toContainEqual({ type: 'setPin', pin: '90417' })
    expect(page.find('[role=status]').text()).toContain(locale === 'sv' ? 'sparad' : 'saved')
    expect(page.find('input').element.value).toBe('')
    await button(page, locale === 'sv' ? 'Ta bort pinkoden' : 'Remove the PIN').trigger('click')
    await settle()
    expect(accounts[0]?.pin).toBe('none')
    expect(page.findAll('button')).toHaveLength(1)
    await expectNoFaults(page)
  },
)

test('own sessions are listed and signed out, one or all', async () => {
  const { answer } = keptAccounts()
  const { page, settle, asks } = await openConsolePage(SessionList, {}, { answer, signedIn: { roles: ['agent'] } })
  expect(page.findAll('li')).toHaveLength(2)
  expect(page.find('li').text()).toContain('Sedan 09:59')
  await page.findAll('li button')[1]?.trigger('click')
  await settle()
  expect(page.findAll('li')).toHaveLength(1)
  expect(asks()).toContainEqual({ type: 'endSession', session: 's1' })
})

test.each([
  [204, 'Lösenordet är bytt'],
  [403, 'Det nuvarande lösenordet stämmer inte'],
  [429, 'För många försök'],
])('a change of password answered %i is said in words', async (status, words) => {
  const sent: unknown[] = []
  globalThis.fetch = ((path: string, init: RequestInit) => {
    sent.push([path, JSON.parse(init.body as string)])
    return Promise.resolve(new Response(null, { status }))
  }) as typeof fetch
  const { page, settle } = await openConsolePage(PasswordChange, { name: 'anna' })
  const [current, next] = page.findAll('input[type=password]')
  await current?.setValue('det gamla ordet')
  await next?.setValue('kort')
  await page.find('form').trigger('submit')
  expect(page.text()).toContain('för kort')
  expect(sent).toEqual([])
  await next?.setValue('ett nytt långt ord')
  await page.find('form').trigger('submit')
  await settle()
  expect(sent).toEqual([['/api/password', { current: 'det gamla ordet', password: 'ett nytt långt ord' }]])
  expect(page.text()).toContain(words)
  await expectNoFaults(page)
})
