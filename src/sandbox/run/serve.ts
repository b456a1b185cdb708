import { createHmac } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { type HttpBindings, serve } from '@hono/node-server'
import type { Context, Hono } from 'hono'
import type { Post } from '../maton/hooks.ts'
import type { SandboxOptions } from '../maton/world.ts'
import { createSandbox, type Sandbox } from '../sandbox.ts'
import { createApp } from './app.ts'

/** The sandbox as a server on this machine: `node src/sandbox/run/serve.ts [port]`. */

export interface Served {
  /** `http://127.0.0.1:{port}`: the control plane; the gateway is `{url}/clio`. */
  readonly url: string
  readonly port: number
  readonly sandbox: Sandbox
  /** Breaks every open connection. */
  close(): Promise<void>
}

export interface ServeOptions extends Omit<SandboxOptions, 'origin'> {
  /** @default 0, any free one */
  readonly port?: number
}

/** Breaks the caller's connection without an answer. */
function cut(context: Context): Response {
  const { incoming } = context.env as HttpBindings
  incoming.socket.destroy()
  // Tells the adapter that nothing is left to send.
  return new Response(null, { headers: { 'x-hono-already-sent': 'true' } })
}

/** A webhook's request; an address that does not answer is no fault of the sandbox. */
const send: Post = (url, { header, secret }, body) => {
  const value = header === 'x-hook-secret' ? secret : createHmac('sha256', secret).update(body).digest('hex')
  const headers = { 'content-type': 'application/json', [header]: value }
  const signal = AbortSignal.timeout(5000)
  return fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal }).catch(() => null)
}

/** Listens on 127.0.0.1 only. Rejects when the port is taken. */
export function serveSandbox({ port = 0, ...options }: ServeOptions = {}): Promise<Served> {
  const sandbox = createSandbox({ post: send, ...options })
  const app: Hono = createApp(sandbox, cut)
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port }, ({ port: own }: AddressInfo) => {
      const url = `http://127.0.0.1:${own}`
      sandbox.origin = url
      resolve({ url, port: own, sandbox, close })
    })
    server.on('error', reject)
    function close(): Promise<void> {
      return new Promise(done => {
        server.close(() => done())
        if ('closeAllConnections' in server) server.closeAllConnections()
      })
    }
  })
}

if (import.meta.main) {
  const { url, sandbox } = await serveSandbox({ port: Number(process.argv[2] ?? 8790) })
  console.log(`Clio stands at ${url}\n  gateway ${url}/clio\n  control ${url}\n  key     ${sandbox.key}`)
}
