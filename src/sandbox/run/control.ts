import { Hono } from 'hono'
import * as z from 'zod/mini'
import type { JsonObject } from '../../lib/json.ts'
import { otherwise } from '../clio/otherwise.ts'
import { rewrites } from '../clio/rewrite.ts'
import { strayNames } from '../maton/strays.ts'
import type { Sandbox } from '../sandbox.ts'

/** How a test in another process drives the sandbox: `/_sandbox/…`. Nothing of the kind exists at Clio or Maton. */

const action = z.discriminatedUnion('do', [
  z.object({ do: z.literal('lose'), after: z.optional(z.number()) }),
  z.object({ do: z.literal('drop') }),
  z.object({
    do: z.literal('fail'),
    status: z.int().check(z.gte(400), z.lte(599)),
    applied: z.optional(z.boolean()),
    html: z.optional(z.boolean()),
    message: z.optional(z.string()),
  }),
  z.object({ do: z.literal('stray'), shape: z.enum(strayNames) }),
  z.object({ do: z.literal('hang'), applied: z.optional(z.boolean()) }),
  z.object({ do: z.literal('slow'), ms: z.number() }),
  z.object({ do: z.literal('late'), ms: z.number() }),
])
const rule = z.object({
  method: z.optional(z.string()),
  path: z.optional(z.string()),
  times: z.optional(z.int().check(z.gte(1))),
  skip: z.optional(z.int().check(z.gte(0))),
  chance: z.optional(z.number().check(z.gte(0), z.lte(1))),
  action,
})
const limit = z.object({ requests: z.int().check(z.gte(1)), seconds: z.number().check(z.positive()) })
const limits = z.object({ clio: z.optional(limit), maton: z.optional(z.nullable(limit)) })
const behaviour = z.object({
  refuseCalendarMatter: z.optional(z.boolean()),
  advancedTasks: z.optional(z.boolean()),
  indexDelay: z.optional(z.number().check(z.gte(0))),
  listDelay: z.optional(z.number().check(z.gte(0))),
  rewrites: z.optional(z.array(z.enum(rewrites))),
  otherwise: z.optional(z.array(z.enum(otherwise))),
})
const records = z.object({
  account: z.string().check(z.regex(/^\w+$/)),
  resource: z.string(),
  count: z.int().check(z.gte(1), z.lte(10_000)),
  data: z.record(z.string(), z.json()),
})
const connection = z.object({ account: z.string().check(z.regex(/^\w+$/)) })

/** The routes, to be mounted on `/_sandbox`. A body of the wrong shape is answered with 400 and what is wrong. */
export function control(sandbox: Sandbox): Hono {
  const app = new Hono()
  app.onError((cause, context) => {
    if (cause instanceof z.core.$ZodError) return context.json({ error: z.prettifyError(cause) }, 400)
    if (cause instanceof SyntaxError) return context.json({ error: 'The body is not JSON.' }, 400)
    throw cause
  })
  app.get('/state', context => context.json(sandbox.records(context.req.query('account'))))
  app.get('/ledger', context => context.json(sandbox.ledger.view()))
  app.delete('/ledger', context => {
    sandbox.ledger.clear()
    return context.body(null, 204)
  })
  app.post('/trouble', async context => {
    const body: unknown = await context.req.json()
    sandbox.trouble.add(...z.array(rule).parse(Array.isArray(body) ? body : [body]))
    return context.body(null, 204)
  })
  app.delete('/trouble', context => {
    sandbox.trouble.clear()
    return context.body(null, 204)
  })
  app.post('/limits', async context => {
    const wanted = limits.parse(await context.req.json())
    if (wanted.clio) sandbox.limit = wanted.clio
    if (wanted.maton !== undefined) sandbox.maton = wanted.maton
    return context.body(null, 204)
  })
  app.post('/behaviour', async context => {
    Object.assign(sandbox.behaviour, behaviour.parse(await context.req.json()))
    return context.body(null, 204)
  })
  app.post('/reset', context => {
    sandbox.reset()
    return context.body(null, 204)
  })
  /** Many records at once, which no call and no limit knows of. */
  app.post('/records', async context => {
    const { account, resource, count, data } = records.parse(await context.req.json())
    for (let n = 0; n < count; n++) sandbox.account(account).insert(resource, { ...data } as JsonObject)
    return context.body(null, 204)
  })
  app.post('/connections', async context => {
    const { account } = connection.parse(await context.req.json())
    return context.json({ connection_id: sandbox.connect(account) }, 201)
  })
  app.post('/connections/:id/:change{expire|mend}', context => {
    const found = sandbox.connections.get(context.req.param('id'))
    if (!found) return context.json({ error: 'No such connection.' }, 404)
    const status = context.req.query('status') === '500' ? 500 : 401
    sandbox.connections.expire(found, context.req.param('change') === 'expire' ? status : null)
    return context.body(null, 204)
  })
  return app
}
