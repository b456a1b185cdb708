import { cloudflareTest } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'

// Two runtimes: what the Worker is made of runs in workerd; what stands around it (sandbox, simulator, end to end) in Node.
export default defineConfig({
  test: {
    projects: [
      {
        plugins: [
          cloudflareTest({
            wrangler: { configPath: './wrangler.toml' },
            miniflare: {
              bindings: {
                MATON_API_KEY: 'maton-test-key',
                ADMIN_TOKEN: 'admin-test-token',
                FUZZ_RUNS: process.env.FUZZ_RUNS ?? '300',
                DATA_KEY: 'ZG9ja2V0ZWQtdGVzdC1kYXRhLWtleS0zMi1ieXRlcyE=',
              },
            },
          }),
        ],
        test: {
          name: 'workerd',
          include: ['test/{inbound,docket,rules,clio,api,console,slack,tools}/**/*.test.ts', 'test/*.test.ts'],
        },
      },
      {
        test: {
          name: 'node',
          include: ['test/{sandbox,simulation,e2e,bundle}/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})
