import type { Endpoint, Inbound } from '../../model/endpoint.ts'
import { verifyToken } from '../proof/specials.ts'

/**
 * GET with `hub.mode=subscribe`: the challenge goes back as it came, to whoever knows the verify token that was typed in at Meta.
 * @source https://developers.facebook.com/docs/graph-api/webhooks/getting-started
 */
export async function metaGreeting(
  request: Inbound,
  endpoint: Endpoint<{ readonly token: string | readonly string[] }>,
): Promise<Response | null> {
  const query = request.url.searchParams
  if (request.method !== 'GET' || query.get('hub.mode') !== 'subscribe') return null
  const secrets = endpoint.secrets(endpoint.options.token)
  const proof = await verifyToken(query.get('hub.verify_token'), secrets, 'hub.verify_token')
  if (!proof.ok) return null
  const headers = { 'content-type': 'text/plain', 'x-content-type-options': 'nosniff' }
  return new Response((query.get('hub.challenge') ?? '').slice(0, 256), { headers })
}
