import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished } from 'vitest'
import { runCommand } from '../cli/run-command.ts'
import { openPartyBrowser } from './support/browser.ts'
import { testWith } from './support/peers.ts'

const example = fileURLToPath(new URL('../../resources/example', import.meta.url))

const given = (origin: string, token?: string) =>
  fetch(`${origin}/api/review`, token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } })

testWith('chromium')(
  'a review shows the file to who has the printed address, after a reload too, and writes nothing',
  async () => {
    const directory = mkdtempSync(join(tmpdir(), 'gruppnummer-review-'))
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
    cpSync(example, directory, { recursive: true })
    const before = readdirSync(directory, { recursive: true }).toSorted()
    const review = runCommand('review', [directory])
    const printed = await review.prints(/#file=/)
    const address = /(http:\/\/127\.0\.0\.1:\d+\/review#file=[\w-]+)$/m.exec(printed)?.[1] ?? ''
    const { origin } = new URL(address)
    expect((await given(origin)).status).toBe(401)
    expect((await given(origin, 'a-token-that-somebody-guessed')).status).toBe(401)

    const tones = mkdtempSync(join(tmpdir(), 'gruppnummer-tone-'))
    onTestFinished(() => rmSync(tones, { recursive: true, force: true }))
    const browser = await openPartyBrowser(500, tones)
    onTestFinished(() => browser.close())
    const { page, troubles } = browser
    await page.goto(address)
    for (const visit of ['first', 'reloaded']) {
      await page.getByRole('heading', { name: 'Exempelbolaget AB' }).waitFor()
      // There is no service to be missed.
      expect(await page.getByText(/Ingen kontakt|No contact/).count(), visit).toBe(0)
      await page
        .getByRole('button', { name: /^(Lyssna på|Listen to)/ })
        .first()
        .waitFor()
      if (visit === 'first') await page.reload()
    }
    expect(troubles).toEqual([])
    expect(readdirSync(directory, { recursive: true }).toSorted()).toEqual(before)

    review.process.kill('SIGTERM')
    expect(await review.ended).toMatchObject({ code: 0, stderr: '' })
  },
)
