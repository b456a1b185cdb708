import { Agent, request } from 'node:http'

/** A small load generator: keep-alive connections that each send one request after the other. */

export interface Load {
  readonly url: string
  /** The URL-encoded form of request `n`. */
  readonly body: (n: number) => string
  /** @default 32 */
  readonly connections?: number
  /** Ends after so many seconds, or so many requests, whichever is first. */
  readonly seconds: number
  readonly most: number
}

export interface Measured {
  readonly requests: number
  /** Answers other than 202. */
  readonly failed: number
  readonly perSecond: number
  /** ms, the median and the 99th of a hundred. */
  readonly median: number
  readonly slow: number
}

export async function load({ url, body, connections = 32, seconds, most }: Load): Promise<Measured> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const took: number[] = []
  let next = 0
  let failed = 0
  const from = performance.now()
  const end = from + seconds * 1000
  async function connection(): Promise<void> {
    while (next < most && performance.now() < end) {
      const n = next
      next += 1
      const sent = performance.now()
      const status = await post(agent, url, body(n))
      took.push(performance.now() - sent)
      if (status !== 202) failed += 1
    }
  }
  await Promise.all(Array.from({ length: connections }, connection))
  const spent = (performance.now() - from) / 1000
  agent.destroy()
  took.sort((a, b) => a - b)
  const at = (share: number) => took[Math.min(took.length - 1, Math.floor(took.length * share))] ?? Number.NaN
  return { requests: took.length, failed, perSecond: took.length / spent, median: at(0.5), slow: at(0.99) }
}

function post(agent: Agent, url: string, body: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded', 'content-length': Buffer.byteLength(body) }
    const sent = request(url, { agent, method: 'POST', headers }, answer => {
      answer.resume()
      answer.on('end', () => resolve(answer.statusCode ?? 0))
      answer.on('error', reject)
    })
    sent.on('error', reject)
    sent.end(body)
  })
}
