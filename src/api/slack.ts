import * as z from 'zod/mini'
import { problem, problemResponse } from '../lib/problem.ts'
import { isCommand, manifest } from '../slack/show/manifest.ts'
import { readQuery } from './read.ts'
import { reply } from './reply.ts'
import type { Route } from './table.ts'

/** The manifest of a firm's Slack app, for the address at which the API was asked. */

const query = z.strictObject({
  endpoint: z.string().check(z.minLength(1), z.maxLength(64)),
  command: z.optional(
    z.string().check(z.refine(isCommand, 'must be a slash, then at most 31 small letters, digits, - and _')),
  ),
  org: z.optional(z.enum(['0', '1'])),
})

export const slackRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/firms/:firm/slack/manifest',
    role: 'admin',
    handle: async ({ request, ask, firm }) => {
      const asked = readQuery(request.url, query)
      const { endpoint, command, org } = asked
      const mirror = await ask(docket => docket.mirror())
      const endpoints = (mirror?.document as { endpoints?: Record<string, { source?: string }> } | undefined)?.endpoints
      const configured = endpoints !== undefined && Object.hasOwn(endpoints, endpoint) ? endpoints[endpoint] : undefined
      if (configured?.source !== 'slack') return problemResponse(noEndpoint(endpoint))
      const { origin } = new URL(request.url)
      return reply(
        manifest({ url: origin, firm, endpoint, ...(command !== undefined && { command }), org: org === '1' }),
      )
    },
  },
]

const noEndpoint = (endpoint: string) =>
  problem(
    404,
    'unknown-endpoint',
    'No such Slack endpoint',
    `The firm’s configuration has no endpoint “${endpoint}” with "source": "slack". Write one into it first.`,
  )
