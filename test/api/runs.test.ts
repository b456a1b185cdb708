import { beforeAll, describe, expect, it } from 'vitest'
import type { AuditEntry } from '../../src/model/access.ts'
import type { Many, Preview, RunSummary, RunView, Stats } from '../../src/model/docket-rpc.ts'
import { eventually } from '../eventually.ts'
import { document, newConnection, operator, problemOf } from './app.ts'

// Runs are carried out behind the answer, and machines differ.

const { call, stranger } = operator()
const firm = 'smith'
const at = (path: string) => `/api/firms/${firm}/${path}`
const read = async <T>(answer: Response): Promise<T> => {
  expect(answer.headers.get('content-type')).toBe('application/json')
  expect(answer.headers.get('cache-control')).toBe('no-store')
  return answer.json()
}
const runsOf = async (query = '') =>
  read<{ runs: RunSummary[]; cursor: string | null }>(await call('GET', at(`runs${query}`)))

/** Comes in at the door, as from a website; answers the run once it is in one of the states. */
async function submit(
  fields: Record<string, string>,
  until: RunSummary['state'],
  endpoint = 'website',
): Promise<string> {
  const body = new URLSearchParams(fields).toString()
  const headers = { 'content-type': 'application/x-www-form-urlencoded', 'idempotency-key': await newConnection() }
  const answer = await stranger('POST', `/in/${firm}/${endpoint}`, headers, body)
  expect(answer.status).toBe(202)
  const { run } = (await answer.json()) as { run: string }
  await reaches(run, until)
  return run
}

const reaches = (run: string, state: RunSummary['state']) =>
  eventually(async () => expect((await read<RunView>(await call('GET', at(`runs/${run}`)))).state).toBe(state))

const connection = newConnection()

/** Two rules that need no Clio: one waits for a person, the other is for nobody. */
const configuration = async (reason: string) =>
  document(
    {
      endpoints: { website: { source: 'form' }, quiet: { source: 'form' } },
      rules: [
        {
          name: 'look',
          on: { endpoint: 'website', type: 'form.submitted' },
          if: "fields.kind == 'odd'",
          steps: { stop: { park: reason }, rest: { if: "fields.kind != 'odd'", park: 'Never' } },
        },
      ],
    },
    await connection,
  )

beforeAll(async () => {
  expect((await call('PUT', at('config'), await configuration('Somebody should look'))).status).toBe(200)
})

describe('the list of runs', () => {
  it('shows the newest first, page by page, each once', async () => {
    const made: string[] = []
    for (const n of ['1', '2', '3', '4', '5']) made.unshift(await submit({ page: n }, 'ignored', 'quiet'))
    const seen: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const page: Awaited<ReturnType<typeof runsOf>> = await runsOf(
        `?endpoint=quiet&limit=2${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
      )
      expect(page.runs.length).toBeLessThanOrEqual(2)
      seen.push(...page.runs.map(({ id }) => id))
      cursor = page.cursor
    }
    expect(seen).toEqual(made)
  })

  it('tells of each what an operator needs at a glance', async () => {
    const run = await submit({ a: 'glance' }, 'ignored')
    const { runs } = await runsOf('?limit=1')
    expect(runs).toEqual([
      {
        id: run,
        state: 'ignored',
        reason: 'No rule matches.',
        reasonCode: 'no-rule',
        endpoint: 'website',
        type: 'form.submitted',
        subject: null,
        person: null,
        acceptedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
        finishedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      },
    ])
  })

  it('is narrowed by state, endpoint and id', async () => {
    const parked = await submit({ kind: 'odd', n: 'narrow' }, 'parked')
    const ignored = await submit({ n: 'narrow' }, 'ignored')
    const ids = async (query: string) => (await runsOf(query)).runs.map(({ id }) => id)
    expect(await ids('?state=parked')).toContain(parked)
    expect(await ids('?state=parked')).not.toContain(ignored)
    expect(await ids('?state=parked,ignored')).toEqual(expect.arrayContaining([parked, ignored]))
    expect(await ids('?endpoint=quiet')).not.toContain(parked)
    expect(await ids(`?q=${parked}`)).toEqual([parked])
  })

  it.each([
    ['a state that there is not', '?state=lost'],
    ['a key that is not known', '?status=done'],
    ['a key that stands twice', '?state=done&state=parked'],
    ['a limit of nothing', '?limit=0'],
    ['a limit beyond 200', '?limit=201'],
    ['a limit that is no number', '?limit=ten'],
    ['half a run', '?limit=1.5'],
    ['a cursor of its own making', '?cursor=yesterday'],
    ['an empty search', '?q='],
  ])('refuses %s', async (_, query) => {
    const refused = await call('GET', at(`runs${query}`))
    expect(refused.status).toBe(400)
    expect((await problemOf(refused)).status).toBe(400)
  })

  it('says which key is not known, and the nearest that is', async () => {
    const { errors } = await problemOf(await call('GET', at('runs?stat=done')))
    expect(errors).toEqual([{ path: 'stat', message: "is not known here; did you mean 'state'?" }])
  })
})

describe('a run', () => {
  it('shows its event and its steps', async () => {
    const run = await submit({ kind: 'odd', first_name: 'Ada' }, 'parked')
    const view = await read<RunView>(await call('GET', at(`runs/${run}?reveal=1`)))
    expect(view).toMatchObject({ id: run, state: 'parked', reason: 'Somebody should look', version: 1, replayOf: null })
    expect(view.event?.fields).toMatchObject({ kind: 'odd', first_name: 'Ada' })
    expect(view.steps.map(({ path }) => path)).toEqual(['look/stop', 'look/rest'])
  })

  it('is masked for everybody who does not ask to see it, and the audit says who asked', async () => {
    const run = await submit({ kind: 'odd', first_name: 'Ada Lovelace', matter_no: '7' }, 'parked')
    const masked = await (await call('GET', at(`runs/${run}`))).text()
    for (const said of ['Ada', 'Lovelace', 'odd', 'Somebody should look']) expect(masked).not.toContain(said)
    const view = JSON.parse(masked) as RunView
    expect(view).toMatchObject({ state: 'parked', reasonCode: 'by-rule', reason: 'A rule stops here on purpose.' })
    expect(view.event).toMatchObject({ source: 'form', type: 'form.submitted', fields: { first_name: '‹text, 12›' } })
    await call('GET', at(`runs/${run}?reveal=1`))
    const { entries } = await read<{ entries: AuditEntry[] }>(await call('GET', at('audit?limit=1')))
    expect(entries).toEqual([{ at: expect.any(String), actor: 'vendor', action: 'run.revealed', run }])
  })

  it('is where the receipt says', async () => {
    const headers = { 'content-type': 'application/json', 'idempotency-key': await newConnection() }
    const receipt = await stranger('POST', `/in/${firm}/website`, headers, '{"a":"receipt"}')
    expect((await call('GET', receipt.headers.get('location') ?? '')).status).toBe(200)
  })

  it.each([
    'GET runs/run_none',
    'POST runs/run_none/resume',
    'POST runs/run_none/replay',
    'POST runs/run_none/discard',
    'POST runs/run_none/undo',
  ])('that does not exist: %s answers 404', async what => {
    const [method = '', path = ''] = what.split(' ')
    const missing = await call(method, at(path))
    expect(missing.status).toBe(404)
    expect((await problemOf(missing)).detail).toContain('run_none')
  })

  it('of another firm is not shown', async () => {
    const run = await submit({ a: 'mine' }, 'ignored')
    await call('PUT', '/api/firms/jones/config', await document())
    expect((await call('GET', `/api/firms/jones/runs/${run}`)).status).toBe(404)
  })
})

describe('what an operator does with a run', () => {
  it('resumes it where it parked', async () => {
    const run = await submit({ kind: 'odd', n: 'resume' }, 'parked')
    const answer = await call('POST', at(`runs/${run}/resume`))
    expect(answer.status).toBe(200)
    expect(await read<RunSummary>(answer)).toMatchObject({ id: run })
    await reaches(run, 'done')
  })

  it('resumes it with the configuration it began with, or with the mended one', async () => {
    const own = await submit({ kind: 'odd', n: 'own' }, 'parked')
    const mended = await submit({ kind: 'odd', n: 'mended' }, 'parked')
    const before = (await read<RunView>(await call('GET', at(`runs/${own}`)))).version
    await call('PUT', at('config'), await configuration('Somebody should look again'))
    for (const [run, body, version] of [
      [own, { config: 'own' }, before],
      [mended, { config: 'mended' }, before + 1],
    ] as const) {
      expect((await call('POST', at(`runs/${run}/resume`), body)).status).toBe(200)
      await reaches(run, 'done')
      expect((await read<RunView>(await call('GET', at(`runs/${run}`)))).version).toBe(version)
    }
  })

  it.each(['{"config":"new"}', '{"confg":"own"}', '[]', '"own"', 'own', '{"config":'])(
    'does not resume on a guess: %s is refused',
    async body => {
      const refused = await call('POST', at('runs/run_none/resume'), body)
      expect(refused.status).toBe(400)
      expect((await problemOf(refused)).type).toBe('urn:docketed:problem:malformed-body')
    },
  )

  it('discards it for good', async () => {
    const run = await submit({ kind: 'odd', n: 'discard' }, 'parked')
    expect(await read<RunSummary>(await call('POST', at(`runs/${run}/discard`)))).toMatchObject({ state: 'discarded' })
    const again = await call('POST', at(`runs/${run}/resume`))
    expect(again.status).toBe(409)
    expect((await problemOf(again)).detail).toContain('discarded')
  })

  it('replays it as a new run, and says where', async () => {
    const run = await submit({ n: 'replay' }, 'ignored')
    const answer = await call('POST', at(`runs/${run}/replay`))
    expect(answer.status).toBe(202)
    const { id } = await read<RunSummary>(answer)
    expect(id).not.toBe(run)
    expect(answer.headers.get('location')).toBe(at(`runs/${id}`))
    expect(await read<RunView>(await call('GET', at(`runs/${id}`)))).toMatchObject({ replayOf: run })
  })
})

describe('a preview', () => {
  it('shows the calls that would be made, and makes no run', async () => {
    const { runs } = await runsOf('?limit=200')
    const body = { endpoint: 'website', fields: { kind: 'odd' } }
    const preview = await read<Preview>(await call('POST', at('preview'), body))
    expect(preview.rules).toEqual(['look'])
    expect(preview.warnings).toHaveLength(1)
    expect((await runsOf('?limit=200')).runs).toHaveLength(runs.length)
  })

  it.each([
    ['no JSON', 'endpoint=website', 400],
    ['a body that is no object', '[1]', 400],
    ['an endpoint that there is not', '{"endpoint":"webiste"}', 404],
    ['a key that would change prototypes', '{"endpoint":"website","__proto__":{}}', 400],
  ])('refuses %s', async (_, body, status) => {
    const refused = await call('POST', at('preview'), body)
    expect(refused.status).toBe(status)
    await problemOf(refused)
  })
})

describe('a reason code', () => {
  it('finds the runs that show it, parked or not', async () => {
    const ignored = await submit({ kind: 'even' }, 'ignored')
    const spam = await submit({ kind: 'odd', _gotcha: 'x' }, 'spam')
    const parked = await submit({ kind: 'odd' }, 'parked')
    for (const [code, run] of [
      ['no-rule', ignored],
      ['spam', spam],
      ['by-rule', parked],
    ]) {
      const { runs } = await runsOf(`?code=${code}&limit=200`)
      expect(runs.map(one => one.id)).toContain(run)
      expect(new Set(runs.map(one => one.reasonCode))).toEqual(new Set([code]))
    }
  })

  it('closes all that is spam at once, and is refused of what nobody decides', async () => {
    const spam = await submit({ _gotcha: 'x' }, 'spam')
    const done = await read<Many>(await call('POST', at('runs/discard'), { code: 'spam' }))
    expect([done.runs.includes(spam), done.refused, done.left]).toEqual([true, [], 0])
    expect((await runsOf('?code=spam')).runs).toEqual([])
    const refused = await problemOf(await call('POST', at('runs/replay'), { code: 'no-rule' }))
    expect([refused.status, refused.errors?.[0]?.path]).toEqual([400, 'code'])
  })
})

describe('the figures of a firm', () => {
  it('count what there is', async () => {
    const parked = (await runsOf('?state=parked&limit=200')).runs.length
    const stats = await read<Stats>(await call('GET', at('stats')))
    expect(stats.counts.parked).toBe(parked)
    expect(stats.oldestOpenSeconds).toBeNull()
    expect(stats.connection).toMatchObject({ id: await connection, state: 'ok' })
    expect(stats.pace).toMatchObject({ requests: 50, seconds: 60 })
  })

  it('are those of no firm that there is not', async () => {
    expect((await call('GET', '/api/firms/unheard-of/stats')).status).toBe(404)
    expect((await call('GET', '/api/firms/unheard-of/runs')).status).toBe(404)
  })
})
