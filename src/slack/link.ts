import { isObject, type JsonObject } from '../lib/json.ts'
import type { Hearing } from '../model/conversation.ts'
import type { Memory } from '../model/follow.ts'
import { type SlackUser, userByEmail } from './prepare/people.ts'

/**
 * Who says to be somebody in Clio shows it once: a code goes to that person, in a private task in Clio, and comes back in Slack.
 * Nobody else reads it, so nothing is ever filed as somebody else.
 */

/** What is said, or what is done, and what is remembered together with it. */
export type Linking = { readonly memory?: Memory } & (
  | { readonly say: string }
  | { readonly type: string; readonly fields: JsonObject }
)

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

const pendingName = (user: string) => `code:${user}`
export const linkName = (user: string) => `link:${user}`

export async function askForCode(
  user: SlackUser,
  email: string,
  { run, clio, now, recall }: Hearing,
): Promise<Linking> {
  const found = await userByEmail(email, clio)
  if (!found)
    return { say: `Nobody in Clio has the e-mail address ${email}. Write the one that you log in to Clio with.` }
  if (((recall(linkName(user.id)) as string | null) ?? user.email)?.toLowerCase() === found.email.toLowerCase())
    return { say: `You are ${found.name} in Clio already.` }
  const code = String(crypto.getRandomValues(new Uint32Array(1))[0]! % 100_000_000).padStart(8, '0')
  const until = now + lifetime
  const pending: Pending = { code, email: found.email, name: found.name, run, until, tries: 0 }
  return {
    type: 'slack.link',
    fields: { user: found.id, code, asker: user.name },
    memory: { [pendingName(user.id)]: pending },
  }
}

export function takeCode(user: SlackUser, code: string, { now, recall, earlier }: Hearing): Linking {
  const pending = recall(pendingName(user.id)) as Pending | null
  if (!pending || pending.until < now || pending.tries >= mostTries)
    return { say: 'No code is open for you. Ask for one: `link` and the e-mail address that you log in to Clio with.' }
  if (pending.code !== code) {
    return {
      say: 'That is not the code. It stands in a task in Clio that is assigned to you.',
      memory: { [pendingName(user.id)]: { ...pending, tries: pending.tries + 1 } },
    }
  }
  const [made] = earlier(pending.run)?.outputs ?? []
  return {
    type: 'slack.linked',
    fields: { name: pending.name, task: (isObject(made) && made.id) || null },
    memory: { [linkName(user.id)]: pending.email, [pendingName(user.id)]: null },
  }
}
