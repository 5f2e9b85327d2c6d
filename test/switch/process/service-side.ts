import { fileURLToPath } from 'node:url'
import { dirname } from 'node:path'
import type { E164, MessageId } from '../../../src/core/configuration/types.ts'
import { attachSwitchProcess } from '../../../src/switch/embedded/process/client.ts'
import { startDetached } from '../../../src/switch/embedded/process/start-detached.ts'

/** A service that answers every call and plays music: a program for tests, to be stopped and killed. */
const [path = '', hostOptions = '', epoch = '1'] = process.argv.slice(2)
const program = fileURLToPath(new URL('scripted-host.ts', import.meta.url))
const line = await attachSwitchProcess({
  path,
  start: () => startDetached(program, [hostOptions], dirname(dirname(path))),
})
const music = 'music' as MessageId
const attached = await line.attach({
  epoch: Number(epoch),
  heard(event) {
    if (event.type !== 'callArrived') return
    void line.perform({ type: 'answer', call: event.call })
    void line
      .perform({ type: 'music', call: event.call, messages: [music] })
      .then(() => process.stdout.write(`answered ${event.call}\n`))
  },
  lost: (reason) => process.stdout.write(`lost ${reason}\n`),
})
await line.prepare({
  numbers: ['+46122260980' as E164],
  softphones: [],
  callers: [],
  trunks: [],
  sounds: { [music]: { path: '/sounds/music.wav', sha256: 'music' } },
})
process.stdout.write(attached.ok ? 'attached\n' : `refused ${attached.problem.kind}\n`)
