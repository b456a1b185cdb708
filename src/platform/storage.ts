/** What is needed of a Durable Object's storage; Node's SQLite offers the same to the simulator. */
export interface Storage {
  readonly sql: {
    exec(query: string, ...bindings: (string | number | null | Uint8Array)[]): { toArray(): Row[] }
  }
  transactionSync<T>(work: () => T): T
}

export type Row = Record<string, unknown>
