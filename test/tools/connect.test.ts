import { Hono } from 'hono'
import { expect, it } from 'vitest'
import { apiRoutes } from '../../src/api/route.ts'
import { createApp } from '../../src/sandbox/run/app.ts'
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts'
import { connect, Failed } from '../../src/tools/connect.ts'

/** The operator's way to a connection: the real API and the sandbox's control plane; a person who signs in, or does not. */

const token = 'the-admin-token-of-forty-characters-here'

function operator(config: string | null): { sandbox: Sandbox; stored: string[]; fetch: typeof fetch } {
  const sandbox = createSandbox()
  const plane = createApp(sandbox)
  const stored: string[] = []
  const docket = {
    config: async () => (config === null ? null : { version: 1, text: config }),
    putConfig: async (_firm: string, text: string) => {
      stored.push(text)
      return { version: 2, warnings: [] }
    },
  }
  const app = new Hono().route(
    '/api',
    apiRoutes({
      adminToken: token,
      access: null,
      admit: async () => true,
      now: Date.now,
      docket: () => docket as never,
      registry: () => {
        throw new Error('was asked')
      },
      connections: {
        url: 'http://sandbox.example',
        key: sandbox.key,
        timeout: 5000,
        fetch: async (input, init) => plane.fetch(new Request(input as string, init as RequestInit)),
      },
    }),
  )
  return { sandbox, stored, fetch: async (input, init) => app.request(input as string, init as RequestInit) }
}

/** Somebody opens the page that was printed. */
function run(of: ReturnType<typeof operator>, signsIn: 'after a while' | 'never', admin = token) {
  const said: string[] = []
  let spins = 0
  const done = connect({
    url: 'http://worker.example',
    token: admin,
    firm: 'smith',
    fetch: of.fetch,
    say: line => void said.push(line),
    spin: () => void spins++,
    sleep: async () => {
      if (signsIn === 'never' || spins !== 6) return
      const pending = of.sandbox.connections.all().find(each => each.status === 'PENDING')!
      of.sandbox.connections.activate(pending, 'smith')
    },
  })
  return { done, said, spins: () => spins }
}

it('shows the page, waits, and writes the id into the configuration, whose comments stay', async () => {
  const of = operator('{\n  // Smith & Partners\n  "timezone": "America/New_York",\n  "connection": "old"\n}')
  const { done, said, spins } = run(of, 'after a while')
  const id = await done
  expect(said.join('\n')).toMatch(/session_token=/)
  expect(spins()).toBeGreaterThan(6)
  expect(of.stored).toEqual([`{\n  // Smith & Partners\n  "timezone": "America/New_York",\n  "connection": "${id}"\n}`])
})

it('adds the key where there is none', async () => {
  const of = operator('{ "timezone": "America/New_York" }')
  const id = await run(of, 'after a while').done
  expect(of.stored[0]).toContain(`"connection": "${id}"`)
  expect(of.stored[0]).toContain('America/New_York')
})

it('tells what to write when the firm has no configuration yet', async () => {
  const of = operator(null)
  const { done, said } = run(of, 'after a while')
  const id = await done
  expect(of.stored).toEqual([])
  expect(said.at(-1)).toContain(`"connection": "${id}"`)
})

it('gives up after a quarter of an hour, and says what to do', async () => {
  await expect(run(operator('{}'), 'never').done).rejects.toThrow(/Nobody signed in within 15 minutes. Run this again/)
})

it('says in words that the token is wrong', async () => {
  const { done } = run(operator('{}'), 'never', 'wrong')
  await expect(done).rejects.toThrow(Failed)
  await expect(done).rejects.not.toThrow(/wrong/)
})
