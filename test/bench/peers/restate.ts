import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { contactOf, listens, type Peer, run } from './peer.ts'

/** Restate: a handler whose call to Clio is a step that is written down, called without waiting. https://docs.restate.dev */
export const restate: Peer = {
  name: 'Restate',
  packages: ['@restatedev/restate-server@1.7.12', '@restatedev/restate-sdk@1.17.2'],
  idHeader: 'idempotency-key',
  async start({ folder, port, contacts, headers }) {
    const [admin, node, service] = [port + 1, port + 2, port + 3]
    const script = `import * as restate from '@restatedev/restate-sdk'
const intake = restate.service({
  name: 'intake',
  handlers: {
    form: restate.handlers.handler({ input: restate.serde.binary, accept: '*/*' }, async (ctx, bytes) => {
      const answers = Object.fromEntries(new URLSearchParams(new TextDecoder().decode(bytes)))
      await ctx.run('contact', async () => {
        const headers = ${JSON.stringify({ ...headers, 'content-type': 'application/json' })}
        const answer = await fetch(${JSON.stringify(contacts)}, { method: 'POST', headers, body: JSON.stringify(${contactOf}) })
        if (!answer.ok) throw new Error(String(answer.status))
        return answer.status
      })
    }),
  },
})
await restate.serve({ services: [intake], port: ${service} })
`
    await writeFile(join(folder, 'service.mjs'), script)
    const handler = run(folder, process.execPath, ['service.mjs'])
    const server = run(folder, join(folder, 'node_modules/.bin/restate-server'), ['--base-dir', join(folder, 'data')], {
      RESTATE_INGRESS__BIND_ADDRESS: `127.0.0.1:${port}`,
      RESTATE_ADMIN__BIND_ADDRESS: `127.0.0.1:${admin}`,
      RESTATE_BIND_ADDRESS: `127.0.0.1:${node}`,
      RESTATE_TELEMETRY_DISABLED: 'true',
    })
    await Promise.all([port, admin, service].map(listens))
    const body = JSON.stringify({ uri: `http://127.0.0.1:${service}`, force: true })
    const register = () =>
      fetch(`http://127.0.0.1:${admin}/deployments`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      }).catch(() => null)
    while (!(await register())?.ok) await new Promise(resolve => setTimeout(resolve, 250))
    const kill = async () => {
      await Promise.all([handler.kill(), server.kill()])
    }
    return { form: `http://127.0.0.1:${port}/intake/form/send`, kill }
  },
}
