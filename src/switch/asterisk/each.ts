/** As many as there are ways to Asterisk: more would only wait there. */
const atOnce = 16

/** `act` on each, several at once, begun in order. */
export async function each<Item>(items: readonly Item[], act: (item: Item) => Promise<void>): Promise<void> {
  const left = items.values()
  await Promise.all(
    Array.from({ length: Math.min(atOnce, items.length) }, async () => {
      for (const item of left) await act(item)
    }),
  )
}
