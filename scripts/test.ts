import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { build } from './build.ts'
import { runChecks } from './check.ts'
import { installPeers } from './peers.ts'

/** Everything that `npm test` runs, and one plain line over all of it at the end. */
const results = '.cache/test'
const suites = ['unit', 'renderer', 'e2e']

interface Count {
  passed: number
  failed: number
  skipped: number
}

installPeers()
rmSync(results, { recursive: true, force: true })
mkdirSync(results, { recursive: true })

const total: Count = { passed: 0, failed: 0, skipped: 0 }
const checks = runChecks()
add(checks.passed, checks.failed, 0)
const built = build()
add(built ? 1 : 0, built ? 0 : 1, 0)
for (const suite of suites) runSuite(suite)

const line = `${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`
writeFileSync(`${results}/summary`, `${line}\n`)
console.log(line)
process.exitCode = total.failed === 0 ? 0 : 1

function runSuite(suite: string) {
  const file = `${results}/${suite}.json`
  const { status } = spawnSync(
    'vitest',
    ['run', '--project', suite, '--reporter=default', '--reporter=json', `--outputFile.json=${file}`],
    { stdio: ['ignore', 'inherit', 'inherit'], shell: process.platform === 'win32' },
  )
  const counted = count(file)
  add(counted.passed, counted.failed, counted.skipped)
  // A suite that could not load, an error outside any test, or a runner that died names no failed test.
  if (counted.failed === 0 && (status !== 0 || counted.passed === 0)) add(0, 1, 0)
  for (const name of counted.names) console.log(`skipped: ${name}`)
}

function count(file: string): Count & { names: string[] } {
  const counted = { passed: 0, failed: 0, skipped: 0, names: [] as string[] }
  for (const { fullName, status } of assertions(file)) {
    if (status === 'passed') counted.passed += 1
    else if (status === 'failed') counted.failed += 1
    else {
      counted.skipped += 1
      counted.names.push(fullName)
    }
  }
  return counted
}

interface Report {
  testResults: { assertionResults: { fullName: string; status: string }[] }[]
}

function assertions(file: string) {
  try {
    const report = JSON.parse(readFileSync(file, 'utf8')) as Report
    return report.testResults.flatMap(({ assertionResults }) => assertionResults)
  } catch {
    return []
  }
}

function add(passed: number, failed: number, skipped: number) {
  total.passed += passed
  total.failed += failed
  total.skipped += skipped
}
