import { isObject, type Json, type JsonObject } from '../lib/json.ts'
import type { Call } from './call.ts'
import type { ReasonCode } from './reason.ts'

/**
 * What a step of a rule wants of Clio, with its expressions evaluated: names still stand where Clio wants ids.
 * `resource` is a key of the contract (`contacts`).
 */
export type Intent =
  | { verb: 'create'; resource: string; with: JsonObject }
  | { verb: 'update'; resource: string; id: Json; linked: boolean; with: JsonObject }
  | { verb: 'delete'; resource: string; id: Json; linked: boolean }
  | { verb: 'get'; resource: string; id: Json; fields?: string; none: 'park' | 'continue' }
  | {
      verb: 'find'
      resource: string
      where: JsonObject
      /** As a step writes them; left out: every plain value. */
      fields?: string
      /** Of `all`: more than so many park. */
      limit?: number
      none: 'park' | 'continue'
      /** `continue`: as if none was found. */
      several: 'park' | 'newest' | 'oldest' | 'all' | 'continue'
    }
  | {
      verb: 'upsert'
      resource: string
      match: string[]
      existing: 'fill' | 'extend' | 'keep' | 'replace'
      several: 'park' | 'create' | 'oldest'
      with: JsonObject
    }
  | { verb: 'check_conflicts'; parties: Json[] }
  | { verb: 'notify'; to: string; text: string }
  | { verb: 'undo'; write: Write }

/** One write of an earlier run that is to be taken back. */
export interface Write {
  readonly method: 'POST' | 'PATCH'
  readonly resource: string
  readonly record: string
  readonly sent: JsonObject
  /** What stood under the keys of `sent`, of a PATCH; null: not known. */
  readonly before: JsonObject | null
  /** What may stand instead of what was sent, by key: the answer to a change was lost, and nobody knows whether it landed. */
  readonly maybe?: JsonObject
  /** What the run last knew of the record; null: it did not. */
  readonly etag: string | null
  /** The etag of a change that a person has been shown. */
  readonly seen?: string
}

/** One write that a step has behind it: done (or found done), or refused for what it says. */
export interface PastCall {
  readonly call: Call
  readonly applied: boolean
  readonly status: number
  /** Clio's words, of a refusal. */
  readonly message: string
  /** The answer `{data: …}`, or the record that was adopted in the same form. */
  readonly answer: Json
  readonly record: string | null
}

/** What an operation may ask of the world while it works out its next call. Reads only. */
export interface Clio {
  readonly timezone: string
  readonly country: string
  /** Nobody is asked: a name stands for itself. Of a preview that makes no calls. */
  readonly unasked?: true
  /** What marks a record as this step's own, where Clio keeps external properties: `run/step`. */
  readonly mark: string
  /** Of several records that fit, a person has said which are meant: ids. */
  readonly chosen?: readonly string[]
  /** What the event is about; null when its source does not say. */
  readonly subject: string | null
  /** One GET. Throws `Refused` when Clio says no for what the call says (404, 422). */
  read(call: Call): Promise<Json>
  /** A value kept for all of the firm's runs, at most `age` ms old; `load` runs once however many ask. */
  cached(key: string, age: number, load: () => Promise<Json>): Promise<Json>
  /** Forgets every kept value whose key begins with the prefix. */
  forget(prefix: string): void
  /**
   * Takes the values for this step until its outcome is known; throws `Behind` when another step has one of them.
   * @returns outputs of steps that worked under one of them lately: Clio's lists may not show yet what they made
   */
  lock(values: readonly string[]): readonly JsonObject[]
  /** Those of some record ids of a resource that other steps made. */
  owned(resource: string, ids: readonly string[]): ReadonlySet<string>
  /** Calls of other runs that make records at a path, and of which nobody knows whether they did. */
  inDoubt(path: string): readonly Doubted[]
  /** Record ids of a resource that this run's own steps made or found. */
  mine(resource: string): ReadonlySet<string>
  readonly contacts: Contacts
}

/** A call of another run whose answer was lost. */
export interface Doubted {
  readonly run: string
  readonly body: JsonObject
  /** ms, when it went out. */
  readonly sentAt: number
  /** Nobody will find out any more: its run was discarded. */
  readonly discarded: boolean
}

/** The firm's own index of its contacts. null: it is not filled (yet), and Clio is searched. */
export interface Contacts {
  /** Contacts that have one of the addresses in a body, as far as the index knows them (`standIn`). */
  find(body: JsonObject): Promise<JsonObject[] | null>
  /**
   * Of those that stand under any of the keys (`people/name-keys.ts`) the ones that fit, the likeliest first: `id`, `type` and `name`.
   * @param most no more are looked for
   */
  named(keys: readonly string[], fits: (contact: JsonObject) => boolean, most?: number): Promise<JsonObject[] | null>
  /** Clio carried out this POST or PATCH of a contact. */
  learned(id: string, call: Call): Promise<void>
  /** The contact is gone. */
  forget(id: string): Promise<void>
}

/** Of a firm that keeps none. */
export const noContacts: Contacts = {
  find: async () => null,
  named: async () => null,
  learned: async () => {},
  forget: async () => {},
}

/** The next thing that a step needs: a call, or nothing more, or a person. */
export type Step =
  /** `before`: what stands under the keys that the call changes, for an undo. `told`: what the output says besides, when it is done. */
  | { readonly call: Call; readonly before?: JsonObject; readonly told?: JsonObject }
  | { readonly output: Json }
  /** `seen`: the etag of what the person is asked about. `candidates`: the records one of which is to be chosen. */
  | {
      readonly park: string
      readonly code: ReasonCode
      readonly seen?: string
      readonly candidates?: readonly Candidate[]
    }

/** A record in Clio that may be the one that is meant. */
export type Candidate = {
  readonly resource: string
  readonly id: string
  /** What people know it by, as far as it was read; it says something of a client. */
  readonly name: string | null
}

/** The record in an answer; empty when there is none. */
export function recordOf(answer: Json): JsonObject {
  return isObject(answer) && isObject(answer.data) ? answer.data : {}
}

/** Clio's words, for people. */
export function words(refused: PastCall): string {
  return `Clio refused ${refused.call.method} ${refused.call.path} (${refused.status}): ${refused.message}`
}

/** The step parks with Clio's own words. */
export const refusedBy = (refused: PastCall): Step => ({ park: words(refused), code: 'refused' })

/** A person is needed; the message says why. @param code @default `wrong-value` */
export class Park extends Error {
  readonly code: ReasonCode
  /** Records of which a person can say that it is the one. */
  readonly candidates: readonly Candidate[]
  constructor(message: string, code: ReasonCode = 'wrong-value', candidates: readonly Candidate[] = []) {
    super(message)
    this.code = code
    this.candidates = candidates
  }
}

/** Clio refused a look-up for what it says (404, 410, 422 and other 4xx). */
export class Refused extends Error {
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}
