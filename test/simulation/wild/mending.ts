import type { StoredStep } from '../../../src/docket/ledger/run/steps.ts'
import type { StoredRun } from '../../../src/docket/ledger/run/stored-run.ts'
import { forReason } from '../../../src/docket/operator/mending/many.ts'
import { isObject, type Json, type JsonObject } from '../../../src/lib/json.ts'
import type { KeptRecord, Mend } from '../../../src/model/amended.ts'
import type { Row } from '../../../src/sandbox/clio/store.ts'
import { atOnce } from '../../at-once.ts'
import type { World } from '../world.ts'

/**
 * People who mend: they correct what a visitor answered, skip a step, choose one of three records, and do any of it for all runs of one
 * reason. What they were told has to be true: whatever stands in Clio says what was corrected last, or was named when it was.
 */

/** Kinds of event that cannot go through as they come, or that wait in the middle; and the resources of which they make records. */
export const mendable: Readonly<Record<string, readonly string[]>> = {
  typo: ['matters', 'tasks'],
  namesake: ['notes'],
  asks: ['notes', 'tasks', 'activities'],
  listed: ['tasks'],
}
const [good, bad] = ['sam@smith.example', 'Nobody Known']

/** @param one chooses one of its arguments */
export function mendableFields(kind: string, one: <T>(...of: readonly T[]) => T): JsonObject {
  const said = { word: 'w0' }
  if (kind === 'typo') return { ...said, area: one('Family Law', 'Familly Law'), who: one(good, bad) }
  if (kind === 'asks') return { ...said, loud: one('yes', 'no') }
  if (kind === 'listed') return { lines: ['w0', 'w0', 'w0'].map(text => ({ text, who: one(good, good, bad) })) }
  return said
}

const text = (word: string) => `${word} {{ fields.n }} {{ fields.word }}{{ fields.ending }}`
const on = { endpoint: 'website', type: 'form.submitted' }
const rule = (name: string, steps: JsonObject): JsonObject => ({
  name,
  on,
  if: `fields.kind == '${name}'`,
  steps,
})

export const mendableRules: readonly JsonObject[] = [
  rule('typo', {
    client: {
      upsert: 'contacts',
      match: ['email_addresses'],
      with: {
        type: 'Person',
        first_name: '{{ person.first_name }}',
        last_name: '{{ person.last_name }}',
        email_addresses: [{ name: 'Work', address: '{{ person.email }}' }],
      },
    },
    matter: {
      create: 'matters',
      with: {
        client: '{{ steps.client }}',
        status: 'pending',
        description: text('Matter'),
        practice_area: '{{ fields.area }}',
      },
    },
    call: {
      create: 'tasks',
      with: { name: text('Call'), assignee: '{{ fields.who }}', matter: '{{ steps.matter }}' },
    },
  }),
  rule('namesake', {
    note: { create: 'notes', with: { type: 'Contact', contact: 'Acme', subject: text('Note'), detail: 'x' } },
  }),
  rule('asks', {
    note: {
      create: 'notes',
      with: { type: 'Matter', matter: '00001-Alvarez', subject: text('Note'), detail: 'x' },
    },
    loud: {
      if: "fields.loud == 'yes'",
      create: 'activities',
      with: {
        type: 'TimeEntry',
        date: '2026-11-24',
        quantity: 1000,
        note: text('Work'),
        matter: '00001-Alvarez',
      },
    },
    look: { park: 'Look at it' },
    call: { create: 'tasks', with: { name: text('Call'), assignee: good } },
  }),
  rule('listed', {
    line: {
      each: 'fields.lines',
      create: 'tasks',
      with: { name: 'Call {{ fields.n }} line {{ index }} {{ item.text }}', assignee: '{{ item.who }}' },
    },
  }),
]

/** Three companies of one name, in whose place no other may be written to. */
export function namesakes(world: World, account: string): number[] {
  const store = world.sandbox.account(account)
  return [1, 2, 3].map(() => Number(store.insert('contacts', { type: 'Company', name: 'Acme' }).id))
}

interface Chances {
  readonly one: <T>(...of: readonly T[]) => T
  readonly upTo: (n: number) => number
}

export class Mending {
  readonly #world: World
  readonly #chances: Chances
  readonly #acme: Readonly<Record<string, readonly number[]>>
  /** Records that people were told keep an old answer: `run resource record`; a lost call that may have made one: `run step`. */
  readonly #named = new Set<string>()
  /** Runs that a person mended when the object died: whoever asked was told nothing. */
  readonly #unanswered = new Set<string>()
  readonly #skipped = new Map<string, Set<string>>()
  readonly #latest = new Map<string, JsonObject>()
  readonly #chosen = new Map<string, number[]>()
  #words = 0
  mended = 0
  corrected = 0
  skips = 0
  choices = 0

  constructor(world: World, chances: Chances, acme: Readonly<Record<string, readonly number[]>>) {
    this.#world = world
    this.#chances = chances
    this.#acme = acme
  }

  // ---- what people do

  /** Somebody mends this run, sensibly or not. */
  act(run: StoredRun, account: string): void {
    const { one } = this.#chances
    const corrects = this.#correction(run)
    const skips = { skip: this.#stepsOf(run) }
    const chooses = { choose: { [this.#stepOf(run)]: this.#choice(account) } }
    const asked = one<Mend>(
      {},
      corrects,
      corrects,
      skips,
      skips,
      chooses,
      { ...corrects, ...skips },
      { ...corrects, ...chooses },
    )
    this.#mend(run.id, asked, one('own', 'mended'))
  }

  /** Somebody does something for all runs of the reason for which this one is parked. */
  many(run: StoredRun): void {
    const { one } = this.#chances
    const code = run.state === 'parked' ? run.reasonCode : one('unknown-name', 'several-found', 'by-rule')
    if (code === null) return
    const skip = one<{ skip?: string[] }>({}, {}, { skip: [this.#stepOf(run)] })
    const act = one('resume', 'resume', 'discard', 'replay')
    const before = this.#world.runs()
    this.#world.operate(({ desk, ledger }) => {
      const asked = { code, version: one('own', 'mended'), ...(act === 'resume' && skip) } as const
      atOnce(forReason(act, asked, desk, ledger, () => {}))
      this.mended++
    })
    if (act === 'resume') for (const { id } of before) this.#learn(id)
  }

  /** What a person does who wants the run to end well. */
  settle(run: StoredRun, account: string): void {
    const { fields } = run.event!
    const lines = Array.isArray(fields.lines) ? this.#newest(run).lines : undefined
    const mended = Array.isArray(lines) && lines.map(line => ({ ...(line as JsonObject), who: good }))
    const answers: JsonObject = {
      ...(fields.kind === 'typo' && { area: 'Family Law', who: good }),
      ...(mended && { lines: mended }),
    }
    const step = this.#current(run)
    const ambiguous = run.reasonCode === 'ambiguous-name' || run.reasonCode === 'several-found'
    this.#mend(
      run.id,
      { answers, ...(ambiguous && step && { choose: { [step.path]: this.#acme[account]![0]! } }) },
      'own',
    )
  }

  #mend(id: string, asked: Mend, version: 'own' | 'mended'): void {
    let answered = false
    this.#world.operate(({ desk }) => {
      const chosen = Object.values(asked.choose ?? {}).map(Number)
      if (chosen.length > 0) this.#chosen.set(id, [...(this.#chosen.get(id) ?? []), ...chosen])
      const answer = desk.mend(id, version, asked)
      answered = true
      if ('code' in answer) return
      this.mended++
      if (Object.keys(asked.answers ?? {}).length > 0) this.corrected++
      if (asked.skip) this.skips++
      if (asked.choose) this.choices++
      for (const kept of answer.kept) this.#named.add(named(id, kept))
    })
    if (!answered) this.#unanswered.add(id)
    this.#learn(id)
  }

  #learn(id: string): void {
    const { amended, event } = this.#world.run(id)
    if (amended?.skipped) this.#skipped.set(id, new Set(amended.skipped))
    if (event) this.#latest.set(id, { ...event.fields, ...this.#latest.get(id), ...amended?.answers })
  }

  #correction(run: StoredRun): Mend {
    const { one } = this.#chances
    const fields = run.event?.fields ?? {}
    const word = () => `w${++this.#words}`
    const person = one<JsonObject>({}, {}, { 'person.email': `pat${this.#chances.upTo(4)}@x.example` })
    if (fields.kind === 'typo')
      return {
        answers: { ...person, ...one({}, { word: word() }), area: one('Family Law', 'Familly'), who: one(good, bad) },
      }
    if (fields.kind === 'asks') return { answers: { ...one({}, { word: word() }), loud: one('yes', 'no') } }
    if (fields.kind === 'listed')
      return {
        answers: {
          lines: one([0, 1], [0, 1, 2], [0, 1, 2, 3]).map(() => ({ text: one('w0', word()), who: one(good, bad) })),
        },
      }
    if (fields.kind === 'namesake') return { answers: { word: word() } }
    return { answers: one<JsonObject>(person, { wrod: 'x' }) }
  }

  #current(run: StoredRun): StoredStep | undefined {
    return this.#world.reader.steps.of(run.id).find(step => step.state === 'ready')
  }

  #stepOf(run: StoredRun): string {
    return this.#chances.one(this.#current(run)?.path ?? 'client', this.#current(run)?.path ?? 'note', 'call', 'matter')
  }

  /** The one at which it stands, all that are left, or some that may read one another. */
  #stepsOf(run: StoredRun): string[] {
    const ready = this.#world.reader.steps.of(run.id).filter(step => step.state === 'ready')
    const left = ready.map(step => step.path)
    return this.#chances.one(left.slice(0, 1), left, left.slice(0, 2), [this.#stepOf(run)])
  }

  /** One of the three, or a record of somebody else. */
  #choice(account: string): number {
    const { one } = this.#chances
    const others = this.#world.sandbox.account(account).all('contacts')
    return one(...this.#acme[account]!, ...this.#acme[account]!, Number(one(...others).id))
  }

  // ---- what has to hold

  /** Whether one of the three companies is another than it was. */
  touched(): boolean {
    return Object.entries(this.#acme).some(([account, ids]) =>
      ids.some(id => this.#world.sandbox.account(account).get('contacts', id)?.version !== 1),
    )
  }

  hasSkipped(id: string): boolean {
    return (this.#skipped.get(id)?.size ?? 0) > 0
  }

  #newest(run: StoredRun): JsonObject {
    return { ...run.event?.fields, ...this.#latest.get(run.id), ...run.amended?.answers }
  }

  /** What a run of these kinds has come to, at its end. @returns what is wrong with it, or null */
  fault(run: StoredRun, account: string): string | null {
    const { kind } = run.event?.fields ?? {}
    if (!run.event || run.undoOf !== null || !(String(kind) in mendable)) return null
    const newest = this.#newest(run)
    for (const { step, row } of this.#madeBy(run, account)) {
      const wrong = this.#contactFault(run, step, row, account) ?? this.#wordFault(run, step, row, newest)
      if (wrong !== null) return `${run.id}: ${wrong}`
    }
    if (run.state !== 'done') return null
    const steps = this.#world.reader.steps.of(run.id)
    const left = steps.find(
      step => step.state !== 'done' && !this.#skipped.get(run.id)?.has(step.path) && !rests(step, newest),
    )
    return left ? `${run.id} is done, and its step ${left.path} is ${left.state}` : null
  }

  #madeBy(run: StoredRun, account: string): { step: string; row: Row }[] {
    const store = this.#world.sandbox.account(account)
    return this.#world.reader.attempts.of(run.id).flatMap(one => {
      const stands = one.method === 'POST' && (one.outcome === 'applied' || one.settled === 'adopted')
      const row = stands ? store.get(one.resource, Number(one.record)) : undefined
      return row && one.step !== null ? [{ step: one.step, row }] : []
    })
  }

  #contactFault(run: StoredRun, step: string, row: Row, account: string): string | null {
    if (row.resource !== 'notes' || !isObject(row.data.contact)) return null
    const id = Number(row.data.contact.id)
    if (!this.#acme[account]!.includes(id)) return `${step} was written to ${id}, which is none of the three`
    return this.#chosen.get(run.id)?.includes(id) ? null : `${step} was written to ${id}, which nobody chose`
  }

  #wordFault(run: StoredRun, step: string, row: Row, newest: JsonObject): string | null {
    if (row.resource === 'contacts') return null
    const text = String(row.data.name ?? row.data.subject ?? row.data.description ?? row.data.note)
    const said = /w\d+/i.exec(text)?.[0].toLowerCase()
    const index = /\[(\d+)\]/.exec(step)?.[1]
    const line = index === undefined ? null : (newest.lines as Json[])[Number(index)]
    const wanted = index === undefined ? newest.word : isObject(line) ? line.text : undefined
    if (said === wanted || this.#unanswered.has(run.id)) return null
    const told = this.#named.has(`${run.id} ${row.resource} ${row.id}`) || this.#named.has(`${run.id} ${step}`)
    return told ? null : `${row.resource} ${row.id} of ${step} says ${said} and not ${wanted}, and nobody was told`
  }
}

const named = (run: string, { step, resource, record }: KeptRecord): string =>
  record === null ? `${run} ${step}` : `${run} ${resource} ${record}`

/** A step that its own condition leaves out. */
const rests = (step: StoredStep, newest: JsonObject): boolean =>
  step.name === 'loud' && step.state === 'skipped' && newest.loud !== 'yes'
