#!/usr/bin/env node
// Any Node from 18 reads this file. It runs the command on Node 24: on itself, or on that of the npm package `node`.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { constants } from 'node:os'
import { dirname, join, sep } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const wanted = 24
/** Set for the second start, so that a wrong `node` package cannot start this file for ever. */
const startedAgain = 'GRUPPNUMMER_STARTED_ON_NODE_24'

const here = fileURLToPath(import.meta.url)

if (Number(process.versions.node.split('.')[0]) >= wanted) await runHere()
else runOnNode24()

async function runHere() {
  delete process.env[startedAgain]
  const entry = findEntry()
  if (!entry) return giveUp('neither src/cli nor dist/cli is beside bin/: install gruppnummer again')
  const { main } = await import(pathToFileURL(entry).href)
  process.exitCode = await main(process.argv.slice(2))
}

/** Source in the checkout; built code where packed, since Node strips no types under node_modules. */
function findEntry() {
  const root = dirname(dirname(here))
  const source = join(root, 'src', 'cli', 'index.ts')
  const built = join(root, 'dist', 'cli', 'index.js')
  const packed = root.split(sep).includes('node_modules')
  return [packed ? built : source, built].find((entry) => existsSync(entry))
}

function runOnNode24() {
  const node = process.env[startedAgain] ? undefined : findNode24()
  if (!node) {
    return giveUp(
      `Node ${wanted} or newer is needed, and this is ${process.version}: run npm ci, or install Node ${wanted}`,
    )
  }

  const child = spawn(node, [here, ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { ...process.env, [startedAgain]: '1' },
  })
  // What stops this process is for the command; this one ends when that has.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('error', (error) => giveUp(`${node} does not start: ${error.message}`))
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)))
}

function findNode24() {
  try {
    const folder = dirname(createRequire(here).resolve('node/package.json'))
    return ['node', 'node.exe'].map((name) => join(folder, 'bin', name)).find((file) => existsSync(file))
  } catch {
    return undefined
  }
}

function giveUp(reason) {
  process.stderr.write(`gruppnummer: ${reason}\n`)
  process.exitCode = 2
}
