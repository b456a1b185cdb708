import { DurableObject } from 'cloudflare:workers'
import { Hono } from 'hono'

/**
 * The second floor: a bare durable claim. One call to an object, one insert there, and nothing else that an event needs. The third asks
 * the limiter before, as the door does of what anybody can post: what that costs is the local platform's, which plays it in JavaScript.
 */

interface Bindings {
  readonly LIMIT: RateLimit
  readonly CLAIMS: DurableObjectNamespace<Claims>
}

export class Claims extends DurableObject<Bindings> {
  constructor(ctx: DurableObjectState, env: Bindings) {
    super(ctx, env)
    ctx.storage.sql.exec('create table if not exists claims (id text primary key, body text not null) without rowid')
  }

  claim(id: string, body: string): string {
    this.ctx.storage.sql.exec('insert into claims values (?, ?) on conflict do nothing', id, body)
    return id
  }
}

const app = new Hono<{ Bindings: Bindings }>()
app.get('/healthz', c => c.json({ status: 'ok' }))
app.post('/in/:firm/:endpoint', c => claimed(c.env, c.req.param('firm'), c.req.raw))
app.post('/asking/:firm/:endpoint', async c => {
  const { firm, endpoint } = c.req.param()
  await c.env.LIMIT.limit({ key: `${firm}/${endpoint}` })
  return claimed(c.env, firm, c.req.raw)
})

async function claimed({ CLAIMS }: Bindings, firm: string, request: Request): Promise<Response> {
  const object = CLAIMS.get(CLAIMS.idFromName(firm))
  const run = await object.claim(crypto.randomUUID(), await request.text())
  return Response.json({ run, status: 'accepted', duplicate: false }, { status: 202 })
}

export default { fetch: app.fetch }
