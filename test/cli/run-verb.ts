/** Runs one verb of the command line, as `gruppnummer` does. */
const [verb, ...args] = process.argv.slice(2)
const { run } = (await import(verb === 'link' ? '../../src/cli/link.ts' : '../../src/cli/serve.ts')) as {
  run: (args: string[]) => Promise<number>
}
process.exitCode = await run(args)
