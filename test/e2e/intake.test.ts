import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Json, JsonObject } from '../../src/lib/json.ts'
import { answers, api, configuration, configure, firm, runOf, runsOf } from './firm.ts'
import { boundless, type Runtime, startRuntime, until } from './runtime.ts'

/** The main job, end to end: a form on a website becomes a contact, a matter and a task in Clio. */

let runtime: Runtime
beforeAll(async () => {
  runtime = await startRuntime()
  await configure(runtime, configuration(boundless))
})
afterAll(() => runtime.close())

const records = (resource: string): JsonObject[] => runtime.sandbox.records()[resource] ?? []
const idOf = (resource: string, key: string, value: Json) =>
  records(resource).find(record => record[key] === value)!.id!

/** As a browser sends it. */
function submit(endpoint: string, fields: Record<string, string>): Promise<Response> {
  return fetch(`${runtime.url}/in/${firm}/${endpoint}`, {
    method: 'POST',
    headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8', origin: 'https://smith.example' },
    body: new URLSearchParams(fields),
    redirect: 'manual',
  })
}

/** The next day of work where the firm is, reckoned without a word of the Worker's code. */
function nextBusinessDay(accepted: string): string {
  const day = new Date(`${new Date(accepted).toLocaleDateString('sv', { timeZone: 'America/New_York' })}T12:00:00Z`)
  do day.setUTCDate(day.getUTCDate() + 1)
  while (day.getUTCDay() % 6 === 0)
  return day.toISOString().slice(0, 10)
}

it('takes a form from the browser to Clio: one contact, one matter linked to it, one task', async () => {
  const answer = await submit('website', answers(1))
  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-type')).toContain('text/html')
  expect(await answer.text()).toContain('Thank you')

  const [run] = await until(
    () => runsOf(runtime),
    ([first]) => first?.state === 'done',
  )
  const contacts = records('contacts').filter(({ last_name }) => last_name === 'Doe1')
  expect(contacts).toMatchObject([{ type: 'Person', first_name: 'Pat' }])
  expect(contacts[0]!.email_addresses).toMatchObject([{ name: 'Work', address: 'pat1@mail.example' }])

  const matters = records('matters').filter(({ description }) => description === 'Matter of Doe1')
  expect(matters).toMatchObject([
    { client: { id: contacts[0]!.id }, practice_area: { id: idOf('practice_areas', 'name', 'Family Law') } },
  ])
  // The custom field and the option of its list were written by their names; Clio wants the ids of both.
  const referral = records('custom_fields').find(({ name }) => name === 'Referral source') as JsonObject
  const google = (referral.picklist_options as JsonObject[]).find(({ option }) => option === 'Google')!
  const [value] = matters[0]!.custom_field_values as JsonObject[]
  expect(value).toMatchObject({ custom_field: { id: referral.id } })
  expect(String(value!.value)).toBe(String(google.id))

  const tasks = records('tasks').filter(({ name }) => name === 'Call Doe1')
  expect(tasks).toMatchObject([
    {
      matter: { id: matters[0]!.id },
      assignee: { id: idOf('users', 'email', 'intake@smith.example'), type: 'User' },
      description: 'Please call me, I am number 1.',
      priority: 'High',
      due_at: nextBusinessDay(run!.acceptedAt),
    },
  ])
})

it('shows the run to the operator: its steps, and every call with its outcome', async () => {
  const [{ id } = { id: '' }] = await runsOf(runtime)
  const run = await runOf(runtime, id)
  expect(run).toMatchObject({ state: 'done', endpoint: 'website', type: 'form.submitted', version: 1 })
  expect(run.steps.map(({ path, state }) => [path, state])).toEqual([
    ['new-client/client', 'done'],
    ['new-client/matter', 'done'],
    ['new-client/call', 'done'],
  ])
  const writes = run.steps.flatMap(({ attempts }) => attempts).filter(({ method }) => method === 'POST')
  expect(writes.map(({ path, outcome, status }) => [path, outcome, status])).toEqual([
    ['contacts', 'applied', 201],
    ['matters', 'applied', 201],
    ['tasks', 'applied', 201],
  ])
  for (const { record } of writes) expect(record).toMatch(/^\d+$/)
})

it("sends the browser on to the firm's own page of thanks with a 303", async () => {
  const answer = await submit('thankful', answers(2))
  expect(answer.status).toBe(303)
  expect(answer.headers.get('location')).toBe('https://smith.example/thanks')
})

it('tells what a form would do, and does nothing', async () => {
  await until(
    () => runsOf(runtime),
    runs => runs.length === 2 && runs.every(({ state }) => state === 'done'),
  )
  const calls = runtime.sandbox.ledger.entries.length
  const answer = await api(runtime, 'POST', 'preview', { endpoint: 'website', fields: answers(3) })
  expect(answer.status).toBe(200)
  const preview = (await answer.json()) as { rules: string[]; calls: { method: string; path: string }[] }
  expect(preview.rules).toEqual(['new-client'])
  expect(preview.calls.filter(({ method }) => method === 'POST').map(({ path }) => path)).toEqual([
    'contacts',
    'matters',
    'tasks',
  ])
  expect(runtime.sandbox.ledger.entries).toHaveLength(calls)
  expect(await runsOf(runtime)).toHaveLength(2)
})

it('asked Clio for nothing that it does not know, and never without the connection', () => {
  const { entries, unknown } = runtime.sandbox.ledger.view()
  expect(unknown).toEqual({ keys: 0, fields: 0, query: 0 })
  expect(entries.every(({ connection }) => connection !== null)).toBe(true)
  expect(entries.map(({ status }) => status).filter(status => status !== 200 && status !== 201)).toEqual([])
})
