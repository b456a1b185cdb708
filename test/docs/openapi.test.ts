import { createConfig, lintFromString } from '@redocly/openapi-core'
import { describe, expect, it } from 'vitest'
import { routes } from '../../src/api/routes.ts'
import type { JsonObject } from '../../src/lib/json.ts'
import { conforming } from '../conform.ts'
import { described, keyOf, openapi } from './openapi/document.ts'
import { assetOf, assetsMade } from './openapi/openapi.ts'

/** The API is described whole, and the description holds. That answers are as it says, the tests of the API see: test/conform.ts. */

const text = assetOf('openapi.json')
const document = JSON.parse(text) as { paths: Record<string, Record<string, JsonObject>>; components: JsonObject }
const operations = Object.values(document.paths).flatMap(methods => Object.values(methods))

describe('src/assets/openapi.json', () => {
  it('is what `npm run docs` makes of the table of routes, and so is its page', () => {
    for (const [name, made] of Object.entries(assetsMade())) expect(assetOf(name) === made, name).toBe(true)
  })

  it('describes every call of the table, and no other', () => {
    expect(Object.keys(described).sort()).toEqual(routes.map(keyOf).sort())
  })

  it('cannot be made while a call is described nowhere', () => {
    const more = { ...routes[0]!, path: '/firms/:firm/forgotten' }
    expect(() => openapi([...routes, more])).toThrow('GET /firms/{firm}/forgotten')
  })

  it('gives every operation a name of its own', () => {
    const names = operations.map(({ operationId }) => operationId)
    expect(new Set(names).size).toBe(names.length)
  })

  it('has no shape that nobody uses', () => {
    const unused = Object.keys(document.components.schemas as JsonObject).filter(
      name => !text.includes(`"#/components/schemas/${name}"`),
    )
    expect(unused).toEqual([])
  })

  const lint = async (source: string) => {
    // What anybody may read is refused to nobody.
    const config = await createConfig({ extends: ['recommended'], rules: { 'operation-4xx-response': 'off' } })
    const found = await lintFromString({ source, config })
    return found.map(({ ruleId, location, message }) => `${ruleId} ${location[0]?.pointer}: ${message}`)
  }

  it('is without findings of a linter', async () => {
    expect(await lint(text)).toEqual([])
  })

  it('would not be with a reference to nothing', async () => {
    expect(await lint(text.replace('schemas/RunSummary"', 'schemas/Nothing"'))).not.toEqual([])
  })
})

describe('src/assets/openapi.html', () => {
  const page = assetOf('openapi.html')

  it('shows every operation and shape', () => {
    for (const { operationId } of operations) expect(page).toContain(`id="${operationId}"`)
    for (const name of Object.keys(document.components.schemas as JsonObject))
      expect(page).toContain(`id="shape-${name}"`)
  })

  it('takes nothing from elsewhere, and has no script and no style of its own', () => {
    expect(page).not.toMatch(/<script|<style|\sstyle=|(?:src|href)="(?:https?:)?\/\//)
  })

  it('links to what is there', () => {
    const links = [...page.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id!)
    expect(links.filter(id => !page.includes(`id="${id}"`))).toEqual([])
  })
})

describe('an answer that is not described', () => {
  const sent = { method: 'GET', path: '/api/firms/smith/runs?limit=5' }
  const json = (value: object, status = 200) =>
    new Response(JSON.stringify(value), {
      status,
      headers: { 'content-type': status < 400 ? 'application/json' : 'application/problem+json' },
    })
  const problem = (code: string, status: number) =>
    json({ type: `urn:docketed:problem:${code}`, title: 'No', status, detail: 'No.' }, status)

  it('is told from one that is', async () => {
    await expect(conforming(sent, json({ runs: [], cursor: null }))).resolves.toBeInstanceOf(Response)
    await expect(conforming(sent, problem('bad-query', 400))).resolves.toBeInstanceOf(Response)
  })

  it.each([
    ['a key too many', sent, json({ runs: [], cursor: null, total: 0 })],
    ['a key too few', sent, json({ runs: [] })],
    ['a value of another kind', sent, json({ runs: {}, cursor: null })],
    ['a shape inside that is not whole', sent, json({ runs: [{ id: 'run_1' }], cursor: null })],
    ['another status', sent, json({ runs: [], cursor: null }, 201)],
    ['a problem that the call does not have', sent, problem('unknown-run', 404)],
    ['a problem under another status', sent, problem('bad-query', 404)],
    ['another kind of content', sent, new Response('runs', { headers: { 'content-type': 'text/csv' } })],
    [
      'a query that it took unseen',
      { ...sent, path: '/api/firms/smith/runs?page=2' },
      json({ runs: [], cursor: null }),
    ],
    ['a call that is in no table', { method: 'GET', path: '/api/firms/smith/secrets' }, json({})],
    [
      'a body that it took unseen',
      { method: 'POST', path: '/api/firms/smith/runs/run_1/undo', body: '{"force":true}' },
      json({}, 202),
    ],
  ])('fails the test: %s', async (_, asked, answer) => {
    await expect(conforming(asked, answer)).rejects.toThrow('openapi.json')
  })
})
