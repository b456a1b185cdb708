import type { Hono } from 'hono'
import { configurationSchema } from '../configuration/configuration.ts'
import { resource } from './reply.ts'
import type { Route } from './table.ts'

let text: string | undefined

/** The JSON Schema of a configuration, for editors. It is the same for everybody, and no secret. */
function schema(): Response {
  text ??= `${JSON.stringify(configurationSchema(), null, 2)}\n`
  const headers = { 'content-type': 'application/schema+json', 'cache-control': 'public, max-age=3600' }
  return new Response(text, { headers })
}

export const schemaRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/schema/config.json',
    role: 'anybody',
    summary: 'JSON Schema of a configuration, for editors',
    handle: schema,
  },
]

/** The same at the address that documents name. */
export function schemaRoute(app: Hono, path: string): void {
  resource(app, path, { GET: schema })
}
