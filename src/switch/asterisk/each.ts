/** As many as there are ways to Asterisk: more would only wait there. */
const most = 16

/** `act` on each, so many at once, begun in order. */
export async function each<Item>(
  items: readonly Item[],
  act: (item: Item) => Promise<void>,
  atOnce = most,
): Promise<void> {
  const left = items.values()
  await Promise.all(
    Array.from({ length: Math.min(atOnce, items.length) }, async () => {
      for (const item of left) await act(item)
    }),
  )
}
