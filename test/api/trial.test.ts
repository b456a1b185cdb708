import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import type { TestPreviewed, TestSent } from '../../src/api/endpoints/trial.ts'
import type { Json, JsonObject } from '../../src/lib/json.ts'
import type { AuditEntry } from '../../src/model/access.ts'
import type { RunView } from '../../src/model/docket-rpc.ts'
import { sources } from '../../src/sources/index.ts'
import { cases, optionsOf, secretsOf, sourceOf } from '../sources/cases.ts'
import { document, operator, problemOf } from './app.ts'

const { call } = operator()
const samples: Record<string, JsonObject> = await (await env.ASSETS.fetch('https://assets.invalid/samples.json')).json()

let firms = 0
/** A firm whose only endpoint is of a source, with its secret stored. */
async function firmOf(source: string, { stored = true, options = {} as Record<string, Json> } = {}): Promise<string> {
  const firm = `trial-${++firms}`
  const one = cases.find(each => sourceOf(each) === source)
  const own = source === 'form' ? {} : { secret: '$SECRET', ...(one && source !== 'webhook' && optionsOf(one)) }
  const configured = await document({ endpoints: { door: { ...own, ...options, source } } })
  expect((await call('PUT', `/api/firms/${firm}/config`, configured)).status).toBe(200)
  const [secret] = one ? secretsOf(one) : ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw']
  if (stored) expect((await call('PUT', `/api/firms/${firm}/secrets/SECRET`, secret)).status).toBe(204)
  return firm
}
const send = (firm: string, body: object = { live: true }) =>
  call('POST', `/api/firms/${firm}/endpoints/door/test`, body)

describe('a test of an endpoint', () => {
  it.each(Object.keys(samples).filter(name => !('instead' in samples[name]!)))(
    'comes through the door of %s, signed with the firm’s own secret, each time anew',
    async source => {
      const firm = await firmOf(source)
      const runs: (string | null)[] = []
      for (let n = 0; n < 2; n++) {
        const { sent, status, run, answer } = (await (await send(firm)).json()) as TestSent
        expect([sent, status < 400], JSON.stringify(answer)).toEqual([true, true])
        runs.push(run)
      }
      const list = (await (await call('GET', `/api/firms/${firm}/runs`)).json()) as { runs: RunView[] }
      expect(list.runs.length, 'two runs').toBe(2)
      expect(list.runs.every(one => one.endpoint === 'door')).toBe(true)
    },
  )

  it('is previewed and not sent where it would make records in a real Clio, unless somebody says so', async () => {
    const firm = await firmOf('tally')
    const { sent, why, preview } = (await (await send(firm, {})).json()) as TestPreviewed
    expect([sent, why]).toEqual([false, expect.stringContaining('Nothing was sent')])
    expect(preview).toMatchObject({ state: 'ignored', events: [{ event: { source: 'tally' } }] })
    const { runs } = (await (await call('GET', `/api/firms/${firm}/runs`)).json()) as { runs: [] }
    expect(runs).toEqual([])
  })

  it('stands in the audit when it was sent', async () => {
    const firm = await firmOf('form')
    await send(firm)
    const { entries } = (await (await call('GET', `/api/firms/${firm}/audit?limit=1`)).json()) as {
      entries: AuditEntry[]
    }
    expect(entries).toEqual([{ at: expect.any(String), actor: 'vendor', action: 'endpoint.tested', detail: 'door' }])
  })

  it('tells what the door answered when it is refused', async () => {
    const firm = await firmOf('tally')
    const { status, answer, run } = (await (await send(firm, { live: true, body: '[]' })).json()) as TestSent
    expect([status, run, answer]).toEqual([400, null, expect.objectContaining({ title: expect.any(String) })])
  })

  it('comes from one of the pages that the form is on', async () => {
    const firm = await firmOf('form', { options: { origins: ['https://smith.example'] } })
    expect(await (await send(firm)).json()).toMatchObject({ status: 202 })
  })

  it('cannot be sent to one whose secret is not set', async () => {
    const refused = await send(await firmOf('tally', { stored: false }))
    expect([refused.status, (await problemOf(refused)).detail]).toEqual([
      422,
      expect.stringContaining('SECRET is not set'),
    ])
  })

  it('cannot be sent to one that only mail reaches', async () => {
    const configured = await document({ endpoints: { door: { source: 'email' } } })
    expect((await call('PUT', '/api/firms/trial-mail/config', configured)).status).toBe(200)
    expect((await problemOf(await send('trial-mail'))).detail).toContain('Send a mail')
  })

  it('is there for every source, or it is said why none can be sent', async () => {
    expect(Object.keys(samples).sort()).toEqual([...sources.keys()].sort())
  })
})
