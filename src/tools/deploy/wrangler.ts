import { Failed, type Io } from '../command.ts'

/** What Cloudflare's own tool is asked for, and what its answers say. */

export interface Ran {
  readonly code: number
  /** What it wrote, both ways. */
  readonly out: string
}

/** Runs `wrangler` with these words. */
export type Wrangler = (words: readonly string[]) => Promise<Ran>

export const secretNames = ['MATON_API_KEY', 'ADMIN_TOKEN', 'DATA_KEY'] as const
export type SecretName = (typeof secretNames)[number]

/** What is there already. */
export interface Account {
  /** Names of the secrets that the Worker has; null: there is no Worker yet. */
  readonly secrets: readonly string[] | null
  /** Whether the account has R2. */
  readonly r2: boolean
}

/** @throws Failed when nobody is logged in, or Cloudflare says something that is not understood */
export async function accountOf(wrangler: Wrangler): Promise<Account> {
  const who = await wrangler(['whoami'])
  if (who.code !== 0 || /not authenticated|not logged in/i.test(who.out))
    throw new Failed('Nobody is logged in at Cloudflare. Do so first:  npx wrangler login')
  const listed = await wrangler(['secret', 'list', '--format', 'json'])
  const buckets = await wrangler(['r2', 'bucket', 'list'])
  // 10042: R2 has to be enabled in the dashboard first.
  const none = buckets.code !== 0 && /10042|enable R2/i.test(buckets.out)
  if (buckets.code !== 0 && !none)
    throw new Failed(`Whether the account has R2 could not be learnt:\n${buckets.out.trim()}`)
  return { secrets: listed.code === 0 ? namesIn(listed.out) : noWorker(listed.out), r2: !none }
}

/** 10007: there is no such Worker. */
function noWorker(out: string): null {
  if (/10007|not found|does not exist/i.test(out)) return null
  throw new Failed(`Which secrets the Worker has could not be learnt:\n${out.trim()}`)
}

function namesIn(out: string): string[] {
  const [list] = /\[[\s\S]*\]/.exec(out) ?? ['[]']
  return (JSON.parse(list) as { readonly name: string }[]).map(({ name }) => name)
}

/** The address that a deployment printed: a domain of one's own before the one on workers.dev. */
export function addressIn(out: string): string | null {
  const [, own] = /^\s*(\S+) \(custom domain\)/m.exec(out) ?? []
  const [, url] = /^\s*(https?:\/\/\S+)\s*$/m.exec(out) ?? []
  return own ? `https://${own}` : (url?.replace(/\/+$/, '') ?? null)
}

/** The settings without the bucket; comments stay. */
export const withoutBucket = (toml: string): string => toml.replace(/^\[\[r2_buckets\]\]\n(?:[^[\n].*\n)*/gm, '')

/** The value of a variable in the settings; null: it is not set there. */
export const variableIn = (toml: string, name: string): string | null =>
  new RegExp(`^${name} = "([^"]*)"`, 'm').exec(toml)?.[1] ?? null

/** What the script reaches of the machine besides what a command does. */
export interface Machine extends Io {
  readonly wrangler: Wrangler
  /** Random bytes as hex, and as base64. */
  random(bytes: number, as: 'hex' | 'base64'): string
  read(file: string): string
  /** A file that only its owner may read, as long as `work` runs. */
  lend<T>(name: string, text: string, work: (file: string) => Promise<T>): Promise<T>
}
