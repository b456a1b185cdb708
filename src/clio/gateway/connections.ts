import * as z from 'zod/mini'
import { isObject, type Json } from '../../lib/json.ts'
import { type Problem, problem } from '../../lib/problem.ts'

/**
 * The gateway's control plane: which Clio accounts it may reach for us. Its answers are documented in part only, so they
 * are read tolerantly: an object may stand alone or in `connection`, a list in `connections`.
 */

export interface ControlPlane {
  /** `MATON_CONTROL_URL`, without a slash at its end. */
  readonly url: string
  /** `MATON_API_KEY`. */
  readonly key: string
  /** ms until a call is given up. */
  readonly timeout: number
  readonly fetch: typeof fetch
}

export interface Connection {
  readonly id: string
  /** `ACTIVE`, `PENDING` or `FAILED`. */
  readonly status: string
  readonly createdAt: string | null
  readonly updatedAt: string | null
  /** Where a person finishes OAuth. It carries a session token: for the operator's eyes, never for a log. Null once active. */
  readonly url: string | null
}

const app = 'clio'

const text = z.nullish(z.string())
const wire = z.pipe(
  z.object({
    connection_id: text,
    id: text,
    status: text,
    creation_time: text,
    last_updated_time: text,
    url: text,
    app: text,
  }),
  z.transform((given, context): Connection & { readonly app: string } => {
    const id = given.connection_id ?? given.id
    if (!id) {
      context.issues.push({ code: 'custom', message: 'has no connection_id', input: given })
      return z.NEVER
    }
    const status = (given.status ?? 'PENDING').toUpperCase()
    return {
      id,
      status,
      createdAt: given.creation_time ?? null,
      updatedAt: given.last_updated_time ?? null,
      url: status === 'ACTIVE' ? null : (given.url ?? null),
      app: given.app ?? app,
    }
  }),
)

/** Every connection to Clio, whatever its state. */
export async function listConnections(plane: ControlPlane): Promise<Connection[] | Problem> {
  const answer = await call(plane, 'GET', `/connections?app=${app}`)
  if (!answer.ok) return answer.problem
  const list = isObject(answer.body) ? answer.body.connections : answer.body
  const found = z.array(wire).safeParse(list)
  return found.success ? found.data.filter(each => each.app === app).map(shown) : unreadable
}

export async function getConnection(plane: ControlPlane, id: string): Promise<Connection | Problem> {
  const answer = await call(plane, 'GET', `/connections/${encodeURIComponent(id)}`)
  return answer.ok ? connectionOf(answer.body) : answer.problem
}

/** A new connection, pending until a person has opened its `url`. Maton need not tell the url at once: then it is asked for. */
export async function createConnection(plane: ControlPlane): Promise<Connection | Problem> {
  const answer = await call(plane, 'POST', '/connections', { app })
  if (!answer.ok) return answer.problem
  const made = connectionOf(answer.body)
  return 'id' in made && made.url === null && made.status !== 'ACTIVE' ? getConnection(plane, made.id) : made
}

/** Revokes what the person granted. A firm that uses it is held until it has another. */
export async function removeConnection(plane: ControlPlane, id: string): Promise<null | Problem> {
  const answer = await call(plane, 'DELETE', `/connections/${encodeURIComponent(id)}`)
  return answer.ok ? null : answer.problem
}

function connectionOf(body: Json): Connection | Problem {
  const found = wire.safeParse(isObject(body) ? (body.connection ?? body) : body)
  return found.success ? shown(found.data) : unreadable
}

function shown({ app: _, ...connection }: Connection & { readonly app: string }): Connection {
  return connection
}

type Answer = { readonly ok: true; readonly body: Json } | { readonly ok: false; readonly problem: Problem }

async function call(plane: ControlPlane, method: string, path: string, body?: Json): Promise<Answer> {
  let response: Response
  let answer: string
  try {
    response = await plane.fetch(`${plane.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${plane.key}`,
        accept: 'application/json',
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      redirect: 'manual',
      signal: AbortSignal.timeout(plane.timeout),
    })
    answer = await response.text()
  } catch {
    return { ok: false, problem: silent }
  }
  if (!response.ok) return { ok: false, problem: refusal(response.status) }
  return { ok: true, body: parsed(answer) }
}

/** What cannot be read is null: the callers say so, or do not care (`DELETE`). */
function parsed(answer: string): Json {
  try {
    return JSON.parse(answer) as Json
  } catch {
    return null
  }
}

function refusal(status: number): Problem {
  if (status === 404) {
    const detail = 'The gateway knows no connection with this id. GET /api/connections lists those that there are.'
    return problem(404, 'connection-not-found', 'No such connection', detail)
  }
  if (status === 401) {
    const detail = 'The gateway refused our key. Set the right one with `wrangler secret put MATON_API_KEY`.'
    return problem(502, 'gateway-key', 'The gateway does not know the Worker', detail)
  }
  const detail = `The control plane of the gateway answered ${status}. Try again; if it stays so, compare MATON_CONTROL_URL with its documentation.`
  return problem(502, 'gateway-refused', 'The gateway refused the call', detail)
}

const silent = problem(
  504,
  'gateway-silent',
  'The gateway did not answer',
  'Whether the call was done is not known: GET /api/connections shows it. MATON_CONTROL_URL says where the gateway is looked for.',
)

const unreadable = problem(
  502,
  'gateway-unreadable',
  'The answer of the gateway could not be read',
  'The control plane answered in a form that is not documented. GET /api/connections shows what there is; compare MATON_CONTROL_URL with its documentation.',
)
