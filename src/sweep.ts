import { docketOf } from './dockets.ts'
import { failureLine } from './lib/failure.ts'
import { unfitIn } from './model/unfit.ts'
import { registryOf } from './platform/registry.ts'

/**
 * Firms woken in one go: an invocation has 50 subrequests on the Free plan (26 November 2026), of which asking the registry is one.
 * The rest is woken at the next run.
 */
const firmsMost = 40

/** ms between two sweeps, as `crons` in wrangler.toml says. */
export const sweepEvery = 10 * 60_000

/**
 * Wakes the Dockets that are overdue, which go on with what is open: an alarm can be lost
 * (https://github.com/cloudflare/workerd/issues/3138), and accepted work must not wait for the next event (I1). A firm that fails, or
 * hangs, does not stop the others.
 */
export async function sweep(env: Pick<Env, 'REGISTRY' | 'DOCKET'>): Promise<void> {
  try {
    const firms = await registryOf(env).overdue(firmsMost)
    await Promise.all(firms.map(firm => wake(env, firm)))
  } catch (error) {
    console.error(`The registry cannot be asked whom to wake: ${failureLine(error)}`)
  }
}

async function wake(env: Pick<Env, 'DOCKET'>, firm: string): Promise<void> {
  try {
    await docketOf(env, firm).wake()
  } catch (error) {
    console.error(`The Docket of firm ${firm} did not wake: ${unfitIn(error)?.code ?? failureLine(error)}`)
  }
}
