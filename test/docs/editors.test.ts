import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { schema } from '../../src/configuration/configuration.ts'
import { words } from '../../src/configuration/editors/words.ts'
import { isObject, type Json, type JsonObject } from '../../src/lib/json.ts'
import { hovered, offered, underlined } from './editors/editor.ts'
import { schemaAsset, schemaMade } from './editors/schema.ts'
import { recipeFiles } from './recipes.ts'

/** The schema of a configuration, as an editor uses it. */

const firm = (rest: string) => `{ "timezone": "America/New_York", "country": "US", ${rest} }`
const rule = (rest: string) => firm(`"endpoints": {}, "rules": [{ "name": "a", "on": {}, ${rest} }]`)
const step = (rest: string) => rule(`"steps": { "one": { ${rest} } }`)

describe('src/assets/schema/config.json', () => {
  it('is what `npm run docs` makes', () => {
    expect(schemaAsset() === schemaMade()).toBe(true)
  })

  it('has words for every option', () => {
    expect(speechless(JSON.parse(schemaAsset()) as JsonObject)).toEqual([])
  })

  it('has no words for what is no option', () => {
    const made = schemaAsset()
    const unused = Object.values(words).filter(text => !made.includes(JSON.stringify(text)))
    expect(unused).toEqual([])
  })

  it('knows every key of a document', () => {
    const { properties } = JSON.parse(schemaAsset()) as { properties: JsonObject }
    expect(Object.keys(properties).sort()).toEqual(Object.keys(schema().shape).sort())
  })
})

/** Options, from the root of the document down, of which nothing is said; those of Clio's records are Clio's. */
function speechless(schema: JsonObject, path = ''): string[] {
  const inner = (value: Json | undefined, at = path): string[] =>
    value !== undefined && isObject(value) ? speechless(value, at) : []
  const options = Object.entries((schema.properties ?? {}) as JsonObject).flatMap(([name, option]) => {
    if (!isObject(option) || Object.keys(option).join() === '$ref') return []
    const at = `${path}.${name}`
    const bare = option.description === undefined && option.const === undefined && option.items === undefined
    return [...(bare && !isPart(option) ? [at] : []), ...inner(option, at)]
  })
  const several = ['anyOf', 'oneOf', 'allOf'].flatMap(key => ((schema[key] ?? []) as Json[]).flatMap(one => inner(one)))
  return [
    ...options,
    ...several,
    ...['items', 'additionalProperties', 'then', 'else'].flatMap(key => inner(schema[key])),
  ]
}

/** Of a condition: `match` of one resource says only which words it may hold. */
const isPart = ({ $ref, ...rest }: JsonObject) => Object.keys(rest).length === 0

describe('an editor', () => {
  it.each([
    ['the keys of a document', '{ "|" }', ['timezone', 'country', 'endpoints', 'rules', 'channels', 'alerts']],
    ['sources', firm('"endpoints": { "a": { "source": "|" } }, "rules": []'), ['form', 'calendly', 'slack', 'webhook']],
    [
      'the options of a source',
      firm('"endpoints": { "a": { "source": "form", "|" } }, "rules": []'),
      ['origins', 'redirect', 'files', 'captcha'],
    ],
    [
      'options inside of one',
      firm('"endpoints": { "a": { "source": "form", "captcha": { "kind": "|" } } }, "rules": []'),
      ['turnstile', 'hcaptcha', 'recaptcha'],
    ],
    ['the keys of a rule', firm('"endpoints": {}, "rules": [{ "|" }]'), ['name', 'on', 'if', 'steps', 'trusted']],
    [
      'what sources send',
      firm('"endpoints": {}, "rules": [{ "name": "a", "on": { "type": "|" }, "steps": {} }]'),
      ['form.submitted', 'booking.created', 'booking.canceled'],
    ],
    [
      'the same in a list',
      firm('"endpoints": {}, "rules": [{ "name": "a", "on": { "type": ["|"] }, "steps": {} }]'),
      ['form.submitted', 'booking.created'],
    ],
    ['verbs', step('"|"'), ['create', 'update', 'upsert', 'find', 'delete', 'notify', 'park', 'check_conflicts', 'if']],
    ['what goes with a verb', step('"create": "tasks", "|"'), ['with', 'link', 'if', 'each']],
    ['what goes with another', step('"find": "tasks", "|"'), ['where', 'none', 'several', 'link']],
    ['what can be created', step('"create": "|"'), ['contacts', 'matters', 'tasks', 'documents']],
    ['what can be deleted', step('"delete": "|"'), ['contacts', 'calendar_entries']],
    ['what can be updated', step('"update": "|"'), ['contacts', 'matters']],
    [
      'the keys of a record',
      step('"create": "matters", "with": { "|" }'),
      ['client', 'practice_area', 'custom_fields', 'status'],
    ],
    ['words of Clio', step('"create": "tasks", "with": { "priority": "|" }'), ['High', 'Normal', 'Low']],
    [
      'keys inside of a list',
      step('"upsert": "contacts", "with": { "phone_numbers": [{ "|" }] }'),
      ['name', 'number', 'default_number'],
    ],
    [
      'words inside of a list',
      step('"upsert": "contacts", "with": { "phone_numbers": [{ "name": "|" }] }'),
      ['Work', 'Home', 'Mobile'],
    ],
    ['keys to match by', step('"upsert": "contacts", "match": ["|"]'), ['email_addresses', 'phone_numbers', 'name']],
    ['filters', step('"find": "matters", "where": { "|" }'), ['client_id', 'status', 'query']],
    [
      'what becomes of what is there',
      step('"upsert": "contacts", "existing": "|"'),
      ['fill', 'extend', 'keep', 'replace'],
    ],
    [
      'what to do with several',
      step('"find": "contacts", "several": "|"'),
      ['park', 'newest', 'oldest', 'all', 'continue'],
    ],
  ])('completes %s', async (_, text, expected) => {
    expect(await offered(text)).toEqual(expect.arrayContaining(expected))
  })

  it.each([
    ['another verb', step('"create": "tasks", "|"'), 'update'],
    ['what belongs to another verb', step('"create": "tasks", "|"'), 'where'],
    ['what Clio lets nobody delete', step('"delete": "|"'), 'users'],
    ['what a key of another resource is', step('"create": "tasks", "with": { "|" }'), 'practice_area'],
    ['what does not go with several of an upsert', step('"upsert": "contacts", "several": "|"'), 'newest'],
  ])('does not offer %s', async (_, text, never) => {
    const found = await offered(text)
    expect(found.length).toBeGreaterThan(0)
    expect(found).not.toContain(never)
  })

  it('says what an option is for', async () => {
    expect(await hovered(firm('"endpoints": { "a": { "source": "form", "fill|Seconds": 3 } }, "rules": []'))).toContain(
      'nobody needs less',
    )
    expect(await hovered(step('"ups|ert": "contacts", "match": ["name"], "with": {}'))).toContain(
      'uses the one that is there',
    )
  })
})

const root = join(import.meta.dirname, '../..')
const pages = [
  'README.md',
  ...readdirSync(join(root, 'docs')),
  ...readdirSync(join(root, 'docs/sources')).map(page => `sources/${page}`),
]
  .filter(name => name.endsWith('.md'))
  .map(name => (name === 'README.md' ? name : `docs/${name}`))

/** Whole documents as they are; of the rest, what they are parts of cannot be told, save of steps. */
function documentsIn(page: string): string[] {
  const blocks = [...readFileSync(join(root, page), 'utf8').matchAll(/^```jsonc\n(.*?)^```/gms)].map(
    ([, block]) => block!,
  )
  return blocks.filter(block => /"(timezone|endpoints|rules)"/.test(block) && block.startsWith('{'))
}

describe('an editor underlines nothing', () => {
  const shown = pages.flatMap(page => documentsIn(page).map((text, at) => [`${page} ${at + 1}`, text] as const))
  const lacks = /Missing property "(timezone|country|endpoints|rules)"/

  it.each(shown)('in what %s shows', async (_, text) => {
    expect((await underlined(text)).filter(message => !lacks.test(message))).toEqual([])
  })

  it.each(recipeFiles().map(({ name, text }) => [name, text] as const))('in the recipe %s', async (_, text) => {
    expect((await underlined(text)).filter(message => !lacks.test(message))).toEqual([])
  })

  it('and there are many such documents', () => {
    expect(shown.length).toBeGreaterThan(15)
  })
})

describe('an editor underlines', () => {
  it('nothing in a right step', async () => {
    expect(
      await underlined(
        step(
          '"create": "tasks", "with": { "name": "{{ fields.x }}", "assignee": "Ines", "priority": "{{ fields.p }}" }',
        ),
      ),
    ).toEqual([])
  })

  it.each([
    ['a key that there is not', firm('"endpoints": {}, "rules": [], "chanels": {}'), /chanels/],
    ['a document without a country', '{ "timezone": "UTC", "endpoints": {}, "rules": [] }', /country/],
    ['a source that there is not', firm('"endpoints": { "a": { "source": "calendely" } }, "rules": []'), /calendly/],
    [
      'an option of another source',
      firm('"endpoints": { "a": { "source": "form", "secret": "$A" } }, "rules": []'),
      /secret/,
    ],
    ['two verbs', step('"create": "tasks", "update": "tasks", "id": 1, "with": { "name": "x" }'), /update|create/],
    ['no verb', step('"with": { "name": "x" }'), /with/],
    ['a verb without what it needs', step('"create": "tasks"'), /with/],
    ['a resource that there is not', step('"create": "task", "with": {}'), /tasks/],
    ['a verb that Clio has not for it', step('"delete": "users", "id": 1'), /contacts/],
    ['a field that Clio drops', step('"create": "tasks", "with": { "name": "x", "title": "y" }'), /title/],
    [
      'a word that Clio does not know',
      step('"create": "tasks", "with": { "name": "x", "priority": "Urgent" }'),
      /High|not accepted/,
    ],
    ['a record without what Clio requires', step('"create": "contacts", "with": { "type": "Person" }'), /first_name/],
    ['a filter that Clio ignores', step('"find": "matters", "where": { "name": "x" }'), /name/],
    [
      'a secret that is written out',
      firm('"endpoints": { "a": { "source": "calendly", "secret": "hunter2" } }, "rules": []'),
      /secret|\$/,
    ],
  ])('%s', async (_, text, said) => {
    const found = await underlined(text)
    expect(found.length).toBeGreaterThan(0)
    expect(found.join('\n')).toMatch(said)
  })
})
