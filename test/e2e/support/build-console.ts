import { buildConsole } from '../../../scripts/build.ts'

/** Once before the end-to-end tests: the console that the service serves is that of this source. */
export default function setup() {
  if (!buildConsole()) throw new Error('the console could not be built')
}
