import { presetDirectory, serve } from '../src/cli/serve.ts'
import { askRunningService } from '../src/service/http/local-socket.ts'
import { StartProblem } from '../src/service/ports.ts'
import { tryOut, tryOutAccounts } from '../src/service/try-out.ts'
import { build, buildConsole } from './build.ts'
import { findElectron, openDesktop, whyNoWindow } from './desktop.ts'

/** `npm start`: the desktop program with the example company, or the same console in a browser. */
const directory = presetDirectory()

try {
  process.exitCode = (await alreadyRunning()) ?? (await desktop()) ?? (await browser())
} catch (fault) {
  if (!(fault instanceof StartProblem)) throw fault
  console.error(`npm start: ${fault.message}`)
  process.exitCode = 2
}
// The switch goes on in its own process; nothing of this one is left to wait for.
process.exit()

/** A second start finds the running service and prints links to it. */
async function alreadyRunning(): Promise<number | undefined> {
  const where = await askRunningService(directory, { ask: 'whereabouts' })
  if (!where) return undefined
  if (!where.ok) throw new StartProblem(`${directory}: ${where.problem}`)
  console.log(`Gruppnummer is running already, on ${where.value}`)
  for (const account of tryOutAccounts) {
    const link = await askRunningService(directory, { ask: 'link', account })
    if (link?.ok) console.log(`  ${account.padEnd(10)} ${link.value}`)
  }
  return 0
}

/** Undefined where no desktop program can be had; says why, in one line. */
async function desktop(): Promise<number | undefined> {
  const none = (why: string) => {
    console.log(`No desktop window: ${why}. The same console opens in a browser:`)
    return undefined
  }
  const why = whyNoWindow({ platform: process.platform, uid: process.getuid?.(), environment: process.env })
  if (why) return none(why)
  const electron = findElectron()
  if (!electron) return none('Electron could not be fetched; `node node_modules/electron/install.js` says more')
  if (!build()) return none('it could not be built')
  const opened = await openDesktop(electron)
  if ('failed' in opened) return none(opened.failed)
  return new Promise((resolve) => opened.once('exit', (code) => resolve(code ?? 0)))
}

async function browser(): Promise<number> {
  if (!buildConsole()) return 1
  const serving = await serve({ directory, initial: 'resources/example' })
  const links = await tryOut(serving, serving)
  console.log(`
Gruppnummer listens on ${serving.origin}

Sign in once with each link, within 10 minutes:
  supervisor, who also answers  ${links.supervisor}
  second agent                  ${links.agent}
  reviewer                      ${links.reviewer}

Ring the group number from     ${serving.origin}/caller
Stop with Ctrl-C.
`)
  await new Promise((stop) => {
    process.once('SIGINT', stop)
    process.once('SIGTERM', stop)
  })
  await serving.close()
  return 0
}
