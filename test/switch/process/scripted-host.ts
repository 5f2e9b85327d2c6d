import { createServer } from 'node:net'
import { createInterface } from 'node:readline'
import { z } from 'zod'
import { seconds, type Instant } from '../../../src/core/time.ts'
import type { AgentId, E164 } from '../../../src/core/configuration/types.ts'
import { runSwitchProcess } from '../../../src/switch/embedded/process/run-switch-process.ts'
import { openScriptedSwitch } from '../../../src/switch/scripted/open-scripted-switch.ts'

/**
 * A switch's process with the scripted engine inside: a program for tests. Its one argument says where;
 * on `control` it takes its parties' doings, one JSON line each, and answers with one.
 */
const { path, logFile, control, idleMillis } = z
  .object({ path: z.string(), logFile: z.string(), control: z.string(), idleMillis: z.number().optional() })
  .parse(JSON.parse(process.argv[2] ?? ''))

const doing = z.discriminatedUnion('do', [
  z.object({ do: z.literal('dialIn'), to: z.string() }),
  z.object({ do: z.literal('register'), agent: z.string() }),
])

await runSwitchProcess({
  path,
  logFile,
  ...(idleMillis !== undefined && { idleMillis }),
  open() {
    const engine = openScriptedSwitch({
      clock: {
        now: () => Date.now() as Instant,
        wake(at, then) {
          const timer = setTimeout(then, Math.max(0, at - Date.now()))
          return () => {
            clearTimeout(timer)
          }
        },
      },
      soundSeconds: () => seconds(1) / 1000,
    })
    const server = createServer((socket) => {
      createInterface(socket).on('line', (line) => {
        const wanted = doing.parse(JSON.parse(line))
        if (wanted.do === 'register') {
          engine.registers(wanted.agent as AgentId)
          socket.write('{}\n')
          return
        }
        const call = engine.dialIn({ to: wanted.to as E164 })
        socket.write(`${JSON.stringify({ call, ...engine.caller(call) })}\n`)
      })
    })
    return new Promise((resolve) => {
      server.listen(control, () => {
        resolve({ engine, calls: () => engine.calls, close: () => engine.detach() })
      })
    })
  },
})
