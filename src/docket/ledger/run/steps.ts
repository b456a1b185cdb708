import { isObject, type Json, type JsonObject } from '../../../lib/json.ts'
import type { Candidate, Intent } from '../../../model/intent.ts'
import type { Sealed, Seals } from '../sealing/seals.ts'
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
  /** @default its place among those that are added with it */
  readonly position?: number
  readonly path: string
  readonly rule: string
  readonly name: string
  readonly item?: Json
  readonly intent?: Intent
}

const readMost = 16

/** Which record an output is of; null: of none. */
function recordIn(output: Json): JsonObject | null {
  if (!isObject(output)) return null
  const { id, resource } = output
  return typeof id === 'object' || id === undefined || typeof resource !== 'string' ? null : { id, resource }
}

/** The records between which a person is to choose before the step goes on. */
export function candidatesAt({ state, output }: StoredStep): readonly Candidate[] {
  const known = state === 'ready' && isObject(output) ? output.candidates : null
  return Array.isArray(known) ? (known as Candidate[]) : []
}

/** The table `steps`: what a run is to have done, in its order. */
export class Steps {
  readonly #sql: Sql
  readonly #sealed: Sealed
  /** Steps of the runs that were worked on last, as they stand: nobody else writes them. */
  readonly #read = new Map<string, StoredStep[]>()

  constructor(sql: Sql, seals: Seals) {
    this.#sql = sql
    this.#sealed = seals.table('steps')
  }

  add(run: string, steps: readonly NewStep[]): void {
    this.#read.delete(run)
    for (const [at, { position = at, path, rule, name, item, intent }] of steps.entries()) {
      this.#sql.rows(
        `insert or ignore into steps (run, position, path, rule, name, item, intent, state) values (?, ?, ?, ?, ?, ?, ?, 'ready')`,
        run,
        position,
        path,
        rule,
        name,
        this.#sealed.seal('item', [run, position], item === undefined ? null : JSON.stringify(item)),
        this.#sealed.seal('intent', [run, position], toJson(intent)),
      )
    }
  }

  of(run: string): readonly StoredStep[] {
    const known = this.#read.get(run)
    if (known) return known
    const steps = this.#all(run)
    this.#read.set(run, steps)
    const [oldest] = this.#read.keys()
    if (this.#read.size > readMost) this.#read.delete(oldest!)
    return steps
  }

  /** The step at which a run stands; undefined: it is through. */
  current(run: string): StoredStep | undefined {
    return this.of(run).find(step => step.state === 'ready')
  }

  /** A transaction was undone: what was read may never have been. */
  forgetRead(): void {
    this.#read.clear()
  }

  #all(run: string): StoredStep[] {
    return this.#sql
      .rows('select * from steps where run = ? order by position', run)
      .map(this.#sealed.open)
      .map(row => ({
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
      this.#sealed.seal('output', [run, position], JSON.stringify(output)),
      run,
      position,
    )
    this.#change(run, position, step => (step.state === 'ready' ? { ...step, state, output } : step))
  }

  #change(run: string, position: number, change: (step: StoredStep) => StoredStep): void {
    const known = this.#read.get(run)
    if (known)
      this.#read.set(
        run,
        known.map(step => (step.position === position ? change(step) : step)),
      )
  }

  /** What a step's output is to say besides, once its call is done. */
  tell(run: string, position: number, told: JsonObject): void {
    this.#sql.rows(
      "update steps set output = ? where run = ? and position = ? and state = 'ready'",
      this.#sealed.seal('output', [run, position], JSON.stringify(told)),
      run,
      position,
    )
    this.#change(run, position, step => (step.state === 'ready' ? { ...step, output: told } : step))
  }

  /** They are worked out anew, by the step or the plan that made them. */
  drop(run: string, steps: readonly StoredStep[]): void {
    this.#read.delete(run)
    for (const { position } of steps) this.#sql.rows('delete from steps where run = ? and position = ?', run, position)
  }

  /** The step is done anew: what it found is gone. */
  reopen(run: string, position: number): void {
    this.#sql.rows("update steps set state = 'ready', output = null where run = ? and position = ?", run, position)
    this.#change(run, position, step => ({ ...step, state: 'ready', output: null }))
  }

  /** What a step of an undo remembers of the record that a person is asked about. */
  setIntent(run: string, position: number, intent: Intent): void {
    const sealed = this.#sealed.seal('intent', [run, position], JSON.stringify(intent))
    this.#sql.rows('update steps set intent = ? where run = ? and position = ?', sealed, run, position)
    this.#change(run, position, step => ({ ...step, intent }))
  }

  /** Of what a step made stays which record it is. */
  purge(run: string): void {
    const made = this.of(run).map(({ position, output }) => [position, recordIn(output)] as const)
    this.#read.delete(run)
    this.#sql.rows('update steps set item = null, intent = null, output = null where run = ?', run)
    for (const [position, record] of made)
      if (record !== null) {
        const sealed = this.#sealed.seal('output', [run, position], JSON.stringify(record))
        this.#sql.rows('update steps set output = ? where run = ? and position = ?', sealed, run, position)
      }
  }

  forget(run: string): void {
    this.#read.delete(run)
    this.#sql.rows('delete from steps where run = ?', run)
  }
}
