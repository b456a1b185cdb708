import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'

/**
 * `npm run mutate`: what each mechanism is there for, shown by taking it away. Every mutation is a small change of one file; a test of the
 * simulation has to fail with it. The file is put back, whatever happens. `npm run mutate -- 7` tries the seventh alone.
 */
interface Mutation {
  /** What is taken away. */
  readonly what: string
  readonly file: string
  readonly from: string
  readonly to: string
  /** The test file that has to notice, below `test/simulation/`, and what it is told by the environment. */
  readonly by: string
  readonly env?: Record<string, string>
}

const run = 'src/docket/run'
const calls = 'src/docket/calls'
const compare = 'src/clio/compare'

export const mutations: readonly Mutation[] = [
  // the mechanisms that a throwaway prototype was shown to need
  {
    what: 'no settle: looked for at once',
    file: `${run}/transition.ts`,
    from: 'reason, wakeAt: at.now + at.settle }',
    to: 'reason, wakeAt: at.now }',
    by: 'wild',
    env: { WILD: '600' },
  },
  {
    what: 'no look: sent again after the settle time',
    file: `${run}/step.ts`,
    from: 'const found = lookedFor(run, attempt)',
    to: 'const found = true',
    by: 'once/01-rewritten',
  },
  {
    what: 'no match lock',
    file: `${run}/lookups.ts`,
    from: "if ('made' in taken) return",
    to: "if ('made' in taken || !('made' in taken)) return [] as never\n      if ('made' in taken) return",
    by: 'docket/lookups',
  },
  {
    what: 'a slot counts from sending',
    file: `${calls}/turnstile.ts`,
    from: 'if (outcome) this.#answered.push(now)',
    to: 'if (outcome) this.#answered.push(now - 30_000)',
    by: 'lives',
  },
  {
    what: 'ids that other steps own are adopted',
    file: `${compare}/reconcile.ts`,
    from: '!owned.has(String(id))',
    to: 'id !== null',
    by: 'wild',
    env: { WILD: '600' },
  },
  {
    what: 'equal calls go side by side',
    file: `${calls}/passage.ts`,
    from: 'if (other) throw new Behind',
    to: 'if (other && false) throw new Behind',
    by: 'once/12-mutations',
  },
  // issue 11, item 11
  {
    what: 'a ready call never goes stale',
    file: `${run}/transition.ts`,
    from: 'Math.abs(at.now - run.ready.at) <= freshness',
    to: 'at.now >= run.ready.at',
    by: 'once/12-mutations',
  },
  {
    what: 'the match lock is let go when a run parks in doubt',
    file: `${run}/way.ts`,
    from: '(parked && after.attempt === null)',
    to: 'parked',
    by: 'once/12-mutations',
  },
  {
    what: 'the look ignores all but the identity',
    file: `${compare}/likeness.ts`,
    from: "return differs.length === 0 ? { kind: 'same' } : { kind: 'near', differs }",
    to: "return { kind: 'same' }",
    by: 'once/01-rewritten',
  },
  // texts, nearness, strays
  {
    what: 'texts are compared to the letter',
    file: `${compare}/text.ts`,
    from: "return a === '' || b === '' ? one.trim() === other.trim() : a === b",
    to: 'return one === other',
    by: 'once/01-rewritten',
  },
  {
    what: 'an end that was cut off makes another text',
    file: `${compare}/text.ts`,
    from: 'return utf8(read).length >= cutFrom && start',
    to: 'return read.length >= 1e9 && start',
    by: 'once/01-rewritten',
  },
  {
    what: 'nothing is near',
    file: `${compare}/reconcile.ts`,
    from: "candidates.filter(({ kind, record }) => kind === 'near' && !saidBy(record))",
    to: 'candidates.filter(() => false)',
    by: 'once/01-rewritten',
  },
  {
    what: 'a router’s 404 is Clio’s',
    file: 'src/clio/gateway/gateway.ts',
    from: "return clio ? 'missing' : null",
    to: "return 'missing'",
    by: 'once/03-strays',
  },
  {
    what: 'any 2xx makes a DELETE done',
    file: 'src/clio/gateway/gateway.ts',
    from: 'const data = isObject(answer)',
    to: "if (method === 'DELETE') return true\n  const data = isObject(answer)",
    by: 'once/03-strays',
  },
  {
    what: 'what is busy parks',
    file: 'src/clio/gateway/gateway.ts',
    from: "return clio ? 'busy' : null",
    to: "return 'invalid'",
    by: 'once/10-limits',
  },
  // account
  {
    what: 'links of another account count',
    file: 'src/docket/ledger/run/links.ts',
    from: 'this.#accounts.moved',
    to: 'false',
    by: 'once/02-account',
  },
  {
    what: 'open runs go on in another account',
    file: 'src/docket/drain.ts',
    from: 'if (ledger.accounts.has(ledger.runs.get(id)!.seq)) continue',
    to: 'continue',
    by: 'once/02-account',
  },
  {
    what: 'an undo goes to another account',
    file: 'src/docket/operator/desk.ts',
    from: "if (!this.#ledger.accounts.has(run.seq)) return this.#elsewhere(run, 'taken back')",
    to: '',
    by: 'once/02-account',
  },
  // disk, undo, discard
  {
    what: 'a run sends while a call of its own stands',
    file: `${calls}/passage.ts`,
    from: 'if (own !== null) throw new Standing(own)',
    to: '',
    by: 'once/04-disk',
  },
  {
    what: 'an undo ignores a call in doubt',
    file: `${run}/plan.ts`,
    from: 'if (unclear) return unclear',
    to: '',
    by: 'once/05-undo-in-doubt',
  },
  {
    what: 'a run that is taken back may resume',
    file: 'src/docket/operator/desk.ts',
    from: "if (run.state === 'parked') this.#given.drain.way.apply",
    to: 'if (false) this.#given.drain.way.apply',
    by: 'once/05-undo-in-doubt',
  },
  {
    what: 'a discarded run lets go of its values at once',
    file: `${run}/way.ts`,
    from: 'if (!left) ledger.locks.release(id)',
    to: 'ledger.locks.release(id)',
    by: 'once/12-mutations',
  },
  {
    what: 'an equal run adopts what a discarded one left',
    file: `${compare}/reconcile.ts`,
    from: 'if (left?.discarded)',
    to: 'if (left?.discarded && false)',
    by: 'once/10-limits',
  },
  // time, telling, patches, loops, limits
  {
    what: 'a time in the future counts',
    file: 'src/docket/ledger/run/stored-run.ts',
    from: 'Number.isNaN(at) ? null : Math.min(at, acceptedAt)',
    to: 'Number.isNaN(at) ? null : at',
    by: 'once/06-future',
  },
  {
    what: 'what throws while telling stops the drain',
    file: 'src/docket/notices/teller.ts',
    from: ".catch(() => 'failed')",
    to: '',
    by: 'once/07-telling',
  },
  {
    what: 'a PATCH goes to whatever stands there',
    file: 'src/model/call.ts',
    from: "return typeof etag === 'string' ? { ifMatch: etag } : {}",
    to: 'return {}',
    by: 'once/08-stale-patch',
  },
  {
    what: 'a PATCH is tried for ever',
    file: 'src/clio/operations/operation.ts',
    from: 'if (tooOften) return',
    to: 'if (tooOften && false) return',
    by: 'once/08-stale-patch',
  },
  {
    what: 'no loop breaker',
    file: `${run}/own/loop.ts`,
    from: 'if (!loop) continue',
    to: 'if (loop || !loop) continue',
    by: 'once/09-loop',
  },
  {
    what: 'a Retry-After of a year is believed',
    file: 'src/clio/gateway/gateway.ts',
    from: 'Math.min(longestWait, seconds * 1000)',
    to: 'seconds * 1000',
    by: 'once/10-limits',
  },
  {
    what: 'a mended configuration takes an older call’s record',
    file: 'src/docket/operator/desk.ts',
    from: "version === 'mended' && this.#mayMend(run)",
    to: "version === 'mended'",
    by: 'once/10-limits',
  },
  {
    what: 'half of a request is taken in',
    file: 'src/docket/clerk.ts',
    from: 'throw new Conflict(claimed.run)',
    to: "return { run: claimed.run, status: 'accepted', duplicate: true }",
    by: 'once/10-limits',
  },
  {
    what: 'what was made lately is searched for only',
    file: `${run}/lookups.ts`,
    from: 'taken.made.filter(one => now() - one.at < lately)',
    to: 'taken.made.filter(() => false)',
    by: 'wild',
    env: { WILD: '600' },
  },
  {
    what: 'a look-up that is tried again forgets what was made',
    file: 'src/docket/ledger/run/locks.ts',
    from: '[...others, ...values.flatMap(value => this.#rows(before(value)))]',
    to: 'others',
    by: 'once/13-retaken',
  },
  {
    what: 'what comes in before the account is known counts to the old one',
    file: 'src/docket/ledger/firm/accounts.ts',
    from: 'before.length === 0 ? 0 : (since ?? next)',
    to: 'before.length === 0 ? 0 : 1e9',
    by: 'once/02-account',
  },
  {
    what: 'what is left of a pictograph makes another text',
    file: `${compare}/text.ts`,
    from: "const bare = plainText(sent.replace(pictographs, ''))",
    to: 'const bare = plainText(sent)',
    by: 'once/01-rewritten',
  },
  // people who mend
  {
    what: 'what was accepted before a grant for another account counts as made there',
    file: 'src/docket/ledger/firm/accounts.ts',
    from: '(since ?? next)',
    to: '(since ?? 0)',
    by: 'once/02-account',
  },
  {
    what: 'nobody asks again in which account the firm is',
    file: 'src/docket/ledger/firm/accounts.ts',
    from: 'at === null || Math.abs(now - at) > believed',
    to: 'at === null',
    by: 'once/02-account',
  },
  {
    what: 'of several changes of a record an undo knows the first',
    file: `${run}/undo.ts`,
    from: '{ ...(whole ? together(earlier, body, before) : earlier), ...stands }',
    to: '{ ...earlier, ...stands }',
    by: 'once/05-undo-in-doubt',
  },
  {
    what: 'a copy of our own entry is a booking',
    file: `${run}/plan.ts`,
    from: 'if (echo) return echo',
    to: 'if (echo && false) return echo',
    by: 'once/14-calendar',
  },
  {
    what: 'an address or a long text that agrees tells nothing',
    file: `${compare}/likeness.ts`,
    from: 'if (telling(wanted, record, resource, same))',
    to: 'if (resource === null)',
    by: 'once/01-rewritten',
  },
  {
    what: 'what a poorer storage leaves of a text makes another one',
    file: `${compare}/text.ts`,
    from: ' || survived(one, other)',
    to: '',
    by: 'once/01-rewritten',
  },
  {
    what: 'an answer about another record is believed',
    file: 'src/clio/gateway/gateway.ts',
    from: "return method === 'POST' || id === undefined || String(data.id) === id",
    to: 'return true',
    by: 'once/03-strays',
  },
  {
    what: 'an undo knows nothing of a change whose answer was lost',
    file: `${run}/undo.ts`,
    from: "const lost = method === 'PATCH' && row.settled === 'absent'",
    to: 'const lost = false',
    by: 'once/05-undo-in-doubt',
  },
  {
    what: 'a slow loop goes on',
    file: `${run}/own/loop.ts`,
    from: 'soon: 30 * minute, most: 7',
    to: 'soon: minute, most: 7',
    by: 'once/09-loop',
  },
  {
    what: 'records that keep a corrected answer are not named',
    file: 'src/docket/operator/mending/correction.ts',
    from: 'if (differ(was, is)) kept',
    to: 'if (differ(was, was)) kept',
    by: 'wild',
    env: { WILD: '600' },
  },
  {
    what: 'a list that was corrected keeps its old items',
    file: 'src/docket/operator/mending/correction.ts',
    from: 'else if (list) dropped.push(step)',
    to: 'else if (list) continue',
    by: 'wild',
    env: { WILD: '600' },
  },
  {
    what: 'of several records the first is taken, whichever a person chose',
    file: 'src/clio/names/chosen.ts',
    from: 'String(one.id) === last)',
    to: 'one === found[0])',
    by: 'wild',
    env: { WILD: '600' },
  },
]

/** @returns whether a test failed with it */
function caught({ file, from, to, by, env }: Mutation): boolean | null {
  const before = readFileSync(file, 'utf8')
  if (!before.includes(from)) return null
  try {
    writeFileSync(file, before.replace(from, to))
    const args = ['vitest', 'run', '--project', 'node', '--bail', '1', `test/simulation/${by}`]
    return spawnSync('npx', args, { env: { ...process.env, LIVES: '600', ...env }, stdio: 'ignore' }).status !== 0
  } finally {
    writeFileSync(file, before)
  }
}

if (import.meta.main) {
  const only = process.argv.slice(2).map(Number)
  let missed = 0
  for (const [at, mutation] of mutations.entries()) {
    if (only.length > 0 && !only.includes(at + 1)) continue
    const noticed = caught(mutation)
    if (!noticed) missed++
    const verdict = noticed === null ? 'cannot be made: mend the table' : noticed ? 'noticed' : 'NOT NOTICED'
    console.log(`${at + 1}. ${mutation.what}: ${verdict} (${mutation.by})`)
  }
  process.exitCode = missed === 0 ? 0 : 1
}
