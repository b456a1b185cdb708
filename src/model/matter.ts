import { isObject, type JsonObject } from '../lib/json.ts'

/** A matter of the firm's as people name one, and as Clio answers it. */
export interface Matter {
  readonly id: number
  readonly number: string
  readonly client: string
  readonly description: string
  readonly status: string
}

/** Clio's `fields` for a list of matters that `matterIn` reads. */
export const matterFields = 'id,display_number,description,status,client{id,name}'

/** A matter as Clio answers it; null when it is none. */
export function matterIn({ id, display_number, description, status, client }: JsonObject): Matter | null {
  if (typeof id !== 'number') return null
  const text = (value: unknown) => (typeof value === 'string' ? value : '')
  return {
    id,
    number: text(display_number),
    client: isObject(client) ? text(client.name) : '',
    description: text(description),
    status: text(status).replace(/^./, first => first.toUpperCase()),
  }
}
