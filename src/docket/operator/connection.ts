import { listConnections } from '../../clio/gateway/connections.ts'
import { isProblem, type Problem, problem } from '../../lib/problem.ts'
import { settingsOf } from '../../platform/settings.ts'

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
  const plane = {
    url: controlUrl,
    key: env.MATON_API_KEY,
    timeout,
    fetch: (...call: Parameters<typeof fetch>) => fetch(...call),
  }
  const listed = await listConnections(plane)
  if (isProblem(listed)) return listed
  const active = listed.filter(({ status }) => status === 'ACTIVE')
  const [one, another] = active
  if (one && !another) return one.id
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
