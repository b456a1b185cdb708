import type { Email } from 'postal-mime'

/** Who sent a mail, as far as the server that took it in has checked. */

export interface Authenticated {
  readonly dkim: string
  readonly spf: string
  readonly dmarc: string
  /** True when DKIM, SPF or DMARC passed for the domain that `From` shows. */
  readonly proved: boolean
}

const nothing: Authenticated = { dkim: 'none', spf: 'none', dmarc: 'none', proved: false }

/**
 * Only the topmost `Authentication-Results` counts, and only as Cloudflare's own: whoever writes a mail can write others below it. None is as
 * good as failed.
 * @source RFC 8601 §2.2 (its form), §5 (which one to trust), RFC 7489 §3.1 (alignment, relaxed)
 * @param from the one address that the mail shows as its sender; null: it shows none, or several
 */
export function authenticated({ headers }: Pick<Email, 'headers'>, from: string | null): Authenticated {
  const top = headers.find(({ key }) => key === 'authentication-results')
  const [server = '', ...results] = plain(top?.value ?? '').split(';')
  if (!/^(?:[a-z0-9-]+\.)*cloudflare\.net$/i.test(server.trim().split(/\s/)[0] ?? '')) return nothing
  const domain = from === null ? '' : domainOf(from)
  const read = results.map(resultOf)
  const best = (method: string) => {
    const own = read.filter(one => one.method === method)
    return own.find(one => one.passed) ?? own[0]
  }
  const passed = (method: string, property: string) =>
    read.some(
      one => one.method === method && one.passed && aligned(domainOf(one.properties.get(property) ?? ''), domain),
    )
  return {
    dkim: best('dkim')?.result ?? 'none',
    spf: best('spf')?.result ?? 'none',
    dmarc: best('dmarc')?.result ?? 'none',
    proved: passed('dmarc', 'header.from') || passed('dkim', 'header.d') || passed('spf', 'smtp.mailfrom'),
  }
}

/** Without comments and quotes, in which anything may stand. */
function plain(value: string): string {
  let [text, depth, quoted] = ['', 0, false]
  for (const sign of value.slice(0, 10_000)) {
    if (depth === 0 && sign === '"') quoted = !quoted
    else if (quoted) continue
    else if (sign === '(') depth++
    else if (sign === ')') depth = Math.max(0, depth - 1)
    else if (depth === 0) text += sign
  }
  return text
}

function resultOf(text: string) {
  const [head = '', ...rest] = text.trim().split(/\s+/)
  const [method = '', result = ''] = head.toLowerCase().split('=')
  const properties = new Map(
    rest.map(part => part.split(/=(.*)/s) as [string, string]).map(([k, v]) => [k.toLowerCase(), v ?? '']),
  )
  return { method, result: /^[a-z]{1,20}$/.test(result) ? result : 'none', passed: result === 'pass', properties }
}

const domainOf = (address: string) =>
  address
    .slice(address.lastIndexOf('@') + 1)
    .trim()
    .toLowerCase()
    .replace(/\.$/, '')

/** The same domain, or one below the other; a top-level domain is above everybody. */
function aligned(one: string, other: string): boolean {
  const [short, long] = one.length < other.length ? [one, other] : [other, one]
  return short.includes('.') && (short === long || long.endsWith(`.${short}`))
}
