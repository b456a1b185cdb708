import { docketOf } from './dockets.ts'

/**
 * Wakes every firm's Docket, which goes on with what is open: an alarm can be lost (https://github.com/cloudflare/workerd/issues/3138),
 * and accepted work must not wait for the next event (I1). A firm that fails does not stop the others.
 */
export async function sweep(env: Pick<Env, 'KV' | 'DOCKET'>): Promise<void> {
  let cursor: string | null = null
  do {
    const page: KVNamespaceListResult<unknown> = await env.KV.list({ prefix: 'firm:', cursor })
    for (const { name } of page.keys) await wake(env, name.slice('firm:'.length))
    cursor = page.list_complete ? null : page.cursor
  } while (cursor !== null)
}

async function wake(env: Pick<Env, 'DOCKET'>, firm: string): Promise<void> {
  try {
    await docketOf(env, firm).wake()
  } catch (error) {
    console.error(`The Docket of firm ${firm} did not wake: ${error instanceof Error ? error.message : typeof error}`)
  }
}
