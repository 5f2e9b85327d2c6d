import { build } from './build.ts'
import { findElectron } from './desktop.ts'
import { packProgram } from './packaging.ts'

/** `npm run package`: the desktop program as an installer for this machine's kind of system, in `release/`. */
if (!build()) process.exitCode = 1
else if (findElectron() === undefined) {
  console.error('npm run package: Electron could not be fetched; `node node_modules/electron/install.js` says more')
  process.exitCode = 1
} else for (const file of await packProgram({})) console.log(file)
