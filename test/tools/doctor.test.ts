import { describe, expect, it } from 'vitest'
import type { Behaviour } from '../../src/sandbox/clio/quirk.ts'
import { firstConnection } from '../../src/sandbox/maton/connections.ts'
import { createApp } from '../../src/sandbox/run/app.ts'
import { createSandbox } from '../../src/sandbox/sandbox.ts'
import { reads, writes } from '../../src/tools/doctor/assumptions.ts'
import { type } from './vendor.ts'

/** The doctor on the sandbox: where all holds, and where one thing differs. */

async function visit(behaviour: Partial<Behaviour>, line = 'doctor --write') {
  let now = Date.parse('2026-11-26T12:00:00Z')
  const sandbox = createSandbox({ behaviour, now: () => now, limit: { requests: 1000, seconds: 60 } })
  const app = createApp(sandbox)
  const count = () => Object.fromEntries(Object.entries(sandbox.records()).map(([name, rows]) => [name, rows.length]))
  const before = count()
  const ended = await type(
    { fetch: async (input, init) => app.request(input as string, init as RequestInit) },
    `${line} --json --gateway https://sandbox.example/clio ${firstConnection}`,
    {
      env: { MATON_API_KEY: sandbox.key },
      now: () => now,
      sleep: async ms => {
        now += ms
      },
    },
  )
  const { findings, left } = JSON.parse(ended.said) as {
    findings: { name: string; outcome: string; found: string | null }[]
    left: string[]
  }
  // A document that was removed lies in the trash.
  const { documents: _, ...after } = count()
  const methods = new Set(sandbox.ledger.entries.map(({ method }) => method))
  return { ...ended, findings, left, before, after, methods }
}

describe('docketed doctor', () => {
  it('finds that all holds in the sandbox, and leaves nothing behind', async () => {
    const { code, findings, left, before, after } = await visit({})
    expect(findings.filter(({ outcome }) => outcome !== 'holds')).toEqual([])
    expect(findings.map(({ name }) => name)).toEqual([...reads, ...writes].map(({ name }) => name))
    expect({ code, left, after }).toEqual({ code: 0, left: [], after: before })
  })

  it('only reads, unless it is told to write', async () => {
    const { code, findings, methods } = await visit({}, 'doctor')
    expect(findings.map(({ name }) => name)).toEqual(reads.map(({ name }) => name))
    expect({ code, methods }).toEqual({ code: 0, methods: new Set(['GET']) })
  })

  const differences: Record<string, Partial<Behaviour>> = {
    'rate-headers': { otherwise: ['no-rate-headers'] },
    'page-links': { otherwise: ['no-page-token'] },
    'missing-record': { otherwise: ['plain-404'] },
    'unknown-fields': { otherwise: ['unknown-fields-ignored'] },
    'unknown-query': { otherwise: ['unknown-query-refused'] },
    texts: { rewrites: ['entities'] },
    'phone-numbers': { rewrites: ['phones'] },
    'unknown-keys': { otherwise: ['unknown-keys-refused'] },
    lists: { otherwise: ['lists-replaced'] },
    'if-match': { otherwise: ['no-if-match'] },
    'late-list': { listDelay: 60_000 },
    'late-search': { indexDelay: 40_000 },
    'all-day': { otherwise: ['all-day-shortened'] },
    'entry-with-matter': { refuseCalendarMatter: true },
    'put-url-again': { otherwise: ['put-url-once'] },
  }

  it('is tried on a difference of each', () => {
    expect(Object.keys(differences)).toEqual([...reads, ...writes].map(({ name }) => name))
  })

  it.each(Object.entries(differences))('finds out that %s differs', async (name, behaviour) => {
    const { code, findings, left } = await visit(behaviour)
    const found = findings.find(one => one.name === name)
    expect(found).toMatchObject({ outcome: 'differs', found: expect.any(String) })
    // A search is a list, too.
    const differing = name === 'late-list' ? [name, 'late-search'] : [name]
    expect(findings.filter(({ outcome }) => outcome !== 'holds').map(one => one.name)).toEqual(differing)
    expect({ code, left }).toEqual({ code: 1, left: [] })
  })

  it('says that Clio cannot be reached, without the key', async () => {
    const gone = { fetch: () => Promise.reject(new TypeError('fetch failed')) }
    const { code, noted } = await type(gone, `doctor ${firstConnection}`, { env: { MATON_API_KEY: 'a-key' } })
    expect({ code, noted }).toEqual({ code: 3, noted: expect.stringContaining('no answer') })
    expect(noted).not.toContain('a-key')
  })
})
