/** Runs what it is given in order, each when the one before is over; a failure is its own caller's only. */
interface OneAtATime {
  <Value>(task: () => Promise<Value>): Promise<Value>
  /** Resolves when all given so far is over. */
  readonly idle: () => Promise<void>
}

export function oneAtATime(): OneAtATime {
  let last: Promise<unknown> = Promise.resolve()

  function run<Value>(task: () => Promise<Value>): Promise<Value> {
    const outcome = last.then(task)
    last = outcome.catch(() => undefined)
    return outcome
  }

  return Object.assign(run, {
    async idle() {
      await last
    },
  })
}
