import { parentPort, workerData } from 'node:worker_threads'

/**
 * Asks an address again and again, never more than a few at once, in a thread of its own: whatever the test and its sandbox compute, what
 * is measured is how long the Worker took. Told to end, it says how long each took, in ms.
 */
const { url, headers, every } = workerData as { url: string; headers: Record<string, string>; every: number }

const took: number[] = []
const failed: number[] = []
const under = new Set<Promise<void>>()

function ask(): void {
  if (under.size >= 3) return
  const began = performance.now()
  const asked = fetch(url, { headers }).then(async answer => {
    await answer.arrayBuffer()
    took.push(performance.now() - began)
    if (answer.status >= 500) failed.push(answer.status)
    under.delete(asked)
  })
  under.add(asked)
}

const asking = setInterval(ask, every)
parentPort!.once('message', async () => {
  clearInterval(asking)
  await Promise.all(under)
  parentPort!.postMessage({ took, failed })
})
