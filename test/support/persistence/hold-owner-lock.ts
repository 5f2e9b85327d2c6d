/** Owns the directory given until killed; prints `held`. */
import { writeSync } from 'node:fs'
import { openOwnerLock } from '../../../src/service/owner-lock.ts'

const lock = openOwnerLock(process.argv[2] ?? '')
writeSync(1, 'held')
process.on('SIGTERM', () => {
  lock.release()
  process.exit()
})
setInterval(() => undefined, 60_000)
