import { Hono } from 'hono'

/** The floor: what a route costs that reads its body, writes nothing and answers. */

const app = new Hono()
app.get('/healthz', c => c.json({ status: 'ok' }))
app.post('/in/:firm/:endpoint', async c => {
  await c.req.arrayBuffer()
  return c.json({ run: 'run_none', status: 'accepted', duplicate: false }, 202)
})

export default { fetch: app.fetch }
