import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { Office as TodaysOffice } from '../simulation/slack/office.ts'
import { noChance } from './chance.ts'
import { from } from './checkout.ts'
import { dump } from './dump.ts'
import { configuration, env, outside } from './firm.ts'
import { type Around, folder, standing } from './frozen.ts'
import { carryOn, live } from './story.ts'

/**
 * Freezes the ledger of a firm: `node test/upgrade/freeze.ts N` writes `ledgers/N.sql` and `ledgers/N.json` with the code as it stands.
 * Whoever adds migration N + 1 freezes N before that, and never touches it again.
 *
 * With a second argument the code is another checkout's. Number 1 was made of commit 4c7b05d, which knew no numbers:
 *
 *     git worktree add /tmp/old 4c7b05d && cp -al node_modules /tmp/old/
 *     node test/upgrade/freeze.ts 1 /tmp/old
 */

async function frozenBy(checkout: string): Promise<{ sql: string; around: Around }> {
  noChance(20_261_124)
  const slack = await from<{ Office: typeof TodaysOffice }>(checkout, 'test/simulation/slack/office.ts')
  const world = await from<typeof import('../simulation/world.ts')>(checkout, 'test/simulation/world.ts')
  const secrets = await from<typeof import('../../src/platform/secrets.ts')>(
    checkout,
    'src/platform/secrets.ts',
    'src/secrets.ts',
  )
  const { snapshotOf } = await from<typeof import('../../src/sandbox/run/snapshot.ts')>(
    checkout,
    'src/sandbox/run/snapshot.ts',
    'src/sandbox/snapshot.ts',
  )
  // For its side effect: hashes that are done when they answer, as the simulator's clock wants them.
  await from(checkout, 'test/simulation/bookings/firm.ts')

  const office: TodaysOffice = new slack.Office(configuration(1), { env, vendor: outside(() => office.slack) })
  const story = await live(office, async (name, value) => {
    const sealed = await secrets.seal(world.dataKey, 'smith', name, value)
    office.clerk.ledger.configs.putSecret(name, sealed, office.clock.now)
    if (name === 'HOOKS') withAccess(office)
  })
  const sql = dump(query => office.disk.query(query))
  complete(office)
  const known = office.runs().map(({ id }) => id)
  const frozen = {
    now: office.clock.now,
    ...story,
    clio: structuredClone(snapshotOf(office.sandbox)),
    files: Object.fromEntries(
      [...office.files.kept].map(([key, { bytes }]) => [key, Buffer.from(bytes).toString('base64')]),
    ),
  }

  office.sandbox.trouble.clear()
  office.slack.silent = false
  office.hears = () => true
  office.restart()
  await carryOn(office, story.deeds)
  const runs = Object.fromEntries(known.map(id => [id, office.run(id).state]))
  return { sql, around: { ...frozen, end: { runs, records: standing(office.sandbox) } } }
}

/** Who may ask, who asked, and what the door sent away; a checkout of before knows nothing of it. */
function withAccess(office: TodaysOffice): void {
  const { tokens, audit, refusals, intake } = office.clerk.ledger as Partial<TodaysOffice['clerk']['ledger']>
  const { now } = office.clock
  tokens?.add({ id: 'tok_1', name: 'Ines', role: 'operator', agent: null, hash: 'f'.repeat(64), email: null }, now)
  audit?.add({ actor: 'vendor', action: 'token.added', detail: 'tok_1' }, now)
  refusals?.add({ endpoint: 'website', code: 'too-many', times: 3 }, now)
  intake?.add({ bytes: 100_000, files: true }, now)
}

/** JSON with a line for each thing: what a later freeze changes is seen. */
function text(around: Around): string {
  const line = ([name, value]: [string, unknown]) => `"${name}": ${JSON.stringify(value)}`
  const lines = (values: readonly unknown[]) => `[\n  ${values.map(one => JSON.stringify(one)).join(',\n  ')}\n]`
  const { delivered, typed, clio, ...rest } = around
  const accounts = Object.entries(clio.accounts).map(
    ([name, { rows, ...account }]) =>
      `"${name}": {${Object.entries(account).map(line).join(', ')}, "rows": ${lines(rows)}}`,
  )
  return `{
${Object.entries(rest).map(line).join(',\n')},
"delivered": ${lines(delivered)},
"typed": ${lines(typed)},
"clio": {"connections": ${JSON.stringify(clio.connections)}, "accounts": {${accounts.join(',\n')}}}
}
`
}

/** Holds the story to its promise: something in every table, a run in every state, calls in every condition. */
function complete(office: TodaysOffice): void {
  const read = (query: string) => office.disk.query(query)
  const tables = read("select name from sqlite_master where type = 'table' and name not like 'sqlite_%'")
  const missing = [
    ...tables
      .filter(({ name }) => read(`select 1 from ${name} limit 1`).length === 0)
      .map(({ name }) => `table ${name}`),
    ...Object.entries(conditions)
      .filter(([, condition]) => read(`select 1 from ${condition} limit 1`).length === 0)
      .map(([what]) => what),
  ]
  if (missing.length > 0) throw new Error(`The story lacks: ${missing.join('; ')}.`)
}

const states = ['accepted', 'running', 'waiting', 'held', 'done', 'ignored', 'spam', 'parked', 'discarded']
const timers = ['tick', 'reminder', 'poll', 'renewal']
const conditions: Record<string, string> = {
  ...Object.fromEntries(states.map(state => [`a run that is ${state}`, `runs where state = '${state}'`])),
  'a run that waits for another try': "runs where state = 'waiting' and tries > 0 and attempt is null",
  'a run behind one about the same subject': "runs where behind_kind = 'subject'",
  'a run behind a step': "runs where behind_kind = 'step'",
  'a run whose call was cut': "runs where phase = 'settle' and attempt is not null",
  'a run in doubt': "runs where state = 'parked' and attempt is not null",
  'a call that is ready': 'runs where ready is not null',
  'a run whose payload is gone': 'runs where event is null',
  'an undo that is done': "runs where undo_of is not null and state = 'done'",
  'an undo that is parked': "runs where undo_of is not null and state = 'parked'",
  'an undo that is open': "runs where undo_of is not null and state in ('accepted', 'held')",
  'a replay': 'runs where replay_of is not null',
  'two subjects joined': "runs where type = 'subject.joined' and state = 'done'",
  'two subjects about to be joined': "runs where type = 'subject.joined' and state = 'waiting'",
  'a person who waits': "runs where interactive = 1 and state = 'waiting'",
  'a write in the air': "attempts where outcome = 'sending' and method = 'POST'",
  'a read in the air': "attempts where outcome = 'sending' and method = 'GET'",
  'an upload in the air': "attempts where outcome = 'sending' and method = 'PUT'",
  'an unknown outcome': "attempts where outcome = 'unknown' and settled is null",
  'a refusal': "attempts where outcome = 'refused'",
  'a notice that is due': 'notices where next_at is not null and tries = 0',
  'a notice that was tried': 'notices where next_at is not null and tries > 0',
  'a notice that was taken': 'notices where next_at is null',
  ...Object.fromEntries(
    timers.map(kind => [`a timer for a ${kind}`, `timers where kind = '${kind}' and due_at is not null`]),
  ),
  'a record kept for later events': 'links',
}

const { positionals, values } = parseArgs({ allowPositionals: true, options: { to: { type: 'string' } } })
const [number, checkout = join(import.meta.dirname, '../..')] = positionals
const { to = folder } = values
if (!/^\d+$/.test(number ?? ''))
  throw new Error('Which version? node test/upgrade/freeze.ts N [checkout] [--to folder]')
const { sql, around } = await frozenBy(resolve(checkout))
writeFileSync(join(to, `${number}.sql`), sql)
writeFileSync(join(to, `${number}.json`), text(around))
console.log(`${number}.sql: ${Math.round(sql.length / 1024)} KB, ${Object.keys(around.end.runs).length} runs`)
