/** Resolves at the first SIGTERM or SIGINT. */
export function toldToStop(): Promise<void> {
  return new Promise((stop) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const)
      process.once(signal, () => {
        stop()
      })
  })
}
