import { cloudflareTest } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'
import { createApp } from './src/sandbox/run/app.ts'
import { createSandbox } from './src/sandbox/sandbox.ts'
import { SlowestFirst } from './test/check/slowest-first.ts'
import { WhereTimeGoes } from './test/check/where-time-goes.ts'
import { Receiver } from './test/receiver.ts'
import { StandIn } from './test/slack/stand-in.ts'

/**
 * The runtime that Cloudflare runs, with our bindings. What the Worker fetches is answered by a sandbox, each runtime's own: each test
 * makes a connection and an account there (`POST /_sandbox/connections`).
 */
const workerd = () =>
  cloudflareTest(() => {
    const gateway = createApp(createSandbox({ key: 'maton-test-key' }))
    // Slack too; what it was told at an address is read at `slack.example`.
    const slack = new StandIn()
    // And whoever subscribed to what happens, at `receiver.example`.
    const receiver = new Receiver()
    return {
      wrangler: { configPath: './wrangler.toml' },
      miniflare: {
        outboundService: async request => {
          const { url, method } = request
          const headers = Object.fromEntries(request.headers)
          const { host, pathname, searchParams } = new URL(url)
          if (host === 'slack.example')
            return Response.json(slack.replies.filter(reply => reply.url === searchParams.get('hook')))
          if (host === 'receiver.example')
            return receiver.fetch(
              new Request(url, { method, headers, ...(method !== 'GET' && { body: await request.text() }) }),
            )
          if (host.endsWith('slack.com') && pathname !== '/') {
            const body = method === 'GET' ? undefined : await request.text()
            return slack.fetch(url, { method, headers, ...(body !== undefined && { body }) })
          }
          return gateway.request(url, {
            method,
            headers,
            ...(method !== 'GET' && { body: await request.arrayBuffer() }),
          })
        },
        bindings: {
          MATON_API_KEY: 'maton-test-key',
          ADMIN_TOKEN: 'admin-test-token-of-forty-characters-long',
          FUZZ_RUNS: process.env.FUZZ_RUNS ?? '300',
          FUZZ_SEED: process.env.FUZZ_SEED ?? '1',
          DATA_KEY: 'ZG9ja2V0ZWQtdGVzdC1kYXRhLWtleS0zMi1ieXRlcyE=',
        },
      },
    }
  })

/** Side by side on two cores: one file loads while another waits for its runtime. */
const maxWorkers = 2
/** What waits, waits as long as a machine with other work may need: it goes on as soon as it can. */
const expecting = { poll: { timeout: 40_000 } }
/** What runs against a Worker outside waits more than it computes. */
const waiting = 3

// Two runtimes: what the Worker is made of runs in workerd; what stands around it (sandbox, simulator, end to end) in Node.
export default defineConfig({
  test: {
    reporters: ['default', new WhereTimeGoes()],
    sequence: { sequencer: SlowestFirst },
    projects: [
      {
        plugins: [workerd()],
        test: {
          // One runtime for all files of a hand, which loads each module once; what a file stored is gone when it ends.
          name: 'workerd',
          expect: expecting,
          maxWorkers,
          include: [
            'test/{agents,api,cases,clio,configuration,console,docket,door,forms,kv,lib,mail,platform,reading,registry,rules,slack,sources}/**/*.test.ts',
            'test/*.test.ts',
          ],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          isolate: false,
          setupFiles: ['test/leave-nothing.ts', 'test/same-values.ts'],
        },
      },
      {
        test: {
          name: 'node',
          expect: expecting,
          maxWorkers,
          include: ['test/{bench,bundle,check,docs,sandbox,simulation,structure,tools,upgrade}/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        // Each file starts runtimes of its own, when the others are through.
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          setupFiles: ['test/e2e/own-connections.ts'],
          testTimeout: 600_000,
          hookTimeout: 300_000,
          maxWorkers: waiting,
          sequence: { groupOrder: 1 },
        },
      },
      {
        // One Worker and one browser for all files: see setup.ts.
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          globalSetup: ['test/browser/setup.ts'],
          setupFiles: ['test/e2e/own-connections.ts'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
          maxWorkers: waiting,
          sequence: { groupOrder: 1 },
        },
      },
      {
        // `npm run test:long`, and no part of the check.
        test: {
          name: 'long',
          include: ['test/long/**/*.test.ts'],
          testTimeout: 600_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
})
