/** Calls that are under way at once: the API bears more, a laptop's line need not. */
const atOnce = 8

/** Does the same with each, a few at a time; the results in the order of the items. The first failure ends it. */
export async function several<T, R>(
  items: readonly T[],
  one: (item: T) => Promise<R>,
  told: (done: number) => void = () => {},
): Promise<R[]> {
  const results: R[] = []
  let next = 0
  let done = 0
  const worker = async () => {
    while (next < items.length) {
      const at = next++
      results[at] = await one(items[at]!)
      told(++done)
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker))
  return results
}
