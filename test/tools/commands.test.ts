import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { schemes } from '../../src/sources/proof/schemes.ts'
import { sign } from '../../src/sources/proof/sign.ts'
import { verifySignature } from '../../src/sources/proof/signature.ts'
import { type, vendor } from './vendor.ts'

/** Each command as it is typed, over the real API. */

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'docketed-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const firm = (n: number, more = '') => `{
  // Firm ${n}
  "timezone": "America/New_York",
  "country": "US",
  "endpoints": { "website": { "source": "form" } },
  "rules": []${more}
}
`
const write = (name: string, text: string) => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}
const many = (count: number) => {
  for (let n = 0; n < count; n++) write(`firm-${n}.jsonc`, firm(n))
}

describe('a token', () => {
  it.each(['http://docketed.example', 'http://127.0.0.1.evil.example', 'ftp://docketed.example'])(
    'is not sent to %s',
    async url => {
      const asked = vendor()
      const { code } = await type(asked, 'runs smith', { env: { DOCKETED_URL: url, DOCKETED_TOKEN: 't' } })
      expect([code, asked.calls]).toEqual([2, []])
      const moved = await type(asked, `move smith ${folder}/x --to ${url} --yes`, {
        env: { DOCKETED_URL: 'https://worker.example', DOCKETED_TOKEN: 't', DOCKETED_TO_TOKEN: 't' },
      })
      expect([moved.code, asked.calls]).toEqual([2, []])
    },
  )

  it.each(['http://127.0.0.1:8787', 'http://localhost:8787', 'http://[::1]:8787', 'https://docketed.example/'])(
    'is sent to %s',
    async url => {
      const asked = vendor()
      await type(asked, 'runs smith', { env: { DOCKETED_URL: url, DOCKETED_TOKEN: 't' } })
      expect(asked.calls).toHaveLength(1)
    },
  )
})

describe('an address at which somebody else answers', () => {
  const page = async () => new Response('<html>Welcome</html>', { headers: { 'content-type': 'text/html' } })

  it.each(['runs smith', 'firms', 'pull FOLDER smith', 'diff FILE', 'preview smith website FILE', 'connect smith'])(
    'is told for `%s`, and nothing of the page is taken',
    async line => {
      const file = write('smith.jsonc', firm(1))
      const typed = line.replace('FOLDER', folder).replace('FILE', file)
      const { code, noted } = await type({ ...vendor(), fetch: page }, typed)
      expect([code, noted]).toEqual([3, expect.stringContaining('is not Docketed')])
      expect(readFileSync(file, 'utf8')).toBe(firm(1))
    },
  )

  it('is told for an export, too', async () => {
    const env = { DOCKETED_URL: 'https://worker.example', DOCKETED_TOKEN: 't' }
    const line = `export smith ${folder}/out --open`
    expect(await type({ ...vendor(), fetch: page }, line, { env })).toMatchObject({
      code: 3,
      noted: expect.stringContaining('is not Docketed'),
    })
    expect(readdirSync(folder)).toEqual([])
  })
})

it.each(['version', '--version', '-v'])('`%s` tells the version', async line => {
  expect(await type(vendor(), line)).toMatchObject({ code: 0, said: expect.stringMatching(/^\d+\.\d+\.\d+$/) })
})

it('a document that an editor on Windows wrote is the one that is stored', async () => {
  const of = vendor()
  const file = write('smith.jsonc', `\uFEFF${firm(1)}`)
  expect((await type(of, `push ${file} --yes`)).code).toBe(0)
  expect((await type(of, `diff ${file}`)).code).toBe(0)
})

describe('check', () => {
  it('needs no network, and passes a folder of good documents', async () => {
    many(3)
    const offline = { fetch: () => Promise.reject(new Error('was asked')) }
    const { code, said } = await type(offline, `check ${folder}`, { env: {} })
    expect(code).toBe(0)
    expect(said).toMatch(/3 of 3 documents can be saved\.$/)
  })

  it('passes over warnings, but for --strict', async () => {
    many(1)
    const { code, said } = await type(vendor(), `check --strict ${folder}`)
    expect(code).toBe(1)
    expect(said).toContain('firm-0.jsonc: warning: endpoints.website: has no rule')
  })

  it('tells every fault with its file and place, and ends with 1', async () => {
    many(1)
    const file = write('faulty.jsonc', firm(1).replace('"form"', '"fom"').replace('"US"', '"XX"'))
    const { code, said } = await type(vendor(), `check ${folder}`)
    expect(code).toBe(1)
    expect(said).toContain(`${file}: error: endpoints.website.source: is not known here; did you mean 'form'?`)
    expect(said).toContain(`${file}: error: country: `)
    expect(said).toContain('1 of 2 documents can be saved.')
  })

  it('gives the same as JSON', async () => {
    const file = write('faulty.jsonc', firm(1).replace('"US"', '"XX"'))
    const { said } = await type(vendor(), `check --json ${folder}`)
    expect(JSON.parse(said)).toMatchObject([{ firm: 'faulty', file, errors: [{ path: 'country' }], warnings: [] }])
  })

  it('does not paint where nobody looks on, or NO_COLOR is set', async () => {
    write('faulty.jsonc', '{}')
    const painted = async (terminal: boolean, env = {}) =>
      (await type(vendor(), `check ${folder}`, { terminal, env })).said.includes('\u001b[')
    expect([await painted(true), await painted(false), await painted(true, { NO_COLOR: '1' })]).toEqual([
      true,
      false,
      false,
    ])
  })
})

describe('push', () => {
  it('saves two hundred documents; a second push changes nothing', async () => {
    many(200)
    const of = vendor()
    const first = await type(of, `push --yes ${folder}`)
    expect(first.code).toBe(0)
    expect(first.said).toContain('200 saved, 0 as stored, 0 refused')
    expect(of.documents.get('firm-7')!.text).toBe(firm(7))
    of.calls.length = 0
    const second = await type(of, `push --yes ${folder}`)
    expect(second).toMatchObject({ code: 0, said: 'Nothing changes: 200 as stored.' })
    expect(of.calls.filter(call => call.startsWith('PUT'))).toEqual([])
  })

  it('says which secrets the firm has to store before its endpoints take anything in', async () => {
    many(1)
    const of = vendor()
    of.lacking.push({ name: 'calendly', secret: 'CALENDLY_SIGNING_KEY' })
    expect((await type(of, `push --yes ${folder}`)).noted.split('\n').slice(-2)).toEqual([
      'firm-0: endpoint calendly: CALENDLY_SIGNING_KEY is not set',
      '  npx docketed secret firm-0 CALENDLY_SIGNING_KEY',
    ])
  })

  it('shows what will change, and asks', async () => {
    many(2)
    const of = vendor()
    await type(of, `push --yes ${folder}`)
    write('firm-1.jsonc', firm(1).replace('America/New_York', 'America/Chicago'))
    const asked: string[] = []
    const answer = (word: string) => ({
      ask: async (question: string) => {
        asked.push(question)
        return word
      },
    })
    const no = await type(of, `push ${folder}`, answer('n'))
    expect(no.code).toBe(1)
    expect(no.said).toContain('changes  firm-1  +1 −1')
    expect(no.said).toContain('  -   "timezone": "America/New_York",\n  +   "timezone": "America/Chicago",')
    expect(no.said).not.toContain('firm-0')
    expect(asked).toEqual(['1 of 2 firms change. Save? [y/N] '])
    expect(of.documents.get('firm-1')!.version).toBe(1)
    expect((await type(of, `push ${folder}`, answer('y'))).code).toBe(0)
    expect(of.documents.get('firm-1')).toMatchObject({ version: 2 })
  })

  it('saves nothing where nobody can be asked', async () => {
    many(1)
    const of = vendor()
    const { code, noted } = await type(of, `push ${folder}`)
    expect({ code, stored: of.documents.size }).toEqual({ code: 2, stored: 0 })
    expect(noted).toContain('--yes')
  })

  it('sends none of a folder in which one cannot be saved', async () => {
    many(2)
    write('faulty.jsonc', '{}')
    const of = vendor()
    const { code, noted } = await type(of, `push --yes ${folder}`)
    expect({ code, calls: of.calls }).toEqual({ code: 1, calls: [] })
    expect(noted).toContain('Nothing was sent: 1 of 3')
  })

  it('does not overwrite what somebody saved in the meantime', async () => {
    many(1)
    const of = vendor()
    of.documents.set('firm-0', { version: 4, text: firm(8) })
    const { code, noted } = await type(of, `push ${folder}`, {
      ask: async () => {
        of.documents.set('firm-0', { version: 5, text: firm(9) })
        return 'y'
      },
    })
    expect({ code, text: of.documents.get('firm-0')!.text }).toEqual({ code: 3, text: firm(9) })
    expect(noted).toContain('changed since you read it')
  })
})

describe('pull and diff', () => {
  it('writes the documents of all firms, as they were saved', async () => {
    const of = vendor()
    for (const n of [1, 2]) of.documents.set(`firm-${n}`, { version: 1, text: firm(n) })
    const into = join(folder, 'firms')
    expect((await type(of, `pull ${into}`)).said).toBe('2 written, 0 as they were.')
    expect(readdirSync(into)).toEqual(['firm-1.jsonc', 'firm-2.jsonc'])
    expect(readFileSync(join(into, 'firm-2.jsonc'), 'utf8')).toBe(firm(2))
    expect((await type(of, `diff ${into}`)).code).toBe(0)
    expect((await type(of, `pull ${into}`)).said).toBe('0 written, 2 as they were.')
  })

  it('replaces no file without a yes', async () => {
    const of = vendor()
    of.documents.set('smith', { version: 1, text: firm(1) })
    const file = write('smith.jsonc', firm(2))
    expect((await type(of, `pull ${folder} smith`, { ask: async () => 'n' })).code).toBe(1)
    expect(readFileSync(file, 'utf8')).toBe(firm(2))
    expect((await type(of, `pull ${folder} smith --yes`)).code).toBe(0)
    expect(readFileSync(file, 'utf8')).toBe(firm(1))
  })

  it('tells what differs, and what is not stored yet; for CI, 1', async () => {
    const of = vendor()
    of.documents.set('firm-0', { version: 1, text: firm(5) })
    many(2)
    const { code, said } = await type(of, `diff ${folder}`)
    expect(code).toBe(1)
    expect(said).toContain('  -   // Firm 5\n  +   // Firm 0')
    expect(said).toContain('firm-1: nothing is stored')
  })
})

describe('init', () => {
  it('asks five questions, and what it writes can be saved as it is', async () => {
    const answers = ['jones', 'America/Chicago', '', 'https://jones.example/', 'ann@jones.example']
    const of = vendor()
    const { code } = await type(of, `init ${folder}`, { ask: async () => answers.shift() ?? null })
    expect({ code, left: answers }).toEqual({ code: 0, left: [] })
    const text = readFileSync(join(folder, 'jones.jsonc'), 'utf8')
    for (const part of ['America/Chicago', '"US"', '"https://jones.example"', 'ann@jones.example'])
      expect(text).toContain(part)
    expect((await type(of, `check --strict ${folder}`)).code).toBe(0)
    expect((await type(of, `push --yes ${folder}`)).code).toBe(0)
  })

  it('says what comes next in the order in which it goes: a firm is stored with its connection', async () => {
    const { said } = await type(vendor(), `init ${folder}`, { ask: async () => '' })
    const file = join(folder, 'smith.jsonc')
    expect(said.split('\n').slice(1)).toEqual([
      `  npx docketed check ${file}`,
      `  npx docketed connect smith ${file}`,
      `  npx docketed push ${file}`,
    ])
  })

  it('writes over nothing', async () => {
    write('smith.jsonc', 'mine')
    const { code } = await type(vendor(), `init ${folder}`, { ask: async () => '' })
    expect({ code, text: readFileSync(join(folder, 'smith.jsonc'), 'utf8') }).toEqual({ code: 2, text: 'mine' })
  })
})

describe('send', () => {
  it('posts a sample to a form', async () => {
    const of = vendor()
    of.documents.set('smith', { version: 1, text: firm(1) })
    const { code, said } = await type(of, 'send smith website --key one')
    expect({ code, said }).toEqual({ code: 0, said: '202 {"run":"run_1","status":"accepted","duplicate":false}' })
    const [sent] = of.deliveries
    expect(sent!.headers.get('idempotency-key')).toBe('one')
    expect(await sent!.text()).toContain('first_name=Ada')
  })

  it('wants the secret of a source that signs', async () => {
    const { code, noted } = await type(vendor(), `send smith hook ${write('body.json', '{}')} --source github`)
    expect(code).toBe(2)
    expect(noted).toContain('DOCKETED_SECRET')
  })

  it.each(Object.entries(schemes))('signs as %s does', async (_, scheme) => {
    const base64 = Buffer.from('a secret of thirty-two bytes, ok').toString('base64')
    const secret = scheme.key === 'base64' && !('keyPrefix' in scheme) ? base64 : `whsec_${base64}`
    const now = Date.parse('2026-11-26T12:00:00Z')
    const uri = 'https://docketed.example/in/smith/hook'
    const { headers, query } = sign(scheme, { secret, body: '{"a":1}', uri, now, id: 'msg_1' })
    const url = new URL(`${uri}?${new URLSearchParams(query)}`)
    const request = (body: string) => ({
      method: 'POST',
      url,
      headers: new Headers(headers),
      body: new TextEncoder().encode(body),
      now,
    })
    expect(await verifySignature(scheme, request('{"a":1}') as never, [secret], uri)).toMatchObject({ ok: true })
    expect(await verifySignature(scheme, request('{"a":2}') as never, [secret], uri)).toMatchObject({ ok: false })
  })
})

describe('what is asked of a firm', () => {
  it('lists runs', async () => {
    const of = vendor()
    of.runs.push({ id: 'run_1', state: 'done' })
    const { said } = await type(of, 'runs smith')
    expect(said).toBe('2026-11-26 12:00:00Z  done       run_1  website  form.submitted')
    expect(JSON.parse((await type(of, 'runs smith --json')).said)).toMatchObject([{ id: 'run_1' }])
  })

  it('tells of one run why it stands there, what to do, and what was done; as JSON all of it', async () => {
    const of = vendor()
    const { said } = await type(of, 'runs smith run_1 --reveal')
    expect(said.split('\n')).toEqual([
      '2026-11-26 12:00:00Z  parked     run_1  website  form.submitted',
      '    No practice area is called “Familly Law”.',
      '    What to do: Write the name as Clio has it; then resume.',
      '  new-client/client  done',
      '      POST contacts  applied 201 record 7',
      '  new-client/matter  ready',
    ])
    expect((await type(of, 'runs smith run_1')).said).toContain('Clio has no record')
    expect(JSON.parse((await type(of, 'runs smith run_1 --json')).said)).toMatchObject({ id: 'run_1', state: 'parked' })
  })

  it('tells a run when it comes and when its state changes, once each', async () => {
    const of = vendor()
    let now = 0
    const { code, said } = await type(of, 'tail smith --json --seconds 9', {
      now: () => now,
      sleep: async ms => {
        now += ms
        if (now === 2000) of.runs.push({ id: 'run_1', state: 'running' })
        if (now === 6000) of.runs[0]!.state = 'done'
      },
    })
    const told = said.split('\n').map(line => JSON.parse(line) as { state: string })
    expect({ code, states: told.map(({ state }) => state) }).toEqual({ code: 0, states: ['running', 'done'] })
  })

  it('previews a file with a document that is not saved; 1 where the run would park', async () => {
    const of = vendor()
    const config = write('smith.jsonc', firm(1))
    const { code, said } = await type(
      of,
      `preview smith website ${write('body.json', '{}')} --config ${config} --names`,
    )
    expect({ code, asked: of.previewed }).toEqual({
      code: 1,
      asked: [{ endpoint: 'website', body: '{}', config: firm(1), names: true }],
    })
    expect(said).toContain('POST contacts  new-client/client')
    expect((await type(of, 'preview smith')).code).toBe(2)
  })

  it('stores a secret from the standard input, and forgets it', async () => {
    const of = vendor()
    const input = async () => 'a-secret-of-some-length\n'
    const stored = await type(of, 'secret smith HOOK', { input })
    expect(stored).toMatchObject({ code: 0, said: expect.not.stringContaining('a-secret') })
    expect([...of.secrets]).toEqual([['HOOK', 'a-secret-of-some-length']])
    expect((await type(of, 'secret smith HOOK --forget')).code).toBe(0)
    expect([...of.secrets]).toEqual([])
    expect((await type(of, 'secret smith HOOK')).code).toBe(2)
  })
})

describe('what is done with a run', () => {
  it('goes on with it, with what is corrected, chosen and left out', async () => {
    const of = vendor()
    const line = ['resume', 'smith', 'run_1', '--answers', '{"email":"p@x.example"}', '--choose', '{"client":7}']
    const { code, said, noted } = await type(of, [...line, '--skip', 'call,papers', '--own'])
    expect(code).toBe(0)
    const mend = { answers: { email: 'p@x.example' }, choose: { client: 7 }, skip: ['call', 'papers'] }
    expect(of.acts).toEqual([{ resume: 'run_1', version: 'own', ...mend }])
    expect(said).toContain('run_1')
    expect(noted).toContain('contacts 7')
    expect((await type(of, 'resume smith run_1 --answers email')).code).toBe(2)
  })

  it('closes it and takes it back when somebody says yes', async () => {
    const of = vendor()
    expect((await type(of, 'discard smith run_1')).code).toBe(2)
    expect((await type(of, 'undo smith run_1', { ask: async () => 'no' })).code).toBe(1)
    expect(of.acts).toEqual([])
    expect((await type(of, 'discard smith run_1 --yes')).code).toBe(0)
    expect((await type(of, 'undo smith run_2 --anyway', { ask: async () => 'y' })).said).toContain('run_undo')
    expect(of.acts).toEqual([{ discard: 'run_1' }, { undo: 'run_2', anyway: true }])
  })
})

describe('Clio at the command line', () => {
  it('is read as JSON', async () => {
    const of = vendor()
    const { said } = await type(of, ['clio', 'smith', '/matters?fields=id,client{id,name}&limit=5'])
    expect(JSON.parse(said)).toEqual({ data: [{ id: 7 }] })
    expect(of.acts).toMatchObject([{ path: 'matters', query: { fields: 'id,client{id,name}', limit: '5' } }])
    const out = join(folder, 'matters.json')
    await type(of, `clio smith matters --out ${out}`)
    expect(JSON.parse(readFileSync(out, 'utf8'))).toEqual({ data: [{ id: 7 }] })
    const wrong = await type(of, 'clio smith matters?fields=idd')
    expect([wrong.code, wrong.noted]).toEqual([3, expect.stringContaining("fields: 'idd' is not known")])
  })

  it('is written to once for a key', async () => {
    const of = vendor()
    const input = async () => '{"name":"Call"}'
    expect((await type(of, 'write smith create tasks --key call-1', { input })).code).toBe(0)
    expect((await type(of, 'write smith delete tasks 7 --key again')).noted).toContain('used before')
    expect(of.acts).toEqual([
      { verb: 'create', resource: 'tasks', with: { name: 'Call' }, key: 'call-1' },
      { verb: 'delete', resource: 'tasks', id: '7', key: 'again' },
    ])
    expect((await type(of, 'write smith create tasks', { input })).code).toBe(2)
    expect((await type(of, 'write smith make tasks --key x', { input })).code).toBe(2)
    const { code, said } = await type(of, 'write smith create tasks --preview', { input })
    expect([code, said]).toEqual([1, expect.stringMatching(/^POST contacts.*The run would be parked\.$/s)])
    expect(of.previewed).toEqual([{ write: { verb: 'create', resource: 'tasks', with: { name: 'Call' } } }])
  })
})

describe('slack-manifest', () => {
  const at = (url: string) => ({ env: { DOCKETED_URL: url } })

  it('prints it', async () => {
    const { said } = await type(vendor(), 'slack-manifest smith slack /docket --org', at('https://docketed.example/'))
    expect(JSON.parse(said)).toMatchObject({
      features: { slash_commands: [{ command: '/docket', url: 'https://docketed.example/in/smith/slack' }] },
      settings: { org_deploy_enabled: true },
    })
  })

  it.each([
    ['https://docketed.example', ['smith']],
    ['http://docketed.example', ['smith', 'slack']],
    ['https://docketed.example', ['smith', 'slack', '/No Command']],
  ])('says what is wrong with %s %j', async (url, words) => {
    expect((await type(vendor(), ['slack-manifest', ...words], at(url))).code).toBe(2)
  })
})

describe('the line', () => {
  it('lists all commands, and tells each by its name', async () => {
    const { code, said } = await type(vendor(), 'help')
    const names = [...said.matchAll(/^ {2}([a-z-]+) {2,}/gm)].map(([, name]) => name!)
    expect(code).toBe(0)
    expect(names).toEqual(expect.arrayContaining(['init', 'check', 'push', 'pull', 'diff', 'tail', 'send']))
    for (const name of names) expect((await type(vendor(), `${name} --help`)).said).toContain(`docketed ${name}`)
  })

  it('is cut short by whoever has read enough', () => {
    const line = `${process.execPath} src/tools/docketed.ts help | true; echo \${PIPESTATUS[0]}`
    const root = join(import.meta.dirname, '../..')
    const { stdout, stderr } = spawnSync('bash', ['-c', line], { cwd: root, encoding: 'utf8' })
    expect([stdout.trim(), stderr]).toEqual(['0', ''])
  })

  it('knows what was meant', async () => {
    expect(await type(vendor(), 'pusch x')).toMatchObject({ code: 2, noted: expect.stringContaining("'push'") })
    expect((await type(vendor(), `check --strikt ${folder}`)).code).toBe(2)
    expect((await type(vendor(), 'check')).noted).toContain('docketed check <file or folder>')
  })

  it('says which variable is missing, and when nothing answers', async () => {
    many(1)
    expect((await type(vendor(), `diff ${folder}`, { env: {} })).noted).toContain('DOCKETED_TOKEN')
    const gone = { fetch: () => Promise.reject(new TypeError('fetch failed')) }
    expect(await type(gone, `diff ${folder}`)).toMatchObject({
      code: 3,
      noted: 'docketed: Nothing answers at https://worker.example. Is that the address of your Worker?',
    })
  })

  it('says of what the Worker refuses each place, and nothing of where in the answer it stands', async () => {
    many(1)
    const refusal = {
      title: 'What was sent is not valid',
      detail: "Nothing was changed; fix the entries in 'errors', and send it again.",
      errors: [
        { path: 'connection', message: 'belongs to firm jones' },
        { path: 'rules[0]', message: 'names a secret of the Worker' },
      ],
    }
    const of = { fetch: async () => Response.json(refusal, { status: 422 }) }
    const { code, noted } = await type(of, 'runs smith')
    expect({ code, noted }).toEqual({
      code: 3,
      noted:
        'docketed: What was sent is not valid.\n  connection: belongs to firm jones\n  rules[0]: names a secret of the Worker',
    })
  })

  it('says in words that a file is missing', async () => {
    mkdirSync(join(folder, 'empty'))
    expect((await type(vendor(), `check ${folder}/nothing.jsonc`)).code).toBe(2)
    expect((await type(vendor(), `check ${folder}/empty`)).noted).toContain('There is no document')
  })
})
