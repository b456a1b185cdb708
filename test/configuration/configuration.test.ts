import { describe, expect, it } from 'vitest'
import { readConfiguration } from '../../src/configuration/configuration.ts'
import { storedConfiguration } from '../../src/configuration/stored.ts'
import type { Json } from '../../src/lib/json.ts'
import { type Change, changed, refusals } from '../change.ts'
import { example } from '../example.ts'
import { registry } from '../registry.ts'

const read = (text: string) => readConfiguration(text, registry)

describe('a configuration', () => {
  it('is accepted as the design shows it, with comments and trailing commas', () => {
    expect(read(example)).toMatchObject({
      ok: true,
      warnings: [{ path: 'endpoints.partner' }],
    })
  })

  it('comes back as plain JSON, steps in the written order', () => {
    const reading = read(example)
    if (!reading.ok) throw new Error('refused')
    const copy = JSON.parse(JSON.stringify(reading.document)) as Json
    expect(copy).toEqual(reading.document)
    expect(Object.getPrototypeOf(reading.document)).toBe(Object.prototype)
    const steps = Object.keys(reading.configuration.rules[0]!.steps)
    expect(steps).toEqual(['client', 'conflicts', 'stop', 'matter', 'papers', 'call', 'tell'])
    expect(storedConfiguration(reading.document)).toEqual({ ...reading.configuration, unfit: [] })
  })

  it('may hold what it needs and nothing more', () => {
    const reading = read('{"timezone": "UTC", "country": "GB", "endpoints": {}, "rules": []}')
    expect(reading).toMatchObject({ ok: true, warnings: [] })
  })

  it('is refused with one problem that lists every place', () => {
    const text = changed({ timezone: 'America/NewYork', country: 'uk', 'pace.requests': 0 })
    const reading = read(text)
    if (reading.ok) throw new Error('accepted')
    expect(reading.problem).toMatchObject({ status: 422, code: 'invalid-configuration' })
    expect(reading.problem.errors?.map(error => error.path)).toEqual(['timezone', 'country', 'pace.requests'])
    expect(reading.problem.detail).toContain('(and 2 more)')
  })

  it('is at most 512 KiB', () => {
    // Two bytes each.
    const accents = `// ${'é'.repeat(200 * 1024)}\n${example}`
    const bytes = new TextEncoder().encode(accents).length
    const fits = accents + ' '.repeat(512 * 1024 - bytes)
    expect(read(fits).ok).toBe(true)
    expect(read(`${fits} `)).toMatchObject({ ok: false, problem: { status: 413 } })
  })
})

describe('its text', () => {
  const head = '{"timezone": "UTC", "country": "GB", "endpoints": {}'
  it.each([
    ['', '', /^line 1, column 1: a value is missing$/],
    ['// nothing', '', /a value is missing$/],
    ['{"timezone": "UTC" "country": "GB"}', 'country', /^line 1, column 20: a comma is missing/],
    [`${head},\n "rules": [ tru ] }`, 'rules[0]', /^line 2, column 13: this word is not JSON/],
    [`${head},\n\n "rules": [`, 'rules[0]', /^line 3, column 12: a closing ] is missing$/],
    [`${head},\n "rules": [],\n "country": "US"}`, 'country', /^line 3: this key stands twice, first on line 1/],
    [`${head}, "rules": [{\n"name": "a",\n"name": "b"}]}`, 'rules[0].name', /^line 3: .* first on line 2/],
    [`${head},\n "__proto__": {}, "rules": []}`, '__proto__', /^line 2: this key is not allowed/],
    ['['.repeat(100_000), '', /nested more than 40 deep/],
    [`${head},\n “rules”: []}`, '', /^line 2, column 2: text stands in straight double quotes: "$/],
    [`${head},\n 'rules': []}`, '', /^line 2, column 2: text stands in double quotes: "$/],
    [`${head},\n\u00a0"rules": []}`, '', /^line 2, column 1: here is a blank that no keyboard has/],
    [`# mine\n${head}}`, '', /^line 1, column 1: a comment begins with \/\/$/],
    [`{"timezone": "UTC", "country": "UK", "endpoints": {}, "rules": []}`, 'country', /; did you mean 'GB'\?$/],
    [`${head}, "rules": [], "alerts": "{{ fields.who }}"}`, 'alerts', /is not defined under 'channels'$/],
    ['"a text"', '', /^must be an object/],
    ['[]', '', /^must be an object/],
    ['null', '', /^must be an object/],
  ])('%j is refused', (text, path, message) => {
    expect(refusals(text)).toEqual([{ path, message: expect.stringMatching(message) }])
  })

  it('may begin with the mark of a Windows editor', () => {
    expect(read(`\ufeff${head}, "rules": []}`).ok).toBe(true)
  })

  it('tells one thing of a secret that stands in it, and takes a rule that is not trusted', () => {
    const alerts = '"alerts": {"url": "https://smith.example/hook", "secret": "abc"}'
    expect(refusals(`${head}, "rules": [], ${alerts}}`)).toEqual([
      { path: 'alerts.secret', message: expect.stringMatching(/^must be the name of a secret/) },
    ])
    const rule = (trusted: string) =>
      `${head}, "rules": [{"name": "a", "trusted": ${trusted}, "on": {"type": "x"}, "steps": {"it": {"park": "x"}}}]}`
    expect(read(rule('false')).ok).toBe(true)
    expect(refusals(rule('"true"'))).toEqual([
      { path: 'rules[0].trusted', message: 'must be true or false, without quotes' },
    ])
  })

  it('may hold brackets in its texts and comments', () => {
    const deep = '['.repeat(60)
    const text = `${head}, /* ${deep} */ "rules": [] // ${deep}\n, "$schema": "${deep}\\"${deep}"}`
    expect(read(text).ok).toBe(true)
  })
})

describe('its parts', () => {
  it.each<[Change, string, RegExp]>([
    [{ timezone: undefined }, 'timezone', /^is missing: text$/],
    [{ timezone: 5 }, 'timezone', /^must be text$/],
    [{ timezone: 'Amrica/New_York' }, 'timezone', /did you mean 'America\/New_York'/],
    [{ timezone: 'EST' }, 'timezone', /is not a time zone/],
    [{ timezone: '+05:00' }, 'timezone', /is not a time zone/],
    [{ country: undefined }, 'country', /^is missing/],
    [{ country: 'USA' }, 'country', /two-letter country code/],
    [{ connection: 'mine' }, 'connection', /must be the id of a connection/],
    [{ pace: { requests: 50 } }, 'pace.seconds', /^is missing: a number$/],
    [{ 'pace.requests': 0 }, 'pace.requests', /^must be at least 1$/],
    [{ 'pace.seconds': 1.5 }, 'pace.seconds', /^must be a whole number$/],
    [{ 'pace.second': 1 }, 'pace.second', /did you mean 'seconds'/],
    [{ endpoint: {} }, 'endpoint', /did you mean 'endpoints'/],
    [{ endpoints: undefined }, 'endpoints', /^is missing: an object$/],
    [{ rules: undefined }, 'rules', /^is missing: a list$/],
    [{ rules: {} }, 'rules', /^must be a list, not an object$/],
    [{ 'endpoints.Web Site': { source: 'form' } }, 'endpoints["Web Site"]', /small letters/],
    [{ 'endpoints.website': 'form' }, 'endpoints.website', /^must be an object$/],
    [{ 'endpoints.website.source': undefined }, 'endpoints.website.source', /^is missing: text$/],
    [{ 'endpoints.calendly.source': 'calendy' }, 'endpoints.calendly.source', /did you mean 'calendly'/],
    [
      { 'endpoints.calendly.secret': 'abc123' },
      'endpoints.calendly.secret',
      /the name of a secret.*never the secret itself/,
    ],
    [{ 'endpoints.calendly.secret': '$lower' }, 'endpoints.calendly.secret', /the name of a secret/],
    [{ 'endpoints.calendly.secret': '$ADMIN_TOKEN' }, 'endpoints.calendly.secret', /is the Worker’s own/],
    [
      { 'endpoints.calendly.secret': undefined },
      'endpoints.calendly.secret',
      /^must be text or a list, and is missing$/,
    ],
    [{ 'endpoints.partner.secret': ['$A', 'whsec_abc'] }, 'endpoints.partner.secret[1]', /the name of a secret/],
    [{ 'endpoints.partner.secret': [] }, 'endpoints.partner.secret', /^is empty$/],
    [{ 'endpoints.calendly.secrte': '$A' }, 'endpoints.calendly.secrte', /did you mean 'secret'/],
    [{ 'endpoints.website.secret': '$A' }, 'endpoints.website.secret', /not known here; known are origins, redirect/],
    [{ 'endpoints.website.origins': 'https://a.example' }, 'endpoints.website.origins', /^must be a list$/],
  ])('%j is refused', (change, path, message) => {
    expect(refusals(changed(change))).toContainEqual({ path, message: expect.stringMatching(message) })
  })

  it('never repeats a secret that was written where its name belongs', () => {
    const [error] = refusals(changed({ 'endpoints.calendly.secret': 'sk_live_hunter2' }))
    expect(JSON.stringify(error)).not.toContain('hunter2')
  })
})

describe('what a proof does not cover', () => {
  const warned = (options: object) => {
    const rule = { name: 'r', on: { endpoint: 'hook', type: 'some.event' }, steps: { one: { park: 'look' } } }
    const document = { timezone: 'UTC', country: 'US', endpoints: { hook: options }, rules: [rule] }
    const result = readConfiguration(JSON.stringify(document))
    return result.ok ? result.warnings.map(({ path, message }) => `${path} ${message}`) : []
  }

  it('is said where the rule is written, once for the rule', () => {
    const signing = warned({ source: 'dropbox-sign', secret: '$KEY' })
    expect(signing.filter(words => words.includes('proved in its time and type alone'))).toEqual([
      expect.stringMatching(/^rules\[0\]\.on\.endpoint /),
    ])
    expect(warned({ source: 'hubspot', secret: '$KEY' }).join()).toContain("HubSpot's older signatures")
    expect(warned({ source: 'hubspot', secret: '$KEY', version: 'v3' }).join()).not.toContain('older signatures')
    expect(warned({ source: 'stripe', secret: '$KEY' }).join()).not.toMatch(/proved|signatures/)
  })
})
