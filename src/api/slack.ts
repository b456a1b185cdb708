import type { Hono } from 'hono'
import * as z from 'zod'
import { isProblem, problem, problemResponse } from '../lib/problem.ts'
import { isCommand, manifest } from '../slack/show/manifest.ts'
import { type Dockets, withDocket } from './firm.ts'
import { readQuery } from './read.ts'
import { reply, resource } from './reply.ts'

/** The manifest of a firm's Slack app, for the address at which the API was asked. */

const query = z.strictObject({
  endpoint: z.string().min(1).max(64),
  command: z.string().refine(isCommand, 'is a slash, then at most 31 small letters, digits, - and _').optional(),
  org: z.enum(['0', '1']).optional(),
})

export function slackRoutes(app: Hono, dockets: Dockets): void {
  resource(app, '/firms/:firm/slack/manifest', {
    GET: withDocket(dockets, async (ask, c, firm) => {
      const asked = readQuery(c.req.url, query)
      if (isProblem(asked)) return problemResponse(asked)
      const { endpoint, command, org } = asked
      const mirror = await ask(docket => docket.mirror())
      const endpoints = (mirror?.document as { endpoints?: Record<string, { source?: string }> } | undefined)?.endpoints
      const configured = endpoints !== undefined && Object.hasOwn(endpoints, endpoint) ? endpoints[endpoint] : undefined
      if (configured?.source !== 'slack') return problemResponse(noEndpoint(endpoint))
      const { origin } = new URL(c.req.url)
      return reply(
        manifest({ url: origin, firm, endpoint, ...(command !== undefined && { command }), org: org === '1' }),
      )
    }),
  })
}

const noEndpoint = (endpoint: string) =>
  problem(
    404,
    'unknown-endpoint',
    'No such Slack endpoint',
    `The firm’s configuration has no endpoint “${endpoint}” with "source": "slack". Write one into it first.`,
  )
