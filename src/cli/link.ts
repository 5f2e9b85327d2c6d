import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { Result } from '../core/result.ts'
import { failed } from '../core/result.ts'
import { askRunningService } from '../service/http/local-socket.ts'
import { rememberedOrigin } from '../service/http/remembered-origin.ts'
import { StartProblem } from '../service/ports.ts'
import { linkFor } from '../service/start-service.ts'
import { presetDirectory, withAccounts } from './serve.ts'

/** The command `gruppnummer link ACCOUNT [--config DIR]`: prints a one-time sign-in link. The exit code. */
export async function run(args: string[]): Promise<number> {
  try {
    const { account, directory } = askedFor(args)
    const link = (await askRunningService(directory, { ask: 'link', account })) ?? (await ownLink(directory, account))
    if (!link.ok) throw new StartProblem(link.problem)
    console.log(link.value)
    return 0
  } catch (fault) {
    if (!(fault instanceof StartProblem)) throw fault
    console.error(`gruppnummer link: ${fault.message}`)
    return 2
  }
}

function askedFor(args: string[]): { readonly account: string; readonly directory: string } {
  try {
    const { values, positionals } = parseArgs({ args, options: { config: { type: 'string' } }, allowPositionals: true })
    const [account, ...others] = positionals
    if (account === undefined || account === '' || others.length > 0)
      throw new StartProblem('expected one ACCOUNT, by its name, such as: gruppnummer link admin')
    return { account, directory: resolve(values.config ?? presetDirectory()) }
  } catch (fault) {
    throw fault instanceof StartProblem ? fault : new StartProblem((fault as Error).message)
  }
}

/** No service runs: the link is good once one does, at the address it had. */
async function ownLink(directory: string, account: string): Promise<Result<string, string>> {
  const origin = await rememberedOrigin(directory).origin()
  if (origin === undefined) return failed(`${directory}: no service has run here; start one with: gruppnummer serve`)
  return withAccounts(directory, (accounts) => linkFor(accounts, account, { origin }))
}
