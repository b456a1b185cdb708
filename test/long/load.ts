import { parentPort, workerData } from 'node:worker_threads'

/**
 * Sends requests, so many at once, each when one before it is answered. In a thread of its own: what is measured beside it is the Worker,
 * and not how long this side takes to make bodies of megabytes. Told requests one by one, it tells each answer.
 */
const { url } = workerData as { url: string }

export interface Sent {
  readonly id: number
  readonly path: string
  readonly headers: Record<string, string>
  readonly body: string | Uint8Array
}

export interface Said {
  readonly id: number
  readonly status: number
  readonly text: string
  readonly retryAfter: string | null
}

parentPort!.on('message', async ({ id, path, headers, body }: Sent) => {
  const said = await fetch(url + path, { method: 'POST', headers, body: body as BodyInit }).then(
    async answer => ({
      id,
      status: answer.status,
      text: await answer.text(),
      retryAfter: answer.headers.get('retry-after'),
    }),
    // The connection was cut: nobody waits for all of what is refused.
    () => ({ id, status: 0, text: '', retryAfter: null }),
  )
  parentPort!.postMessage(said satisfies Said)
})
