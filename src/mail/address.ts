/**
 * Which endpoint an address is of: `{firm}.{endpoint}@…`, or `anything+{firm}.{endpoint}@…` where a domain has no catch-all. Names of firms
 * and endpoints hold no dot, and the domain is whatever the Worker gets mail for.
 */
export function endpointOf(recipient: string): { firm: string; endpoint: string } | null {
  const local = recipient.slice(0, Math.max(0, recipient.lastIndexOf('@'))).toLowerCase()
  const named = local.slice(local.lastIndexOf('+') + 1)
  const [firm = '', endpoint = '', ...more] = named.split('.')
  return firm === '' || endpoint === '' || more.length > 0 ? null : { firm, endpoint }
}
