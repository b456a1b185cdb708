import { mkdir } from 'node:fs/promises'
import { firstConnection } from '../../../src/sandbox/maton/connections.ts'
import { startDev } from '../../../src/sandbox/run/dev.ts'
import { configure, firm } from '../../e2e/firm.ts'
import { boundless } from '../../e2e/runtime.ts'
import { listens, type Peer } from './peer.ts'

const adminToken = 'admin-token-of-the-bench-which-nobody-guesses'

/** Docketed under `wrangler dev`, with a rule that makes the same contact. */
export const docketed: Peer = {
  name: 'Docketed',
  packages: [],
  idHeader: 'idempotency-key',
  async start({ folder, port, clio }) {
    await mkdir(folder, { recursive: true })
    const dev = startDev({
      port,
      folder,
      vars: {
        CLIO_GATEWAY_URL: `${clio.url}/clio`,
        MATON_CONTROL_URL: clio.url,
        MATON_API_KEY: clio.key,
        ADMIN_TOKEN: adminToken,
        DATA_KEY: Buffer.alloc(32, 'docketed').toString('base64'),
        // Longer than the slowest call of this bench.
        SETTLE_SECONDS: '5',
      },
    })
    const url = `http://127.0.0.1:${port}`
    await listens(port)
    const person = {
      type: 'Person',
      first_name: '{{ person.first_name }}',
      last_name: '{{ person.last_name }}',
      email_addresses: [{ name: 'Work', address: '{{ person.email }}' }],
    }
    await configure(
      { url, adminToken },
      {
        timezone: 'America/New_York',
        country: 'US',
        connection: firstConnection,
        pace: boundless,
        endpoints: { website: { source: 'form' } },
        rules: [
          { name: 'intake', on: { type: 'form.submitted' }, steps: { client: { create: 'contacts', with: person } } },
        ],
      },
    )
    return { form: `${url}/in/${firm}/website`, kill: () => dev.kill() }
  },
}
