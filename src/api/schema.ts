import type { Hono } from 'hono'
import { configurationSchema } from '../configuration/configuration.ts'
import { resource } from './reply.ts'

/** The JSON Schema of a configuration, for editors. It is the same for everybody, and no secret. */
export function schemaRoute(app: Hono, path: string): void {
  let text: string | undefined
  resource(app, path, {
    GET: () => {
      text ??= `${JSON.stringify(configurationSchema(), null, 2)}\n`
      const headers = { 'content-type': 'application/schema+json', 'cache-control': 'public, max-age=3600' }
      return new Response(text, { headers })
    },
  })
}
