import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism, loadavg } from 'node:os'
import { fileURLToPath } from 'node:url'

/** One line of the table. */
interface Row {
  readonly name: string
  readonly figure: string
  readonly goal: string
  /** Measured in the same run, unless it says otherwise. */
  readonly other?: string
  /** Theirs by ours, or ours by theirs, so that more is better: the median of the rounds. */
  readonly ratio?: number
}

const grouped = (value: number) => Math.round(value).toLocaleString('en')

/** Each in a process of its own: they set a time zone, load libraries with threads, and measure memory. */
const benches: Readonly<Record<string, () => Promise<readonly Row[]>>> = {
  async hours() {
    const { run } = await import('./hours.ts')
    return (await run()).map(({ name, ours, theirs, ratio, goal }) => ({
      name,
      figure: `${grouped(ours)} /s`,
      goal: `${goal} times`,
      other: `opening_hours: ${grouped(theirs)} /s`,
      ratio,
    }))
  },
  async routing() {
    const { run } = await import('./routing.ts')
    return run().flatMap(
      ({ agents, eventsPerSecond, plainPerSecond, ratio, allFeaturesPerSecond, allFeaturesRatio, exercised }) => [
        {
          name: `routing, ${grouped(agents)} agents`,
          figure: `${grouped(eventsPerSecond)} events/s`,
          goal: '',
          other: `sorting everybody at each event: ${grouped(plainPerSecond)} /s`,
          ratio,
        },
        {
          name: `the same, every feature on: ${Object.keys(exercised).length} kinds of commands and notices`,
          figure: `${grouped(allFeaturesPerSecond)} events/s`,
          goal: agents === 1000 ? '0.5 times' : '',
          other: `plain: ${grouped(eventsPerSecond)} /s`,
          ratio: allFeaturesRatio,
        },
      ],
    )
  },
  async 'many-groups'() {
    const { run, size, goal } = await import('./many-groups.ts')
    const { events, p50, p99, longest, waiting } = run()
    return [
      {
        name: `one event, ${size.groups} group numbers, ${grouped(size.agents)} agents, ${grouped(waiting)} waiting`,
        figure: `${p50.toFixed(3)} ms p50, ${p99.toFixed(3)} ms p99`,
        goal: `${goal.p99} ms p99`,
        other: `the longest of ${grouped(events)}: ${longest.toFixed(1)} ms`,
      },
    ]
  },
  async fairness() {
    const { run, fairnessInWords } = await import('./fairness.ts')
    return run().map(({ strategy, ours, appQueue }) => ({
      name: `a day of ${strategy}`,
      figure: fairnessInWords(ours),
      goal: '',
      ...(appQueue && {
        other: `app_queue's ${appQueue.strategy} (a model): ${fairnessInWords(appQueue)}`,
        ratio: appQueue.meanWait / ours.meanWait,
      }),
    }))
  },
  async store() {
    const { run, goal, large, small } = await import('./store.ts')
    const [ten, thousand] = [await run(small), await run(large)]
    return [
      {
        name: `a change kept, ${grouped(large.agents)} agents, ${large.groupNumbers} group numbers, ${grouped(large.exceptions)} exceptions`,
        figure: `${thousand.p50.toFixed(1)} ms p50, ${thousand.p99.toFixed(1)} ms p99`,
        goal: `${goal} ms`,
        other: `with ${small.agents} agents: ${ten.p50.toFixed(1)} ms p50, ${ten.p99.toFixed(1)} ms p99`,
        ratio: ten.p50 / thousand.p50,
      },
    ]
  },
  async pages() {
    const { run, goal } = await import('./pages.ts')
    const { large } = await import('./store.ts')
    const figures = await run()
    const size = `${grouped(large.agents)} agents, ${large.groupNumbers} group numbers, ${grouped(large.exceptions)} exceptions`
    const shown = ({ median, slowest }: (typeof figures)[number]['large']) =>
      `${median.toFixed(0)} ms, slowest ${slowest.toFixed(0)}`
    return figures.map((page, index) => ({
      name: `click to usable, ${page.name}${index === 0 ? `, ${size}` : ''}`,
      figure: shown(page.large),
      goal: `${goal} ms`,
      other: `with 10 agents: ${shown(page.small)}`,
      ratio: page.small.median / page.large.median,
    }))
  },
  async 'free-to-rung'() {
    const { run } = await import('./free-to-rung.ts')
    const { samples, p50, p99, goal, appQueue, ratio } = await run()
    return [
      {
        name: `agent free to agent rung, ${samples} times`,
        figure: `${p50.toFixed(1)} ms p50, ${p99.toFixed(1)} ms p99`,
        goal: `${goal.p99} ms p99`,
        other: `app_queue's rule at the least (a model): ${appQueue.p50.toFixed(0)} ms p50, ${appQueue.p99.toFixed(0)} ms p99`,
        ratio,
      },
    ]
  },
  async desk() {
    const { run, goal } = await import('./desk.ts')
    const { mouthToEar, answer, start, idle } = await run()
    const inMillis = (value: number) => `${value.toFixed(0)} ms`
    return [
      {
        name: 'mouth to ear, caller to desk and back',
        figure: `${inMillis(mouthToEar.toDesk)}, ${inMillis(mouthToEar.toCaller)}`,
        goal: `at most ${goal.mouthToEar} times as long`,
        other: `two bare pages: PCMU ${inMillis(mouthToEar.pcmu)}, Opus ${inMillis(mouthToEar.opus)}`,
        ratio: 1 / mouthToEar.ratio,
      },
      {
        name: `click on the answer to first sound, ${answer.samples} times`,
        figure: `${inMillis(answer.p50)} p50, ${inMillis(answer.p95)} p95`,
        goal: `${goal.answerP95} ms p95`,
        other: `two bare pages, offer to first sound: ${inMillis(answer.bare)}`,
        ratio: answer.bare / answer.p50,
      },
      {
        name: 'desk loaded until registered',
        figure: inMillis(start.registered),
        goal: '',
        other: `a bare page loaded: ${inMillis(start.bare)}`,
      },
      {
        name: 'desk at rest, the whole browser',
        figure: `${idle.desk.cpu.toFixed(1)} % of a core, ${idle.desk.megabytes.toFixed(0)} MB`,
        goal: '',
        other: `with a bare page: ${idle.bare.cpu.toFixed(1)} %, ${idle.bare.megabytes.toFixed(0)} MB`,
        ratio: idle.bare.megabytes / idle.desk.megabytes,
      },
    ]
  },
  async media() {
    const { run } = await import('./media.ts')
    const [ours, werift] = await run()
    if (!ours) return []
    const cost = (figures: typeof ours) =>
      `${figures.cpuPerCall.toFixed(2)} % of a core, ${figures.memoryPerCall.toFixed(1)} MB`
    return [
      {
        name: `a bridged WebRTC call, of ${ours.calls}`,
        figure: `${cost(ours)}; through in ${ours.p50.toFixed(1)} ms p50, ${ours.p99.toFixed(1)} ms p99`,
        goal: `${ours.goal.cpuPerCall} % of a core, ${ours.goal.memoryPerCall} MB`,
        ...(werift && { other: `${werift.library}: ${cost(werift)}`, ratio: werift.cpuPerCall / ours.cpuPerCall }),
      },
    ]
  },
}

/** Longer than any of them takes on a busy machine, in milliseconds. */
const limit = 300_000
const here = fileURLToPath(import.meta.url)

/** The rows that a bench printed, or why it could not run. */
async function runApart(name: string): Promise<readonly Row[] | string> {
  const child = spawn(process.execPath, [here, name], { stdio: ['ignore', 'pipe', 'pipe'], timeout: limit })
  let [out, err] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (part: string) => (out += part))
  child.stderr.setEncoding('utf8').on('data', (part: string) => (err += part))
  await once(child, 'close')
  const printed = out.split('\n').findLast((line) => line.startsWith('[{'))
  if (child.exitCode === 0 && printed !== undefined) return JSON.parse(printed) as readonly Row[]
  return /^\w*Error.*$/m.exec(err)?.[0] ?? `ended with ${String(child.exitCode ?? child.signalCode)}`
}

async function runAll(names: readonly string[]) {
  const rows: Row[] = []
  const skipped: string[] = []
  for (const name of names) {
    process.stderr.write(`${name} ...\n`)
    const outcome = await runApart(name)
    if (typeof outcome === 'string') skipped.push(`skipped ${name}: ${outcome}`)
    else rows.push(...outcome)
  }
  console.table(
    rows.map(({ name, figure, goal, other = '', ratio }) => ({
      what: name,
      figure,
      goal,
      other,
      'median ratio': ratio === undefined ? '' : Number(ratio.toPrecision(3)),
    })),
  )
  for (const line of skipped) console.log(line)
  console.log(`${availableParallelism()} cores, Node ${process.versions.node}, load ${loadavg()[0]?.toFixed(1) ?? ''}`)
}

const [name, ...others] = process.argv.slice(2)
const bench = name === undefined || others.length > 0 ? undefined : benches[name]
if (name !== undefined && !bench) {
  console.error(`bench: expected nothing, or one of ${Object.keys(benches).join(', ')}`)
  process.exitCode = 2
} else if (bench) {
  process.stdout.write(`${JSON.stringify(await bench())}\n`, () => process.exit())
} else await runAll(Object.keys(benches))
