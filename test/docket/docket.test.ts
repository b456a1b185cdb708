import { env, runInDurableObject } from 'cloudflare:test'
import { afterEach, describe, expect, it } from 'vitest'
import type { Json, JsonObject } from '../../src/lib/json.ts'
import type { Problem } from '../../src/lib/problem.ts'
import type { Claim, DocketRpc, RunSummary, RunView, Stats } from '../../src/model/docket-rpc.ts'
import { type InboundEvent, nobody } from '../../src/model/event.ts'
import { eventually } from '../eventually.ts'

/** The real Durable Object over its real storage and KV; what it fetches is answered by the sandbox (vitest.config.ts). */

const sandbox = async (method: string, path: string, body?: Json): Promise<Json> => {
  const init = body === undefined ? { method } : { method, body: JSON.stringify(body) }
  const response = await fetch(`http://sandbox.example/_sandbox/${path}`, init)
  const text = await response.text()
  return text === '' ? null : (JSON.parse(text) as Json)
}

let firms = 0

const config = (connection: string | null, more: JsonObject = {}): string =>
  JSON.stringify({
    timezone: 'America/New_York',
    country: 'US',
    ...(connection !== null && { connection }),
    endpoints: { website: { source: 'form' } },
    rules: [
      {
        name: 'intake',
        on: { endpoint: 'website', type: 'form.submitted' },
        if: "fields.kind != 'other'",
        steps: {
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
            with: { client: '{{ steps.client }}', status: 'pending', description: '{{ firm }}: {{ fields.kind }}' },
          },
        },
      },
    ],
    ...more,
  })

/** A firm of its own with a Clio of its own. */
async function made(more: JsonObject = {}) {
  const firm = `docket-${++firms}`
  const account = `docket${firms}`
  const { connection_id } = (await sandbox('POST', 'connections', { account })) as { connection_id: string }
  // A stub to an object that died is of no more use: each use takes a new one.
  const stubOf = () => env.DOCKET.get(env.DOCKET.idFromName(firm))
  const docketOf = () => stubOf() as unknown as DocketRpc
  const saved = await docketOf().putConfig(firm, config(connection_id, more), false)
  expect(saved).toMatchObject({ version: 1 })
  const standing = async (resource: string, key: string): Promise<Json[]> => {
    const records = (await sandbox('GET', `state?account=${account}`)) as Record<string, JsonObject[]>
    return (records[resource] ?? []).map(record => record[key] ?? null)
  }
  return {
    firm,
    connection: connection_id,
    standing,
    get stub() {
      return stubOf()
    },
    get docket() {
      return docketOf()
    },
  }
}
type Made = Awaited<ReturnType<typeof made>>

const jane = { first_name: 'Jane', last_name: 'Roe', email: 'jane@x.example', phone: null, company: null }

function claimOf(key: string, more: Partial<InboundEvent> = {}, content = 'hash'): Claim {
  const event: InboundEvent = {
    id: key,
    source: 'form',
    type: 'form.submitted',
    subject: null,
    follows: null,
    time: null,
    data: {},
    fields: { kind: 'Divorce' },
    person: { ...nobody(), ...jane },
    message: null,
    files: [],
    booking: null,
    ...more,
  }
  const delivery = { event, key: { kind: 'given' as const, value: key }, content, strict: true }
  return { endpoint: 'website', version: 1, interactive: false, deliveries: [delivery] }
}

async function accepted({ docket }: Made, claim: Claim): Promise<string> {
  const answer = await docket.claim(claim)
  if (answer.kind !== 'receipts') throw new Error(answer.kind)
  return answer.receipts[0]!.run
}

async function seen({ docket }: Made, id: string): Promise<RunView> {
  const view = await docket.run(id)
  if ('code' in view) throw new Error(view.code)
  return view
}

/** The run when its alarm has carried it that far. */
const becomes = (firm: Made, id: string, state: string): Promise<RunView> =>
  eventually(async () => {
    const view = await seen(firm, id)
    expect(view.state).toBe(state)
    return view
  })

/** The object is torn down where it stands; what it has stored stays. */
const dies = ({ stub }: Made) => runInDurableObject(stub, (_: unknown, state) => state.abort()).catch(() => {})

const alarmOf = ({ stub }: Made) => runInDurableObject(stub, (_: unknown, state) => state.storage.getAlarm())

afterEach(() => sandbox('DELETE', 'trouble'))

const figures = (stats: Stats | Problem): Stats => {
  if ('code' in stats) throw new Error(stats.detail)
  return stats
}

describe('an event, from its claim to Clio', () => {
  it('is carried out by the alarm that its claim has set, and is done', async () => {
    const firm = await made()
    const id = await accepted(firm, claimOf('k'))
    const run = await becomes(firm, id, 'done')
    expect(run.steps.map(step => [step.path, step.state])).toEqual([
      ['intake/client', 'done'],
      ['intake/matter', 'done'],
    ])
    expect(run.steps.flatMap(step => step.attempts.map(attempt => `${attempt.method} ${attempt.outcome}`))).toContain(
      'POST applied',
    )
    expect(await firm.standing('matters', 'description')).toContain(`${firm.firm}: Divorce`)
    expect(await firm.standing('contacts', 'last_name')).toContain('Roe')
  })

  it('twenty deliveries at once make one run', async () => {
    const firm = await made()
    const answers = await Promise.all(Array.from({ length: 20 }, () => firm.docket.claim(claimOf('k'))))
    const receipts = answers.flatMap(answer => (answer.kind === 'receipts' ? answer.receipts : []))
    expect(receipts).toHaveLength(20)
    expect(receipts.filter(receipt => !receipt.duplicate)).toHaveLength(1)
    expect(new Set(receipts.map(receipt => receipt.run)).size).toBe(1)
    await becomes(firm, receipts[0]!.run, 'done')
    expect((await firm.standing('contacts', 'last_name')).filter(name => name === 'Roe')).toHaveLength(1)
  })

  it('a caller’s own key with other content is a conflict', async () => {
    const firm = await made()
    const run = await accepted(firm, claimOf('k'))
    expect(await firm.docket.claim(claimOf('k', {}, 'other'))).toEqual({ kind: 'conflict', run })
  })

  it('at its end the key goes to KV, once, with its run and the hash of its content', async () => {
    const firm = await made()
    const id = await accepted(firm, claimOf('k'))
    await becomes(firm, id, 'done')
    const entry = await eventually(async () => {
      const { keys } = await env.KV.list({ prefix: `key:${firm.firm}:` })
      expect(keys).toHaveLength(1)
      return env.KV.get(keys[0]!.name, 'json')
    })
    expect(entry).toMatchObject({ run: id, content: expect.stringMatching(/^~[\w-]{43}$/) })
  })

  it('one that no rule wants ends ignored, visibly', async () => {
    const firm = await made()
    const run = await becomes(firm, await accepted(firm, claimOf('k', { fields: { kind: 'other' } })), 'ignored')
    expect(run.reason).toBe('No rule matches.')
  })

  it('when nothing is open no alarm is set; while something waits it is set for that moment', async () => {
    const firm = await made()
    await becomes(firm, await accepted(firm, claimOf('k')), 'done')
    await eventually(async () => expect(await alarmOf(firm)).toBeNull())
    await sandbox('POST', 'trouble', { method: 'POST', times: 1, action: { do: 'drop' } })
    const lost = await accepted(firm, claimOf('l', { person: { ...nobody(), ...jane, email: 'other@x.example' } }))
    const run = await becomes(firm, lost, 'waiting')
    await eventually(async () => expect(await alarmOf(firm)).toBe(Date.parse(run.nextAt!)))
  })
})

describe('an object that died', () => {
  // Whatever it asks is lost, so that it waits; once it is dead, Clio is well again.
  const unread = { method: 'GET', action: { do: 'drop' } }

  it('goes on by its alarm, and still knows whose it is', async () => {
    const firm = await made()
    await sandbox('POST', 'trouble', unread)
    const id = await accepted(firm, claimOf('k'))
    await becomes(firm, id, 'waiting')
    await dies(firm)
    await sandbox('DELETE', 'trouble')
    // Nobody calls the object: only its alarm brings it back.
    await eventually(async () => expect((await env.KV.list({ prefix: `key:${firm.firm}:` })).keys).toHaveLength(1), 100)
    expect(await firm.standing('matters', 'description')).toContain(`${firm.firm}: Divorce`)
    expect((await seen(firm, id)).state).toBe('done')
  })

  it('sets an alarm that was lost anew as soon as it lives', async () => {
    const firm = await made()
    await sandbox('POST', 'trouble', unread)
    const id = await accepted(firm, claimOf('k'))
    await becomes(firm, id, 'waiting')
    await runInDurableObject(firm.stub, (_: unknown, state) => state.storage.deleteAlarm())
    await dies(firm)
    await sandbox('DELETE', 'trouble')
    expect(figures(await firm.docket.stats()).counts.done).toBe(0)
    await becomes(firm, id, 'done')
  })
})

describe('configuration', () => {
  it('is kept in versions, and mirrored to KV for the door', async () => {
    const firm = await made()
    const text = `// mine\n${config(firm.connection, { rules: [] })}`
    expect(await firm.docket.putConfig(firm.firm, text, false)).toMatchObject({ version: 2 })
    expect(await firm.docket.config()).toEqual({ version: 2, text })
    expect(await env.KV.get(`firm:${firm.firm}`, 'json')).toEqual(await firm.docket.mirror())
    expect(await firm.docket.mirror()).toMatchObject({ version: 2, document: { rules: [] }, secrets: {} })
  })

  it('a claim that was verified with an older one is told the newest, and nothing is accepted', async () => {
    const firm = await made()
    await firm.docket.putConfig(firm.firm, config(firm.connection), false)
    expect(await firm.docket.claim(claimOf('k'))).toMatchObject({ kind: 'stale', mirror: { version: 2 } })
    expect(figures(await firm.docket.stats()).counts.accepted).toBe(0)
  })

  it('that is not valid is refused, and the old one stays', async () => {
    const firm = await made()
    const refused = await firm.docket.putConfig(firm.firm, '{"timezone": 7}', false)
    expect(refused).toMatchObject({ status: 422, code: 'invalid-configuration' })
    expect((await firm.docket.config())?.version).toBe(1)
  })

  it('that is only checked is not stored', async () => {
    const firm = await made()
    expect(await firm.docket.putConfig(firm.firm, config(firm.connection), true)).toMatchObject({ version: 1 })
    expect((await firm.docket.config())?.version).toBe(1)
  })

  it('of a firm that has none: nothing is there, nothing is written', async () => {
    const stub = env.DOCKET.get(env.DOCKET.idFromName('nobody'))
    const docket = stub as unknown as DocketRpc
    expect(await docket.mirror()).toBeNull()
    expect(await docket.config()).toBeNull()
    expect(await docket.claim(claimOf('k'))).toMatchObject({ kind: 'stale' })
    expect(await docket.wake()).toBe(false)
    expect(await docket.runs({})).toMatchObject({ status: 404, code: 'unknown-firm' })
    expect(await docket.run('run_1')).toMatchObject({ code: 'unknown-firm' })
    expect(await docket.putSecret('nobody', 'KEY', 'x')).toMatchObject({ code: 'unknown-firm' })
    expect(await docket.preview({ endpoint: 'website' })).toMatchObject({ code: 'unknown-firm' })
    expect(await docket.stats()).toMatchObject({ code: 'unknown-firm' })
    const tables = await runInDurableObject(stub, (_: unknown, { storage }) =>
      storage.sql.exec("select name from sqlite_master where type = 'table' and name = 'runs'").toArray(),
    )
    expect(tables).toEqual([])
  })

  it('secrets are sealed, mirrored, and forgotten', async () => {
    const firm = await made()
    expect(await firm.docket.putSecret(firm.firm, 'KEY', 'the secret')).toBeNull()
    const mirror = (await env.KV.get(`firm:${firm.firm}`)) ?? ''
    expect(mirror).toContain('"KEY"')
    expect(mirror).not.toContain('the secret')
    expect(await firm.docket.deleteSecret(firm.firm, 'KEY')).toBeNull()
    expect(await firm.docket.deleteSecret(firm.firm, 'KEY')).toMatchObject({ status: 404 })
    expect(await env.KV.get(`firm:${firm.firm}`)).not.toContain('"KEY"')
  })
})

describe('whose connection it is', () => {
  it('one that another firm uses is refused, and names the firm', async () => {
    const first = await made()
    const other = env.DOCKET.get(env.DOCKET.idFromName('other')) as unknown as DocketRpc
    const answer = await other.putConfig('other', config(first.connection), false)
    expect(answer).toMatchObject({ status: 422, code: 'connection-taken', detail: expect.stringContaining(first.firm) })
    expect(await other.config()).toBeNull()
  })

  it('one that its firm has left is free again', async () => {
    const [first, second] = [await made(), await made()]
    await sandbox('POST', 'connections', { account: 'free' })
    const { connection_id } = (await sandbox('POST', 'connections', { account: 'free' })) as { connection_id: string }
    await first.docket.putConfig(first.firm, config(connection_id), false)
    expect(await second.docket.putConfig(second.firm, config(first.connection), false)).toMatchObject({ version: 2 })
  })

  it('another one leads to another Clio: ids that were looked up in the first are forgotten', async () => {
    const firm = await made()
    const kept = () =>
      runInDurableObject(firm.stub, (_, state) =>
        state.storage.sql.exec("select count(*) as n from cache where key like 'list:%'").one(),
      )
    await runInDurableObject(firm.stub, (_, state) => {
      state.storage.sql.exec("insert into cache values ('list:users', '[]', 0), ('slack:user:U1', '{}', 0)")
    })
    await firm.docket.putConfig(firm.firm, config(firm.connection), false)
    expect(await kept()).toEqual({ n: 1 })
    const { connection_id } = (await sandbox('POST', 'connections', { account: 'another' })) as {
      connection_id: string
    }
    await firm.docket.putConfig(firm.firm, config(connection_id), false)
    expect(await kept()).toEqual({ n: 0 })
  })

  it('granted anew for another Clio and saved once more: what was made in the first is out of reach', async () => {
    const firm = await made()
    const id = await accepted(firm, claimOf('a'))
    await becomes(firm, id, 'done')
    await fetch(`http://sandbox.example/connect?session_token=${firm.connection}&account=elsewhere`)
    await firm.docket.putConfig(firm.firm, config(firm.connection), false)
    expect(await firm.docket.undo(id, true)).toMatchObject({ status: 409, code: 'other-account' })
  })

  it('left out: refused when there are several, for a vendor’s firms must not be mixed up', async () => {
    await made()
    const docket = env.DOCKET.get(env.DOCKET.idFromName('several')) as unknown as DocketRpc
    const answer = await docket.putConfig('several', config(null), false)
    expect(answer).toMatchObject({ status: 422, code: 'connection-ambiguous' })
  })

  it('left out: the only active one is the firm’s', async () => {
    await sandbox('POST', 'reset')
    const docket = env.DOCKET.get(env.DOCKET.idFromName('only')) as unknown as DocketRpc
    expect(await docket.putConfig('only', config(null), false)).toMatchObject({ version: 1 })
    expect(figures(await docket.stats()).connection.id).toBe('21fd90f9-5935-43cd-b6c8-bde9d915ca80')
  })
})

describe('what an operator does', () => {
  const forbidden = { method: 'POST', times: 1, action: { do: 'fail', status: 403, message: 'Not allowed.' } }
  const ok = (answer: RunSummary | Problem): RunSummary => {
    if ('code' in answer) throw new Error(answer.code)
    return answer
  }

  async function parked() {
    const firm = await made()
    await sandbox('POST', 'trouble', forbidden)
    const id = await accepted(firm, claimOf('k'))
    return { firm, id, run: await becomes(firm, id, 'parked') }
  }

  it('resumes a parked run, which goes on by itself', async () => {
    const { firm, id, run } = await parked()
    expect(run.reason).toContain('Not allowed.')
    expect(ok(await firm.docket.resume(id, 'own')).state).toBe('accepted')
    await becomes(firm, id, 'done')
    expect(await firm.docket.resume(id, 'own')).toMatchObject({ status: 409, code: 'wrong-state' })
  })

  it('discards it, for good; its key goes to KV too', async () => {
    const { firm, id } = await parked()
    expect(ok(await firm.docket.discard(id))).toMatchObject({ state: 'discarded' })
    expect(await firm.docket.discard(id)).toMatchObject({ status: 409 })
    await eventually(async () => {
      expect((await env.KV.list({ prefix: `key:${firm.firm}:` })).keys).toHaveLength(1)
    })
  })

  it('replays a run: a new one, which says whose replay it is', async () => {
    const firm = await made()
    const id = await accepted(firm, claimOf('k'))
    await becomes(firm, id, 'done')
    const again = ok(await firm.docket.replay(id))
    expect(again.id).not.toBe(id)
    expect(await becomes(firm, again.id, 'done')).toMatchObject({ replayOf: id })
    expect(
      (await firm.standing('matters', 'description')).filter(text => text === `${firm.firm}: Divorce`),
    ).toHaveLength(2)
  })

  it('sees the runs page by page, and is told when a query makes no sense', async () => {
    const firm = await made({ rules: [] })
    const ids: string[] = []
    for (const key of ['a', 'b', 'c']) ids.push(await accepted(firm, claimOf(key)))
    const first = await firm.docket.runs({ limit: 2 })
    if ('code' in first) throw new Error(first.code)
    expect(first.runs.map(run => run.id)).toEqual([ids[2], ids[1]])
    const second = await firm.docket.runs({ limit: 2, cursor: first.cursor! })
    expect(second).toMatchObject({ runs: [{ id: ids[0] }], cursor: null })
    expect(await firm.docket.runs({ state: 'nonsense' })).toMatchObject({ status: 400 })
    expect(await firm.docket.runs({ cursor: 'nonsense' })).toMatchObject({ status: 400 })
    expect(await firm.docket.run('run_none')).toMatchObject({ status: 404, code: 'unknown-run' })
  })

  it('sees what an event would do, and nothing is done', async () => {
    const firm = await made()
    const preview = await firm.docket.preview({ endpoint: 'website', fields: { kind: 'Will' }, person: { ...jane } })
    if ('code' in preview) throw new Error(preview.detail)
    expect(preview.rules).toEqual(['intake'])
    expect(preview.calls.map(call => `${call.method} ${call.path}`)).toEqual([
      'GET contacts',
      'POST contacts',
      'PATCH contacts/‹found›',
      'POST matters',
    ])
    expect(figures(await firm.docket.stats()).counts).toMatchObject({ accepted: 0, done: 0 })
    expect(await firm.docket.preview({ endpoint: 'nowhere' })).toMatchObject({ status: 404 })
    expect(await firm.docket.preview({ fields: 7 })).toMatchObject({ status: 400 })
  })

  it('sees how the docket stands', async () => {
    const { firm } = await parked()
    expect(await firm.docket.stats()).toMatchObject({
      counts: { parked: 1, done: 0, held: 0 },
      oldestOpenSeconds: null,
      pace: { requests: 50, seconds: 60 },
      connection: { id: firm.connection, state: 'ok', nextProbeAt: null },
      version: 1,
    })
  })

  it('sees a lost connection, and mends it by storing the configuration anew', async () => {
    const firm = await made()
    // The index of contacts is filled by then, so that it is the run that meets the loss.
    await becomes(firm, await accepted(firm, claimOf('before')), 'done')
    await sandbox('POST', `connections/${firm.connection}/expire`)
    const id = await accepted(firm, claimOf('k'))
    await becomes(firm, id, 'held')
    expect(figures(await firm.docket.stats()).connection).toMatchObject({
      state: 'held',
      reason: expect.stringMatching(/lost: ./),
    })
    // What Clio said may name a client.
    const viewer = { role: 'viewer', actor: 'token:tok_1 (Ines)' } as const
    expect(figures(await firm.docket.stats(viewer)).connection.reason).toBe('The connection to Clio is lost.')
    expect(await firm.docket.wake()).toBe(true)
    await sandbox('POST', `connections/${firm.connection}/mend`)
    await firm.docket.putConfig(firm.firm, config(firm.connection), false)
    await becomes(firm, id, 'done')
    expect(figures(await firm.docket.stats()).connection.state).toBe('ok')
  })
})
