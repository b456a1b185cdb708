/** What every answer of the Worker carries, whoever made it. */

/** What is no page loads nothing, frames nothing, is framed by nobody and sends no form. */
const inert = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

/** A page says its own `content-security-policy`, and that one stays. HSTS belongs on https alone (RFC 6797 §7.2). */
export function guarded(response: Response, url: string): Response {
  const add = [
    ['x-content-type-options', 'nosniff'],
    ['content-security-policy', inert],
    ['referrer-policy', 'no-referrer'],
    ...(url.startsWith('https:') ? [['strict-transport-security', 'max-age=31536000']] : []),
  ].filter(([name]) => !response.headers.has(name!)) as [string, string][]
  // Of what another fetched, the headers cannot be changed.
  const answer = new Response(response.body, response)
  for (const [name, value] of add) answer.headers.set(name, value)
  return answer
}
