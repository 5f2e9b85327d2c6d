import { presetDirectory, serve, type Serving } from '../cli/serve.ts'
import { tryOut } from '../service/try-out.ts'
import { type FromServiceProcess, toServiceSchema } from './service-talk.ts'

/** The service's process of the desktop program; its one argument is the directory of the example company. */
const { parentPort } = process
const [, , initial = ''] = process.argv
const switchEnds: ((code: number | null) => void)[] = []
let stop: (() => void) | undefined

const tell = (message: FromServiceProcess) => {
  parentPort.postMessage(message)
}

parentPort.on('message', ({ data }) => {
  const message = toServiceSchema.parse(data)
  if (message.type === 'switchEnded') switchEnds.shift()?.(message.code)
  else stop?.()
})

try {
  const serving = await serve({
    directory: presetDirectory(),
    initial,
    startSwitch: (program, argument) => {
      tell({ type: 'startSwitch', program, argument })
      return new Promise((ended) => switchEnds.push(ended))
    },
  })
  stop = () => void serving.close().then(() => process.exit(0))
  tell({ type: 'ready', origin: serving.origin, link: await firstLink(serving) })
} catch (fault) {
  tell({ type: 'failed', why: fault instanceof Error ? fault.message : String(fault) })
}

/** Signs the window in: as the supervisor who also answers; in a company that has outgrown the example, as its admin. */
async function firstLink(serving: Serving): Promise<string> {
  const { accounts, store } = serving
  const known = accounts.find('supervisor') ?? accounts.list().find(({ roles }) => roles.includes('admin'))
  if (known === undefined) return (await tryOut(serving, { accounts, store })).supervisor
  const link = await serving.makeLink(known.id)
  if (!link.ok) throw new Error(link.problem)
  return link.value
}
