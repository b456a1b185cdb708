import type { Json } from '../../src/lib/json.ts'
import type { Delivery } from '../../src/model/event.ts'
import { openDoor } from '../door/door.ts'
import { cases, optionsOf, requestOf, secretsOf, unusual } from './cases.ts'

const now = Date.UTC(2026, 10, 2, 9)

/** What a body becomes, delivered and proved as its provider does; an object is sent as JSON, a form as `[[name, value]]`. */
export async function deliver(
  name: string,
  body: Json | URLSearchParams,
  {
    options = {} as Record<string, Json>,
    headers = {} as Record<string, string>,
    at = now,
    id = undefined as string | undefined,
  } = {},
): Promise<{ status: number; deliveries: Delivery[] }> {
  const one = [...cases, ...unusual].find(each => each.name === name)!
  const [right] = secretsOf(one)
  const opened = await openDoor({
    endpoints: { hook: { ...optionsOf(one), ...options } },
    env: { SECRET: right, TOKEN: 'a-token' },
    now: at,
  })
  const text = body instanceof URLSearchParams ? String(body) : typeof body === 'string' ? body : JSON.stringify(body)
  const request = requestOf(one, text, right, at, opened.firm, id)
  const response = await opened.send(`hook${request.path}`, {
    method: 'POST',
    headers: { ...request.headers, ...headers },
    body: request.body,
  })
  return { status: response.status, deliveries: opened.docket.claims.flatMap(({ deliveries }) => deliveries) }
}

/** The first event of a body. */
export const eventOf = async (...given: Parameters<typeof deliver>) => (await deliver(...given)).deliveries[0]!.event
