import type { Mirror } from '../../model/docket-rpc.ts'
import type { Located } from '../../sources/locate.ts'

/** What a provider sends, to be sent as a test. */

/** What a test needs of the Worker. */
export interface Trial {
  /** A Clio that stands in for the real one: what a test makes there is nobody's. */
  readonly demonstration: boolean
  locate(mirror: Mirror, firm: string, endpoint: string): Promise<Located | 'unknown' | 'unusable'>
  /** A request at the door, as from outside. */
  post(request: Request): Promise<Response>
}

/** By source, as they stand among the static assets (`samples.json`). */
export type Samples = Readonly<Record<string, Sample | NoSample>>

export interface Sample {
  readonly type: string
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
  /** Where it stands in body and headers, each test has one of its own: else the second would be a redelivery. */
  readonly id?: string
}

/** Of a source that nobody but its provider can send anything of. */
export interface NoSample {
  /** What to do instead of a test, in words. */
  readonly instead: string
}

/** The sample, with an id of its own. */
export function fresh(sample: Sample | NoSample | undefined, own: string | undefined): Sample | NoSample {
  if (own !== undefined) return { type: /^\s*[[{]/.test(own) ? json : form, body: own }
  if (sample === undefined)
    return { instead: 'There is no sample of this source. Send a delivery of your own as "body".' }
  if ('instead' in sample || sample.id === undefined) return sample
  const id = sample.id
  const other = [...id].map(another).join('')
  const put = (text: string) => text.replaceAll(id, other)
  const headers = Object.entries(sample.headers ?? {}).map(([name, value]) => [name, put(value)])
  return { ...sample, body: put(sample.body), headers: Object.fromEntries(headers) }
}

const json = 'application/json'
const form = 'application/x-www-form-urlencoded'

/** A character of the same kind. */
function another(char: string): string {
  const kinds = ['123456789', 'abcdef', 'ABCDEF', 'ghijklmnopqrstuvwxyz', 'GHIJKLMNOPQRSTUVWXYZ']
  const kind = kinds.find(one => one.includes(char))
  return kind === undefined ? char : kind[crypto.getRandomValues(new Uint8Array(1))[0]! % kind.length]!
}
