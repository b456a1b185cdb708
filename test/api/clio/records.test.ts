import { beforeAll, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../src/lib/json.ts'
import type { Asked, Preview, RunSummary, RunView } from '../../../src/model/docket-rpc.ts'
import { document, operator, problemOf } from '../app.ts'

const { call, stranger } = operator()
const firm = 'asker'
const at = (path: string) => `/api/firms/${firm}/${path}`
const sandbox = 'http://sandbox.example'
const tokens: Record<string, string> = {}

const task = (name: string): JsonObject => ({ name, assignee: 'intake@smith.example', due_at: "{{ date('+1 day') }}" })
const write = (name: string, idempotencyKey: string) => ({
  verb: 'create',
  resource: 'tasks',
  with: task(name),
  idempotencyKey,
})

const as = (who: string, method: string, path: string, body?: object) =>
  stranger(method, at(path), { authorization: `Bearer ${tokens[who]}` }, body && JSON.stringify(body))

/** The run, once nothing moves it any more. */
async function settled(id: string): Promise<RunView> {
  for (let turn = 0; turn < 200; turn++) {
    const run = (await (await call('GET', at(`runs/${id}?reveal=1`))).json()) as RunView
    if (['done', 'parked', 'discarded', 'ignored'].includes(run.state)) return run
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  throw new Error(`Run ${id} does not come to rest.`)
}

const asked = async (answer: Response): Promise<Asked> => {
  expect(answer.status).toBe(202)
  return (await answer.json()) as Asked
}

/** Names of the tasks that stand in Clio and begin like this. */
async function tasks(beginning: string): Promise<string[]> {
  const answer = await call('GET', at('clio/tasks?fields=id,name&limit=200'))
  const { data } = (await answer.json()) as { data: JsonObject[] }
  return data.map(({ name }) => String(name)).filter(name => name.startsWith(beginning))
}

beforeAll(async () => {
  const made = await fetch(`${sandbox}/_sandbox/connections`, { method: 'POST', body: '{"account":"asker"}' })
  const { connection_id } = (await made.json()) as { connection_id: string }
  expect((await call('PUT', at('config'), await document({}, connection_id))).status).toBe(200)
  const seats = [
    { name: 'viewer', role: 'viewer' },
    { name: 'person', role: 'operator' },
    { name: 'read', role: 'operator', agent: 'read' },
    { name: 'propose', role: 'operator', agent: 'propose' },
    { name: 'write', role: 'admin', agent: 'write' },
  ]
  for (const seat of seats) {
    const answer = await call('POST', at('tokens'), seat)
    tokens[seat.name] = ((await answer.json()) as { token: string }).token
  }
})

describe('a write that is asked for', () => {
  it('is a run that makes one record, however often it is asked for with its key', async () => {
    const first = await asked(await as('person', 'POST', 'records', write('Once', 'once-1')))
    const run = await settled(first.id)
    expect(run).toMatchObject({ state: 'done', endpoint: 'agents', type: 'record.asked' })
    expect(run.steps).toMatchObject([{ path: 'asked/create', state: 'done', output: { resource: 'tasks' } }])
    const again = await asked(await as('person', 'POST', 'records', write('Once', 'once-1')))
    expect(again).toMatchObject({ id: first.id, duplicate: true, state: 'done' })
    expect(await tasks('Once')).toEqual(['Once'])
  })

  it('is refused with the key of another one', async () => {
    await asked(await as('person', 'POST', 'records', write('Mine', 'mine')))
    const answer = await as('person', 'POST', 'records', write('Yours', 'mine'))
    expect([answer.status, (await problemOf(answer)).type]).toEqual([422, 'urn:docketed:problem:idempotency-conflict'])
  })

  it('is taken back by its undo', async () => {
    const { id } = await asked(await as('person', 'POST', 'records', write('Gone again', 'gone')))
    await settled(id)
    expect(await tasks('Gone again')).toHaveLength(1)
    const undo = (await (await as('person', 'POST', `runs/${id}/undo`)).json()) as RunSummary
    expect((await settled(undo.id)).state).toBe('done')
    expect(await tasks('Gone again')).toEqual([])
  })

  it('changes and deletes a record by its id', async () => {
    const made = await settled((await asked(await as('person', 'POST', 'records', write('Change me', 'c1')))).id)
    const id = (made.steps[0]!.output as JsonObject).id as number
    const change = { verb: 'update', resource: 'tasks', id, with: { name: 'Change made' }, idempotencyKey: 'c2' }
    expect((await settled((await asked(await as('person', 'POST', 'records', change))).id)).state).toBe('done')
    expect(await tasks('Change')).toEqual(['Change made'])
    const away = { verb: 'delete', resource: 'tasks', id, idempotencyKey: 'c3' }
    expect((await settled((await asked(await as('person', 'POST', 'records', away))).id)).state).toBe('done')
    expect(await tasks('Change')).toEqual([])
  })

  it('finds the record that is there, or makes one', async () => {
    const person = {
      type: 'Person',
      first_name: 'Pat',
      last_name: 'Found',
      email_addresses: [{ name: 'Work', address: 'pat.found@mail.example' }],
    }
    const upsert = { verb: 'upsert', resource: 'contacts', match: ['email_addresses'], with: person }
    const outputs: JsonObject[] = []
    for (const idempotencyKey of ['u1', 'u2']) {
      const { id } = await asked(await as('person', 'POST', 'records', { ...upsert, idempotencyKey }))
      outputs.push((await settled(id)).steps[0]!.output as JsonObject)
    }
    expect(outputs).toMatchObject([{ created: true }, { created: false, id: outputs[0]!.id }])
    // Found, and so erased too, by whom they are about.
    const found = await as('person', 'GET', 'runs?q=pat.found%40mail.example')
    expect(((await found.json()) as { runs: RunSummary[] }).runs).toHaveLength(2)
  })

  it('goes on with what a person corrects', async () => {
    const wrong = { ...write('Corrected', 'cor'), with: { name: 'Corrected', assignee: 'Nobody Known' } }
    const { id } = await asked(await as('person', 'POST', 'records', wrong))
    expect(await settled(id)).toMatchObject({ state: 'parked', reasonCode: 'unknown-name' })
    const answers = { assignee: 'intake@smith.example' }
    expect((await as('person', 'POST', `runs/${id}/resume`, { answers })).status).toBe(200)
    expect((await settled(id)).state).toBe('done')
  })

  it.each([
    ['an unknown resource', { verb: 'create', resource: 'taks', with: {} }, 'create', "did you mean 'tasks'"],
    ['an unknown key', { verb: 'create', resource: 'tasks', with: { ...task('x'), titel: 'x' } }, 'with.titel', ''],
    ['no assignee', { verb: 'create', resource: 'tasks', with: { name: 'x' } }, 'with.assignee', 'is missing'],
    ['an update without id', { verb: 'update', resource: 'tasks', with: { name: 'x' } }, 'id', 'is missing'],
    ['a delete with values', { verb: 'delete', resource: 'tasks', id: 7, with: { name: 'x' } }, 'with', 'delete'],
    ['a broken expression', { verb: 'create', resource: 'tasks', with: task('{{ nobody( }}') }, 'with.name', ''],
  ])('is refused before it is a run: %s', async (_, body, path, words) => {
    const answer = await as('person', 'POST', 'records', { ...body, idempotencyKey: 'never' })
    expect(answer.status).toBe(422)
    expect((await problemOf(answer)).errors?.[0]).toMatchObject({ path, message: expect.stringContaining(words) })
  })

  it('wants a key', async () => {
    const { idempotencyKey: _, ...bare } = write('x', 'x')
    expect((await as('person', 'POST', 'records', bare)).status).toBe(400)
  })

  it('is previewed without a key, and makes nothing', async () => {
    const { idempotencyKey: _, ...bare } = write('Only seen', 'x')
    const seen = (await (await as('person', 'POST', 'preview', { write: bare })).json()) as Preview
    expect(seen).toMatchObject({ state: 'done', calls: [{ method: 'POST', path: 'tasks' }] })
    expect(await tasks('Only seen')).toEqual([])
  })

  it('is previewed anew from its run, and from no write that would be refused', async () => {
    const { id } = await asked(await as('person', 'POST', 'records', write('Seen again', 'again')))
    const seen = (await (await as('person', 'POST', 'preview', { run: id })).json()) as Preview
    expect(seen.calls).toMatchObject([{ method: 'POST', path: 'tasks' }])
    expect((await as('person', 'POST', 'preview', { write: { verb: 'create', resource: 'taks' } })).status).toBe(422)
  })

  it('is refused to a viewer', async () => {
    expect((await as('viewer', 'POST', 'records', write('x', 'v'))).status).toBe(403)
  })

  it('stands under a name that no endpoint can have', async () => {
    const answer = await call('PUT', at('config'), await document({ endpoints: { agents: { source: 'form' } } }))
    expect((await problemOf(answer)).errors?.[0]?.path).toBe('endpoints.agents')
  })
})

describe('an agent’s token', () => {
  it('that only reads writes nothing', async () => {
    expect((await as('read', 'POST', 'records', write('x', 'r'))).status).toBe(403)
    expect((await as('read', 'GET', 'runs')).status).toBe(200)
  })

  it('that proposes has its write wait for a person, and may not agree itself', async () => {
    const { id } = await asked(await as('propose', 'POST', 'records', write('Proposed', 'p1')))
    const parked = await settled(id)
    expect(parked).toMatchObject({ state: 'parked', reasonCode: 'asked' })
    expect(parked.reason).toContain('create a record of tasks')
    expect(await tasks('Proposed')).toEqual([])
    for (const agent of ['propose', 'write'])
      expect((await as(agent, 'POST', `runs/${id}/resume`)).status, agent).toBe(403)
    expect((await as('person', 'POST', `runs/${id}/resume`)).status).toBe(200)
    expect((await settled(id)).state).toBe('done')
    expect(await tasks('Proposed')).toEqual(['Proposed'])
  })

  it('that proposes may withdraw what it proposed', async () => {
    const { id } = await asked(await as('propose', 'POST', 'records', write('Withdrawn', 'p2')))
    await settled(id)
    expect((await as('propose', 'POST', `runs/${id}/discard`)).status).toBe(200)
  })

  it('that writes has deletes and undos wait for a person', async () => {
    const { id } = await asked(await as('write', 'POST', 'records', write('By an agent', 'w1')))
    const made = await settled(id)
    expect(made.state).toBe('done')
    const record = (made.steps[0]!.output as JsonObject).id as number
    const away = { verb: 'delete', resource: 'tasks', id: record, idempotencyKey: 'w2' }
    const wish = await asked(await as('write', 'POST', 'records', away))
    expect(await settled(wish.id)).toMatchObject({ state: 'parked', reasonCode: 'asked' })

    const within = { phone_numbers: [{ id: 7, _destroy: true }] }
    const part = { verb: 'update', resource: 'contacts', id: 7, with: within, idempotencyKey: 'w3' }
    const inner = await settled((await asked(await as('write', 'POST', 'records', part))).id)
    expect(inner).toMatchObject({ state: 'parked', reasonCode: 'asked' })

    const undo = (await (await as('write', 'POST', `runs/${id}/undo`)).json()) as RunSummary
    expect(await settled(undo.id)).toMatchObject({ state: 'parked', reasonCode: 'asked' })
    expect(await tasks('By an agent')).toHaveLength(1)
    expect((await as('person', 'POST', `runs/${undo.id}/resume`)).status).toBe(200)
    const agreed = await settled(undo.id)
    expect(agreed.state).toBe('done')
    await settled((agreed.steps[0]!.output as { undo: string }).undo)
    expect(await tasks('By an agent')).toEqual([])
  })

  it('makes no call that is a person’s, whatever its role', async () => {
    const config = await as('write', 'PUT', 'config', {})
    expect([config.status, (await problemOf(config)).type]).toEqual([403, 'urn:docketed:problem:person-needed'])
    for (const path of ['config', 'tokens', 'export']) expect((await as('write', 'GET', path)).status, path).toBe(403)
    expect((await as('write', 'POST', 'tokens', { name: 'x', role: 'admin' })).status).toBe(403)
    expect((await as('write', 'POST', 'runs/resume', { code: 'asked' })).status).toBe(403)
  })
})
