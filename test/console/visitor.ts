import { env } from 'cloudflare:workers'
import { createApp } from '../../src/app.ts'
import { document, newConnection } from '../api/app.ts'

/** Somebody with a browser, as far as a page can tell: cookies are kept, forms are sent as browsers send them. */

const origin = 'https://docketed.example'

export class Visitor {
  readonly #app: ReturnType<typeof createApp>
  readonly #headers: Record<string, string>
  cookie = ''

  /** @param more variables of the Worker @param outside what the Worker fetches */
  constructor(headers: Record<string, string> = {}, more: object = {}, outside?: typeof fetch) {
    this.#app = createApp({ ...env, ...more }, outside)
    this.#headers = headers
  }

  async get(path: string, headers: Record<string, string> = {}): Promise<Response> {
    return this.#send('GET', path, headers)
  }

  /** @param fields several values of one name: boxes that are ticked */
  async post(
    path: string,
    fields: Record<string, string | string[]>,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    const type = { 'content-type': 'application/x-www-form-urlencoded', origin }
    const each = Object.entries(fields).flatMap(([name, value]) => [value].flat().map(one => [name, one]))
    return this.#send('POST', path, { ...type, ...headers }, new URLSearchParams(each).toString())
  }

  /** The page's text. */
  async read(path: string): Promise<string> {
    return (await this.get(path)).text()
  }

  /** Sends what a form of a page would: its hidden fields are filled in. */
  async press(page: string, fields: Record<string, string | string[]>, to = page): Promise<Response> {
    const [, csrf = ''] = /name="csrf" value="([^"]+)"/.exec(await this.read(page)) ?? []
    return this.post(to, { csrf, ...fields })
  }

  async signIn(token: string, to = '/console'): Promise<Response> {
    return this.post('/console/sign-in', { token, to })
  }

  async #send(method: string, path: string, headers: Record<string, string>, body?: string): Promise<Response> {
    const sent = { ...this.#headers, ...(this.cookie && { cookie: this.cookie }), ...headers }
    const answer = await this.#app.request(
      `${origin}${path}`,
      { method, headers: sent, ...(body !== undefined && { body }) },
      env,
    )
    const set = answer.headers.get('set-cookie')
    if (set !== null) this.cookie = set.split(';')[0]!
    return answer
  }
}

const vendor = { authorization: `Bearer ${env.ADMIN_TOKEN}` }

/** A call of the API with ADMIN_TOKEN. */
export async function api<T>(method: string, path: string, body?: object): Promise<T> {
  const init = { method, headers: vendor, ...(body && { body: JSON.stringify(body) }) }
  const answer = await createApp(env).request(`/api${path}`, init, env)
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${method} ${path}: ${text}`)
  return (text === '' ? null : JSON.parse(text)) as T
}

const connections = new Map<string, string>()

/** Saves a configuration of the firm, which keeps its connection. */
export async function configure(name: string, more: object = {}): Promise<void> {
  const connection = connections.get(name) ?? (await newConnection())
  connections.set(name, connection)
  await api('PUT', `/firms/${name}/config`, await document(more, connection))
}

/** A firm with a configuration, and a token for each role. */
export async function firmOf(
  name: string,
  more: object = {},
): Promise<Record<'viewer' | 'operator' | 'admin', string>> {
  await configure(name, more)
  const token = async (role: string) =>
    (await api<{ token: string }>('POST', `/firms/${name}/tokens`, { name: `the ${role}`, role })).token
  return { viewer: await token('viewer'), operator: await token('operator'), admin: await token('admin') }
}
