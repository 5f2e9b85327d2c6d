/**
 * A service that appends numbered events and says each time which are acknowledged, until it is killed.
 * Argument: the journal's file. Prints lines of numbers.
 */
import { writeSync } from 'node:fs'
import { openJournal } from '../../../src/service/journal/open-journal.ts'
import { arrival } from './events.ts'
import { fakeClock } from './fake-clock.ts'

const journal = await openJournal({ file: process.argv[2] ?? '', clock: fakeClock() })
for (let number = 1; ; number += 3) {
  journal.append([arrival(number), arrival(number + 1), arrival(number + 2)])
  if ((await journal.committed()).ok) writeSync(1, `${number + 2}\n`)
}
