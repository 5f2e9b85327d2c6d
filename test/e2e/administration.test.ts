import { readFileSync } from 'node:fs'
import { afterEach, expect } from 'vitest'
import { closedName, closedNumber, openName, openNumber, phoneOfSubAgreement, type Tone } from './support/company.ts'
import { heard, heardSoFar, openEmptyOffice, openOffice, type Office } from './support/office.ts'
import { testWith } from './support/peers.ts'
import type { SippCaller } from './support/sipp-caller.ts'

/*
 * Follows "Lathund Gruppnummer Administratör", the quick guide of the service that is the model, step by step:
 * docs/lathund.md says which test shows which line.
 */

let office: Office | undefined

afterEach(async () => {
  await office?.close()
  office = undefined
})

const soon = { timeout: 15_000, interval: 50 }
const hears = (caller: SippCaller, tone: Tone) => expect.poll(() => heard(caller.ear.hears()), soon).toEqual([tone])
/** Of messages, which pass: from the call's first sound on. */
const hasHeard = (caller: SippCaller, ...sounds: readonly Tone[]) =>
  expect.poll(() => heardSoFar(caller.ear).slice(0, sounds.length), soon).toEqual(sounds)

testWith('chromium', 'sipp')('a number is activated from nothing, until a caller reaches its agent', async () => {
  office = await openEmptyOffice()
  const admin = await office.administrationBy(office.firstAdminLink ?? '')
  const { page, dialog } = admin

  // The agreement, and the group number.
  await admin.chooseOfCompany('Företag och avtal')
  await page.getByRole('button', { name: 'Nytt avtal' }).click()
  await dialog.getByLabel('Namn').fill('Huvudavtal')
  await dialog.getByRole('button', { name: 'Spara' }).click()
  await page.getByRole('button', { name: 'Nytt gruppnummer' }).click()
  await dialog.getByLabel('Namn').fill('Växel')
  await dialog.getByLabel('Telefonnummer').fill('0122-26 09 80')
  await dialog.getByRole('button', { name: 'Spara' }).click()
  await page.getByText('Gruppnumret är inte klart.').waitFor()

  // 2. Lägg till agenter som ska ingå i gruppnumret.
  await page.getByRole('link', { name: 'Lägg till agenter' }).click()
  await page.getByRole('button', { name: 'Lägg till agent i gruppnumret' }).click()
  await dialog.getByText('Inga agenter finns att välja.').waitFor()
  await dialog.getByLabel('Telefonnummer').fill('070-100 00 09')
  await dialog.getByRole('button', { name: 'Spara' }).click()
  await dialog.getByLabel('Förnamn').fill('Nora')
  await dialog.getByLabel('Efternamn').fill('Ny')
  await dialog.getByRole('button', { name: 'Spara' }).click()
  await page.getByRole('list', { name: 'Agenter' }).getByText('Nora Ny').waitFor()

  // 3. Lägg till öppettider som gäller för gruppnumret.
  await admin.choose('Översikt')
  await page.getByRole('link', { name: 'Lägg till öppettider' }).click()
  await page.getByRole('button', { name: 'Skapa schema' }).click()
  await page.getByRole('menuitem', { name: 'Skapa nytt schema' }).click()
  await admin.opensAroundTheClock()
  await admin.saves()
  await admin.choose('Översikt')
  await page.getByText('Klart att användas: agenter och öppettider finns.').waitFor()

  await admin.chooseOfCompany('Konton')
  await page.getByRole('button', { name: 'Nytt konto' }).click()
  await dialog.getByLabel('Namn att logga in med').fill('Nora')
  await dialog.getByRole('checkbox', { name: 'Agent', exact: true }).check()
  await dialog.getByRole('combobox', { name: 'Agent', exact: true }).selectOption({ label: 'Nora Ny · 070-100 00 09' })
  await dialog.getByRole('button', { name: 'Skapa och bjud in' }).click()
  const link = await dialog.getByLabel('Inloggningslänk').inputValue()

  const nora = await office.deskBy(link, 'anna')
  const caller = await office.sipp('+46122260980')
  await nora.incoming.waitFor({ timeout: 30_000 })
  await nora.answers()
  await hears(caller, 'anna')
  await expect.poll(async () => heard(await nora.hears()), soon).toEqual(['caller'])
  await nora.hangsUp()
  expect(await caller.ended).toBe(0)
})

testWith('chromium')('agents of the agreement are shown in a list, and the marked ones join', async () => {
  office = await openOffice()
  const admin = await office.administration('chief')
  const { page, dialog } = admin
  await admin.chooseNumber(closedName)
  await admin.choose('Agenter')
  await page.getByRole('button', { name: 'Lägg till agent i gruppnumret' }).click()
  await expect
    .poll(() => dialog.getByRole('listitem').allInnerTexts(), soon)
    .toEqual([expect.stringContaining('Anna Ek'), expect.stringContaining('Ben Lund')])
  await dialog.getByLabel('Anna Ek').check()
  await dialog.getByLabel('Ben Lund').check()
  await dialog.getByRole('button', { name: 'Lägg till markerade (2)' }).click()
  const agents = page.getByRole('list', { name: 'Agenter' })
  await agents.getByText('Anna Ek').waitFor()
  await agents.getByText('Ben Lund').waitFor()
  await page.reload()
  await agents.getByText('Ben Lund').waitFor()
})

testWith('chromium')('a new agent is made by phone number, then names, then group numbers', async () => {
  office = await openOffice()
  const admin = await office.administration('chief')
  const { page, dialog } = admin
  await admin.chooseNumber(openName)
  await admin.choose('Agenter')
  await page.getByRole('button', { name: 'Lägg till agent i gruppnumret' }).click()
  await dialog.getByRole('button', { name: 'Skapa ny agent' }).click()
  await dialog.getByLabel('Telefonnummer').fill('070-100 00 09')
  await dialog.getByRole('button', { name: 'Spara' }).click()
  await dialog.getByLabel('Förnamn').fill('Nora')
  await dialog.getByLabel('Efternamn').fill('Ny')
  expect(await dialog.getByRole('checkbox', { name: openName }).isChecked()).toBe(true)
  await dialog.getByRole('checkbox', { name: closedName }).check()
  await dialog.getByRole('button', { name: 'Spara' }).click()
  const agents = page.getByRole('list', { name: 'Agenter' })
  await agents.getByText('Nora Ny').waitFor()
  await admin.chooseNumber(closedName)
  await agents.getByText('070-100 00 09').waitFor()
})

testWith('chromium')(
  'an agent of another agreement: what is known is shown, agreement and group numbers are asked',
  async () => {
    office = await openOffice()
    const admin = await office.administration('chief')
    const { page, dialog } = admin
    await admin.chooseNumber(openName)
    await admin.choose('Agenter')
    await page.getByRole('button', { name: 'Lägg till agent i gruppnumret' }).click()
    await dialog.getByRole('button', { name: 'Skapa ny agent' }).click()
    await dialog.getByLabel('Telefonnummer').fill(phoneOfSubAgreement)
    await dialog.getByRole('button', { name: 'Spara' }).click()
    await dialog.getByText('070-100 00 03 hör redan till Cia Berg i avtalet Filial.').waitFor()
    expect(await dialog.getByLabel('Förnamn').inputValue()).toBe('Cia')
    const agreement = dialog.getByRole('combobox', { name: 'Avtal' })
    expect(await agreement.inputValue()).toBe('sub')
    await agreement.selectOption('agreement')
    await dialog.getByLabel('Efternamn').fill('Bergman')
    await dialog.getByRole('checkbox', { name: closedName }).check()
    await dialog.getByRole('button', { name: 'Spara' }).click()
    const agents = page.getByRole('list', { name: 'Agenter' })
    await agents.getByText('Cia Bergman').waitFor()
    await admin.chooseNumber(closedName)
    await agents.getByText('Cia Bergman').waitFor()
    await admin.chooseOfCompany('Företag och avtal')
    await page.getByRole('button', { name: 'Ta bort Filial' }).click()
    await dialog.getByRole('heading', { name: 'Filial' }).waitFor()
    // Nobody is left in it.
    expect(await dialog.getByText('Cia').count()).toBe(0)
  },
)

testWith('chromium')('a schedule with two intervals on Monday; the first one is active by itself', async () => {
  office = await openOffice()
  const admin = await office.administration('chief')
  const { page } = admin
  await admin.chooseNumber(closedName)
  await admin.choose('Öppettider')
  await page.getByText('Inga öppettider är angivna: gruppnumret är stängt.').waitFor()
  await page.getByRole('button', { name: 'Skapa schema' }).click()
  await page.getByRole('menuitem', { name: 'Skapa nytt schema' }).click()
  await page.getByLabel('Schemats namn').fill('Vinter')
  await page.getByRole('button', { name: 'Lägg till öppettider för måndagar' }).click()
  await page.getByLabel('måndag, öppettid 1, från').fill('08:00')
  await page.getByLabel('måndag, öppettid 1, till').fill('12:00')
  await page.getByRole('button', { name: 'Lägg till fler öppettider för måndagar' }).click()
  await page.getByLabel('måndag, öppettid 2, från').fill('13:00')
  await page.getByLabel('måndag, öppettid 2, till').fill('16:00')
  await admin.saves()
  await page.reload()
  const row = page.getByRole('table', { name: 'Ordinarie öppettider' }).getByRole('row', { name: 'Vinter' })
  await row.getByText('mån 08:00–12:00, 13:00–16:00').waitFor()
  expect(await row.getByRole('radio').isChecked()).toBe(true)
  await page.getByText('schema: Vinter').first().waitFor()
})

testWith('chromium', 'sipp')('changed opening hours count for the call that arrives next', async () => {
  office = await openOffice()
  const admin = await office.administration('chief')
  const { page } = admin
  await admin.chooseNumber(closedName)
  await admin.choose('Öppettider')
  const before = await office.sipp(closedNumber)
  await hasHeard(before, 'closed')
  await page.getByRole('button', { name: 'Skapa schema' }).click()
  await page.getByRole('menuitem', { name: 'Skapa nytt schema' }).click()
  await admin.opensAroundTheClock()
  await admin.saves()
  const after = await office.sipp(closedNumber, 'laterCaller')
  await hasHeard(after, 'welcome', 'music')
})

testWith('chromium', 'sipp')('a second schedule counts when it is chosen as the active one', async () => {
  office = await openOffice()
  const admin = await office.administration('chief')
  const { page } = admin
  await admin.chooseNumber(openName)
  await admin.choose('Öppettider')
  await page.getByRole('button', { name: 'Skapa schema' }).click()
  await page.getByRole('menuitem', { name: 'Skapa nytt schema' }).click()
  await page.getByLabel('Schemats namn').fill('Semester')
  await admin.saves()
  const before = await office.sipp(openNumber)
  await hasHeard(before, 'welcome')
  const radio = page.getByRole('radio', { name: 'Gör Semester till aktivt schema' })
  expect(await radio.isChecked()).toBe(false)
  await radio.check()
  await admin.saves()
  const after = await office.sipp(openNumber, 'laterCaller')
  await hasHeard(after, 'closed')
  expect(await after.ended).toBe(0)
})

testWith('chromium', 'sipp')('an exception closes a named day, and the caller hears it', async () => {
  office = await openOffice()
  const admin = await office.administration('chief')
  const { page, dialog } = admin
  await admin.chooseNumber(openName)
  await admin.choose('Öppettider')
  await page.getByRole('button', { name: 'Lägg till avvikelse', exact: true }).click()
  await dialog.getByLabel('Namn').fill('Planeringsdag')
  // It begins today, as offered; a day more, so that midnight may come while this runs.
  const today = await dialog.getByLabel('Första dag').inputValue()
  const tomorrow = new Date(Date.parse(`${today}T12:00:00Z`) + 86_400_000).toISOString().slice(0, 10)
  await dialog.getByLabel('Sista dag').fill(tomorrow)
  await dialog.getByRole('button', { name: 'Lägg till avvikelse' }).click()
  await admin.saves()
  await page.getByText('avvikelse: Planeringsdag').first().waitFor()
  const caller = await office.sipp(openNumber)
  await hasHeard(caller, 'closed')
  expect(await caller.ended).toBe(0)
})

testWith('chromium', 'sipp')('each schedule has a welcome message of its own, and callers hear it', async () => {
  office = await openOffice()
  const admin = await office.administration('chief')
  const { page } = admin
  await admin.chooseNumber(openName)
  await admin.choose('Talsvarsmeddelanden')
  await page.getByRole('link', { name: 'Lägg till och ta bort talsvarsmeddelanden' }).click()
  await admin.uploads('ownWelcome', { chosenAsWelcome: false })
  await admin.uploads('eveningWelcome', { chosenAsWelcome: false })
  await admin.choose('Öppettider')
  const welcome = page.getByLabel('Välkomstmeddelande')
  await welcome.selectOption('ownWelcome (svenska)')
  await page.getByRole('button', { name: 'Skapa schema' }).click()
  await page.getByRole('menuitem', { name: 'Kopiera Always' }).click()
  await page.getByLabel('Schemats namn').fill('Kväll')
  await welcome.selectOption('eveningWelcome (svenska)')
  await admin.saves()
  const byDay = await office.sipp(openNumber)
  await hasHeard(byDay, 'ownWelcome')
  await page.getByRole('radio', { name: 'Gör Kväll till aktivt schema' }).check()
  await admin.saves()
  const byEvening = await office.sipp(openNumber, 'laterCaller')
  await hasHeard(byEvening, 'eveningWelcome')
})

testWith('chromium', 'sipp')('a message that is uploaded and chosen as welcome is heard by the caller', async () => {
  office = await openOffice()
  const admin = await office.administration('chief')
  const { page } = admin
  await admin.chooseNumber(openName)
  await admin.choose('Talsvarsmeddelanden')
  await page.getByRole('link', { name: 'Lägg till och ta bort talsvarsmeddelanden' }).click()
  // The prerecorded ones are there to listen to.
  await page.getByRole('button', { name: 'Lyssna på closed' }).click()
  await page.getByRole('button', { name: 'Stoppa closed' }).waitFor()
  await admin.uploads('ownWelcome', { chosenAsWelcome: true })
  await admin.saves()
  const caller = await office.sipp(openNumber)
  await hasHeard(caller, 'ownWelcome', 'music')
})

testWith('chromium')('an agent whom the administrator logs out sees it at the desk', async () => {
  office = await openOffice()
  const [anna, lead] = await Promise.all([office.desk('anna'), office.administration('lead')])
  await lead.choose('Agenter')
  await lead.page.getByRole('button', { name: 'Logga ut: Anna Ek' }).click()
  await lead.page.getByText(`Anna Ek är utloggad från ${openName} och ser det vid sitt skrivbord.`).first().waitFor()
  await anna.page.getByText('Your phone is not ringing: you are logged out.').first().waitFor()
  await anna.page.getByText(`lead logged you out of ${openName}`).waitFor()
  await lead.page.getByRole('button', { name: 'Logga in: Anna Ek' }).click()
  await anna.page.getByText('Ready for calls').waitFor()
})

testWith('chromium', 'sipp')(
  'a caller in the queue when the number is closed by hand meets what is set for closing',
  async () => {
    office = await openOffice({ atClosing: 'closeQueue' })
    const lead = await office.administration('lead')
    const caller = await office.sipp(openNumber)
    await hears(caller, 'music')
    await lead.page.getByRole('button', { name: 'Stäng nu' }).click()
    await lead.dialog.getByRole('button', { name: 'Stäng nu' }).click()
    expect(await caller.ended).toBe(0)
    expect(heardSoFar(caller.ear).at(-1)).toBe('closed')
  },
)

testWith('chromium', 'sipp')(
  'a caller in the queue when the number is closed is served where that is set, and the next one meets that it is closed',
  async () => {
    office = await openOffice({ atClosing: 'serveQueue' })
    const lead = await office.administration('lead')
    const caller = await office.sipp(openNumber)
    await hears(caller, 'music')
    await lead.page.getByRole('button', { name: 'Stäng nu' }).click()
    await lead.dialog.getByRole('button', { name: 'Stäng nu' }).click()
    await lead.hasSaved()
    const next = await office.sipp(openNumber, 'laterCaller')
    await hasHeard(next, 'closed')
    expect(await next.ended).toBe(0)
    await hears(caller, 'music')
    const anna = await office.desk('anna')
    await anna.incoming.waitFor()
    await anna.answers()
    await hears(caller, 'anna')
  },
)

testWith('chromium')('a supervisor of one group number sees no other', async () => {
  office = await openOffice()
  const lead = await office.administration('lead')
  await lead.page.getByRole('heading', { name: openName, level: 1 }).waitFor()
  await lead.page.getByRole('navigation', { name: 'Gruppnummer' }).getByRole('link', { name: openName }).waitFor()
  expect(await lead.page.getByText(closedName).count()).toBe(0)
  await lead.page.goto(`${office.origin}/admin/numbers/night/agents`)
  await lead.page.getByText('Det gruppnumret finns inte').waitFor()
  expect(await lead.page.getByText(closedName).count()).toBe(0)
  expect(await lead.page.getByRole('link', { name: 'Konton' }).count()).toBe(0)
})

testWith('chromium')(
  '[A18] everything is saved as a file, and read in again after what it would change is shown',
  async () => {
    office = await openOffice()
    const admin = await office.administration('chief')
    const { page } = admin
    await admin.chooseOfCompany('Historik')
    await page.getByText('Exportera och importera').click()
    const [saved] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Spara som fil (.zip)' }).click(),
    ])
    const file = office.file('saved.zip')
    await saved.saveAs(file)
    // What is changed since, the file takes back.
    await admin.choose('Företag och avtal')
    await page.getByLabel('Namn').fill('Nytt namn AB')
    await page.getByLabel('Namn').press('Tab')
    await admin.saves()
    await page.getByRole('heading', { name: 'Nytt namn AB', level: 1 }).waitFor()
    await admin.choose('Historik')
    await page.getByText('Exportera och importera').click()
    await page.getByLabel('Välj fil').setInputFiles({
      name: 'trasig.zip',
      mimeType: 'application/zip',
      buffer: readFileSync(file).subarray(0, 900),
    })
    await page.getByRole('alert').filter({ hasText: 'Inget är ändrat.' }).waitFor()
    await page.getByLabel('Välj fil').setInputFiles(file)
    await page.getByText(/Nytt namn AB.*Exempel AB/).waitFor()
    await page.getByRole('button', { name: 'Läs in' }).click()
    await page.getByText('Filen är inläst och gäller som version 3.').waitFor()
    await page.getByRole('heading', { name: 'Exempel AB', level: 1 }).waitFor()
  },
)
