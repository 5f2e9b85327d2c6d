import { openEmbeddedSwitch } from '../open-embedded-switch.ts'
import { runSwitchProcess } from './run-switch-process.ts'
import { processOptionsSchema } from './process-options.ts'

/** The switch's program. Its one argument: `ProcessOptions` as JSON; nothing in them is secret. */
const { path, logFile, idleMillis, ...options } = processOptionsSchema.parse(JSON.parse(process.argv[2] ?? ''))

await runSwitchProcess({
  path,
  logFile,
  ...(idleMillis !== undefined && { idleMillis }),
  async open(log) {
    const engine = await openEmbeddedSwitch({
      ...options,
      log: (level, text) => {
        log(text, { level })
      },
    })
    return {
      engine,
      calls: () => engine.calls,
      ...(engine.sipUdp && { sipUdp: engine.sipUdp }),
      close: () => engine.close(),
    }
  },
})
