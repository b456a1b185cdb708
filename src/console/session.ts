import type { Pass } from '../api/access/who.ts'
import { endedName } from '../kv/names.ts'
import { sha256 } from '../lib/json.ts'
import type { Keyring } from '../platform/sealing.ts'

/**
 * Who is signed in. The cookie holds no token, but its hash, sealed with DATA_KEY: whoever reads a cookie in a log can call no API with
 * it, each request asks the Docket anew whether the token still stands, and a session ends with it, or after a working day; or when it is
 * signed out of, for whoever has copied the cookie too (docs/decisions/console-without-a-framework.md).
 */

const cookieName = 'docketed'
/** Only pages of the console are sent it: neither forms nor the door. */
const cookiePath = '/console'
/** Seconds. */
const lifetime = 12 * 3600
const place = 'console/session'

export interface Session extends Pass {
  /** ms since the epoch. */
  readonly until: number
}

/** A `Set-Cookie` that signs in. SameSite=Lax: an alarm's link, followed from Slack, finds its session. */
export function signedIn(pass: Pass, ring: Keyring, secure: boolean, now: number): string {
  const session: Session = { ...pass, until: now + lifetime * 1000 }
  return cookie(ring.seal(place, JSON.stringify(session)), lifetime, secure)
}

/** A `Set-Cookie` that signs out. */
export const signedOut = (secure: boolean): string => cookie('', 0, secure)

function cookie(value: string, age: number, secure: boolean): string {
  return `${cookieName}=${value}; Path=${cookiePath}; Max-Age=${age}; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`
}

/** The text of the session's cookie; empty: there is none. */
export function cookieIn(headers: Headers): string {
  return /(?:^|;\s*)docketed=([\w-]{1,1024})/.exec(headers.get('cookie') ?? '')?.[1] ?? ''
}

/** What a cookie stands for; null: it is not ours, or its time is over. */
export function passIn(cookie: string, ring: Keyring, now: number): Session | null {
  const text = cookie === '' ? null : ring.open(place, cookie)
  const session = text === null ? null : (JSON.parse(text) as Session)
  return session && session.until > now ? session : null
}

/** The hidden field of every form that changes something: made of what only this session knows. */
export const csrfOf = (session: string, ring: Keyring): string => ring.hash('console/csrf', session)

/** By what it was sealed of, and not by the cookie: another spelling of the same bytes is the same session. */
const nameOf = async ({ hash, until }: Session): Promise<string> => endedName(await sha256(`${hash} ${until}`))

/** Whether somebody has signed out of it. At most a minute stale; a KV that fails locks nobody out. */
export async function hasEnded(session: Session, kv: Pick<KVNamespace, 'get'>): Promise<boolean> {
  return (await kv.get(await nameOf(session)).catch(() => null)) !== null
}

/** Ends it for every cookie that there is of it. @throws when KV does not take that */
export async function end(session: Session, kv: Pick<KVNamespace, 'put'>): Promise<void> {
  await kv.put(await nameOf(session), '1', { expirationTtl: lifetime })
}
