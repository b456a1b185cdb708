import type { Configuration } from '../../configuration/configuration.ts'
import { isObject } from '../../lib/json.ts'
import { eventOf, joinedType, ourselves } from '../../model/event.ts'
import type { Intent } from '../../model/intent.ts'
import { prepare } from '../../rules/plan.ts'
import { scopeOf } from '../../rules/scope.ts'
import type { Result } from '../calls/result.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { LinkedRecord } from '../ledger/run/links.ts'
import type { NewRun, StoredRun } from '../ledger/run/stored-run.ts'
import type { WorkDeps } from './deps.ts'

/**
 * Two ids turn out to be one subject, after events of both were carried out: a booking was moved to a new id, and the news of the
 * move came last. Each side was then carried out without knowing of the other, so a run of its own puts that right:
 * - of two records under the same link, the one that the older event made is deleted;
 * - what the newest event was to change or delete by a link, and could not for want of it, is done.
 */

/** The run that follows one which joined two threads. */
export function joiningRun(by: NewRun, id: string): NewRun {
  const { subject, follows } = by.event
  const event = eventOf({ source: ourselves, type: joinedType, subject, data: { follows } })
  return {
    ...by,
    id,
    kind: 'joining',
    key: null,
    content: `joined:${by.id}`,
    event,
    interactive: false,
    strict: false,
    spam: null,
  }
}

export function planJoining(run: StoredRun, configuration: Configuration, { ledger, firm }: WorkDeps): Result {
  const thread = run.thread ?? ''
  const stale = ledger.links.records(run.endpoint, thread).filter(one => one.stale)
  const newest = ledger.overview.newestDone(run.endpoint, thread)
  const intents = [
    ...(newest ? missedBy(newest, configuration, ledger, firm) : []),
    ...stale.filter(one => one.made).map(removal),
  ]
  const steps = intents.map(({ name, intent }) => ({ path: `joined/${name}`, rule: 'joined', name, intent }))
  const write = () => {
    // What a rule only found is not ours to delete.
    for (const { resource, record, made } of stale) if (!made) ledger.links.remove(resource, record)
    ledger.steps.add(run.id, steps)
  }
  if (steps.length === 0)
    return {
      input: {
        kind: 'ignored',
        code: 'nothing-to-join',
        reason: 'Two ids are one subject: nothing is to be put right.',
      },
      write,
    }
  return { input: { kind: 'planned', steps: steps.length }, write }
}

const removal = ({ name, resource, record }: LinkedRecord) => ({
  name: `${name}-${record}`,
  intent: { verb: 'delete', resource, id: record, linked: true } as Intent,
})

/** The run's steps by a link, as they would be now; those that had this very record are behind it. */
function missedBy(run: StoredRun, configuration: Configuration, ledger: Ledger, firm: string) {
  const { event, endpoint, thread } = run
  if (!event || thread === null) return []
  const steps = ledger.steps.of(run.id)
  const { timezone, country, language } = configuration
  const links = ledger.links.current(endpoint, thread)
  return steps.flatMap(({ rule, name, path, item, output }) => {
    const definition = configuration.rules.find(one => one.name === rule)?.steps[name]
    if (!definition || item !== undefined || (!definition.update && !definition.delete)) return []
    const made = Object.fromEntries(steps.filter(one => one.rule === rule).map(one => [one.name, one.output]))
    const scope = scopeOf(event, { firm, now: run.acceptedAt, timezone, country, language }, { steps: made, links })
    const prepared = prepare({ rule, name, path, definition }, scope)
    if (prepared.kind !== 'intent') return []
    const { intent } = prepared
    if ((intent.verb !== 'update' && intent.verb !== 'delete') || !intent.linked || intent.id === null) return []
    const behind = isObject(output) && String(output.id) === String(intent.id)
    return behind ? [] : [{ name, intent }]
  })
}
