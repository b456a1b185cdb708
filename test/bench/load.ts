import { Agent, request } from 'node:http'
import { median, share } from './figures.ts'

/** Load generators: one that sends as fast as it is answered, and one that keeps to its times. Both are bounded in time and number. */

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
  /** Answers in each whole second. */
  readonly each: readonly number[]
  /** ms, the median and the 99th of a hundred. */
  readonly median: number
  readonly slow: number
}

/** Keep-alive connections that each send one request after the other. */
export async function load({ url, body, connections = 32, seconds, most }: Load): Promise<Measured> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const took: number[] = []
  const each = Array<number>(Math.floor(seconds)).fill(0)
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
      const now = performance.now()
      took.push(now - sent)
      const second = Math.floor((now - from) / 1000)
      if (second < each.length) each[second] = (each[second] ?? 0) + 1
      if (status !== 202) failed += 1
    }
  }
  await Promise.all(Array.from({ length: connections }, connection))
  const spent = (performance.now() - from) / 1000
  agent.destroy()
  const whole = each.slice(0, Math.floor(spent))
  return {
    requests: took.length,
    failed,
    perSecond: took.length / spent,
    each: whole,
    median: median(took),
    slow: share(took, 0.99),
  }
}

export interface Steady {
  readonly url: string
  readonly body: (n: number) => string
  readonly perSecond: number
  readonly seconds: number
}

export interface Waited {
  readonly requests: number
  readonly failed: number
  /** ms from the moment at which a request was to go, so that nobody who had to wait is left out. */
  readonly median: number
  readonly slow: number
  readonly most: number
  /** Whole seconds, counted from the beginning, in which nobody was answered. */
  readonly silent: readonly number[]
}

/** So many a second, whether the ones before are answered or not. */
export async function steady({ url, body, perSecond, seconds }: Steady): Promise<Waited> {
  const agent = new Agent({ keepAlive: true, maxSockets: 256 })
  const took: number[] = []
  const answered = Array<number>(seconds).fill(0)
  const under: Promise<void>[] = []
  let failed = 0
  const from = performance.now()
  for (let n = 0; n < perSecond * seconds; n++) {
    const due = from + (n * 1000) / perSecond
    const early = due - performance.now()
    if (early > 1) await new Promise(resolve => setTimeout(resolve, early))
    const sent = post(agent, url, body(n)).then(status => {
      const now = performance.now()
      took.push(now - due)
      const second = Math.floor((now - from) / 1000)
      if (second < seconds) answered[second] = (answered[second] ?? 0) + 1
      if (status !== 202) failed += 1
    })
    under.push(sent)
  }
  await Promise.all(under)
  agent.destroy()
  return {
    requests: took.length,
    failed,
    median: median(took),
    slow: share(took, 0.99),
    most: Math.max(...took),
    silent: answered.flatMap((count, second) => (count === 0 ? [second] : [])),
  }
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
