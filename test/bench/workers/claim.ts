import { DurableObject } from 'cloudflare:workers'
import { Hono } from 'hono'

/** The second floor: a bare durable claim. One call to an object, one insert there, and nothing else that an event needs. */

interface Bindings {
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
app.post('/in/:firm/:endpoint', async c => {
  const object = c.env.CLAIMS.get(c.env.CLAIMS.idFromName(c.req.param('firm')))
  const run = await object.claim(crypto.randomUUID(), await c.req.text())
  return c.json({ run, status: 'accepted', duplicate: false }, 202)
})

export default { fetch: app.fetch }
