import type { JsonObject } from '../../lib/json.ts'
import { stamp } from '../clio/store.ts'

/** Maton's connections: which Clio account a call reaches. */

export interface Connection {
  readonly id: string
  status: 'ACTIVE' | 'PENDING' | 'FAILED'
  readonly createdAt: number
  updatedAt: number
  readonly app: string
  readonly method: string
  /** The Clio account behind it, once it is active. */
  account: string
  /** Set when its OAuth grant has run out: calls answer this status. Maton is known for both. */
  expired: 401 | 500 | null
}

/** All connections as JSON. `made`: how many ids were given away, so that none is given twice. */
export interface ConnectionsState {
  readonly made: number
  readonly known: readonly Connection[]
}

/** The connection that every sandbox starts with. */
export const firstConnection = '21fd90f9-5935-43cd-b6c8-bde9d915ca80'

export class Connections {
  readonly #now: () => number
  readonly #known = new Map<string, Connection>()
  #made = 0

  constructor(now: () => number) {
    this.#now = now
  }

  add(fields: Partial<Connection> = {}): Connection {
    this.#made += 1
    const at = this.#now()
    const connection: Connection = {
      id: `10000000-0000-4000-8000-${String(this.#made).padStart(12, '0')}`,
      status: 'PENDING',
      createdAt: at,
      updatedAt: at,
      app: 'clio',
      method: 'OAUTH2',
      account: 'smith',
      expired: null,
      ...fields,
    }
    this.#known.set(connection.id, connection)
    return connection
  }

  get(id: string): Connection | undefined {
    return this.#known.get(id)
  }

  all(): Connection[] {
    return [...this.#known.values()]
  }

  remove(id: string): boolean {
    return this.#known.delete(id)
  }

  save(): ConnectionsState {
    return { made: this.#made, known: this.all() }
  }

  /** Puts what was saved in place of what is there. */
  load({ made, known }: ConnectionsState): void {
    this.#made = made
    this.#known.clear()
    for (const connection of known) this.#known.set(connection.id, { ...connection })
  }

  /** What finishing OAuth in a browser does. */
  activate(connection: Connection, account: string): void {
    Object.assign(connection, {
      status: 'ACTIVE',
      account,
      expired: null,
      updatedAt: this.#now(),
    } satisfies Partial<Connection>)
  }

  expire(connection: Connection, status: 401 | 500 | null): void {
    Object.assign(connection, { expired: status, updatedAt: this.#now() } satisfies Partial<Connection>)
  }

  /** The one that a call names, or else the oldest that is active. */
  choose(id: string | undefined): Connection | undefined {
    const active = this.all().filter(({ status }) => status === 'ACTIVE')
    return id === undefined ? active[0] : active.find(connection => connection.id === id)
  }
}

/** As the control plane answers it. `url` carries a session token: it finishes the connection. */
export function shownConnection(connection: Connection, origin: string): JsonObject {
  return {
    connection_id: connection.id,
    status: connection.status,
    creation_time: stamp(connection.createdAt),
    last_updated_time: stamp(connection.updatedAt),
    url: `${origin}/connect?session_token=${connection.id}`,
    app: connection.app,
    method: connection.method,
    metadata: {},
  }
}
