import { isObject, type JsonObject } from '../../lib/json.ts'
import type { Clio } from '../../model/intent.ts'
import { type SlackUser, userByEmail } from '../../slack/prepare/people.ts'
import type { Ledger, StoredRun } from '../ledger/ledger.ts'

/**
 * Who says to be somebody in Clio shows it once: a code goes to that person, in a private task in Clio, and comes back in Slack.
 * Nobody else reads it, so nothing is ever filed as somebody else.
 */

/** What is said, or what is done and kept together with it. */
export type Linking =
  | { readonly say: string }
  | { readonly type: string; readonly fields: JsonObject; readonly keep: () => void }

type Pending = {
  readonly code: string
  readonly email: string
  readonly name: string
  readonly run: string
  readonly until: number
  readonly tries: number
}

const lifetime = 60 * 60_000
const mostTries = 5

const pendingKey = (user: string) => `slack:code:${user}`
export const linkKey = (user: string) => `slack:link:${user}`

export async function askForCode(
  user: SlackUser,
  email: string,
  run: StoredRun,
  clio: Clio,
  ledger: Ledger,
): Promise<Linking> {
  const found = await userByEmail(email, clio)
  if (!found)
    return { say: `Nobody in Clio has the e-mail address ${email}. Write the one that you log in to Clio with.` }
  if ((ledger.meta<string>(linkKey(user.id)) ?? user.email)?.toLowerCase() === found.email.toLowerCase())
    return { say: `You are ${found.name} in Clio already.` }
  const code = String(crypto.getRandomValues(new Uint32Array(1))[0]! % 100_000_000).padStart(8, '0')
  const until = run.acceptedAt + lifetime
  const pending: Pending = { code, email: found.email, name: found.name, run: run.id, until, tries: 0 }
  return {
    type: 'slack.link',
    fields: { user: found.id, code, asker: user.name },
    keep: () => ledger.setMeta(pendingKey(user.id), pending),
  }
}

export function takeCode(user: SlackUser, code: string, run: StoredRun, ledger: Ledger): Linking {
  const pending = ledger.meta<Pending>(pendingKey(user.id))
  if (!pending || pending.until < run.acceptedAt || pending.tries >= mostTries)
    return { say: 'No code is open for you. Ask for one: `link` and the e-mail address that you log in to Clio with.' }
  if (pending.code !== code) {
    ledger.setMeta(pendingKey(user.id), { ...pending, tries: pending.tries + 1 })
    return { say: 'That is not the code. It stands in a task in Clio that is assigned to you.' }
  }
  const [made] = ledger.steps(pending.run).map(step => step.output)
  return {
    type: 'slack.linked',
    fields: { name: pending.name, task: (isObject(made) && made.id) || null },
    keep: () => {
      ledger.setMeta(linkKey(user.id), pending.email)
      ledger.setMeta(pendingKey(user.id), null)
    },
  }
}
