import { afterEach, expect } from 'vitest'
import { findings } from './support/findings.ts'
import { openNumber, openName } from './support/company.ts'
import { openDesktopWindow } from './support/desktop-window.ts'
import { heard, openOffice, type Office } from './support/office.ts'
import { testWith } from './support/peers.ts'

let office: Office | undefined

afterEach(async () => {
  await office?.close()
  office = undefined
})

const soon = { timeout: 15_000, interval: 50 }

testWith('chromium', 'sipp')(
  'in the desktop program a call rings beside other programs, is answered there, and is heard',
  async () => {
    office = await openOffice()
    const browser = await office.callerBrowser()
    const { page } = browser
    const desktop = await openDesktopWindow(page, office.origin)
    await page.goto(`${desktop.origin}/#${office.linkOf('anna').split('#')[1] ?? ''}`)
    await page.getByRole('button', { name: 'Senare' }).click()
    await page.getByText('Telefonen är ansluten').waitFor()
    await page.getByRole('button', { name: 'Logga in på alla' }).first().click()
    await page.getByText('Redo för samtal').waitFor()
    const caller = await office.sipp(openNumber)
    await expect
      .poll(() => desktop.asked.findLast(([name]) => name === 'showRinging'), soon)
      .toEqual(['showRinging', { title: '070-123 45 67', body: openName, answer: 'Svara', reject: 'Avvisa' }])
    await desktop.tell('asked', 'answer')
    await expect.poll(() => heard(caller.ear.hears()).length, soon).toBe(1)
    await expect.poll(async () => heard(await browser.hears()), soon).toEqual(['caller'])
    await expect
      .poll(() => desktop.asked.findLast(([name]) => name === 'showState'), soon)
      .toEqual(['showState', { mark: 'talking', words: 'i samtal', language: 'sv' }])
    expect(desktop.asked.filter(([name]) => name === 'showRinging')).toHaveLength(1)
    expect(desktop.asked.at(-1)?.[0]).not.toBe('showRinging')
    await desktop.tell('asked', 'hangUp')
    expect(await caller.ended).toBe(0)
  },
)

testWith('chromium')('[W25] a link in the desktop program fills in the number to call, and never calls', async () => {
  office = await openOffice()
  const { page } = await office.callerBrowser()
  const desktop = await openDesktopWindow(page, office.origin)
  await page.goto(`${desktop.origin}/#${office.linkOf('anna').split('#')[1] ?? ''}`)
  await page.getByRole('button', { name: 'Senare' }).click()
  await page.getByText('Telefonen är ansluten').waitFor()
  const field = page.getByRole('combobox', { name: 'Ring nummer eller kollega' })
  const ring = page.getByRole('button', { name: 'Ring', exact: true })
  for (const [link, number] of [
    ['tel:+46701234567', '+46701234567'],
    ['callto:08-555%2012%2034', '08-555 12 34'],
  ] as const) {
    await desktop.tell('dial', link)
    await expect.poll(() => field.inputValue(), soon).toBe(number)
    // A call on its way would have emptied the field and taken the button away.
    expect(await ring.isEnabled()).toBe(true)
    expect(await page.getByRole('article').count()).toBe(0)
  }
})

testWith('chromium')('the card says who calls, and hands on what is pressed', async () => {
  office = await openOffice()
  const { page } = await office.callerBrowser()
  const desktop = await openDesktopWindow(page, office.origin)
  await page.setViewportSize({ width: 340, height: 132 })
  const told = {
    title: '070-123 45 67 <img src=x onerror=alert(1)>',
    body: 'Kundtjänst',
    answer: 'Svara',
    reject: 'Avvisa',
  }
  await page.goto(`${desktop.origin}/card.html#${encodeURIComponent(JSON.stringify(told))}`)
  await page.getByRole('heading', { name: told.title }).waitFor()
  expect(await findings(page)).toEqual([])
  await page.getByRole('button', { name: 'Svara' }).click()
  await page.keyboard.press('Escape')
  await expect
    .poll(() => desktop.asked, soon)
    .toEqual([
      ['press', 'answer'],
      ['press', 'reject'],
    ])
})

testWith('chromium')('the settings of the program are chosen, and a wrong address is named', async () => {
  office = await openOffice()
  const { page } = await office.callerBrowser()
  const desktop = await openDesktopWindow(page, office.origin, {
    changeSettings: ({ service }) => (service === 'tele.example.se' ? undefined : { kind: 'unreachable' as const }),
  })
  await page.goto(`${desktop.origin}/`)
  await page.getByRole('button', { name: 'Programmets inställningar' }).click()
  await page.getByLabel('Adress').fill('away.example.se')
  await page.getByRole('button', { name: 'Anslut' }).click()
  await page.getByRole('alert').getByText('går inte att nå').waitFor()
  expect(await findings(page)).toEqual([])
  await page.getByLabel('Adress').fill('tele.example.se')
  await page.keyboard.press('Enter')
  await page.getByText('Sparat.').waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
})
