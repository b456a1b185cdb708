import { settingsOf } from '../env.ts'
import { type Problem, problem } from '../problem.ts'

interface Connection {
  readonly connection_id: string
  readonly status: string
}

/**
 * The Maton connection of a firm: the configured one, or the only ACTIVE one. Refused when there are several (a vendor's firms must not
 * be mixed up), none, or when another firm has it.
 */
export async function connectionFor(
  firm: string,
  configured: string | undefined,
  env: Env,
): Promise<{ connection: string } | Problem> {
  const connection = configured ?? (await onlyActive(env))
  if (typeof connection !== 'string') return connection
  const owner = await env.KV.get(`connection:${connection}`)
  if (owner !== null && owner !== firm) {
    const detail = `Connection ${connection} belongs to firm ${owner}. Every firm has its own: make one with POST /api/connections.`
    return problem(422, 'connection-taken', 'Another firm uses this connection', detail, {
      errors: [{ path: 'connection', message: `belongs to firm ${owner}` }],
    })
  }
  return { connection }
}

async function onlyActive(env: Env): Promise<string | Problem> {
  const { controlUrl, timeout } = settingsOf(env)
  let active: Connection[]
  try {
    const response = await fetch(`${controlUrl}/connections?app=clio&status=ACTIVE`, {
      headers: { authorization: `Bearer ${env.MATON_API_KEY}`, accept: 'application/json' },
      signal: AbortSignal.timeout(timeout),
    })
    if (!response.ok) throw new Error(`status ${response.status}`)
    const answer = (await response.json()) as { connections?: Connection[] }
    active = (answer.connections ?? []).filter(one => one.status === 'ACTIVE')
  } catch (error) {
    const why = error instanceof Error && /^status \d+$/.test(error.message) ? ` (${error.message})` : ''
    const detail = `Maton did not say which connections to Clio there are${why}. Try again, or write the id as “connection”.`
    return problem(502, 'connections-unknown', 'The connections could not be listed', detail)
  }
  const [one, another] = active
  if (one && !another) return one.connection_id
  const detail = one
    ? `There are ${active.length} active connections to Clio: write the id of this firm's as “connection” (GET /api/connections lists them).`
    : 'There is no active connection to Clio: make one with POST /api/connections and open its URL.'
  return problem(
    422,
    one ? 'connection-ambiguous' : 'connection-missing',
    'Which connection to Clio is this firm’s?',
    detail,
    {
      errors: [
        { path: 'connection', message: one ? 'several connections are active; name one' : 'no connection is active' },
      ],
    },
  )
}
