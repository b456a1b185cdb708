import type { Method } from '../api/table.ts'
import type { Problem } from '../lib/problem.ts'
import type { Caller, Role } from '../model/access.ts'
import type { Stats } from '../model/docket-rpc.ts'
import type { Html } from './parts/html.ts'

/** A request for a page, of somebody who is signed in and may see it. */
export interface Visit {
  readonly url: URL
  /** The firm in the path; empty where it has none. */
  readonly firm: string
  readonly caller: Caller
  /** For the hidden field of forms. */
  readonly csrf: string
  /** How the firm's docket stands; null: no firm in the path, or it has no configuration yet. */
  readonly stats: Stats | null
  /** What a form said; empty for a GET. */
  readonly form: URLSearchParams
  /** Where a sandbox stands in for Clio; null: it is Clio itself. */
  readonly sandbox: string | null
  readonly now: number
  /** A part of the path, decoded; empty where it has none of that name. */
  param(name: string): string
  /** A call of the API, by its own table: who may make it and what the audit says of it is decided there. @param path below `/api` */
  api<T>(method: Method, path: string, body?: object | string): Promise<T | Problem>
  /** The same, for an answer that is no JSON, or whose headers are wanted. */
  raw(
    method: Method,
    path: string,
    body?: object | string,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Response>
  /** A call about the firm of the page. @param path below `/api/firms/{firm}` */
  ask<T>(method: Method, path: string, body?: object | string): Promise<T | Problem>
}

/** What is shown. */
export interface View {
  /** For the tab: never what is said of a client. */
  readonly title: string
  readonly body: Html
  /** @default 200 */
  readonly status?: number
}

/** What comes of a visit: a page, another page to go to (303), or why not. */
export type Shown = View | { readonly to: string } | Problem

/** A row of the table that the console is made of. */
export interface Page {
  readonly method: 'GET' | 'POST'
  /** In Hono's spelling. */
  readonly path: string
  /** The least that may see it. */
  readonly role: Role
  /** Its name among the firm's pages; left out: it does not stand there. */
  readonly nav?: string
  /** It is there for a firm that has no configuration yet. */
  readonly unconfigured?: true
  /** A `Response` is a file. */
  show(visit: Visit): Promise<Shown | Response>
}
