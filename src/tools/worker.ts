import type { Remark } from '../lib/path.ts'
import { type Asked, exit, Failed } from './command.ts'
import { firmNamed } from './documents.ts'

/** Calls on the API of a Worker. */

export interface Reach {
  /** Of the Worker, without a slash at its end. */
  readonly url: string
  readonly token: string
  readonly fetch: typeof fetch
}

/** The Worker that was meant: `--url` and `--token`, or DOCKETED_URL and DOCKETED_TOKEN. @throws Failed */
export function workerOf(asked: Asked): Reach {
  const token = asked.option('token') ?? asked.env.DOCKETED_TOKEN ?? asked.env.ADMIN_TOKEN
  if (!token) throw new Failed('Set DOCKETED_TOKEN (or --token): the admin token, or a token of the firm.', exit.usage)
  return { url: addressOf(asked), token, fetch: asked.fetch }
}

/** Where the Worker is, for what needs no token. @throws Failed */
export function addressOf(asked: Asked): string {
  const url = asked.option('url') ?? asked.env.DOCKETED_URL
  if (!url) throw new Failed('Set DOCKETED_URL (or --url): the address of your Worker.', exit.usage)
  return securely(url)
}

/** @throws Failed for an address to which no token may go: anybody on the way reads what is sent by http, but within this machine */
export function securely(address: string): string {
  const url = URL.parse(address)
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new Failed(`${address} is no address such as https://docketed.example.workers.dev.`, exit.usage)
  if (url.protocol === 'http:' && !/^(?:127\.[\d.]+|\[::1\]|(?:.+\.)?localhost)$/.test(url.hostname))
    throw new Failed(
      `Whatever is sent to ${url.host} by http can be read on the way, the token too: write https://.`,
      exit.usage,
    )
  return address.replace(/\/+$/, '')
}

export interface Fault {
  readonly status: number
  /** `{title}. {detail}` of the Worker's own words, and a line for each place that is wrong. */
  readonly words: string
}

/** Where the API has a firm, or something of it. @throws Failed when it is no name of a firm */
export const firmPath = (firm: string, rest = '') => `/api/firms/${firmNamed(firm)}${rest}`

/** The answer, or what the Worker had against it. @throws Failed when nothing answers */
export async function ask(
  reach: Reach,
  method: string,
  path: string,
  body?: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  const init = { method, headers: { authorization: `Bearer ${reach.token}`, ...headers } }
  try {
    return await reach.fetch(`${reach.url}${path}`, { ...init, ...(body !== undefined && { body }) })
  } catch {
    throw new Failed(`Nothing answers at ${reach.url}. Is that the address of your Worker?`)
  }
}

/** What a refusal says. */
export async function faultOf(response: Response): Promise<Fault> {
  const problem = (await response.json().catch(() => ({}))) as {
    title?: string
    detail?: string
    errors?: readonly Remark[]
  }
  const { title = `Answer ${response.status}`, detail = '', errors = [] } = problem
  // What only leads to the places that are named below says nothing.
  const why = detail.includes("'errors'") ? '' : detail
  const said = `${title}${/[.?!]$/.test(title) ? '' : '.'} ${why}`.trim()
  return { status: response.status, words: [said, ...errors.map(one => `  ${one.path}: ${one.message}`)].join('\n') }
}

/** @throws Failed in the Worker's own words */
export async function checked(response: Response): Promise<Response> {
  if (response.ok) return response
  throw new Failed((await faultOf(response)).words)
}

export async function json<T>(reach: Reach, method: string, path: string, body?: object): Promise<T> {
  const text = body === undefined ? undefined : JSON.stringify(body)
  const headers: Record<string, string> = text === undefined ? {} : { 'content-type': 'application/json' }
  const answer = await checked(await ask(reach, method, path, text, headers))
  return answer.json().catch(() => notOurs(reach)) as Promise<T>
}

/** A page of somebody else's, as a wrong address has it. @throws Failed */
export function notOurs({ url }: Reach): never {
  throw new Failed(`What answers at ${url} is not Docketed. Is that the address of your Worker?`)
}

/** A firm's document as it is stored, and its version as `ETag`; null when it has none. */
export async function stored(reach: Reach, firm: string): Promise<{ text: string; version: string } | null> {
  const response = await ask(reach, 'GET', firmPath(firm, '/config'))
  if (response.status === 404) {
    const { words } = await faultOf(response)
    if (/no configuration/i.test(words)) return null
    throw new Failed(words)
  }
  const version = (await checked(response)).headers.get('etag')
  return version === null ? notOurs(reach) : { text: await response.text(), version }
}
