import { beforeAll, describe, expect, it } from 'vitest'
import type { AuditEntry } from '../../src/model/access.ts'
import type { ErasedPerson, RunSummary, RunView } from '../../src/model/docket-rpc.ts'
import { eventually } from '../eventually.ts'
import { document, operator, problemOf } from './app.ts'

/** Erasing and legal holds, as people ask for them. */

const { call, stranger } = operator()
const firm = 'keeping'
const at = (path: string) => `/api/firms/${firm}/${path}`
const run = async (id: string) => (await (await call('GET', at(`runs/${id}?reveal=1`))).json()) as RunView
const form = { 'content-type': 'application/x-www-form-urlencoded' }

/** Comes in at the door; the receipt. */
async function delivered(key: string, fields: Record<string, string>) {
  const headers = { ...form, 'idempotency-key': key }
  const answer = await stranger('POST', `/in/${firm}/website`, headers, new URLSearchParams(fields).toString())
  return (await answer.json()) as { run: string; duplicate: boolean }
}

async function submitted(key: string, fields: Record<string, string>, state: RunView['state']): Promise<string> {
  const { run: id } = await delivered(key, fields)
  await eventually(async () => expect((await run(id)).state).toBe(state))
  return id
}

const jane = { first_name: 'Jane', last_name: 'Marchbanks', email: 'jane@marchbanks.example', phone: '212-555-0143' }

beforeAll(async () => {
  const rule = {
    name: 'odd',
    on: { endpoint: 'website', type: 'form.submitted' },
    if: "fields.kind == 'odd'",
    steps: { stop: { park: 'Look' } },
  }
  expect((await call('PUT', at('config'), await document({ rules: [rule] }))).status).toBe(200)
})

describe('DELETE …/runs/{id}', () => {
  it('erases what the run says, which then says when; a redelivery is a duplicate', async () => {
    const id = await submitted('erased', { ...jane, message: 'A secret' }, 'ignored')
    expect((await run(id)).event?.message).toBe('A secret')
    const answer = await call('DELETE', at(`runs/${id}`))
    expect(answer.status).toBe(200)
    expect(await answer.json()).toMatchObject({ id, state: 'ignored', erased: [id] })
    const view = await run(id)
    expect([view.event, view.reasonCode, Date.parse(view.erasedAt!) > 0]).toEqual([null, 'no-rule', true])
    expect(JSON.stringify(view)).not.toMatch(/Marchbanks|secret/i)
    expect(await delivered('erased', { ...jane, message: 'A secret' })).toMatchObject({ run: id, duplicate: true })
    const { entries } = (await (await call('GET', at('audit?limit=3'))).json()) as { entries: AuditEntry[] }
    expect(entries).toContainEqual({ at: expect.any(String), actor: 'vendor', action: 'run.erased', run: id })
  })

  it('is refused while there is work to do', async () => {
    const id = await submitted('parked', { ...jane, kind: 'odd' }, 'parked')
    const answer = await call('DELETE', at(`runs/${id}`))
    expect([answer.status, (await problemOf(answer)).type]).toEqual([409, 'urn:docketed:problem:wrong-state'])
    expect((await call('DELETE', at('runs/nobody'))).status).toBe(404)
  })
})

describe('a legal hold', () => {
  it('is set and released, is shown, and forbids erasing', async () => {
    const id = await submitted('held', jane, 'ignored')
    expect((await run(id)).legalHold).toBeNull()
    expect((await call('POST', at(`runs/${id}/hold`))).status).toBe(200)
    expect((await run(id)).legalHold).toMatchObject({ on: 'run' })
    const refused = await problemOf(await call('DELETE', at(`runs/${id}`)))
    expect(refused.type).toBe('urn:docketed:problem:legal-hold')
    expect((await problemOf(await call('POST', at(`runs/${id}/hold`), { subject: true }))).type).toMatch(/no-subject$/)
    expect((await call('POST', at(`runs/${id}/release`))).status).toBe(200)
    expect((await problemOf(await call('POST', at(`runs/${id}/release`)))).type).toMatch(/no-hold$/)
    expect((await call('DELETE', at(`runs/${id}`))).status).toBe(200)
  })
})

describe('POST …/erase', () => {
  it('erases a person by an address or a number, and says what could not be', async () => {
    const [one, other] = [
      await submitted('p1', jane, 'ignored'),
      await submitted('p2', { phone: jane.phone }, 'ignored'),
    ]
    const byPhone = (await (await call('POST', at('erase'), { phone: '+12125550143' })).json()) as ErasedPerson
    expect(byPhone.erased).toEqual(expect.arrayContaining([one, other]))
    expect(byPhone.refused).toEqual([{ run: expect.any(String), why: expect.stringContaining('is parked') }])
    expect((await call('POST', at('erase'), { email: 'nobody' })).status).toBe(400)
    expect((await call('POST', at('erase'), { phone: 'nobody' })).status).toBe(422)
    expect((await call('POST', at('erase'), { ...jane })).status).toBe(400)
    expect(await (await call('POST', at('erase'), { email: 'x@x.example' })).json()).toMatchObject({
      erased: [],
      left: 0,
    })
  })
})

describe('GET …/runs?q=', () => {
  it('finds runs by whom they are about, with the other filters', async () => {
    const id = await submitted('found', { ...jane, last_name: 'Ó Searcaigh', email: 'S@x.example' }, 'ignored')
    const found = async (q: string) => {
      const { runs } = (await (await call('GET', at(`runs?${q}`))).json()) as { runs: RunSummary[] }
      return runs.map(one => one.id)
    }
    expect(await found('q=s%40X.example')).toEqual([id])
    expect(await found('q=o%20searcaigh')).toEqual([id])
    expect(await found('q=(212)%20555-0143&state=ignored')).toContain(id)
    expect(await found('q=o%20searcaigh&state=parked')).toEqual([])
    expect((await call('DELETE', at(`runs/${id}`))).status).toBe(200)
    expect(await found('q=s%40X.example')).toEqual([])
  })
})
