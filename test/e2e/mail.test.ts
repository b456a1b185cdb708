import { afterAll, beforeAll, expect, it } from 'vitest'
import { eventually } from '../eventually.ts'
import { rawMail } from '../sources/mail/mails.ts'
import { api, configuration, configure, firm, runsOf } from './firm.ts'
import { boundless, type Runtime, startRuntime } from './runtime.ts'

/** Mail on the real local runtime, through its own e-mail handler: to records in Clio, once. */

let runtime: Runtime
beforeAll(async () => {
  runtime = await startRuntime()
  const document = configuration(boundless) as { endpoints: object; rules: { on: object }[] }
  await configure(runtime, {
    ...document,
    endpoints: { ...document.endpoints, leads: { source: 'email', senders: ['@service.example'] } },
    rules: [{ ...document.rules[0]!, on: { endpoint: 'leads', type: 'mail.received' } }],
  } as never)
})
afterAll(() => runtime.close())

const post = (raw: string, to: string) =>
  fetch(
    `${runtime.url}/cdn-cgi/handler/email?from=${encodeURIComponent('bounce@service.example')}&to=${encodeURIComponent(to)}`,
    {
      method: 'POST',
      body: raw,
    },
  )

const lead = (id: string, more: object = {}) =>
  rawMail({
    from: 'Leads <no-reply@service.example>',
    headers: { 'Message-ID': `<${id}@service.example>` },
    text: 'Name: Jane Roe\nEmail: jane@roe.example\nmatter_type: Family Law\nreferral: Google\nMessage: He took the children.',
    ...more,
  })

it('a lead becomes a contact, a matter and a task; the same mail again nothing', async () => {
  for (let times = 0; times < 3; times++) expect((await post(lead('a'), `${firm}.leads@in.example`)).status).toBe(200)
  await eventually(async () => {
    const runs = await runsOf(runtime)
    expect(runs.map(({ state, type }) => `${type} ${state}`)).toEqual(['mail.received done'])
  }, 200)
  const { id } = (await runsOf(runtime))[0]!
  const view = await (await api(runtime, 'GET', `runs/${id}?reveal=1`)).json()
  expect(view).toMatchObject({
    event: {
      person: { first_name: 'Jane', last_name: 'Roe', email: 'jane@roe.example' },
      message: 'He took the children.',
    },
    steps: [{ state: 'done' }, { state: 'done' }, { state: 'done' }],
  })
})

it('what nothing proves, and what is for nobody, makes no run', async () => {
  const before = (await runsOf(runtime)).length
  await post(lead('b', { proof: '' }), `${firm}.leads@in.example`)
  await post(lead('c'), 'nobody@in.example')
  await post(lead('d'), `${firm}.nothing@in.example`)
  expect((await runsOf(runtime)).length).toBe(before)
})
