import { isObject, type Json } from '../../lib/json.ts'
import type { Call } from '../../model/call.ts'
import { recordOf } from '../../model/intent.ts'
import { type Gateway, send } from './gateway.ts'

/** Who the connection is, and in which account. */
export const whoAmI: Call = { method: 'GET', path: 'users/who_am_i', query: { fields: 'id,account{id}' } }

/** The id of the Clio account in an answer to `whoAmI`; null: it does not say. */
export function accountIn(answer: Json): string | null {
  const { account } = recordOf(answer)
  return isObject(account) && (account.id ?? null) !== null ? String(account.id) : null
}

/** The account behind a connection; null: nobody answers for it just now. */
export async function accountOf(gateway: Gateway): Promise<string | null> {
  const outcome = await send(whoAmI, gateway)
  return outcome.kind === 'applied' ? accountIn(outcome.answer) : null
}
