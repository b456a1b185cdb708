import { advance } from '../../clio/operations/operation.ts'
import type { StoredConfiguration } from '../../configuration/stored.ts'
import { isObject, type Json, type JsonObject } from '../../lib/json.ts'
import { isProblem, type Problem } from '../../lib/problem.ts'
import type { Call, Outcome } from '../../model/call.ts'
import type { EventPreview, KeptShadow, Preview, PreviewCall, PreviewWarning } from '../../model/docket-rpc.ts'
import type { Clio, Intent, PastCall } from '../../model/intent.ts'
import { reasons } from '../../model/reason.ts'
import { absentIn } from '../../rules/check/check-reads.ts'
import { type EachItem, type PlannedStep, prepare } from '../../rules/plan.ts'
import { scopeOf } from '../../rules/scope.ts'
import { heldIn } from '../calls/hold.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { StoredRun } from '../ledger/run/stored-run.ts'
import { askedIn, askedStep, waiting } from '../run/asked.ts'
import { kindOf } from '../run/kind.ts'
import { begin } from '../run/plan.ts'
import { undoOutlook } from '../run/undo.ts'
import { DryClio, Stopped } from './dry-clio.ts'
import type { Previewed } from './preview-request.ts'

/** What a run of an event would do: the run itself, without the sending. */

export interface PreviewDeps {
  readonly ledger: Ledger
  readonly firm: string
  now(): number
  /** One read of Clio at the firm's pace. */
  read(call: Call): Promise<Outcome | Problem>
  /** Of a run that is in shadow, rather than of an event that might come in. */
  readonly run?: StoredRun
  clio?(step: string): Clio
}

/** Calls that one step makes at the most: a document's three, and one more. */
const callsMost = 8

export async function preview(asked: Previewed, deps: PreviewDeps): Promise<Preview | Problem> {
  try {
    const events: Preview['events'] = []
    for (const one of asked.events) events.push({ event: one.event, ...(await new Dry(asked, one, deps).run()) })
    const state = worst.find(each => events.some(one => one.state === each)) ?? 'ignored'
    const all = <T>(of: (one: EventPreview) => readonly T[]): T[] => events.flatMap(of)
    const rules = [...new Set(all(one => one.rules))]
    return { state, rules, calls: all(one => one.calls), warnings: all(one => one.warnings), events }
  } catch (error) {
    if (error instanceof Stopped) return error.problem
    throw error
  }
}

/** What a run of a firm in shadow would do. @param clio Clio as the run asks it; no write goes through it */
export async function foreseen(
  run: StoredRun,
  configuration: StoredConfiguration,
  deps: { readonly ledger: Ledger; readonly firm: string; clio(step: string): Clio },
): Promise<Omit<KeptShadow, 'at'>> {
  const { endpoint, replayOf } = run
  const asked = { configuration, endpoint, names: true, masked: false, events: [] }
  const one = { event: run.event!, spam: null, replayOf, madeUp: false }
  const read = () => Promise.reject(new Error('Clio is asked by the run'))
  const dry = new Dry(asked, one, { ...deps, read, now: () => run.acceptedAt, run })
  return { ...(await dry.run()), tells: dry.tells, links: dry.left() }
}

/** Of several events, what somebody has to know first. */
const worst = ['parked', 'spam', 'done', 'ignored'] as const

class Dry {
  readonly #asked: Previewed
  readonly #one: Previewed['events'][number]
  readonly #deps: PreviewDeps
  readonly #dry: DryClio
  readonly #calls: PreviewCall[] = []
  readonly #warnings: PreviewWarning[] = []
  readonly #thread: string | null
  readonly #links: Record<string, Json>
  /** Links that would be other ones behind it. */
  readonly #left: Record<string, Json> = {}
  readonly tells: KeptShadow['tells'] = []

  constructor(asked: Previewed, one: Previewed['events'][number], deps: PreviewDeps) {
    this.#asked = asked
    this.#one = one
    this.#deps = deps
    const { ledger } = deps
    const { configuration, endpoint, names } = asked
    const { event } = one
    this.#dry = new DryClio({
      ledger,
      timezone: configuration.timezone,
      country: configuration.country,
      subject: event.subject,
      now: deps.now,
      read: names ? call => deps.read(call) : null,
      ...(deps.clio && { live: deps.clio }),
    })
    const thread = (subject: string | null) => (subject === null ? null : ledger.subjects.threadOf(endpoint, subject))
    this.#thread = deps.run ? deps.run.thread : (thread(event.follows) ?? thread(event.subject))
    this.#links = this.#thread === null ? this.#pretendedLinks() : ledger.links.current(endpoint, this.#thread)
    if (deps.run) Object.assign(this.#links, this.#shadowedLinks(deps.run))
    for (const [name, record] of Object.entries(this.#links)) if (record === null) delete this.#links[name]
  }

  /** What earlier runs of the subject would have left, which are held in shadow too. */
  #shadowedLinks({ endpoint, thread, seq }: StoredRun): Record<string, Json> {
    const links: Record<string, Json> = {}
    if (thread === null) return links
    for (const { id, shadow } of this.#deps.ledger.overview.shadowsBefore(endpoint, thread, seq)) {
      for (const [name, record] of Object.entries(shadow.links))
        links[name] = record?.startsWith('‹') ? String(this.#dry.pretend(`${record.slice(1, -1)} of ${id}`)) : record
    }
    return links
  }

  /** Of an event that somebody made up, earlier runs are made up too. */
  #pretendedLinks(): Record<string, Json> {
    if (!this.#one.madeUp) return {}
    const { rules } = this.#asked.configuration
    const names = rules.flatMap(rule => Object.values(rule.steps).flatMap(step => (step.link ? [step.link] : [])))
    return Object.fromEntries([...new Set(names)].map(name => [name, String(this.#dry.pretend(name))]))
  }

  async run(): Promise<EventPreview> {
    const { ledger, firm, now } = this.#deps
    const { configuration, endpoint } = this.#asked
    const { event, spam, replayOf } = this.#one
    const held = this.#deps.run ? null : heldIn(ledger)
    if (held?.code) this.#warn('event', `The firm is held, and nothing goes out until that is ended: ${held.reason}`)
    else if (held) this.#warn('connection', held.reason, 'connection-lost')
    if (ledger.inShadow && !this.#deps.run) this.#warn('event', `${reasons.shadow}.`, 'shadow')
    if (spam !== null) {
      this.#warn(
        'event',
        `It would be kept apart as spam: ${spam}. A person who resumes it lets the rules run.`,
        'spam',
      )
      return this.#end('spam', [])
    }
    const kind = kindOf(event)
    if (kind === 'asked') return this.#oneStep()
    if (kind !== 'event') this.#warn('event', elsewhere[kind] ?? elsewhere.notice!)
    if (kind !== 'event') return this.#end('done', [])
    const alone = this.#thread === null || replayOf !== null || this.#deps.run
    const ahead = alone ? null : ledger.runs.lastOpen(endpoint, this.#thread!)
    if (ahead) this.#warn('event', `It would wait for run ${ahead.id} about the same subject.`, 'behind-subject')
    const run = {
      id: this.#deps.run?.id ?? 'run_preview',
      event,
      endpoint,
      thread: this.#thread,
      replayOf,
      acceptedAt: now(),
    }
    const begun = begin(run, configuration, { ledger, firm }, this.#links)
    if ('input' in begun) {
      const { input } = begun
      if (input.kind === 'ignored' || input.kind === 'park') this.#warn('rules', input.reason, input.code)
      return this.#end(input.kind === 'ignored' ? 'ignored' : 'parked', [])
    }
    if (begun.rules.length === 0) {
      this.#warn('rules', 'No rule matches: the run would end “ignored”.', 'no-rule')
      return this.#end('ignored', [])
    }
    await this.#steps(begun.steps)
    for (const [at, rule] of configuration.rules.entries()) {
      if (!begun.rules.includes(rule.name)) continue
      for (const { path, name, near } of absentIn(rule, ['rules', at], [event]))
        this.#warn(path, `reads fields.${name}, which this event does not have${near}`)
    }
    return this.#end(this.#rest, [...begun.rules])
  }

  /** What somebody asks for is the step itself. */
  async #oneStep(): Promise<EventPreview> {
    const { event } = this.#one
    const step = askedStep(event)
    const waits = waiting(this.#one)
    if (waits) this.#warn(step.path, waits.reason, waits.code)
    const asked = askedIn(event)
    if (asked.verb === 'undo') this.#takeBack(asked.run, step.path)
    else await this.#steps([step])
    return this.#end(this.#rest, [])
  }

  #takeBack(id: string, step: string): void {
    const { ledger } = this.#deps
    const run = ledger.runs.get(id)
    const outlook = run && undoOutlook(run, ledger)
    if (outlook === null || isProblem(outlook)) {
      this.#warn(step, outlook?.detail ?? 'That run is no longer kept.', 'cannot-undo')
      return
    }
    for (const { resource, record, how } of outlook.takes)
      this.#calls.push({ step, method: how === 'deleted' ? 'DELETE' : 'PATCH', path: `${resource}/${record}` })
    for (const said of outlook.stays) this.#warn('event', said)
  }

  /** How it ends, as far as its steps can tell. */
  get #rest(): EventPreview['state'] {
    return this.#warnings.some(one => one.code !== undefined && one.path.includes('/')) ? 'parked' : 'done'
  }

  #end(state: EventPreview['state'], rules: string[]): EventPreview {
    const calls = this.#calls.map(call => this.#dry.shown({ ...call } as JsonObject) as unknown as PreviewCall)
    const warnings = this.#warnings.map(one => ({ ...one, message: this.#dry.shown(one.message) }))
    return { state, rules, calls, warnings }
  }

  /** Which links would be others behind it. */
  left(): KeptShadow['links'] {
    return this.#dry.shown(this.#left) as KeptShadow['links']
  }

  /** As in `keepLink` of a run (run/step.ts): what comes behind it reads them so. */
  #leave(link: string | null, intent: Intent, output: Json): void {
    const id = isObject(output) ? (output.id ?? null) : null
    if (id === null) return
    if (intent.verb === 'delete') {
      for (const [name, record] of Object.entries(this.#links)) {
        if (record !== String(id)) continue
        this.#left[name] = null
        delete this.#links[name]
      }
    } else if (link !== null && this.#hasSubject) this.#left[link] = this.#links[link] = String(id)
  }

  /** Without one no link is kept. */
  get #hasSubject(): boolean {
    return this.#thread !== null || this.#one.madeUp || (this.#one.event.subject ?? this.#one.event.follows) !== null
  }

  #warn(path: string, message: string, code?: PreviewWarning['code']): void {
    this.#warnings.push({ path, message, ...(code && { code }) })
  }

  async #steps(planned: readonly PlannedStep[]): Promise<void> {
    let made: Record<string, Json> = {}
    let rule = ''
    for (const step of planned) {
      if (step.rule !== rule) made = {}
      rule = step.rule
      made[step.name] = await this.#step(step, made)
    }
  }

  /** @returns what the step would leave behind; of one that would park, what it would if it did not */
  async #step(step: PlannedStep, made: Record<string, Json>): Promise<Json> {
    const first = this.#prepared(step, made)
    if (first.kind !== 'each') return this.#work(step.path, step.name, first)
    const outputs: Json[] = []
    for (const one of first.items) {
      const path = `${step.path}[${one.index}]`
      const prepared = this.#prepared({ ...step, path }, made, one)
      if (prepared.kind !== 'each') outputs.push(await this.#work(path, step.name, prepared))
    }
    return outputs
  }

  #prepared(step: PlannedStep, steps: Record<string, Json>, one?: EachItem) {
    const { firm, now } = this.#deps
    const { timezone, country, language } = this.#asked.configuration
    const bound = { firm, now: now(), timezone, country, language }
    return prepare(step, scopeOf(this.#one.event, bound, { steps, links: this.#links, ...one }))
  }

  async #work(
    path: string,
    name: string,
    prepared: Exclude<ReturnType<typeof prepare>, { kind: 'each' }>,
  ): Promise<Json> {
    if (prepared.kind === 'skip') return null
    if (prepared.kind === 'park') {
      this.#warn(path, prepared.reason, prepared.code)
      return this.#standIn(name)
    }
    const { intent } = prepared
    if (intent.verb === 'notify') {
      this.tells.push({ step: path, to: intent.to, text: this.#dry.shown(intent.text) })
      return { told: intent.to }
    }
    const past: PastCall[] = []
    const read = (call: Call) => this.#reads(path, intent, call)
    while (past.length < callsMost) {
      const next = await advance(intent, past, this.#dry.clio(path, intent, read))
      if ('park' in next) {
        this.#warn(path, `Step ${path}: ${next.park}`, next.code)
        return this.#standIn(name)
      }
      if ('output' in next) {
        this.#leave(prepared.link, intent, next.output)
        this.#dry.learn(next.output)
        return next.output
      }
      this.#call(path, next.call, intent)
      past.push(this.#dry.carriedOut(path, next.call))
    }
    return this.#standIn(name)
  }

  #standIn = (name: string): JsonObject => ({ id: this.#dry.pretend(name), found: true, created: true })

  #call(step: string, { method, path, body, upload }: Call, intent: Intent): void {
    if (upload) this.#calls.push({ step, method, path, note: 'the file, to Clio’s storage' })
    else if (intent.verb !== 'upsert' || this.#asked.names)
      this.#calls.push({ step, method, path, ...(body && { body }) })
    else this.#eitherWay(step, intent, method, path, body ?? {})
  }

  /** Nobody looked whether the record is there: both ways are shown. */
  #eitherWay(
    step: string,
    intent: Extract<Intent, { verb: 'upsert' }>,
    method: string,
    path: string,
    body: JsonObject,
  ) {
    this.#calls.push({ step, method, path, body, note: 'when none is found' })
    if (intent.existing === 'keep') return
    const note = `when one is found: ${found[intent.existing]}`
    this.#calls.push({ step, method: 'PATCH', path: `${path}/‹found›`, body: intent.with, note })
  }

  #reads(step: string, intent: Intent, { path, query }: Call): void {
    const { fields: _, limit: __, order: ___, ...filters } = query ?? {}
    const looks = intent.verb === 'upsert' && !this.#asked.names
    if (looks && this.#calls.some(one => one.step === step && one.method === 'GET')) return
    const note = looks ? 'looks for it' : intent.verb === 'check_conflicts' ? 'looks for the party' : undefined
    const named = Object.keys(filters).length > 0 ? { query: filters as Json } : {}
    this.#calls.push({ step, method: 'GET', path, ...named, ...(note && { note }) })
  }
}

const found: Readonly<Record<string, string>> = {
  fill: 'only what stands blank is filled in, and lists that are empty',
  extend: 'what stands blank is filled in, and lists are added to',
  keep: 'nothing is changed',
  replace: 'these values replace what stands',
}

const elsewhere: Readonly<Record<string, string>> = {
  notice: 'The notification only says where to look. What comes of it is known when the provider has been asked.',
  spoken: 'What a person typed is read when it comes in. See the run that it makes.',
  joining: 'Docketed makes such an event itself. It cannot be previewed.',
}
