import type { Outside } from '../../clio/operations/documents.ts'
import { isPublicAddress } from '../../lib/address.ts'
import type { Bytes } from '../../lib/encoding.ts'
import { readBody } from '../../lib/read-body.ts'
import type { Outcome } from '../../model/call.ts'

/** Bytes of a file that a vendor gives an address of. Held in memory: one at a time. */
const largest = 26_214_400
const hopsMost = 5

/**
 * A vendor's file, or why there is none. The address comes from outside: only `https:`, only hosts with a public name, at every
 * redirect too; nothing of ours is sent along. Never throws.
 * @param type what the file is said to be: a page that asks to log in, or says that the link is over, is no document
 */
export async function fetched(
  address: string,
  type: string,
  { fetch, timeout }: Outside,
): Promise<Bytes | Exclude<Outcome, { kind: 'applied' }>> {
  const signal = AbortSignal.timeout(timeout)
  let url = address
  try {
    for (let hops = 0; hops <= hopsMost; hops++) {
      if (!isPublicAddress(url)) return refused('its address is not a public one that begins with https://')
      const response = await fetch(url, { redirect: 'manual', signal })
      const { status } = response
      const location = response.headers.get('location')
      if (status >= 300 && status < 400 && location !== null) {
        url = new URL(location, url).href
        continue
      }
      if (status >= 500 || status === 408 || status === 429) return later(`its host answered ${status}`, status)
      if (!response.ok) return refused(`its host answered ${status}`)
      const bytes = await readBody(response, largest)
      if (bytes === 'cut') return later('the connection broke', null)
      if (bytes === 'too-large') return refused(`it has more than ${largest} bytes`)
      if (bytes.length === 0) return refused('its host answered with nothing')
      return isPage(bytes) && !type.startsWith('text/')
        ? refused('its host answered with a web page, which may ask to log in')
        : bytes
    }
  } catch {
    return later('its host did not answer', null)
  }
  return refused('its address leads from one to another without end')
}

const isPage = (bytes: Bytes): boolean =>
  /^\s*(?:<!--.{0,400}?-->\s*)?<(?:!doctype\s+html|html|head)\b/is.test(
    new TextDecoder().decode(bytes.subarray(0, 512)),
  )

const refused = (why: string) =>
  ({ kind: 'refused', status: 424, why: 'invalid', message: `The file could not be fetched: ${why}.` }) as const

const later = (why: string, status: number | null) =>
  ({ kind: 'unknown', status, message: `The file could not be fetched yet: ${why}.` }) as const
