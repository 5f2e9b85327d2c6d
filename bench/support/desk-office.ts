import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core'
import { buildConsole } from '../../scripts/build.ts'
import type { AgentId } from '../../src/core/configuration/types.ts'
import { openAccounts } from '../../src/service/accounts/open-accounts.ts'
import { systemClock } from '../../src/service/clock.ts'
import { writeCompany } from '../../test/e2e/support/company.ts'
import { freeUdpPort } from '../../test/e2e/support/free-ports.ts'
import { peers } from '../../test/e2e/support/peers.ts'
import { runService } from '../../test/support/crowd/run-service.ts'

/** A company with one agent, Anna, who is free at once after a call; the service and its switch are processes of their own. */
export interface DeskOffice {
  readonly origin: string
  readonly service: number
  readonly switch: number
  /** UDP, of the switch: a trunk on 127.0.0.1. */
  readonly sipPort: number
  /** Signs Anna in, once. */
  readonly link: string
  close(): Promise<void>
}

export async function openDeskOffice(): Promise<DeskOffice> {
  if (!buildConsole()) throw new Error('the console could not be built')
  const directory = mkdtempSync(join(tmpdir(), 'gruppnummer-desk-'))
  writeCompany(directory)
  writeFileSync(join(directory, 'trunks.json'), JSON.stringify([{ name: 'line', address: '127.0.0.1' }]))
  const accounts = await openAccounts({ directory, clock: systemClock() })
  const { id } = await accounts.put(
    { name: 'anna', roles: ['agent'], agent: 'anna' as AgentId, supervises: [] },
    'desk',
  )
  const token = await accounts.makeLink(id, 600_000)
  await accounts.close()
  const sipPort = await freeUdpPort()
  const service = await runService(directory, ['--sip-udp', `127.0.0.1:${sipPort}`])
  return {
    origin: service.origin,
    service: service.pid,
    switch: switchPid(directory),
    sipPort,
    link: `${service.origin}/#link=${token}`,
    async close() {
      await service.close()
      rmSync(directory, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

function switchPid(directory: string): number {
  const started = readFileSync(join(directory, 'switch.log'), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as { readonly what: string; readonly pid?: number })
    .findLast(({ what }) => what === 'started')
  if (started?.pid === undefined) throw new Error('the switch did not say that it started')
  return started.pid
}

/** A browser with Chromium's own stand-in for a microphone; `args` beside those that every one of ours has. */
export async function openChromium(args: readonly string[] = []): Promise<Browser> {
  if (!peers.chromium) throw new Error('no Chromium on this machine; CHROMIUM names one')
  return chromium.launch({
    executablePath: peers.chromium,
    args: [
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      '--autoplay-policy=no-user-gesture-required',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-dev-shm-usage',
      '--disable-sync',
      '--no-first-run',
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      ...args,
    ],
  })
}

/** Anna's desk in English, registered and logged in. */
export async function openDeskPage(context: BrowserContext, link: string): Promise<Page> {
  await context.addInitScript(() => {
    localStorage.setItem('gruppnummer.preferences', JSON.stringify({ locale: 'en' }))
  })
  const page = await context.newPage()
  page.setDefaultTimeout(30_000)
  await page.goto(link)
  await page.getByRole('button', { name: 'Later' }).click()
  await page.getByText('The phone is connected').waitFor()
  await page.getByRole('button', { name: 'Log in to all' }).first().click()
  await page.getByText('Ready for calls').waitFor()
  return page
}
