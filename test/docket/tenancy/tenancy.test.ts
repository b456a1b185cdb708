import { env, runInDurableObject } from 'cloudflare:test'
import { describe, expect, it } from 'vitest'
import { createApp } from '../../../src/app.ts'
import { sealedTables } from '../../../src/docket/ledger/sealing/columns.ts'
import { stays, travels, withRuns } from '../../../src/docket/ledger/transfer/tables.ts'
import type { RunSummary, Stats } from '../../../src/model/docket-rpc.ts'
import type { Imported } from '../../../src/model/tenancy/firm.ts'
import type { EndpointView } from '../../../src/model/view/endpoint.ts'
import { opened } from '../../../src/platform/envelope.ts'
import { registryOf } from '../../../src/platform/registry.ts'
import { document, newConnection, operator, problemOf } from '../../api/app.ts'
import { eventually } from '../../eventually.ts'

/** A firm that goes elsewhere: its export, what comes of it, and what is done before it sends anything there. */

const { call, stranger } = operator()
const passphrase = 'correct horse battery staple'
const sealing = { 'export-passphrase': passphrase }
const json = { 'content-type': 'application/json' }

const stubOf = (firm: string) => env.DOCKET.get(env.DOCKET.idFromName(firm))
const api = (method: string, firm: string, path: string, body?: string | object, headers = {}) =>
  call(method, `/api/firms/${firm}/${path}`, body, headers)
const runsOf = async (firm: string) =>
  ((await (await api('GET', firm, 'runs?limit=200')).json()) as { runs: RunSummary[] }).runs
const statsOf = async (firm: string) => (await (await api('GET', firm, 'stats')).json()) as Stats

const client = {
  upsert: 'contacts',
  match: ['email_addresses'],
  with: {
    type: 'Person',
    first_name: '{{ person.first_name }}',
    last_name: '{{ person.last_name }}',
    email_addresses: [{ name: 'Work', address: '{{ person.email }}' }],
  },
}
/** A lead becomes a contact; one who says so is looked at first. */
const leads = {
  endpoints: { website: { source: 'form', files: { types: ['text/plain'] } } },
  rules: [
    {
      name: 'lead',
      on: { type: 'form.submitted' },
      steps: { look: { if: "fields.look == 'yes'", park: 'Somebody should look' }, client },
    },
  ],
}

const lead = (n: number, look = 'no') => ({
  first_name: 'Maria',
  last_name: `Quintanilla${n}`,
  email: `maria${n}@mail.example`,
  look,
})
const send = (firm: string, n: number, look = 'no') =>
  stranger('POST', `/in/${firm}/website`, { ...json, 'idempotency-key': `lead-${n}` }, JSON.stringify(lead(n, look)))

/** A firm with one lead that is done and one that is parked, and all that it is asked for. */
async function firmOf(firm: string, connection: string) {
  expect((await api('PUT', firm, 'config', await document(leads, connection))).status).toBe(200)
  expect((await api('PUT', firm, 'secrets/PARTNER', 'a-secret-of-the-partner')).status).toBe(204)
  expect((await api('POST', firm, 'tokens', { name: 'office', role: 'admin' })).status).toBe(201)
  expect((await send(firm, 1)).status).toBe(202)
  expect((await send(firm, 2, 'yes')).status).toBe(202)
  await eventually(async () =>
    expect((await runsOf(firm)).map(({ state }) => state).sort()).toEqual(['done', 'parked']),
  )
}

const exportOf = async (firm: string, headers: object, query = '') => {
  const answer = await api('GET', firm, `export${query}`, undefined, headers)
  expect(answer.status).toBe(200)
  return new Uint8Array(await answer.arrayBuffer())
}

async function textOf(sealed: Uint8Array, by = passphrase): Promise<string> {
  const chunks = (async function* () {
    yield sealed
  })()
  let text = ''
  const decoder = new TextDecoder()
  for await (const chunk of opened(chunks, by)) text += decoder.decode(chunk, { stream: true })
  return text
}

const app = createApp(env)
/** Bytes, as no other call takes them. */
const bring = async (firm: string, body: BodyInit, headers: Record<string, string> = sealing, query = '') =>
  app.request(
    `/api/firms/${firm}/import${query}`,
    { method: 'POST', headers: { authorization: `Bearer ${env.ADMIN_TOKEN}`, ...headers }, body },
    env,
  )

async function contacts(connection: string): Promise<string[]> {
  const headers = { authorization: `Bearer ${env.MATON_API_KEY}`, 'maton-connection': connection }
  const listed = await fetch('https://gateway.maton.ai/clio/api/v4/contacts.json?fields=last_name&limit=200', {
    headers,
  })
  return ((await listed.json()) as { data: { last_name: string }[] }).data.map(one => one.last_name)
}
const named = async (connection: string, name: string) =>
  (await contacts(connection)).filter(one => one === name).length

/** Nobody waits out the settle time here. */
const carriedOut = (firm: string, done: number) =>
  eventually(async () => {
    await runInDurableObject(stubOf(firm), (_, { storage }) => {
      storage.sql.exec('update runs set wake_at = 1 where wake_at > 1')
    })
    await stubOf(firm).wake()
    expect((await statsOf(firm)).counts.done, JSON.stringify(await runsOf(firm))).toBe(done)
  }, 300)

describe('an export', () => {
  it('is refused where nothing says how it is sealed, and with a passphrase that could be guessed', async () => {
    expect((await api('PUT', 'unsaid', 'config', await document())).status).toBe(200)
    const unsaid = await api('GET', 'unsaid', 'export')
    expect([unsaid.status, (await problemOf(unsaid)).type]).toEqual([422, 'urn:docketed:problem:export-unsealed'])
    const both = await api('GET', 'unsaid', 'export?open=1', undefined, sealing)
    expect(both.status).toBe(422)
    const weak = await api('GET', 'unsaid', 'export', undefined, { 'export-passphrase': 'short' })
    expect([weak.status, (await problemOf(weak)).type]).toEqual([422, 'urn:docketed:problem:passphrase-weak'])
    expect((await api('GET', 'nobody-there', 'export?open=1')).status).toBe(404)
  })

  it('holds everything that is said of the firm, in lines, and no secret and no token', async () => {
    const connection = await newConnection('whole1')
    await firmOf('whole', connection)
    const open = new TextDecoder().decode(await exportOf('whole', {}, '?open=1'))
    const lines = open
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line) as Record<string, unknown>)
    expect(lines[0]).toMatchObject({ docketed: 'firm', format: 1, firm: 'whole', connection, secrets: ['PARTNER'] })
    expect(lines.at(-1)).toEqual({ end: true, lines: lines.length - 1 })
    const tables = new Set(lines.flatMap(({ table }) => (typeof table === 'string' ? [table] : [])))
    for (const table of ['configs', 'runs', 'steps', 'attempts', 'audit', 'meta']) expect(tables).toContain(table)
    for (const table of ['secrets', 'tokens', 'contacts', 'cache']) expect(tables).not.toContain(table)
    expect(open).toContain('maria2@mail.example')
    const secret = await runInDurableObject(stubOf('whole'), (_, { storage }) => [
      ...storage.sql.exec('select sealed as text from secrets').toArray(),
      ...storage.sql.exec('select hash as text from tokens').toArray(),
      ...storage.sql.exec("select value as text from meta where key = 'keys'").toArray(),
    ])
    expect(secret.length).toBe(3)
    for (const { text } of secret) expect(open).not.toContain(String(text).slice(0, 40))
    expect(open).not.toContain('a-secret-of-the-partner')
    const audit = (await (await api('GET', 'whole', 'audit')).json()) as { entries: { action: string }[] }
    expect(audit.entries[0]).toMatchObject({ action: 'firm.exported', actor: 'vendor', detail: 'open' })
  })

  it('opens with its passphrase and no other, and shows when it was cut off or changed', async () => {
    expect((await api('PUT', 'sealed', 'config', await document())).status).toBe(200)
    const file = await exportOf('sealed', sealing)
    expect(new TextDecoder().decode(file)).not.toContain('America/New_York')
    expect(await textOf(file)).toContain('America/New_York')
    await expect(textOf(file, 'another horse battery staple')).rejects.toThrow('The passphrase is not the one')
    await expect(textOf(file.subarray(0, -20))).rejects.toThrow(/cut off|damaged/)
    const changed = file.slice()
    changed[changed.length - 30]! ^= 1
    await expect(textOf(changed)).rejects.toThrow()
  })

  it('decides of every table whether it travels', async () => {
    expect((await api('PUT', 'tables', 'config', await document())).status).toBe(200)
    const there = await runInDurableObject(stubOf('tables'), (_, { storage }) =>
      storage.sql
        .exec(
          "select name from sqlite_master where type = 'table' and name not like 'sqlite%' and name not like '\\_cf%' escape '\\'",
        )
        .toArray()
        .map(({ name }) => String(name)),
    )
    const decided = [...travels, ...withRuns, ...Object.keys(stays)]
    expect(there.sort()).toEqual(decided.sort())
    for (const table of Object.keys(sealedTables)) expect(decided).toContain(table)
  })
})

describe('an import', () => {
  it('makes the firm under another name: held, known to redeliveries, its parked runs to be gone on with', async () => {
    const [there, here] = [await newConnection('moving'), await newConnection('moving')]
    await firmOf('leaver', there)
    await api('POST', 'leaver', 'hold', { reason: 'It moves' })
    const file = await exportOf('leaver', sealing)

    const answer = await bring('settler', file, sealing, `?connection=${here}`)
    expect(answer.status).toBe(201)
    expect((await answer.json()) as Imported).toMatchObject({
      firm: 'settler',
      from: 'leaver',
      state: 'held',
      code: 'imported',
      runs: 2,
      secrets: ['PARTNER'],
      connection: here,
    })
    expect((await runsOf('settler')).map(({ id, state }) => [id, state])).toEqual(
      (await runsOf('leaver')).map(({ id, state }) => [id, state]),
    )
    expect((await statsOf('settler')).connection).toMatchObject({ id: here, state: 'held', code: 'imported' })

    const again = await send('settler', 1)
    expect([again.status, ((await again.json()) as { duplicate: boolean }).duplicate]).toEqual([202, true])
    const fresh = await send('settler', 3)
    expect(((await fresh.json()) as { duplicate: boolean }).duplicate).toBe(false)
    await stubOf('settler').wake()
    expect((await runsOf('settler'))[0]).toMatchObject({ state: 'accepted' })
    expect(await named(here, 'Quintanilla3')).toBe(0)

    const resumed = await api('POST', 'settler', 'resume')
    expect(await resumed.json()).toMatchObject({ firm: 'settler', state: 'going', code: null })
    const parked = (await runsOf('settler')).find(({ state }) => state === 'parked')!
    expect((await api('POST', 'settler', `runs/${parked.id}/resume`)).status).toBe(200)
    await carriedOut('settler', 3)
    for (const name of ['Quintanilla2', 'Quintanilla3']) expect(await named(here, name)).toBe(1)
    expect((await api('POST', 'settler', 'resume')).status).toBe(409)
  })

  it('is refused for a firm that there is, for what is no export, and leaves nothing then', async () => {
    const connection = await newConnection('origin1')
    await firmOf('origin', connection)
    const file = await exportOf('origin', sealing)
    const exists = await bring('origin', file)
    expect([exists.status, (await problemOf(exists)).type]).toEqual([409, 'urn:docketed:problem:firm-exists'])
    const taken = await bring('copy', file)
    expect([taken.status, (await problemOf(taken)).type]).toEqual([422, 'urn:docketed:problem:connection-taken'])
    const there = `?connection=${await newConnection('origin1')}`
    const open = await exportOf('origin', {}, '?open=1')
    const faulty: [BodyInit, Record<string, string>][] = [
      [file, { 'export-passphrase': 'another horse battery staple' }],
      [file, {}],
      [file.subarray(0, file.length - 5), sealing],
      [open.subarray(0, open.length - 40), {}],
      ['{"nonsense":true}\n', {}],
      ['nonsense', {}],
      [new TextDecoder().decode(open).replace('"table":"runs"', '"table":"secrets"'), {}],
      [new TextDecoder().decode(open).replace('"endpoint":', '"endpoint) --":'), {}],
    ]
    for (const [body, headers] of faulty) {
      const refused = await bring('copy', body, headers, there)
      expect([refused.status, (await problemOf(refused)).type]).toEqual([422, 'urn:docketed:problem:export-unreadable'])
    }
    expect((await api('GET', 'copy', 'stats')).status).toBe(404)
    const tables = await runInDurableObject(stubOf('copy'), (_, { storage }) =>
      storage.sql.exec("select name from sqlite_master where name = 'meta'").toArray(),
    )
    expect(tables).toEqual([])
    expect((await bring('copy', open, {}, there)).status).toBe(201)
  })

  it('holds no more of a file than there can be of one', async () => {
    expect((await api('PUT', 'filer', 'config', await document())).status).toBe(200)
    const [head] = new TextDecoder().decode(await exportOf('filer', {}, '?open=1')).split('\n')
    const bytes = { bytes: Buffer.alloc(1_048_576).toString('base64') }
    const of = (size: number, times: number) =>
      [head, JSON.stringify({ file: 'filer/1/0', size }), ...Array(times).fill(JSON.stringify(bytes))].join('\n')
    for (const file of [of(10, 1), of(10 ** 12, 33)]) {
      const refused = await bring('filed', file, {}, `?connection=${await newConnection('filer1')}`)
      expect([refused.status, (await problemOf(refused)).detail]).toEqual([
        422,
        expect.stringContaining('is longer than'),
      ])
    }
  })

  it('is handed none of the Worker’s secrets, whatever it names and whatever the file says', async () => {
    const calls = { endpoints: { calls: { source: 'twilio', secret: '$FUZZ_RUNS' } } }
    expect((await api('PUT', 'lender', 'config', await document(calls, await newConnection('lender1')))).status).toBe(
      200,
    )
    const knocked = async (firm: string) => (await stranger('POST', `/in/${firm}/calls`, {}, 'From=1')).status
    expect(await knocked('lender')).toBe(401)
    const open = new TextDecoder().decode(await exportOf('lender', {}, '?open=1'))
    expect(open).not.toContain('"lent"')
    const added = `${JSON.stringify({ table: 'meta', row: { key: 'lent', value: '["FUZZ_RUNS"]' } })}\n{"end":true`
    const lines = Number(/"lines":(\d+)\}\s*$/.exec(open)![1])
    const forged = open.replace('{"end":true', added).replace(`"lines":${lines}`, `"lines":${lines + 1}`)
    for (const [firm, file] of [
      ['borrower', open],
      ['forger', forged],
    ] as const) {
      const there = `?connection=${await newConnection('lender1')}`
      expect((await bring(firm, file, {}, there)).status).toBe(201)
      expect(await knocked(firm)).toBe(503)
    }
    // By naming them, as ever.
    const text = await (await api('GET', 'borrower', 'config')).text()
    const own = (await statsOf('borrower')).connection.id
    expect((await api('PUT', 'borrower', 'config', { ...JSON.parse(text), connection: own })).status).toBe(200)
    expect(await knocked('borrower')).toBe(401)
  })

  it('opens no calendar of the gateway’s before the vendor names it, whatever the file says', async () => {
    const calendar = {
      source: 'google-calendar',
      secret: '$CALENDAR',
      connection: '7b0c8c56-7f6f-4a0e-9d0b-3f1d5a0c9e11',
      url: 'https://docketed.example/in/reader/calendar',
    }
    const config = await document({ endpoints: { calendar } }, await newConnection('calendars1'))
    expect((await api('PUT', 'diarist', 'config', config)).status).toBe(200)
    const open = new TextDecoder().decode(await exportOf('diarist', {}, '?open=1'))
    const added = `${JSON.stringify({ table: 'meta', row: { key: 'brought', value: 'null' } })}\n{"end":true`
    const lines = Number(/"lines":(\d+)\}\s*$/.exec(open)![1])
    const forged = open.replace('{"end":true', added).replace(`"lines":${lines}`, `"lines":${lines + 1}`)
    const there = await newConnection('calendars1')
    expect((await bring('reader', forged, {}, `?connection=${there}`)).status).toBe(201)
    expect((await api('PUT', 'reader', 'secrets/CALENDAR', 'a-secret-of-the-calendar')).status).toBe(204)
    const { token } = (await (await api('POST', 'reader', 'tokens', { name: 'her', role: 'admin' })).json()) as {
      token: string
    }
    const admin = { authorization: `Bearer ${token}` }
    const put = (headers = {}) => api('PUT', 'reader', 'config', { ...config, connection: there }, headers)
    expect((await api('POST', 'reader', 'resume', undefined, admin)).status).toBe(200)
    const why = async (tries: number) => {
      await eventually(async () => {
        await stubOf('reader').wake()
        expect((await subscription()).tries).toBeGreaterThanOrEqual(tries)
      })
      return (await subscription()).why
    }
    const subscription = async () => {
      const view = (await (await api('GET', 'reader', 'endpoints')).json()) as { endpoints: EndpointView[] }
      return view.endpoints[0]!.subscriptions[0] ?? { tries: 0, why: null }
    }
    expect(await why(1)).toContain('the vendor saves the configuration')
    // The firm's own people name what stands in the file: that is no more than the file says.
    expect((await put(admin)).status).toBe(200)
    expect((await api('PUT', 'reader', 'secrets/CALENDAR', 'a-secret-of-the-calendar')).status).toBe(204)
    expect(await why(1)).toContain('the vendor saves the configuration')
    expect((await put()).status).toBe(200)
    expect((await api('PUT', 'reader', 'secrets/CALENDAR', 'a-secret-of-the-calendar')).status).toBe(204)
    await eventually(async () => expect(await why(1)).not.toContain('the vendor saves'))
  })

  it('shows of a configuration what is carried out, though the file has another text', async () => {
    const connection = await newConnection('texts1')
    const { endpoints } = leads
    const text = `// Ours\n${JSON.stringify(await document({ endpoints }, connection))}`
    expect((await api('PUT', 'plainly', 'config', text)).status).toBe(200)
    const open = new TextDecoder().decode(await exportOf('plainly', {}, '?open=1'))
    const forged = open
      .replaceAll('America/New_York\\",\\"country', 'Europe/London\\",\\"country')
      .replace('Europe/London', 'America/New_York')
    const shown = async (firm: string, file: string) => {
      expect((await bring(firm, file, {}, `?connection=${await newConnection('texts1')}`)).status).toBe(201)
      return (await api('GET', firm, 'config')).text()
    }
    expect(await shown('openly', open)).toBe(text)
    expect(JSON.parse(await shown('slily', forged))).toMatchObject({ timezone: 'Europe/London' })
  })
})

describe('a firm that is held', () => {
  it('takes events, sends nothing, says why, and goes on when it is resumed', async () => {
    const connection = await newConnection('resting1')
    expect((await api('PUT', 'resting', 'config', await document(leads, connection))).status).toBe(200)
    const held = await api('POST', 'resting', 'hold', { reason: 'Clio is being tidied' })
    expect(await held.json()).toMatchObject({ state: 'held', code: 'by-hand', reason: 'Clio is being tidied' })
    expect((await send('resting', 7)).status).toBe(202)
    await stubOf('resting').wake()
    expect((await runsOf('resting')).map(({ state }) => state)).toEqual(['accepted'])
    expect((await statsOf('resting')).connection).toMatchObject({ state: 'held', code: 'by-hand', nextProbeAt: null })
    expect((await api('POST', 'resting', 'resume')).status).toBe(200)
    await eventually(async () => expect(await named(connection, 'Quintanilla7')).toBe(1))
    const { entries } = (await (await api('GET', 'resting', 'audit')).json()) as { entries: { action: string }[] }
    expect(entries.map(({ action }) => action)).toEqual(expect.arrayContaining(['firm.held', 'firm.resumed']))
  })

  it('keeps the reason sealed, and seals the one that an earlier version kept in clear', async () => {
    const firm = 'quiet'
    expect((await api('PUT', firm, 'config', await document(leads, await newConnection('quiet1')))).status).toBe(200)
    const stands = () =>
      runInDurableObject(stubOf(firm), (_, { storage }) =>
        [...storage.sql.exec('select * from meta'), ...storage.sql.exec('select * from cache')]
          .map(row => Object.values(row).map(one => (one instanceof ArrayBuffer ? Buffer.from(one).toString() : one)))
          .join(),
      )
    const reason = async () => (await statsOf(firm)).connection.reason
    expect((await api('POST', firm, 'hold', { reason: 'Quintanilla called off' })).status).toBe(200)
    expect(await stands()).not.toContain('Quintanilla')
    expect(await reason()).toBe('Quintanilla called off')
    const viewer = { role: 'viewer', actor: 'token:tok_1 (Ines)' } as const
    const masked = async () => ((await stubOf(firm).stats(viewer)) as Stats).connection.reason
    expect(await masked()).toBe('A person holds the firm.')
    // As it was kept before.
    await runInDurableObject(stubOf(firm), (_, { storage }) => {
      storage.sql.exec("delete from cache where key = 'still:written'")
      const still = { code: 'by-hand', since: 1, reason: 'Quintanilla is away', by: 'vendor' }
      storage.sql.exec("update meta set value = ? where key = 'still'", JSON.stringify(still))
    })
    await runInDurableObject(stubOf(firm), (_, state) => state.abort('made anew')).catch(() => {})
    expect([await reason(), await masked()]).toEqual(['Quintanilla is away', 'A person holds the firm.'])
    await stubOf(firm).wake()
    expect(await stands()).not.toContain('Quintanilla')
    expect(await reason()).toBe('Quintanilla is away')
    expect((await api('POST', firm, 'resume')).status).toBe(200)
    expect(await stands()).not.toContain('still')
  })
})

describe('a docket that was set back', () => {
  it('is held as soon as it wakes, and looks for what it may have done', async () => {
    const connection = await newConnection('back1')
    const making = {
      endpoints: { website: { source: 'form' } },
      rules: [
        {
          name: 'make',
          on: { type: 'form.submitted' },
          steps: { client: { ...client, upsert: undefined, match: undefined, create: 'contacts' } },
        },
      ],
    }
    expect((await api('PUT', 'back', 'config', await document(making, connection))).status).toBe(200)
    expect((await send('back', 9)).status).toBe(202)
    await eventually(async () => expect((await statsOf('back')).counts.done).toBe(1))
    // As it was before anything was carried out: the record is in Clio, and the docket does not know.
    await runInDurableObject(stubOf('back'), (_, { storage }) => {
      storage.sql.exec('delete from attempts')
      storage.sql.exec('delete from steps')
      storage.sql.exec("update runs set state = 'accepted', phase = 'plan', finished_at = null, ready = null")
      storage.sql.exec("delete from meta where key = 'reports'")
    })
    await registryOf(env).report({
      firm: 'back',
      open: 0,
      parked: 0,
      held: 0,
      connection,
      lastEventAt: null,
      nextWake: null,
      visited: true,
      keys: null,
      unfit: null,
      figures: null,
      reports: 50,
    })
    await runInDurableObject(stubOf('back'), (_, ctx) => ctx.abort('set back')).catch(() => {})
    await eventually(async () => {
      await stubOf('back').wake()
      expect((await statsOf('back')).connection).toMatchObject({ state: 'held', code: 'restored' })
    })
    expect(await named(connection, 'Quintanilla9')).toBe(1)
    expect((await api('POST', 'back', 'resume')).status).toBe(200)
    await carriedOut('back', 1)
    expect(await named(connection, 'Quintanilla9')).toBe(1)
  })
})

describe('what another tool made', () => {
  const bookings = {
    rules: [
      {
        name: 'booked',
        on: { type: 'booking.created' },
        steps: {
          meeting: {
            create: 'calendar_entries',
            link: 'meeting',
            with: { summary: 'x', start_at: '2026-12-01T10:00:00Z', end_at: '2026-12-01T11:00:00Z', calendar_owner: 1 },
          },
        },
      },
    ],
  }

  it('is checked against the rules, all or none', async () => {
    const partner = { source: 'standard-webhooks', secret: '$PARTNER' }
    expect(
      (await api('PUT', 'linked', 'config', await document({ ...bookings, endpoints: { desk: partner } }))).status,
    ).toBe(200)
    const good = { endpoint: 'desk', subject: 'booking-1', link: 'meeting', resource: 'calendar_entries', id: 991 }
    const refused = await api('POST', 'linked', 'links', {
      links: [
        good,
        { ...good, endpoint: 'desc' },
        { ...good, link: 'meting' },
        { ...good, resource: 'contacts' },
        { ...good, id: '9/9' },
      ],
    })
    expect(refused.status).toBe(422)
    expect((await problemOf(refused)).errors?.map(({ path }) => path)).toEqual([
      'links[1].endpoint',
      'links[2].link',
      'links[3].resource',
      'links[4].id',
    ])
    const rows = () =>
      runInDurableObject(stubOf('linked'), (_, { storage }) =>
        storage.sql.exec('select resource, record, made from links').toArray(),
      )
    expect(await rows()).toEqual([])
    expect(await (await api('POST', 'linked', 'links', { links: [good] })).json()).toEqual({ links: 1 })
    expect(await rows()).toEqual([{ resource: 'calendar_entries', record: '991', made: 1 }])
  })
})
