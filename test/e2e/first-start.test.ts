import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect } from 'vitest'
import { openPartyBrowser } from './support/browser.ts'
import { endSwitches } from './support/office.ts'
import { testWith } from './support/peers.ts'
import { heardIn } from './support/tones.ts'

const tones = { agent: 700, caller: 1100 }
const home = mkdtempSync(join(tmpdir(), 'gruppnummer-home-'))
const closing: (() => unknown)[] = []

afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
  endSwitches(join(home, 'gruppnummer'))
  rmSync(home, { recursive: true, force: true, maxRetries: 5 })
})

/** `npm start` with an empty home, without a display. */
function start(): ChildProcess {
  const { DISPLAY: _, WAYLAND_DISPLAY: __, ...environment } = process.env
  const started = spawn(process.execPath, ['scripts/start.ts'], {
    env: { ...environment, XDG_DATA_HOME: home },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  closing.push(async () => {
    if (started.exitCode !== null) return
    started.kill('SIGINT')
    await once(started, 'exit')
  })
  return started
}

/** What it printed, until `last` was said. */
async function printed({ stdout }: ChildProcess, last: string): Promise<string> {
  let text = ''
  for await (const part of stdout ?? []) {
    text += String(part)
    if (text.includes(last)) break
  }
  return text
}

const soon = { timeout: 15_000, interval: 50 }

testWith('chromium')(
  'a newcomer starts the program, signs in, logs in, rings from /caller, answers, talks and hangs up',
  async () => {
    const said = await printed(start(), 'Stop with')
    expect(said).toMatch(/^No desktop window: .+\. The same console opens in a browser:$/m)
    const link = /supervisor.*?(http\S+)/.exec(said)?.[1] ?? ''
    const { origin } = new URL(link)
    expect(origin).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)

    const agent = await openPartyBrowser(tones.agent, home)
    closing.push(() => agent.close())
    const faults: string[] = []
    agent.page.on('pageerror', ({ message }) => faults.push(message))
    agent.page.on('console', (told) => {
      if (told.type() === 'error') faults.push(told.text())
    })
    await agent.page.goto(link)
    await agent.page.getByRole('button', { name: 'Senare' }).click()
    await agent.page.getByText('Telefonen är ansluten').waitFor()
    await agent.page.getByRole('button', { name: 'Logga in på alla' }).first().click()
    await agent.page.getByText('Redo för samtal').waitFor()

    const caller = await openPartyBrowser(tones.caller, home)
    closing.push(() => caller.close())
    await caller.page.goto(`${origin}/caller`)
    // Open around the clock, whenever this runs.
    await caller.page.getByLabel('Support').check()
    await caller.page.getByRole('button', { name: 'Ring', exact: true }).click()
    await caller.page.getByText('ljud: tal eller musik').waitFor()
    await agent.page.getByRole('button', { name: 'Svara' }).click()
    await expect.poll(async () => heardIn(tones, await agent.hears()), soon).toEqual(['caller'])
    await expect.poll(async () => heardIn(tones, await caller.hears()), soon).toEqual(['agent'])
    await caller.page.getByText('en ton på 7').waitFor()

    await agent.page.getByRole('button', { name: 'Lägg på' }).click()
    await caller.page.getByText('Samtalet är slut.').waitFor()
    await agent.page.getByText('Efterbehandling', { exact: true }).first().waitFor()
    await agent.page.getByRole('button', { name: 'Klar' }).first().click()
    await agent.page.getByText('Redo för samtal').waitFor()
    expect(faults).toEqual([])

    const second = await printed(start(), 'reviewer')
    expect(second).toContain(`Gruppnummer is running already, on ${origin}`)
    expect(second).toMatch(/supervisor +http\S+#link=/)
  },
)
