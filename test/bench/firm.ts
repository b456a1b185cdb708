import type { JsonObject } from '../../src/lib/json.ts'
import { serveSandbox } from '../../src/sandbox/run/serve.ts'
import type { Sandbox } from '../../src/sandbox/sandbox.ts'
import { answers, configuration, configure, firm } from '../e2e/firm.ts'
import { boundless } from '../e2e/runtime.ts'
import { ours, type Place, startWorker, type Worker } from './worker.ts'

/** The firm of the bench: an intake of three records, on a Worker of its own, and a Clio beside it. */

export interface Office extends Worker {
  readonly adminToken: string
  readonly sandbox: Sandbox
  /** Where its visitors post. */
  readonly website: string
}

export interface OfficeOptions {
  readonly pace: { readonly requests: number; readonly seconds: number }
  /** @default the intake of the end-to-end tests */
  readonly config?: JsonObject
  readonly vars?: Record<string, string>
}

/** The URL-encoded form of visitor `n`. */
export const form = (n: number): string => new URLSearchParams(answers(n)).toString()

/** Clio itself refuses nothing: the pace is the Docket's own. */
export async function withOffice<T>(
  place: Place,
  { pace, config = configuration(pace), vars }: OfficeOptions,
  work: (office: Office) => Promise<T>,
): Promise<T> {
  const served = await serveSandbox({ limit: boundless })
  const adminToken = 'admin-token-of-the-bench-which-nobody-guesses'
  const worker = await startWorker(place, ours, {
    CLIO_GATEWAY_URL: `${served.url}/clio`,
    MATON_CONTROL_URL: served.url,
    MATON_API_KEY: served.sandbox.key,
    ADMIN_TOKEN: adminToken,
    DATA_KEY: Buffer.alloc(32, 'docketed').toString('base64'),
    SETTLE_SECONDS: '2',
    ...vars,
  })
  try {
    await configure({ url: worker.url, adminToken }, config)
    return await work({ ...worker, adminToken, sandbox: served.sandbox, website: `${worker.url}/in/${firm}/website` })
  } finally {
    await worker.close()
    await served.close()
  }
}
