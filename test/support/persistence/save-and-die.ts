/**
 * A service that saves a change, then another, and is killed ahead of a given step of a given one (`kill -9`).
 * Arguments: the directory, the number of changes saved before, the number of the step, counted from 0. The changes
 * name the company `New 1`, `New 2`, ...; prints each name when its change is acknowledged.
 */
import { writeSync } from 'node:fs'
import { realDisk } from '../../../src/service/files.ts'
import { openConfigurationStore } from '../../../src/service/store/open-configuration-store.ts'
import { company } from './company.ts'
import { fakeClock } from './fake-clock.ts'
import { watchedDisk } from './watched-disk.ts'

const [directory = '', savedBefore = '', step = ''] = process.argv.slice(2)
let taken = -1
const disk = watchedDisk(realDisk, () => {
  if (taken >= 0 && taken++ === Number(step)) process.kill(process.pid, 'SIGKILL')
})
const store = await openConfigurationStore({ directory, clock: fakeClock(), disk, keep: 2 })
for (let change = 1; change <= Number(savedBefore) + 1; change++) {
  if (change > Number(savedBefore)) taken = 0
  const name = `New ${change}`
  const configuration = company(name)
  await store.change({ onto: store.current().revision, author: 'anna', summary: 'Renamed', configuration })
  writeSync(1, `${name}\n`)
}
