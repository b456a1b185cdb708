import type { ProblemCode } from './problems.ts'
import type { Schema } from './shapes.ts'

/** What a call takes and answers, beside what the table of routes says of it: its path, who may make it, and what it does. */
export interface Call {
  /** Unique: the name of the operation in clients that are made of the document. */
  readonly name: string
  readonly tag: string
  /** One line for people: what it does. */
  readonly summary: string
  /** What the summary does not say. */
  readonly about?: string
  /** A `?` behind a key: it may be left out. */
  readonly query?: Readonly<Record<string, Schema>>
  /** The query is Clio's own, or a provider's. */
  readonly anyQuery?: true
  readonly headers?: Readonly<Record<string, Schema>>
  readonly body?: Body
  /** By status, those that are no problem. */
  readonly answers: Readonly<Record<number, Answer>>
  /** Codes of problems, besides those that all calls with a token have: rows of `problems`. */
  readonly problems?: readonly ProblemCode[]
}

/** A call that stands in no table of the API: its path is whole. */
export type OutsideCall = Call

export interface Body {
  readonly required: boolean
  /** By content type. */
  readonly content: Readonly<Record<string, Schema>>
}

export interface Answer {
  readonly description: string
  /** By content type; left out: nothing comes back. */
  readonly content?: Readonly<Record<string, Schema>>
  readonly headers?: Readonly<Record<string, string>>
}

export const json = (schema: Schema, required = true): Body => ({ required, content: { 'application/json': schema } })

export const answer = (description: string, schema: Schema, headers?: Readonly<Record<string, string>>): Answer => ({
  description,
  content: { 'application/json': schema },
  ...(headers && { headers }),
})

export const nothing: Answer = { description: 'Done.' }
