import { Hono } from 'hono'
import * as z from 'zod'
import type { JsonObject } from '../../lib/json.ts'
import { otherwise } from '../clio/otherwise.ts'
import { rewrites } from '../clio/rewrite.ts'
import { strayNames } from '../maton/strays.ts'
import type { Sandbox } from '../sandbox.ts'

/** How a test in another process drives the sandbox: `/_sandbox/…`. Nothing of the kind exists at Clio or Maton. */

const action = z.discriminatedUnion('do', [
  z.object({ do: z.literal('lose'), after: z.number().optional() }),
  z.object({ do: z.literal('drop') }),
  z.object({
    do: z.literal('fail'),
    status: z.int().min(400).max(599),
    applied: z.boolean().optional(),
    html: z.boolean().optional(),
    message: z.string().optional(),
  }),
  z.object({ do: z.literal('stray'), shape: z.enum(strayNames) }),
  z.object({ do: z.literal('hang'), applied: z.boolean().optional() }),
  z.object({ do: z.literal('slow'), ms: z.number() }),
  z.object({ do: z.literal('late'), ms: z.number() }),
])
const rule = z.object({
  method: z.string().optional(),
  path: z.string().optional(),
  times: z.int().min(1).optional(),
  skip: z.int().min(0).optional(),
  chance: z.number().min(0).max(1).optional(),
  action,
})
const limit = z.object({ requests: z.int().min(1), seconds: z.number().positive() })
const limits = z.object({ clio: limit.optional(), maton: limit.nullable().optional() })
const behaviour = z.object({
  refuseCalendarMatter: z.boolean().optional(),
  advancedTasks: z.boolean().optional(),
  indexDelay: z.number().min(0).optional(),
  listDelay: z.number().min(0).optional(),
  rewrites: z.array(z.enum(rewrites)).optional(),
  otherwise: z.array(z.enum(otherwise)).optional(),
})
const records = z.object({
  account: z.string().regex(/^\w+$/),
  resource: z.string(),
  count: z.int().min(1).max(10_000),
  data: z.record(z.string(), z.json()),
})
const connection = z.object({ account: z.string().regex(/^\w+$/) })

/** The routes, to be mounted on `/_sandbox`. A body of the wrong shape is answered with 400 and what is wrong. */
export function control(sandbox: Sandbox): Hono {
  const app = new Hono()
  app.onError((cause, context) => {
    if (cause instanceof z.ZodError) return context.json({ error: z.prettifyError(cause) }, 400)
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
