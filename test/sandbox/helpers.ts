import type { Json, JsonObject } from '../../src/lib/json.ts'
import { isObject } from '../../src/lib/json.ts'
import type { SandboxOptions } from '../../src/sandbox/maton/world.ts'
import { createApp } from '../../src/sandbox/run/app.ts'
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts'

export const key = 'maton-sandbox-key'

export interface Told {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The answer's `data`, or the whole body where there is none. */
  readonly data: JsonObject
  readonly list: JsonObject[]
  readonly meta: { readonly records: number; readonly paging: { readonly next?: string } }
  readonly error: { readonly type?: string; readonly message?: string }
}

export interface Clio {
  readonly sandbox: Sandbox
  /** Moves the sandbox's clock. */
  pass(seconds: number): void
  /** Runs what was to happen later. */
  land(): void
  send(method: string, path: string, init?: RequestInit): Promise<Told>
  get(path: string, headers?: Record<string, string>): Promise<Told>
  post(path: string, data: Json, headers?: Record<string, string>): Promise<Told>
  patch(path: string, data: Json, headers?: Record<string, string>): Promise<Told>
  delete(path: string): Promise<Told>
  /** The id of the record of that name. */
  idOf(resource: string, name: string): number
}

export const noon = Date.parse('2026-10-15T12:00:00Z')

/** A sandbox in process, on a clock that stands still, with a limit that nothing reaches. */
export function startClio(options: SandboxOptions = {}): Clio {
  let now = noon
  const later: (() => void)[] = []
  const sandbox = createSandbox({
    now: () => now,
    schedule: run => void later.push(run),
    limit: { requests: 100_000, seconds: 60 },
    ...options,
  })
  const app = createApp(sandbox)

  async function send(method: string, path: string, init: RequestInit = {}): Promise<Told> {
    const headers = { authorization: `Bearer ${key}`, ...(init.headers as Record<string, string> | undefined) }
    const url = path.startsWith('/') || path.startsWith('http') ? path : `/clio/api/v4/${path}`
    const answer = await app.request(url, { ...init, method, headers })
    const text = await answer.text()
    const json = answer.headers.get('content-type')?.includes('json')
    const body = json ? (JSON.parse(text) as JsonObject) : {}
    const data = body.data ?? body
    return {
      status: answer.status,
      headers: answer.headers,
      text,
      data: isObject(data) ? data : {},
      list: Array.isArray(data) ? data.filter(isObject) : [],
      meta: body.meta as unknown as Told['meta'],
      error: (body.error ?? {}) as Told['error'],
    }
  }
  const write =
    (method: string) =>
    (path: string, data: Json, headers: Record<string, string> = {}) =>
      send(method, path, {
        body: JSON.stringify({ data }),
        headers: { 'content-type': 'application/json', ...headers },
      })

  return {
    sandbox,
    pass: seconds => {
      now += seconds * 1000
    },
    land: () => {
      for (const run of later.splice(0)) run()
    },
    send,
    get: (path, headers = {}) => send('GET', path, { headers }),
    post: write('POST'),
    patch: write('PATCH'),
    delete: path => send('DELETE', path),
    idOf: (resource, name) => {
      const row = sandbox.records()[resource]?.find(each => each.name === name || each.display_number === name)
      if (typeof row?.id !== 'number') throw new Error(`No ${resource} called ${name}`)
      return row.id
    },
  }
}

/** A person with an e-mail address. */
export const person = (first: string, last: string, address = `${first}@mail.example`.toLowerCase()): JsonObject => ({
  type: 'Person',
  first_name: first,
  last_name: last,
  email_addresses: [{ name: 'Work', address, default_email: true }],
})
