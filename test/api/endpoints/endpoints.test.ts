import { beforeAll, describe, expect, it } from 'vitest'
import type { Addressed } from '../../../src/api/endpoints/addresses.ts'
import type { AuditEntry } from '../../../src/model/access.ts'
import type { CaughtView, RunView } from '../../../src/model/docket-rpc.ts'
import type { EndpointView } from '../../../src/model/view/endpoint.ts'
import { eventually } from '../../eventually.ts'
import { document, newConnection, operator, problemOf } from '../app.ts'

const { call, stranger } = operator()
const firm = 'doors'
const at = (path: string) => `/api/firms/${firm}/${path}`

const connection = newConnection()
const configuration = async (rules: object[] = []) =>
  document(
    {
      endpoints: {
        website: { source: 'form' },
        tally: { source: 'tally', secret: '$TALLY_SECRET' },
        jotform: { source: 'jotform', secret: ['$JOT', '$JOT_OLD'] },
        intake: { source: 'email' },
        weekly: { source: 'schedule', cron: '0 9 * * 1' },
        office: {
          source: 'google-calendar',
          secret: '$CHANNEL',
          connection: '5a1d7c1e-6a0e-4f5c-9d4e-0f6f1a2b3c4d',
          url: `https://docketed.example/in/${firm}/office`,
        },
      },
      rules,
    },
    await connection,
  )

beforeAll(async () => {
  expect((await call('PUT', at('config'), await configuration())).status).toBe(200)
  expect((await call('PUT', at('secrets/JOT'), 'a-secret-that-nobody-guesses')).status).toBe(204)
})

type Shown = EndpointView & Addressed

async function shown(name: string): Promise<Shown> {
  const answer = await call('GET', at('endpoints'))
  expect(answer.status).toBe(200)
  const { endpoints } = (await answer.json()) as { endpoints: Shown[] }
  return endpoints.find(one => one.name === name)!
}

async function submit(fields: Record<string, string>, endpoint = 'website', key = crypto.randomUUID()) {
  const headers = { 'content-type': 'application/x-www-form-urlencoded', 'idempotency-key': key }
  const answer = await stranger('POST', `/in/${firm}/${endpoint}`, headers, new URLSearchParams(fields).toString())
  expect(answer.status).toBe(202)
  return (await answer.json()) as { run: string; duplicate: boolean }
}

const runOf = async (id: string, query = '') => (await call('GET', at(`runs/${id}${query}`))).json() as Promise<RunView>
const reaches = (id: string, state: RunView['state']) =>
  eventually(async () => expect((await runOf(id)).state).toBe(state))

const caught = async (query = '', name = 'website') =>
  (await call('GET', at(`endpoints/${name}/caught${query}`))).json() as Promise<CaughtView>

describe('the list of endpoints', () => {
  it('says of each the address to copy and what proves a request', async () => {
    const { url, path, source, verifiedBy, keyedBy, types } = await shown('tally')
    expect({ url, path, source }).toEqual({
      url: `http://localhost/in/${firm}/tally`,
      path: `/in/${firm}/tally`,
      source: 'tally',
    })
    expect([verifiedBy, keyedBy, types].every(one => one.length > 0)).toBe(true)
  })

  it('says where nothing is sent to, and where the secret goes into the address', async () => {
    expect((await shown('weekly')).url).toBeNull()
    const mail = await shown('intake')
    expect([mail.url, mail.hints.join()]).toEqual([null, expect.stringContaining(`${firm}.intake@`)])
    expect((await shown('jotform')).hints.join()).toContain(`/in/${firm}/jotform/{secret}`)
    expect((await shown('tally')).hints).toEqual([])
  })

  it('names each secret, set or missing, and never a value', async () => {
    const text = await (await call('GET', at('endpoints'))).text()
    expect(text).not.toContain('a-secret-that-nobody-guesses')
    expect((await shown('jotform')).secrets).toEqual([
      { name: 'JOT', state: 'set' },
      { name: 'JOT_OLD', state: 'missing' },
    ])
    const { secrets, faults } = await shown('tally')
    expect([secrets, faults]).toEqual([[{ name: 'TALLY_SECRET', state: 'missing' }], ['TALLY_SECRET is not set']])
    expect((await shown('website')).secrets).toEqual([])
  })

  it('and lists them by name and date, with the places that name them', async () => {
    const answer = await call('GET', at('secrets'))
    expect(await answer.json()).toMatchObject({
      secrets: [
        { name: 'CHANNEL', storedAt: null, usedAt: ['endpoints.office.secret'] },
        { name: 'JOT', storedAt: expect.stringMatching(/Z$/), usedAt: ['endpoints.jotform.secret[0]'] },
        { name: 'JOT_OLD', storedAt: null },
        { name: 'TALLY_SECRET', storedAt: null },
      ],
    })
  })

  it('tells of the last delivery, and how many there were today', async () => {
    const before = await shown('website')
    const { run } = await submit({ a: 'last' })
    await reaches(run, 'ignored')
    const after = await shown('website')
    expect(after.lastDelivery).toEqual({ at: expect.any(String), run, state: 'ignored', reasonCode: 'no-rule' })
    expect((after.today.ignored ?? 0) - (before.today.ignored ?? 0)).toBe(1)
    expect((await shown('tally')).lastDelivery).toBeNull()
  })

  it('does not take a replay for a delivery', async () => {
    const { run } = await submit({ a: 'replayed' })
    await reaches(run, 'ignored')
    expect((await call('POST', at(`runs/${run}/replay`))).status).toBe(202)
    expect((await shown('website')).lastDelivery?.run).toBe(run)
  })

  it('says what was refused at the door, and why', async () => {
    for (let n = 0; n < 2; n++)
      expect((await stranger('POST', `/in/${firm}/jotform/wrong`, {}, 'a=1')).status).toBe(401)
    await eventually(async () => expect((await shown('jotform')).refused.length).toBeGreaterThan(0))
    const [refused] = (await shown('jotform')).refused
    expect(refused).toMatchObject({ code: 'secret', why: expect.stringContaining('secret') })
    expect((await shown('website')).refused).toEqual([])
  })

  it('says of a calendar that its provider is not subscribed to, why, and when that is tried again', async () => {
    await eventually(async () => expect((await shown('office')).subscriptions[0]?.tries).toBeGreaterThan(0))
    const [standing] = (await shown('office')).subscriptions
    expect(standing).toMatchObject({
      until: null,
      nextTryAt: expect.any(String),
      why: expect.stringContaining('CHANNEL is not set'),
    })
  })
})

describe('the next delivery', () => {
  const rule = {
    name: 'look',
    on: { endpoint: 'website', type: 'form.submitted' },
    steps: { stop: { park: 'A rule ran' } },
  }

  it('is kept and runs no rule, once; the sender gets its receipt, and the next but one runs as ever', async () => {
    expect((await call('PUT', at('config'), await configuration([rule]))).status).toBe(200)
    const armed = await call('POST', at('endpoints/website/catch'), { minutes: 5 })
    const { catching } = (await armed.json()) as { catching: { until: string; by: string } }
    expect(catching.by).toBe('vendor')
    expect(Date.parse(catching.until) - Date.now()).toBeLessThanOrEqual(5 * 60_000)
    expect((await shown('website')).catching).toEqual(catching)

    const { run } = await submit({ first_name: 'Ada', 'Your e-mail': 'ada@mail.example', kind: 'odd' })
    expect(await runOf(run)).toMatchObject({ state: 'parked', reasonCode: 'caught', steps: [] })
    expect(await shown('website')).toMatchObject({ catching: null, caught: { run } })
    const next = await submit({ first_name: 'Bea' })
    await reaches(next.run, 'parked')
    expect((await runOf(next.run)).reasonCode).toBe('by-rule')
  })

  it('shows each value with the expression to write, masked until somebody asks, who stands in the audit', async () => {
    const { run, fields } = await caught()
    const text = JSON.stringify(await caught())
    for (const said of ['Ada', 'ada@mail.example', 'odd']) expect(text).not.toContain(said)
    expect(fields.find(one => one.expression === 'person.email')).toEqual({
      expression: 'person.email',
      value: '‹text, 16›',
      from: 'Your e-mail',
    })
    const revealed = await caught('?reveal=1')
    expect(revealed.fields).toEqual(
      expect.arrayContaining([
        { expression: 'person.email', value: 'ada@mail.example', from: 'Your e-mail' },
        { expression: 'fields.your_e_mail', value: 'ada@mail.example', takenFor: 'person.email' },
        { expression: 'fields.kind', value: 'odd' },
      ]),
    )
    const { entries } = (await (await call('GET', at('audit?limit=1'))).json()) as { entries: AuditEntry[] }
    expect(entries).toEqual([{ at: expect.any(String), actor: 'vendor', action: 'run.revealed', run: run!.id }])
  })

  it('goes through the rules of now when it is resumed: nothing was lost', async () => {
    const { run } = await caught()
    const steps = { stop: { park: 'Written after it was caught' } }
    expect((await call('PUT', at('config'), await configuration([{ ...rule, steps }]))).status).toBe(200)
    expect((await call('POST', at(`runs/${run!.id}/resume`))).status).toBe(200)
    await eventually(async () => expect((await runOf(run!.id, '?reveal=1')).reason).toBe('Written after it was caught'))
  })

  it('is not one that came before: a redelivery is answered with its first receipt', async () => {
    const first = await submit({ a: 'again' }, 'website', 'the-same')
    await call('POST', at('endpoints/website/catch'))
    expect(await submit({ a: 'again' }, 'website', 'the-same')).toMatchObject({ run: first.run, duplicate: true })
    expect((await shown('website')).catching).not.toBeNull()
  })

  it('runs as ever when whoever asked asks no more', async () => {
    const gone = await call('DELETE', at('endpoints/website/catch'))
    expect(await gone.json()).toEqual({ catching: null })
    const { run } = await submit({ a: 'not caught' })
    await reaches(run, 'parked')
    expect((await runOf(run)).reasonCode).toBe('by-rule')
  })

  it('is caught of the endpoint that was named, and of no other', async () => {
    await call('POST', at('endpoints/jotform/catch'))
    const { run } = await submit({ a: 'elsewhere' })
    await reaches(run, 'parked')
    expect((await runOf(run)).reasonCode).toBe('by-rule')
    expect(await caught('', 'jotform')).toMatchObject({ run: null, fields: [] })
  })

  it('of an endpoint that there is not is refused with the nearest', async () => {
    const refused = await call('POST', at('endpoints/websit/catch'))
    expect([refused.status, (await problemOf(refused)).detail]).toEqual([404, expect.stringContaining("'website'")])
  })
})
