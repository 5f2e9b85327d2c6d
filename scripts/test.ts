import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { relative } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { build } from './build.ts'
import { runChecks } from './check.ts'
import { installPeers } from './peers.ts'

/** Everything that `npm test` runs, and one plain line over all of it at the end. */
const results = '.cache/test'
const suites = ['unit', 'renderer', 'e2e']
/** For one suite, ms: one that hangs fails, and the others still run. */
const longest = 40 * 60_000

interface Count {
  passed: number
  failed: number
  skipped: number
}

installPeers()
rmSync(results, { recursive: true, force: true })
mkdirSync(results, { recursive: true })

const total: Count = { passed: 0, failed: 0, skipped: 0 }
/** Said at the very end: what a suite says of its own is far above by then. */
const failures: string[] = []
const checks = runChecks()
add(checks.passed, checks.failed, 0)
if (checks.failed > 0) failures.push('failed: npm run check')
const built = build()
if (!built) failures.push('failed: npm run build')
add(built ? 1 : 0, built ? 0 : 1, 0)
for (const suite of suites) runSuite(suite)

for (const words of failures) console.log(words)
const line = `${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`
writeFileSync(`${results}/summary`, `${line}\n`)
console.log(line)
process.exitCode = total.failed === 0 ? 0 : 1

function runSuite(suite: string) {
  const file = `${results}/${suite}.json`
  const { status } = spawnSync(
    'vitest',
    ['run', '--project', suite, '--reporter=default', '--reporter=json', `--outputFile.json=${file}`],
    {
      stdio: ['ignore', 'inherit', 'inherit'],
      shell: process.platform === 'win32',
      timeout: longest,
      killSignal: 'SIGKILL',
    },
  )
  const found = assertions(file)
  const of = (wanted: (status: string) => boolean) => found.filter((each) => wanted(each.status))
  const passed = of((each) => each === 'passed')
  const failed = of((each) => each === 'failed')
  const skipped = of((each) => each !== 'passed' && each !== 'failed')
  add(passed.length, failed.length, skipped.length)
  for (const { path, fullName, failureMessages } of failed)
    failures.push(`failed: ${path}: ${fullName}: ${shortened(failureMessages)}`)
  // A suite that could not load, an error outside any test, or a runner that died names no failed test.
  if (failed.length === 0 && (status !== 0 || passed.length === 0)) {
    add(0, 1, 0)
    failures.push(`failed: suite ${suite}, outside any test`)
  }
  for (const { fullName } of skipped) console.log(`skipped: ${fullName}`)
}

function shortened(messages: readonly string[]) {
  return stripVTControlCharacters(messages.join(' ')).split('\n', 6).join(' ').slice(0, 400)
}

interface Report {
  testResults: { name: string; assertionResults: { fullName: string; status: string; failureMessages?: string[] }[] }[]
}

function assertions(file: string) {
  try {
    const report = JSON.parse(readFileSync(file, 'utf8')) as Report
    return report.testResults.flatMap(({ name, assertionResults }) =>
      assertionResults.map(({ failureMessages = [], ...rest }) => ({
        ...rest,
        failureMessages,
        path: relative('.', name),
      })),
    )
  } catch {
    return []
  }
}

function add(passed: number, failed: number, skipped: number) {
  total.passed += passed
  total.failed += failed
  total.skipped += skipped
}
