import type { ControlPlane } from '../clio/gateway/connections.ts'
import type { AgentMay, Caller, Role } from '../model/access.ts'
import type { Trial } from './endpoints/sample.ts'
import type { Ask, Dockets } from './firm.ts'
import type { Registry } from './registry.ts'

/** What the calls of the API reach out to. */
export interface Beyond {
  readonly docket: Dockets
  readonly registry: Registry
  readonly connections: ControlPlane
  readonly trial: Trial
  /** JSON among the static assets. */
  asset<T>(name: string): Promise<T>
}

/** A call that was let in. */
export interface Asked extends Beyond {
  readonly request: Request
  /** The firm in the path; empty where it has none. */
  readonly firm: string
  readonly caller: Caller
  /** One call on that firm's Docket. */
  readonly ask: Ask
  /** A part of the path, decoded; empty where it has none of that name. */
  param(name: string): string
}

export type Method = 'GET' | 'PUT' | 'POST' | 'DELETE'

/** A row of the table that the API is made of: nothing is answered that does not stand in one. */
export interface Route {
  readonly method: Method
  /** Below `/api`, parts in Hono's spelling: `/firms/:firm/runs/:id`. */
  readonly path: string
  /** The least that may call it. `anybody`: no token is asked for. */
  readonly role: Role | 'anybody'
  /** The least that an agent's token has to say for it. @default nothing for a GET below admin; any other is for people */
  readonly agent?: AgentMay
  handle(asked: Asked): Response | Promise<Response>
}
