import { expect, test } from 'vitest'
import { instant } from '../../../src/core/time.ts'
import ReviewPage from '../../../src/renderer/review/ReviewPage.vue'
import type { Reviewed } from '../../../src/renderer/review/open-file.ts'
import { useReviewStore } from '../../../src/renderer/review/review-store.ts'
import { openConsolePage } from '../support/console-page.ts'
import { exampleCompany } from '../support/kept-versions.ts'
import { expectNoFaults } from '../support/mount.ts'

const [message] = exampleCompany.messages
const reviewed = (given: Partial<Reviewed> = {}): Reviewed => ({
  origin: { kind: 'file', name: 'export.zip', at: instant(Date.parse('2026-11-20T13:00:00Z')) },
  configuration: exampleCompany,
  sounds: new Map([[message!.id, new Blob(['RIFF'], { type: 'audio/wav' })]]),
  soundFaults: [],
  ...given,
})

async function openReview(shown?: Reviewed) {
  const opened = await openConsolePage(ReviewPage)
  const review = useReviewStore()
  if (shown) review.show(shown)
  await opened.settle()
  const choose = async (view: string) => {
    await opened.page.find(`input[value=${view}]`).setValue()
    await opened.settle()
  }
  return { ...opened, review, choose }
}

test('nothing open: a file is asked for', async () => {
  const { page } = await openReview()
  expect(page.text()).toContain('Öppna fil')
  await expectNoFaults(page)
})

test('one bar says which file it is, of when and how old', async () => {
  const { page } = await openReview(reviewed())
  expect(page.find('section[aria-label="Granskas nu"]').text()).toContain('export.zip')
  expect(page.find('section[aria-label="Granskas nu"]').text()).toContain(
    'från fre 14:00, 2 dagar gammal · bara läsning',
  )
})

test('company and group numbers are read, and what is in the file is heard', async () => {
  const { page, settle } = await openReview(reviewed())
  expect(page.text()).toContain(exampleCompany.company.name)
  expect(page.findAll('audio').every((audio) => audio.attributes('src')?.startsWith('blob:'))).toBe(true)
  expect(page.text()).toContain('Ljudet finns inte här')
  const entry = page.findAll('nav button').find((one) => one.text() === exampleCompany.groupNumbers[1]!.name)
  await entry?.trigger('click')
  await settle()
  expect(page.find('h1').text()).toBe(exampleCompany.groupNumbers[1]!.name)
  await expectNoFaults(page)
})

test('what a caller hears is worked out in the page', async () => {
  const { page, choose, asks } = await openReview(reviewed())
  const before = asks().length
  await choose('ask')
  await page.find('input[type=datetime-local]').setValue('2026-11-23T10:00')
  expect(page.findAll('.script li').length).toBeGreaterThan(3)
  expect(page.find('.script').text()).toContain('schema: Ordinarie')
  expect(page.find('.script a').exists()).toBe(false)
  expect(asks().length).toBe(before)
  await expectNoFaults(page)
})

test('the check says what is wrong with the document and with its sounds', async () => {
  const alone = { ...exampleCompany.groupNumbers[0]!, members: [] }
  const configuration = { ...exampleCompany, groupNumbers: [alone] }
  const { page, choose } = await openReview(
    reviewed({ configuration, soundFaults: [{ message: message!, kind: 'missing' }] }),
  )
  await choose('check')
  expect(page.findAll('h2').map((title) => title.text())).toEqual(['Fel', 'Varningar'])
  expect(page.text()).toContain(`Ljudet ${message!.file} finns inte i filen`)
  expect(page.text()).toContain(alone.name)
})

test('compared with another, the difference is said in words', async () => {
  const { page, review, settle } = await openReview(reviewed())
  const company = { ...exampleCompany.company, name: 'Gamla bolaget' }
  const older = new File([JSON.stringify({ ...exampleCompany, company })], 'older.json')
  await review.open(older, 'other')
  await settle()
  expect(page.find('.compared').text()).toContain('namn ”Gamla bolaget” → ')
  expect(page.text()).toContain('Jämförs med older.json')
})

test('a file that is no configuration is one message, and what was open stays', async () => {
  const { page, review, settle } = await openReview(reviewed())
  await review.open(new File(['hej'], 'hej.json'), 'shown')
  await settle()
  expect(page.find('[role=alert]').text()).toContain('hej.json är ingen giltig konfiguration')
  expect(page.text()).toContain('export.zip')
})
