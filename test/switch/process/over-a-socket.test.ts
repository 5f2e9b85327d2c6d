import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Switch } from '../../../src/contract/switch.ts'
import { attachSwitchProcess } from '../../../src/switch/embedded/process/client.ts'
import { hostSwitch } from '../../../src/switch/embedded/process/host.ts'
import { claimSocket } from '../../../src/switch/embedded/process/own-socket.ts'
import { behavesAsSwitch } from '../behaves-as-switch.ts'
import { scriptedStage } from '../scripted/scripted-stage.ts'

behavesAsSwitch('a switch over a socket', async (wanted) => {
  const { engine, stage } = scriptedStage(wanted)
  const directory = mkdtempSync(join(tmpdir(), 'gruppnummer-'))
  const path = join(directory, 'switch', 's')
  const claim = await claimSocket(path)
  if (!claim.ok) throw new Error(claim.problem.kind)
  const host = await hostSwitch({
    engine,
    calls: () => engine.calls,
    claim: claim.value,
    idle: () => undefined,
    log: () => undefined,
  })
  if (!host.ok) throw new Error(host.problem.kind)
  const services: Switch[] = []
  return {
    ...stage,
    async reach() {
      const service = await attachSwitchProcess({ path, start: () => Promise.reject(new Error('it is there')) })
      services.push(service)
      return service
    },
    async close() {
      for (const service of services) await service.detach()
      host.value.close()
      rmSync(directory, { recursive: true })
    },
  }
})
