import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import { createApp } from '../../src/app.ts'
import { readConfiguration } from '../../src/configuration/configuration.ts'
import { ruleFor, withRule } from '../../src/console/set-up/new-rule.ts'
import type { AuditEntry } from '../../src/model/access.ts'
import type { RunView } from '../../src/model/docket-rpc.ts'
import { eventually } from '../eventually.ts'
import { api, firmOf, Visitor } from './visitor.ts'

const firm = 'sets-up'
const at = (page: string) => `/console/${firm}/${page}`
const roles = ['viewer', 'operator', 'admin'] as const
const visitors = {} as Record<(typeof roles)[number], Visitor>

beforeAll(async () => {
  const tokens = await firmOf(firm, {
    endpoints: { website: { source: 'form' }, tally: { source: 'tally', secret: '$TALLY' } },
    channels: { office: { url: 'https://office.example/hooks/secret-path', secret: '$HOOK' } },
    rules: [{ name: 'stop', on: { endpoint: 'website' }, steps: { stop: { park: 'Look' } } }],
  })
  for (const role of roles) {
    visitors[role] = new Visitor()
    await visitors[role].signIn(tokens[role])
  }
})

async function submit(answers: Record<string, string>): Promise<string> {
  const headers = { 'idempotency-key': crypto.randomUUID(), 'content-type': 'application/x-www-form-urlencoded' }
  const body = new URLSearchParams(answers).toString()
  const answer = await createApp(env).request(`/in/${firm}/website`, { method: 'POST', headers, body }, env)
  return ((await answer.json()) as { run: string }).run
}

const plain = (page: string) => page.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&')
const textIn = (page: string) => plain(/<textarea[^>]*>([\s\S]*?)<\/textarea>/.exec(page)?.[1] ?? '')

describe('who sees which page', () => {
  it.each([
    ['endpoints', 'viewer'],
    ['rules', 'admin'],
    ['settings', 'admin'],
  ] as const)('%s are for a %s', async (page, least) => {
    for (const role of roles) {
      const { status } = await visitors[role].get(at(page))
      expect([role, status]).toEqual([role, roles.indexOf(role) >= roles.indexOf(least) ? 200 : 403])
    }
  })

  it('a viewer is offered nothing that only an operator may do', async () => {
    expect(await visitors.viewer.read(at('endpoints'))).not.toContain('Catch the next delivery')
    expect(await visitors.operator.read(at('endpoints'))).toContain('Catch the next delivery')
  })
})

describe('the endpoints', () => {
  it('show the address to copy, and the secret that is missing', async () => {
    const page = await visitors.viewer.read(at('endpoints'))
    expect(page).toContain(`value="https://docketed.example/in/${firm}/tally"`)
    expect(page).toMatch(/The secret <code>TALLY<\/code> is not set/)
  })

  it('preview a test where Clio is real, and send it when somebody says so', async () => {
    const previewed = await (
      await visitors.operator.press(at('endpoints'), { act: 'test', endpoint: 'website' })
    ).text()
    expect(previewed).toContain('Nothing was sent')
    expect(previewed).toContain('Send it for real')
    const sent = await (await visitors.operator.press(at('endpoints'), { act: 'live', endpoint: 'website' })).text()
    expect(sent).toMatch(/The test of website came in\.<\/strong> <a href="\/console\/sets-up\/runs\/run_\w+">/)
  })
})

describe('a new source, from its address to a saved rule', () => {
  it('is caught, shown masked, revealed with an audit, ticked into a rule, checked, saved and resumed', async () => {
    const { operator, admin } = visitors
    const caught = await operator.press(at('endpoints'), { act: 'catch', endpoint: 'website' })
    expect(caught.status).toBe(303)
    const run = await submit({ first_name: 'Zephyrine', email: 'z@mail.example', 'Matter type': 'Divorce' })
    const page = await operator.read(at('endpoints/website'))
    expect(plain(page)).toContain('{{ fields.matter_type }}')
    for (const said of ['Zephyrine', 'z@mail.example', 'Divorce']) expect(page).not.toContain(said)
    const revealed = await (await operator.press(at('endpoints/website'), { act: 'reveal' })).text()
    expect(revealed).toContain('z@mail.example')
    const { entries } = await api<{ entries: AuditEntry[] }>('GET', `/firms/${firm}/audit?limit=1`)
    expect(entries[0]).toMatchObject({ action: 'run.revealed', run })

    const taken = ['person.first_name', 'person.email', 'fields.matter_type'].map(one => `take=${one}`).join('&')
    const begun = await admin.read(`${at('rules')}?endpoint=website&type=form.submitted&${taken}`)
    const text = textIn(begun)
    expect(text).toContain('"name": "website-submitted"')
    expect(readConfiguration(text).ok).toBe(true)

    const [, version = ''] = /name="version" value="(\d+)"/.exec(begun) ?? []
    const checked = await (await admin.press(at('rules'), { act: 'check', text, version, run })).text()
    expect(checked).toContain('Nothing is wrong.')
    expect(checked).toContain('POST contacts')
    const saved = await admin.press(at('rules'), { act: 'save', text, version })
    expect([saved.status, saved.headers.get('location')]).toEqual([303, `${at('rules')}?did=saved`])
    expect((await api<{ version: number }>('GET', `/firms/${firm}/stats`)).version).toBe(Number(version) + 1)
    expect((await operator.press(`/console/${firm}/runs/${run}`, { act: 'resume' })).status).toBe(303)
    await eventually(async () => {
      const { steps } = await api<RunView>('GET', `/firms/${firm}/runs/${run}`)
      expect(steps.map(({ path }) => path)).toContain('website-submitted/client')
    })
  })
})

describe('the rules', () => {
  const stored = async () => textIn(await visitors.admin.read(at('rules')))

  it('have their faults told beside the text, which stays as it was written', async () => {
    const text = (await stored()).replace('"park"', '"parc"')
    const page = await (await visitors.admin.press(at('rules'), { act: 'check', text, version: '1' })).text()
    expect(plain(page)).toContain('rules[0].steps.stop')
    expect(textIn(page)).toBe(text)
  })

  it('have the line and the column of each fault named, and a way there', async () => {
    const text = (await stored()).replace('"park"', '"parc"')
    const line = text.split('\n').findIndex(one => one.includes('"parc"')) + 1
    const column = text.split('\n')[line - 1]!.indexOf('"parc"') + 1
    const press = async (text: string) =>
      (await visitors.admin.press(at('rules'), { act: 'check', text, version: '1' })).text()
    const page = await press(text)
    expect(page).toContain(`">Line ${line}, column ${column}</a>: <code>rules[0].steps.stop.parc`)
    expect(await press('{\n  "timezone": nonsense\n}')).toContain(
      'data-at="16,16">Line 2, column 15</a>: <code>timezone</code> this word is not JSON',
    )
  })

  it('have wrong names told, which a glance in passing does not look up', async () => {
    const rule = {
      name: 'x',
      on: { endpoint: 'website' },
      steps: {
        m: {
          create: 'matters',
          with: { client: 'maria.alvarez@mail.example', description: 'x', practice_area: 'Familly Law' },
        },
      },
    }
    const text = withRule(await stored(), rule)!
    const ask = async (act: string) =>
      plain(await (await visitors.admin.press(at('rules'), { act, text, version: '1' })).text())
    expect(await ask('check')).toContain('did you mean “Family Law”?')
    expect(await ask('glance')).toContain('Nothing is wrong.')
  })

  it('are not saved over what somebody else has saved since', async () => {
    const answer = await visitors.admin.press(at('rules'), { act: 'save', text: await stored(), version: '1' })
    expect([answer.status, await answer.text()]).toEqual([412, expect.stringContaining('Somebody else saved')])
  })
})

describe('the settings', () => {
  const press = (fields: Record<string, string>) => visitors.admin.press(at('settings'), fields)

  it('tell what was done in words, its code beside, and what was done before', async () => {
    expect(await visitors.admin.read(at('settings'))).toContain('<td title="token.added">Token added')
    const first = await visitors.admin.read(`${at('settings')}?before=2`)
    expect(first).toContain('<td title="config.saved">Configuration saved: version 1</td>')
    expect(first).not.toContain('token.added')
  })

  it('say that a form was saved only until the next is sent', async () => {
    const page = `${at('settings')}?did=saved`
    expect(await visitors.admin.read(page)).toContain('Saved.')
    const refused = await visitors.admin.press(page, { act: 'store', name: 'TALLY', value: 'short' })
    expect(await refused.text()).not.toContain('Saved.')
  })

  it('store a secret, show its name and never its value, and forget it', async () => {
    expect((await press({ act: 'store', name: 'TALLY', value: 'a-value-that-is-long-enough' })).status).toBe(303)
    const page = await visitors.admin.read(at('settings'))
    expect(page).toContain('Forget TALLY')
    expect(page).not.toContain('a-value-that-is-long-enough')
    expect((await press({ act: 'forget', name: 'TALLY' })).status).toBe(303)
    expect(await visitors.admin.read(at('settings'))).not.toContain('Forget TALLY')
  })

  it('say why a secret was not stored', async () => {
    const refused = await press({ act: 'store', name: 'TALLY', value: 'short' })
    expect([refused.status, await refused.text()]).toEqual([422, expect.stringContaining('could be guessed')])
  })

  it('send a channel a test and say what it answered', async () => {
    expect(await (await press({ act: 'tell', name: 'office' })).text()).toContain('secret is not set')
  })

  it('give a person a seat, and an agent a token of its own', async () => {
    expect((await press({ act: 'seat', email: 'pat@smith.example', role: 'operator' })).status).toBe(303)
    const agent = await (await press({ act: 'token', name: 'Helper', role: 'operator', agent: 'propose' })).text()
    expect(agent).toMatch(/value="dkt_sets-up_/)
    const page = await visitors.admin.read(at('settings'))
    expect(page).toContain('pat@smith.example <span class="quiet">seat</span></td><td class="by">operator</td>')
    expect(page).toContain('operator, <span class="quiet">an AI agent whose writes wait for a person</span>')
    expect(page).toContain('Take away the seat of pat@smith.example')
    const refused = await press({ act: 'seat', email: 'nobody', role: 'operator' })
    expect([refused.status, (await refused.text()).match(/role="alert">(.*)/)?.[1]]).toEqual([
      400,
      expect.stringContaining('e-mail address'),
    ])
  })

  it('make a connection for the vendor, whose address is shown once, and for nobody else', async () => {
    const vendor = new Visitor()
    await vendor.signIn(env.ADMIN_TOKEN)
    const made = await (await vendor.press(at('settings'), { act: 'connect' })).text()
    expect(made).toContain('A connection was made.</strong> Open its address')
    expect(made).toMatch(/<label>Address<input readonly value="http/)
    expect(await vendor.read(at('settings'))).toContain('Connections at the gateway')
    expect(await visitors.admin.read(at('settings'))).not.toContain('Make a connection')
    expect((await press({ act: 'connect' })).status).toBe(403)
  })

  it('make a token, show it once, and revoke it', async () => {
    const made = await (await press({ act: 'token', name: 'Ines', role: 'viewer' })).text()
    const [token = ''] = /dkt_sets-up_[\w-]+/.exec(made) ?? []
    expect((await new Visitor().signIn(token)).status).toBe(303)
    const page = await visitors.admin.read(at('settings'))
    expect(page).not.toContain(token)
    const [, id = ''] =
      /name="id" value="(tok_[\w-]+)"><p>Whoever uses it is shut out at once.<\/p><button class="danger">Revoke the token of Ines/.exec(
        page,
      ) ?? []
    expect((await press({ act: 'revoke', id })).status).toBe(303)
    expect((await new Visitor().signIn(token)).status).not.toBe(303)
  })
})

describe('the firm as a whole', () => {
  const press = (fields: Record<string, string>) => visitors.admin.press(at('settings'), fields)

  it('is held, and goes on', async () => {
    expect((await press({ act: 'hold', reason: 'We are moving' })).status).toBe(303)
    expect(await visitors.admin.read(at('settings'))).toContain('Let the firm go on')
    expect((await press({ act: 'go-on' })).status).toBe(303)
    expect(await visitors.admin.read(at('settings'))).toContain('Hold the firm')
  })

  it('is exported, sealed to a passphrase', async () => {
    const file = await press({ act: 'export', passphrase: 'a-passphrase-of-some-length' })
    expect(file.headers.get('content-disposition')).toContain(`${firm}.docketed`)
    expect((await file.text()).length).toBeGreaterThan(100)
    // What no header can carry, too.
    for (const passphrase of ['short', 'пароль из многих букв']) {
      const refused = await press({ act: 'export', passphrase })
      expect([refused.status, await refused.text()]).toEqual([
        422,
        expect.stringContaining('letters, digits and signs'),
      ])
    }
  })

  it('speaks to people, not to programs, when it refuses', async () => {
    const refused = await (await press({ act: 'seat', email: 'a@b', role: 'viewer' })).text()
    expect(refused).toContain('<code>email</code> must be an e-mail address')
    const said = [
      refused,
      await visitors.admin.read(`${at('rules')}?version=999`),
      await visitors.admin.read('/console/SMITH'),
    ]
    expect(said.join()).not.toMatch(/'errors'|GET |README|No call|The body/)
  })

  it('shows its versions, the difference to one of before, and its text', async () => {
    const page = await visitors.admin.read(at('rules'))
    expect(page).toContain(`/console/${firm}/rules?version=1`)
    const older = plain(await visitors.admin.read(`${at('rules')}?version=1`))
    expect(older).toMatch(/<del>- [^<]*website-submitted/)
    expect(textIn(older)).not.toContain('website-submitted')
  })

  it('is erased by whoever writes its name', async () => {
    expect((await press({ act: 'erase', confirm: 'another' })).status).toBe(422)
    expect((await press({ act: 'erase', confirm: firm })).status).toBe(303)
    expect((await visitors.admin.get(at('endpoints'))).status).not.toBe(200)
  })
})

describe('a rule that is begun', () => {
  const text =
    '{\n  // ours\n  "timezone": "America/New_York", "country": "US",\n  "endpoints": { "w": { "source": "form" } },\n  "rules": []\n}\n'

  it.each([
    ['a person and more', ['person.email', 'person.last_name', 'fields.matter_type', 'message']],
    ['nobody that can be told again', ['fields["Your question"]', 'files[0]']],
    ['nothing', []],
  ])('of %s may be saved as it stands, and leaves the rest of the text alone', (_, taken) => {
    const made = withRule(text, ruleFor('w', 'form.submitted', taken))!
    const read = readConfiguration(made)
    expect(read.ok ? read.configuration.rules.length : read.problem.errors).toBe(1)
    expect(made).toContain('// ours')
    const twice = withRule(made, { ...ruleFor('w', 'form.submitted', taken), name: 'second' })!
    expect(readConfiguration(twice).ok).toBe(true)
  })

  it('finds no place in a text that cannot be read', () => {
    expect(withRule('{ "rules": 7 }', {})).toBeNull()
    expect(withRule('', {})).toBeNull()
  })
})
