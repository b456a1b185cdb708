import { isObject, type Json } from '../lib/json.ts'
import { pathOf } from '../lib/path.ts'
import { type Problem, problem } from '../lib/problem.ts'

/** Connections to other apps of the gateway (calendars), as endpoints name them: the path of each, and its id in small letters. */
function named(document: Json): [path: string, id: string][] {
  const endpoints = isObject(document) && isObject(document.endpoints) ? document.endpoints : {}
  return Object.entries(endpoints).flatMap(([name, one]): [string, string][] =>
    isObject(one) && typeof one.connection === 'string'
      ? [[pathOf(['endpoints', name, 'connection']), one.connection.toLowerCase()]]
      : [],
  )
}

/**
 * The gateway's key is the vendor's, and opens the calendars of all firms: whoever saves with a firm's own token keeps the connections that
 * stand in the configuration, and names no others. null: no others are named.
 * @param stored the configuration of now; null: there is none
 */
export function foreignConnections(document: Json, stored: Json): Problem | null {
  const own = new Set(named(stored).map(([, id]) => id))
  const foreign = named(document).filter(([, id]) => !own.has(id))
  if (foreign.length === 0) return null
  const message =
    'names a connection that is new here: the vendor, who makes connections, saves the configuration with it'
  const errors = foreign.map(([path]) => ({ path, message }))
  return problem(
    422,
    'foreign-connection',
    "The configuration names a connection that is not the firm's yet",
    'Nothing was changed. Ask the vendor to save the configuration with it once; after that it is yours to keep.',
    { errors },
  )
}

/** Why the firm cannot have a connection, for the firm's own people: whose it is, and whether there is one, is the vendor's to know. */
export const forFirm = (why: Problem): Problem => (why.code.startsWith('connection-') ? notTheirs : why)

const notTheirs = problem(
  422,
  'connection-unknown',
  'This is no connection of the firm',
  'Write the id of the connection that the vendor has made for the firm as “connection”. Nothing was changed.',
  { errors: [{ path: 'connection', message: 'is none that the firm can have' }] },
)
