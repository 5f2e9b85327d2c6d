import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { CheckProblem } from '../../../../src/contract/administration.ts'
import type { Configuration } from '../../../../src/core/configuration/types.ts'
import CheckPage from '../../../../src/renderer/supervisor/check/CheckPage.vue'
import { openConsolePage } from '../../support/console-page.ts'
import { button, expectNoFaults } from '../../support/mount.ts'

const configuration = JSON.parse(readFileSync('resources/example/gruppnummer.json', 'utf8')) as Configuration
const [first, second] = configuration.groupNumbers
const words = (text: string) => ({ sv: text, en: `${text} (in English)` })
const problems: CheckProblem[] = [
  { severity: 'warning', path: ['groupNumbers', first!.id, 'overview'], words: words('Något') },
  { severity: 'error', path: ['groupNumbers', second!.id], words: words('Ringen tar aldrig slut') },
]
const checked = (found: readonly CheckProblem[]) => ({
  configuration,
  answer: ({ type }: { type: string }) => (type === 'check' ? { problems: found } : undefined),
})

test('errors stand before warnings, each with its place and the way there', async () => {
  const { page } = await openConsolePage(CheckPage, {}, checked(problems))
  expect(page.findAll('h2').map((title) => title.text())).toEqual(['Fel', 'Varningar'])
  expect(page.findAll('li')[0]?.text()).toContain(second!.name)
  expect(page.findAll('li a').map((link) => link.attributes('href'))).toEqual([
    `/groupNumber/${second!.id}/overview`,
    `/groupNumber/${first!.id}/overview`,
  ])
  await expectNoFaults(page)
})

test('of a group number only its own is shown', async () => {
  const { page } = await openConsolePage(CheckPage, { group: first }, checked(problems))
  expect(page.findAll('li').map((row) => row.text())).toEqual([expect.stringContaining('Något')])
})

test('nothing to remark on is said', async () => {
  const { page } = await openConsolePage(CheckPage, {}, checked([]))
  expect(page.text()).toContain('Inget att anmärka på')
})

test('a check that could not be made is not taken for a clean one', async () => {
  let answers = false
  const { page, settle } = await openConsolePage(
    CheckPage,
    {},
    {
      configuration,
      answer: ({ type }) => (type === 'check' && answers ? { problems: [] } : undefined),
    },
  )
  expect(page.find('[role=alert]').text()).toContain('gick inte att göra')
  expect(page.text()).not.toContain('Inget att anmärka på')
  answers = true
  await button(page, 'Försök igen').trigger('click')
  await settle()
  expect(page.text()).toContain('Inget att anmärka på')
})

test('a place is said in words, as far as there are any', async () => {
  const { page } = await openConsolePage(
    CheckPage,
    {},
    checked([{ severity: 'warning', path: ['groupNumbers', first!.id, 'schedules'], words: words('aldrig öppet') }]),
  )
  expect(page.find('.place').text()).toBe(`${first!.name} › öppettider`)
})
