import { env } from 'cloudflare:workers'
import { createApp } from '../../src/app.ts'
import { createApp as createSandboxApp } from '../../src/sandbox/run/app.ts'
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts'
import { conforming } from '../conform.ts'

/**
 * The whole app, with the real Docket behind it and a sandbox as the gateway's control plane. Each answer is held against the
 * description of the API.
 */

export interface Operator {
  readonly sandbox: Sandbox
  /** A call with the admin token. */
  call(method: string, path: string, body?: string | object, headers?: Record<string, string>): Promise<Response>
  /** A call without. */
  stranger(method: string, path: string, headers?: Record<string, string>, body?: string): Promise<Response>
  /** What the app asked of the gateway, `GET /connections`. */
  readonly asked: string[]
}

export function operator(): Operator {
  const sandbox = createSandbox({ key: env.MATON_API_KEY })
  const gateway = createSandboxApp(sandbox)
  const asked: string[] = []
  const app = createApp(env, async (input, init) => {
    const request = new Request(input, init)
    const { pathname } = new URL(request.url)
    asked.push(`${request.method} ${pathname}`)
    return gateway.fetch(request)
  })
  const send = async (method: string, path: string, headers: Record<string, string>, body?: string) =>
    conforming(
      { method, path, headers, ...(body !== undefined && { body }) },
      await app.request(path, { method, headers, ...(body !== undefined && { body }) }, env),
    )
  return {
    sandbox,
    asked,
    stranger: (method, path, headers = {}, body) => send(method, path, headers, body),
    call: (method, path, body, headers = {}) =>
      send(
        method,
        path,
        { authorization: `Bearer ${env.ADMIN_TOKEN}`, ...headers },
        typeof body === 'object' ? JSON.stringify(body) : body,
      ),
  }
}

export interface ProblemBody {
  type: string
  title: string
  status: number
  detail: string
  errors?: { path: string; message: string }[]
}

/** The body of a refusal, after its form was checked. */
export async function problemOf(response: Response): Promise<ProblemBody> {
  if (response.headers.get('content-type') !== 'application/problem+json')
    throw new Error(`${response.status} is no problem`)
  return response.json()
}

/** A connection to Clio at the gateway that Dockets reach (vitest.config.ts), which is not the one of `operator()`. Each account has a pace of its own. */
export async function newConnection(account = 'api'): Promise<string> {
  const init = { method: 'POST', body: JSON.stringify({ account }) }
  const made = await fetch('http://sandbox.example/_sandbox/connections', init)
  return ((await made.json()) as { connection_id: string }).connection_id
}

/** A document that is accepted as it is, with a connection of its own. */
export const document = async (more: object = {}, connection?: string) => ({
  timezone: 'America/New_York',
  country: 'US',
  connection: connection ?? (await newConnection()),
  endpoints: { website: { source: 'form' } },
  rules: [],
  ...more,
})
