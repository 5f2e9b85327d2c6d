/**
 * A service that saves one change and is killed ahead of a given step of it (`kill -9`).
 * Arguments: the directory, the number of the step, counted from 0. Prints `acknowledged` after the change.
 */
import { writeSync } from 'node:fs'
import { realDisk } from '../../../src/service/files.ts'
import { openConfigurationStore } from '../../../src/service/store/open-configuration-store.ts'
import { company } from './company.ts'
import { fakeClock } from './fake-clock.ts'
import { watchedDisk } from './watched-disk.ts'

const [directory = '', step = ''] = process.argv.slice(2)
let taken = -1
const disk = watchedDisk(realDisk, () => {
  if (taken >= 0 && taken++ === Number(step)) process.kill(process.pid, 'SIGKILL')
})
const store = await openConfigurationStore({ directory, clock: fakeClock(), disk })
taken = 0
await store.change({
  onto: store.current().revision,
  author: 'anna',
  summary: 'Renamed',
  configuration: company('New'),
})
writeSync(1, 'acknowledged')
