import { afterEach, describe, expect, it } from 'vitest'
import { isObject, type Json, type JsonObject } from '../../../src/lib/json.ts'
import type { InboundFile } from '../../../src/model/event.ts'
import type { Row } from '../../../src/sandbox/clio/store.ts'
import { type Rule, random } from '../../../src/sandbox/trouble.ts'
import type { WorldOptions } from '../world.ts'
import { Firm, firm, rule } from './firm.ts'

/** Files become documents in Clio, whole and once, or nothing of them is left: whatever is lost, hangs or dies on the way. */

const hour = 3_600_000
const day = 24 * hour

const papers: JsonObject = {
  each: 'files',
  create: 'documents',
  with: { parent: { id: '{{ fields.matter }}', type: 'Matter' }, content: '{{ item }}' },
}

const config = firm([rule('papers', 'form', { papers })], { pace: { requests: 1000, seconds: 60 } })
const roomy = { limit: { requests: 1000, seconds: 60 } }

const worlds: Office[] = []
afterEach(() => {
  for (const one of worlds.splice(0)) {
    // I5: nothing of the kind that lets its holder write or read is written down.
    const written = JSON.stringify(
      ['attempts', 'runs', 'steps', 'cache', 'notices'].flatMap(table => one.disk.query(`select * from ${table}`)),
    )
    expect(`${written} ${one.log.join('\n')}`).not.toMatch(/_storage|put_headers":/)
    expect(one.sandbox.ledger.view()).toMatchObject({ leaks: 0, unknown: { keys: 0, fields: 0, query: 0 } })
    one.close()
  }
})

class Office extends Firm {
  readonly matter: number
  #sets = 0

  constructor(more: Partial<WorldOptions> = {}, rules = config) {
    super(rules, { sandbox: roomy, ...more })
    this.matter = Number(this.sandbox.account('smith').all('matters')[0]!.id)
    worlds.push(this)
  }

  /** What the door does before it claims. */
  keep(...contents: string[]): InboundFile[] {
    const folder = `smith/set-${++this.#sets}`
    return contents.map((content, n) => {
      const key = `${folder}/${n}`
      const bytes = new TextEncoder().encode(content) as Uint8Array<ArrayBuffer>
      this.files.put(key, bytes)
      return { name: `${content}.pdf`, content_type: 'application/pdf', size: bytes.length, key }
    })
  }

  sends(...contents: string[]): string {
    return this.comes('form', { matter: this.matter }, { files: this.keep(...contents) })
  }

  get documents(): readonly Row[] {
    return this.sandbox.account('smith').all('documents')
  }

  /** What each document in Clio holds, `(half)` where its bytes never came; what lies in the trash is gone. */
  holds(): string[] {
    const { uploads } = this.sandbox.account('smith')
    const held = (version: Json | undefined): string => {
      if (!isObject(version) || version.fully_uploaded !== true) return '(half)'
      return new TextDecoder().decode(uploads.get(String(version.uuid))!.bytes)
    }
    return this.documents
      .filter(row => row.data.deleted_at === null)
      .map(row => held((row.data.document_versions as Json[]).at(-1)))
      .sort()
  }

  get kept(): string[] {
    return [...this.files.kept.keys()]
  }

  trouble(rule: Rule): void {
    this.sandbox.trouble.add(rule)
  }

  /** The sweep, which comes every ten minutes. */
  async sweep(): Promise<void> {
    await this.clerk.wake().catch(() => {})
    await this.clock.run({ until: this.clock.now + 60_000 })
  }
}

const put = { method: 'PUT', path: '^_storage$' } as const

describe('files of an event', () => {
  it('each become a document of their own; then their bytes are kept no longer', async () => {
    const world = new Office()
    const id = world.sends('one', 'two', 'three')
    await world.passes(10_000)
    expect(world.run(id).state).toBe('done')
    expect(world.holds()).toEqual(['one', 'three', 'two'])
    expect(world.kept).toEqual([])
  })

  it('cost two calls on Clio each: the bytes themselves are no call', async () => {
    const world = new Office()
    const id = world.sends('one', 'two')
    await world.passes(10_000)
    expect(world.calls.map(({ method }) => method)).toEqual(['POST', 'PATCH', 'POST', 'PATCH'])
    expect(world.clerk.drain.turnstile.used).toBe(4)
    const rows = world.clerk.ledger.attempts.of(id).map(({ method, path }) => `${method} ${path}`)
    const [one, two] = world.documents.map(row => row.id)
    expect(rows).toEqual([
      'POST documents',
      `PUT documents/${one}/content`,
      `PATCH documents/${one}`,
      'POST documents',
      `PUT documents/${two}/content`,
      `PATCH documents/${two}`,
    ])
  })

  it('count neither after a restart', async () => {
    const world = new Office()
    world.sends('one', 'two')
    await world.passes(10_000)
    world.kill()
    world.restart()
    await world.passes(1000)
    expect(world.clerk.drain.turnstile.used).toBe(4)
  })

  it('are an attempt each, which says what the file is and not where', async () => {
    const world = new Office()
    const id = world.sends('one')
    await world.passes(10_000)
    const [, upload] = world.clerk.ledger.attempts.of(id)
    expect(upload!.request).toEqual({
      file: { name: 'one.pdf', content_type: 'application/pdf', size: 3 },
    })
  })

  it('may be none', async () => {
    const world = new Office()
    const id = world.sends()
    await world.passes(10_000)
    expect(world.run(id).state).toBe('done')
    expect(world.holds()).toEqual([])
  })

  it('that are missing where a rule wants one park it before any call', async () => {
    const one: JsonObject = {
      create: 'documents',
      with: { name: 'Passport', parent: { id: '{{ fields.matter }}', type: 'Matter' }, content: '{{ files[0] }}' },
    }
    const world = new Office({}, firm([rule('r', 'form', { one })]))
    const id = world.sends()
    await world.passes(60_000)
    expect(world.run(id)).toMatchObject({
      state: 'parked',
      reason: expect.stringContaining("'with.content' came out empty"),
    })
    expect(world.called('POST', 'documents')).toEqual([])
  })

  it('go one at a time, so that no more connections are open than there may be', async () => {
    const world = new Office({ latency: [400, 400] })
    let open = 0
    let most = 0
    const { handle } = world.sandbox
    world.sandbox.handle = request => {
      if (request.method === 'PUT') most = Math.max(most, ++open)
      const handled = handle(request)
      if (request.method === 'PUT') world.clock.in(200, () => open--)
      return handled
    }
    for (let n = 0; n < 8; n++) world.sends(`file ${n}`)
    await world.passes(60_000)
    expect([most, world.holds().length]).toEqual([1, 8])
  })

  it('beyond what one invocation may call wait for the next', async () => {
    const world = new Office()
    world.sends(...Array.from({ length: 20 }, (_, n) => `file ${n}`))
    await world.passes(60_000)
    expect(world.states()).toEqual(['done'])
    expect(world.holds()).toHaveLength(20)
  })

  it('are kept while the connection is lost, and brought when it is mended', async () => {
    const world = new Office()
    world.expire(401)
    const id = world.sends('one')
    await world.passes(hour)
    expect(world.run(id).state).toBe('held')
    expect(world.kept).toHaveLength(1)
    world.expire(null)
    await world.passes(20 * 60_000)
    expect([world.run(id).state, world.holds(), world.kept]).toEqual(['done', ['one'], []])
  })
})

describe('an upload', () => {
  it.each<[string, Rule]>([
    ['whose bytes never arrive', { ...put, times: 1, action: { do: 'drop' } }],
    ['whose answer is lost', { ...put, times: 1, action: { do: 'lose' } }],
    ['that hangs half way', { ...put, times: 1, action: { do: 'hang' } }],
    ['that hangs behind the last byte', { ...put, times: 1, action: { do: 'hang', applied: true } }],
    ['that storage is too busy for, three times', { ...put, times: 3, action: { do: 'fail', status: 503 } }],
    ['that lands late, when it was repeated already', { ...put, times: 1, action: { do: 'late', ms: 300_000 } }],
  ])('%s is repeated until it is whole', async (_, trouble) => {
    const world = new Office()
    world.trouble(trouble)
    const id = world.sends('one')
    await world.passes(hour)
    expect([world.run(id).state, world.holds(), world.kept]).toEqual(['done', ['one'], []])
    expect(world.called('POST', 'documents')).toHaveLength(1)
  })

  it('goes to a new address when the old one is more than eight hours old', async () => {
    const world = new Office()
    world.trouble({ ...put, times: 1, action: { do: 'fail', status: 403 } })
    const id = world.sends('one')
    await world.passes(60_000)
    expect([world.run(id).state, world.holds()]).toEqual(['done', ['one']])
    expect(world.called('GET', 'documents/\\d+')).toHaveLength(1)
  })

  it('after a restart asks where it goes; nobody remembers', async () => {
    const world = new Office()
    world.trouble({ ...put, times: 1, action: { do: 'hang' } })
    const id = world.sends('one')
    await world.passes(2000)
    world.kill()
    world.restart(10 * hour)
    await world.passes(11 * hour)
    expect([world.run(id).state, world.holds()]).toEqual(['done', ['one']])
  })

  it('that storage refuses for good parks, in words; resumed, it goes on where it was', async () => {
    const world = new Office()
    world.trouble({ ...put, action: { do: 'fail', status: 400 } })
    const id = world.sends('one')
    await world.passes(60_000)
    expect(world.run(id)).toMatchObject({ state: 'parked', reason: expect.stringContaining('(400)') })
    expect(world.kept).toHaveLength(1)
    world.sandbox.trouble.clear()
    world.resume(id)
    await world.passes(60_000)
    expect([world.run(id).state, world.holds(), world.kept]).toEqual(['done', ['one'], []])
    expect(world.called('POST', 'documents')).toHaveLength(1)
  })

  it('of another version than the one that was begun does not take its place', async () => {
    const world = new Office()
    world.trouble({ ...put, times: 1, action: { do: 'drop' } })
    const id = world.sends('one')
    await world.passes(2000)
    const [document] = world.documents
    const versions = document!.data.document_versions as JsonObject[]
    const other = { ...versions[0]!, uuid: 'somebody-else', version_number: 2 }
    world.sandbox.account('smith').replace(document!, { ...document!.data, document_versions: [...versions, other] })
    await world.passes(hour)
    expect(world.run(id)).toMatchObject({ state: 'parked', reason: expect.stringContaining('Another version') })
  })
})

describe('a POST whose answer is lost', () => {
  it.each<[string, Rule['action']]>([
    ['lost', { do: 'lose' }],
    ['never sent', { do: 'drop' }],
    ['late', { do: 'late', ms: 30_000 }],
    ['an error page', { do: 'fail', status: 500, applied: true, html: true }],
  ])('(%s) makes one document', async (_, action) => {
    const world = new Office()
    world.trouble({ method: 'POST', path: '^documents$', times: 1, action })
    const id = world.sends('one', 'two')
    await world.passes(hour)
    expect([world.run(id).state, world.holds(), world.kept]).toEqual(['done', ['one', 'two'], []])
    expect(world.documents).toHaveLength(2)
  })
})

describe('a new version', () => {
  const versions = firm(
    [
      rule('v', 'form', {
        paper: {
          create: 'documents',
          with: { parent: { id: '{{ fields.of }}', type: 'Document' }, content: '{{ files[0] }}' },
        },
      }),
    ],
    { pace: { requests: 1000, seconds: 60 } },
  )

  async function document(world: Office): Promise<number> {
    world.configure(config)
    world.sends('first')
    await world.passes(10_000)
    world.configure(versions)
    return Number(world.documents[0]!.id)
  }
  const version = (world: Office, of: number, content: string): string =>
    world.comes('form', { of }, { files: world.keep(content) })
  const wholeOf = (world: Office): Json[] =>
    (world.documents[0]!.data.document_versions as JsonObject[]).map(each => each.fully_uploaded ?? null)

  it.each<Rule['action']>([{ do: 'lose' }, { do: 'drop' }])('whose POST is hit by %j is made once', async action => {
    const world = new Office()
    const of = await document(world)
    world.trouble({ method: 'POST', path: '^documents$', times: 1, action })
    version(world, of, 'second')
    await world.passes(hour)
    expect([world.holds(), wholeOf(world)]).toEqual([['second'], [true, true]])
  })

  it('of each of three events at once: three versions, each with its own bytes', async () => {
    const world = new Office()
    const of = await document(world)
    world.trouble({ method: 'POST', path: '^documents$', times: 1, action: { do: 'lose' } })
    for (const content of ['a', 'b', 'c']) version(world, of, content)
    await world.passes(hour)
    expect(world.states()).toEqual(['done', 'done', 'done', 'done'])
    const { uploads } = world.sandbox.account('smith')
    const held = (world.documents[0]!.data.document_versions as JsonObject[]).map(({ uuid }) =>
      new TextDecoder().decode(uploads.get(String(uuid))!.bytes),
    )
    expect(held.sort()).toEqual(['a', 'b', 'c', 'first'])
  })

  it('is no record to take back: an undo says that it stays, and deletes nothing', async () => {
    const world = new Office()
    const of = await document(world)
    const id = version(world, of, 'second')
    await world.passes(10_000)
    expect(world.clerk.desk.undo(id, true)).toMatchObject({ code: 'nothing-to-undo' })
    expect(world.holds()).toEqual(['second'])
  })
})

describe('a run that is discarded', () => {
  it('half way leaves no half document, and no bytes', async () => {
    const world = new Office()
    world.trouble({ ...put, action: { do: 'fail', status: 400 } })
    const id = world.sends('one', 'two')
    await world.passes(60_000)
    expect(world.holds()).toEqual(['(half)'])
    world.discard(id)
    await world.passes(10 * 60_000)
    expect([world.run(id).state, world.holds(), world.kept]).toEqual(['discarded', [], []])
  })

  it('keeps what was whole', async () => {
    const world = new Office()
    world.trouble({ ...put, skip: 1, action: { do: 'fail', status: 400 } })
    const id = world.sends('one', 'two')
    await world.passes(60_000)
    world.discard(id)
    await world.passes(10 * 60_000)
    expect(world.holds()).toEqual(['one'])
  })

  it('while it is not known whether the document was begun: it is looked for, and removed', async () => {
    const world = new Office()
    world.trouble({ method: 'POST', path: '^documents$', times: 1, action: { do: 'late', ms: 60_000 } })
    const id = world.sends('one')
    await world.passes(5000)
    world.discard(id)
    await world.passes(10 * 60_000)
    expect([world.documents.length, world.holds()]).toEqual([1, []])
  })

  it('while it is not known whether it was completed: what is whole stays', async () => {
    const world = new Office()
    world.trouble({ method: 'PATCH', times: 1, action: { do: 'lose' } })
    const id = world.sends('one')
    await world.passes(5000)
    world.discard(id)
    await world.passes(10 * 60_000)
    expect(world.holds()).toEqual(['one'])
  })

  it.each<[string, Rule]>([
    ['the look-up', { method: 'GET', path: '^documents$', times: 2, action: { do: 'hang' } }],
    ['the answer to the deletion', { method: 'DELETE', times: 1, action: { do: 'lose' } }],
    ['the deletion', { method: 'DELETE', times: 1, action: { do: 'drop' } }],
  ])('is cleared up though %s is lost, and the object dies', async (_, trouble) => {
    const world = new Office()
    world.trouble({ ...put, action: { do: 'fail', status: 400 } })
    const id = world.sends('one')
    await world.passes(60_000)
    world.trouble(trouble)
    world.discard(id)
    world.kill()
    world.restart()
    await world.passes(hour)
    expect(world.holds()).toEqual([])
  })

  it('is cleared up when the connection that was lost is mended', async () => {
    const world = new Office()
    world.trouble({ ...put, action: { do: 'fail', status: 400 } })
    const id = world.sends('one')
    await world.passes(60_000)
    world.expire(401)
    world.discard(id)
    await world.passes(hour)
    world.expire(null)
    await world.passes(hour)
    expect(world.holds()).toEqual([])
  })

  it('whose half document Clio does not let go is told of, and not tried for ever', async () => {
    const world = new Office()
    world.trouble({ ...put, action: { do: 'fail', status: 400 } })
    const id = world.sends('one')
    await world.passes(60_000)
    world.trouble({ method: 'DELETE', action: { do: 'fail', status: 409, message: 'locked' } })
    world.discard(id)
    await world.passes(day)
    expect(world.called('DELETE', 'documents/\\d+')).toHaveLength(1)
    expect(world.log.join('\n')).toContain('stays in Clio')
  })
})

describe('the bytes', () => {
  it('of a run that nobody made a rule for, or that looked like spam, stay as long as its payload', async () => {
    const world = new Office()
    const files = world.keep('one')
    world.comes('other', {}, { files })
    await world.passes(day)
    await world.sweep()
    expect(world.states()).toEqual(['ignored'])
    expect(world.kept).toHaveLength(1)
    await world.clock.run({ until: world.clock.now + 91 * day })
    await world.sweep()
    await world.sweep()
    expect(world.kept).toEqual([])
  })

  it('may be used by a replay as long as they are there', async () => {
    const world = new Office()
    const id = world.comes('other', { matter: world.matter }, { files: world.keep('one') })
    await world.passes(1000)
    world.configure(firm([rule('papers', 'other', { papers })]))
    const again = world.replay(id)
    await world.passes(60_000)
    expect([world.run(again.id).state, world.holds()]).toEqual(['done', ['one']])
    // The run that was ignored names them still.
    expect(world.kept).toHaveLength(1)
  })

  it('are gone for the replay of a run that is done: it parks, in words, and discarded leaves nothing', async () => {
    const world = new Office()
    const id = world.sends('one')
    await world.passes(60_000)
    const again = world.replay(id)
    await world.passes(60_000)
    expect(world.run(again.id)).toMatchObject({ state: 'parked', reason: expect.stringContaining('not kept any more') })
    world.discard(again.id)
    await world.passes(10 * 60_000)
    expect(world.holds()).toEqual(['one'])
  })

  it('of two runs go with the last of them', async () => {
    const world = new Office()
    world.trouble({ ...put, action: { do: 'fail', status: 400 } })
    const id = world.sends('one')
    await world.passes(60_000)
    const again = world.replay(id)
    await world.passes(60_000)
    world.discard(id)
    await world.passes(60_000)
    expect(world.kept).toHaveLength(1)
    world.sandbox.trouble.clear()
    world.resume(again.id)
    await world.passes(60_000)
    expect([world.run(again.id).state, world.kept]).toEqual(['done', []])
  })

  it('of another run, or of another firm, are not to be had by writing their key into a form', async () => {
    const config = firm([
      rule('r', 'form', {
        paper: {
          create: 'documents',
          with: { parent: { id: '{{ fields.matter }}', type: 'Matter' }, content: '{{ fields.file }}' },
        },
      }),
    ])
    const world = new Office({}, config)
    world.files.put('jones/secret/0', new TextEncoder().encode('secret') as Uint8Array<ArrayBuffer>)
    const [other] = world.keep('other')
    world.comes('nothing', {}, { files: [other!] })
    for (const key of ['jones/secret/0', other!.key!]) {
      const id = world.comes('form', { matter: world.matter, file: { name: 'a.pdf', key } })
      await world.passes(60_000)
      expect(world.run(id)).toMatchObject({ state: 'parked', reason: expect.stringContaining('not kept') })
    }
    expect(world.holds()).toEqual(['(half)', '(half)'])
  })

  it('that could not be removed are removed by the sweep', async () => {
    const world = new Office()
    const id = world.sends('one')
    world.clock.in(100, () => {
      world.files.broken = null
    })
    await world.clock.run({ enough: () => world.called('PATCH', 'documents/\\d+').length > 0 })
    world.files.broken = new Error('R2 is down')
    await world.passes(10_000)
    expect([world.run(id).state, world.kept.length]).toEqual(['done', 1])
    world.files.broken = null
    await world.sweep()
    expect(world.kept).toEqual([])
  })

  it('that were kept for a claim that never was are removed after two days, and nobody else’s', async () => {
    const world = new Office()
    world.keep('orphan')
    world.files.put('jones/set/0', new Uint8Array(1))
    world.expire(401)
    world.sends('wanted')
    await world.passes(day)
    await world.sweep()
    expect(world.kept).toHaveLength(3)
    await world.passes(2 * day)
    await world.sweep()
    expect(world.kept).toEqual(['jones/set/0', 'smith/set-2/0'])
  })

  it('are looked through page by page, once a day', async () => {
    const world = new Office()
    for (let n = 0; n < 1200; n++) world.keep(`orphan ${n}`)
    await world.passes(3 * day)
    for (const left of [700, 200, 0, 0]) {
      await world.sweep()
      expect(world.kept).toHaveLength(left)
    }
  })
})

describe('a vendor’s file', () => {
  const bytesOf: Record<string, () => Response> = {
    'https://files.vendor.example/a.pdf': () => new Response('vendor'),
    'https://files.vendor.example/moved': () => new Response(null, { status: 302, headers: { location: '/a.pdf' } }),
    'https://files.vendor.example/inside': () =>
      new Response(null, { status: 302, headers: { location: 'https://169.254.169.254/latest' } }),
    'https://files.vendor.example/plain': () =>
      new Response(null, { status: 302, headers: { location: 'http://files.vendor.example/a.pdf' } }),
    'https://files.vendor.example/circle': () => new Response(null, { status: 302, headers: { location: '/circle' } }),
    'https://files.vendor.example/huge': () => new Response('x', { headers: { 'content-length': '26214401' } }),
    'https://files.vendor.example/gone': () => new Response(null, { status: 404 }),
    'https://files.vendor.example/login': () => new Response('\ufeff\n<!DOCTYPE html>\n<title>Log in</title>'),
    'https://files.vendor.example/over': () => new Response('<!-- 7 --> <HTML><body>This link has expired'),
    'https://files.vendor.example/empty': () => new Response(''),
    'https://files.vendor.example/page.html': () => new Response('<html>A page</html>'),
  }

  async function brought(url: string, tries = { left: 0 }, name = 'a.pdf') {
    const asked: Request[] = []
    const world = new Office({
      vendor: async request => {
        asked.push(request)
        if (tries.left-- > 0) return new Response(null, { status: 503 })
        return bytesOf[request.url]?.() ?? new Response('reached')
      },
    })
    const file: InboundFile = { name, content_type: 'application/pdf', size: 6, url }
    const id = world.comes('form', { matter: world.matter }, { files: [file] })
    await world.passes(hour)
    return { world, asked, run: world.run(id) }
  }

  it.each(['a.pdf', 'moved'])('is fetched when its document is made: %s', async path => {
    const { world, asked, run } = await brought(`https://files.vendor.example/${path}`)
    expect([run.state, world.holds()]).toEqual(['done', ['vendor']])
    for (const request of asked) expect(request.headers.get('authorization')).toBeNull()
  })

  it('is fetched again when its host was too busy', async () => {
    const { world, run } = await brought('https://files.vendor.example/a.pdf', { left: 2 })
    expect([run.state, world.holds()]).toEqual(['done', ['vendor']])
  })

  it.each([
    ['gone', 'answered 404'],
    ['login', 'a web page, which may ask to log in'],
    ['over', 'a web page'],
    ['empty', 'answered with nothing'],
    ['huge', 'more than'],
    ['circle', 'without end'],
    ['inside', 'not a public one'],
    ['plain', 'not a public one'],
  ])('parks when it cannot be had: %s', async (path, said) => {
    const { run } = await brought(`https://files.vendor.example/${path}`)
    expect(run).toMatchObject({ state: 'parked', reason: expect.stringContaining(said) })
    expect(run.reason).not.toContain('vendor.example')
  })

  it('is taken as it is where it is said to be a page', async () => {
    const { world, run } = await brought('https://files.vendor.example/page.html', { left: 0 }, 'page.html')
    expect([run.state, world.holds()]).toEqual(['done', ['<html>A page</html>']])
  })

  it.each([
    'http://files.vendor.example/a.pdf',
    'https://localhost/a.pdf',
    'https://127.0.0.1/a.pdf',
    'https://0x7f.1/a.pdf',
    'https://2130706433/a.pdf',
    'https://[::1]/a.pdf',
    'https://metadata.google.internal/a.pdf',
    'https://printer.local/a.pdf',
    'https://intranet/a.pdf',
    'https://user:secret@files.vendor.example/a.pdf',
    'file:///etc/passwd',
    'not an address',
  ])('is asked of nobody at %s', async url => {
    const { asked, run } = await brought(url)
    expect(asked).toEqual([])
    expect(run).toMatchObject({ state: 'parked', reason: expect.stringContaining('not a public one') })
  })
})

describe('a kill at every point', () => {
  async function carriedOut(world: Office): Promise<void> {
    const files = world.keep('one', 'two')
    const event = { type: 'form', fields: { matter: world.matter }, files }
    const deliver = (): void => {
      if (world.deliver('hooks', event, 'key') === null) world.clock.in(5000, deliver)
    }
    deliver()
    await world.passes(hour)
    await world.sweep()
  }

  async function points(): Promise<number> {
    const calm = new Office()
    const before = calm.passed.length
    await carriedOut(calm)
    return calm.passed.length - before
  }

  it('leaves two whole documents, nothing half done, and no bytes', async () => {
    const count = await points()
    expect(count).toBeGreaterThan(40)
    for (let n = 0; n < count; n++) {
      const world = new Office()
      world.dieAtPoint(n)
      await carriedOut(world)
      await world.sweep()
      expect([world.holds(), world.kept, world.states()], `killed at point ${n}`).toEqual([
        ['one', 'two'],
        [],
        ['done'],
      ])
    }
  })

  it('together with lost and hanging calls, 150 times', async () => {
    const count = await points()
    const chance = random(7)
    const one = <T>(...of: T[]): T => of[Math.floor(chance() * of.length)]!
    for (let n = 0; n < 150; n++) {
      const world = new Office({ seed: n })
      for (let left = 0; left < 3; left++)
        world.trouble({
          ...one<Partial<Rule>>({ method: 'POST' }, put, { method: 'PATCH' }, {}),
          skip: Math.floor(chance() * 3),
          times: 1,
          action: one<Rule['action']>(
            { do: 'lose' },
            { do: 'drop' },
            { do: 'late', ms: 20_000 },
            { do: 'hang', applied: true },
            { do: 'hang' },
            { do: 'fail', status: 502, html: true },
          ),
        })
      world.dieAtPoint(Math.floor(chance() * count))
      await carriedOut(world)
      await world.sweep()
      expect([world.holds(), world.kept, world.states()], `world ${n}`).toEqual([['one', 'two'], [], ['done']])
    }
  })
})
