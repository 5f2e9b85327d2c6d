import { join } from 'node:path'
import { utilityProcess, type UtilityProcess } from 'electron'
import { type FromServiceProcess, fromServiceSchema, type ToServiceProcess } from './service-talk.ts'

interface OwnServiceParts {
  /** Of the example company. */
  readonly initial: string
  readonly ready: (where: { readonly origin: string; readonly link: string }) => void
  /** It could not start, or ended by itself. */
  readonly failed: (why: string) => void
  readonly ended: (what: string, code: number | null) => void
}

export interface OwnService {
  /** Resolves when it has ended; the switch ends with the program. */
  stop(): Promise<void>
}

/** The service inside the program and its switch: a process each, so that calls outlive the service. */
export function startOwnService({ initial, ready, failed, ended }: OwnServiceParts): OwnService {
  const service: UtilityProcess = utilityProcess.fork(join(import.meta.dirname, 'serve.js'), [initial])
  let stopping = false
  const tell = (message: ToServiceProcess) => {
    service.postMessage(message)
  }

  service.on('message', (message: unknown) => {
    heard(fromServiceSchema.parse(message))
  })
  service.once('exit', (code) => {
    if (stopping) return
    ended('service', code)
    failed(`the service ended (code ${String(code)})`)
  })

  function heard(message: FromServiceProcess) {
    switch (message.type) {
      case 'ready':
        ready(message)
        break
      case 'startSwitch':
        utilityProcess.fork(message.program, [message.argument]).once('exit', (code) => {
          ended('switch', code)
          tell({ type: 'switchEnded', code })
        })
        break
      case 'failed':
        failed(message.why)
    }
  }

  return {
    stop: () => {
      stopping = true
      return new Promise((resolve) => {
        service.once('exit', () => {
          resolve()
        })
        tell({ type: 'stop' })
      })
    },
  }
}
