import type { Json } from '../../../lib/json.ts'
import type { Intent } from '../../../model/intent.ts'
import { jsonIn, type Sql, toJson } from '../sql.ts'

export interface StoredStep {
  readonly position: number
  readonly path: string
  readonly rule: string
  readonly name: string
  readonly item: Json | undefined
  /** What a step wants that no rule describes: of an undo, of a joining. */
  readonly intent: Intent | null
  readonly state: 'ready' | 'done' | 'skipped'
  readonly output: Json
}

export interface NewStep {
  readonly position: number
  readonly path: string
  readonly rule: string
  readonly name: string
  readonly item?: Json
  readonly intent?: Intent
}

/** The table `steps`: what a run is to have done, in its order. */
export class Steps {
  readonly #sql: Sql

  constructor(sql: Sql) {
    this.#sql = sql
  }

  add(run: string, steps: readonly NewStep[]): void {
    for (const { position, path, rule, name, item, intent } of steps) {
      this.#sql.rows(
        `insert or ignore into steps (run, position, path, rule, name, item, intent, state) values (?, ?, ?, ?, ?, ?, ?, 'ready')`,
        run,
        position,
        path,
        rule,
        name,
        item === undefined ? null : JSON.stringify(item),
        toJson(intent),
      )
    }
  }

  of(run: string): StoredStep[] {
    return this.#sql.rows('select * from steps where run = ? order by position', run).map(row => ({
      position: Number(row.position),
      path: String(row.path),
      rule: String(row.rule),
      name: String(row.name),
      item: row.item === null ? undefined : jsonIn<Json & object>(row.item),
      intent: jsonIn<Intent>(row.intent),
      state: row.state as StoredStep['state'],
      output: jsonIn<Json & object>(row.output),
    }))
  }

  end(run: string, position: number, state: 'done' | 'skipped', output: Json): void {
    this.#sql.rows(
      "update steps set state = ?, output = ? where run = ? and position = ? and state = 'ready'",
      state,
      JSON.stringify(output),
      run,
      position,
    )
  }

  /** The step is done anew: what it found is gone. */
  reopen(run: string, position: number): void {
    this.#sql.rows("update steps set state = 'ready', output = null where run = ? and position = ?", run, position)
  }

  /** What a step of an undo remembers of the record that a person is asked about. */
  setIntent(run: string, position: number, intent: Intent): void {
    this.#sql.rows('update steps set intent = ? where run = ? and position = ?', JSON.stringify(intent), run, position)
  }
}
