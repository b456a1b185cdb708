import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import { createApp } from '../../src/app.ts'
import type { AuditEntry } from '../../src/model/access.ts'
import type { RunView } from '../../src/model/docket-rpc.ts'
import { eventually } from '../eventually.ts'
import { api, configure, firmOf, Visitor } from './visitor.ts'

/** What a client might say, each of a kind that some page could show. */
const markers = {
  first_name: 'Zephyrine',
  last_name: 'Quackenbush',
  email: 'zq@quackenbush.example',
  phone: '+1 212 555 0173',
  company: 'Quackworks Ltd',
  message: 'He hid the ledger under the stairs',
  opposing_party: 'Barnaby Thistlewood',
  address: '17 Umberfield Lane',
  birthday: '1971-04-23',
  iban: 'DE02120300000000202051',
} as const
const values = Object.values(markers)

let tokens: Awaited<ReturnType<typeof firmOf>>
const visitors: Record<string, Visitor> = {}

const rule = {
  name: 'look',
  on: { endpoint: 'website', type: 'form.submitted' },
  if: "fields.kind != 'nobody'",
  steps: {
    before: {
      if: "fields.kind == 'begun'",
      create: 'tasks',
      with: { name: 'Call {{ person.last_name }}', assignee: 'intake@smith.example' },
    },
    // A reason holds some of it too.
    stop: { if: "fields.kind != 'fine'", park: 'Ask {{ person.first_name }} about {{ fields.opposing_party }}' },
    client: {
      upsert: 'contacts',
      match: ['email_addresses'],
      with: {
        type: 'Person',
        first_name: '{{ person.first_name }}',
        last_name: '{{ person.last_name }}',
        email_addresses: [{ name: 'Work', address: '{{ person.email }}' }],
      },
    },
  },
}

beforeAll(async () => {
  tokens = await firmOf('acts', { rules: [rule] })
  for (const role of ['viewer', 'operator', 'admin'] as const) {
    visitors[role] = new Visitor()
    await visitors[role].signIn(tokens[role])
  }
})

async function submit(kind: string, until: string, answers: Record<string, string> = markers): Promise<string> {
  const headers = { 'idempotency-key': crypto.randomUUID(), 'content-type': 'application/x-www-form-urlencoded' }
  const body = new URLSearchParams({ ...answers, kind }).toString()
  const answer = await createApp(env).request('/in/acts/website', { method: 'POST', headers, body }, env)
  const { run } = (await answer.json()) as { run: string }
  await reaches(run, until)
  return run
}

const runOf = (id: string) => api<RunView>('GET', `/firms/acts/runs/${id}`)
const reaches = (id: string, state: string) => eventually(async () => expect((await runOf(id)).state).toBe(state))
const auditOf = async (run: string) =>
  (await api<{ entries: AuditEntry[] }>('GET', '/firms/acts/audit?limit=200')).entries.filter(one => one.run === run)

describe('what a client said', () => {
  it.each(['viewer', 'operator', 'admin'])('stands on no page of a %s who has not asked to see it', async role => {
    const run = await submit('odd', 'parked')
    const visitor = visitors[role]!
    const pages = ['', '/runs', `/runs?q=${run}`, '/runs?state=parked', `/runs/${run}`]
    expect(values.length).toBeGreaterThanOrEqual(10)
    for (const path of ['/endpoints', '/endpoints/website'])
      for (const value of values) expect(await visitor.read(`/console/acts${path}`)).not.toContain(value)
    for (const path of pages) {
      const answer = await visitor.get(`/console/acts${path}`)
      expect(answer.status).toBe(200)
      expect(answer.headers.get('cache-control')).toBe('no-store')
      const page = await answer.text()
      for (const value of values) expect(page, `${path}: ${value}`).not.toContain(value)
      expect(page).toContain('characters</span>')
    }
    expect((await auditOf(run)).filter(({ action }) => action === 'run.revealed')).toEqual([])
  })

  it('is revealed to an operator who asks, at no address of its own, and the audit says who', async () => {
    const run = await submit('odd', 'parked')
    const at = `/console/acts/runs/${run}`
    const answer = await visitors.operator!.press(at, { act: 'reveal' })
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store'])
    const page = await answer.text()
    for (const value of values) expect(page).toContain(value)
    expect(/<title>(.*)<\/title>/.exec(page)?.[1]).toBe(`Run ${run} · acts · Docketed`)
    const revealed = (await auditOf(run)).filter(({ action }) => action === 'run.revealed')
    expect(revealed.map(({ actor }) => actor)).toEqual([expect.stringContaining('the operator')])
    expect(await visitors.operator!.read(`${at}?reveal=1`)).not.toContain(markers.last_name)
  })

  it('is not revealed to the vendor by a link whose firm is a call of the API, nor does the audit say so', async () => {
    const run = await submit('odd', 'parked')
    const vendor = new Visitor()
    await vendor.signIn(env.ADMIN_TOKEN)
    for (const firm of [`acts/runs/${run}?reveal=1#`, `acts/runs/${run}?reveal=1&`, '../console'])
      for (const page of ['', '/runs', '/endpoints', '/settings'])
        expect((await vendor.get(`/console/${encodeURIComponent(firm)}${page}`)).status, firm + page).toBe(404)
    expect((await auditOf(run)).filter(({ action }) => action === 'run.revealed')).toEqual([])
  })

  it('stands on the page of the rules only when somebody checks them, not when a link leads there', async () => {
    const run = await submit('odd', 'parked')
    const at = `/console/acts/rules?run=${run}`
    const page = await visitors.admin!.read(at)
    expect(page).toContain('What the event would do')
    for (const value of values) expect(page, value).not.toContain(value)
    const previewed = async () => (await auditOf(run)).filter(({ action }) => action === 'run.previewed').length
    expect(await previewed()).toBe(0)
    const text = JSON.stringify(await api<object>('GET', '/firms/acts/config'))
    const checked = await (await visitors.admin!.press(at, { act: 'check', text, run })).text()
    expect(checked).toContain(markers.email)
    expect(await previewed()).toBe(1)
  })

  it('is not revealed to a viewer, whatever they send', async () => {
    const run = await submit('odd', 'parked')
    for (const act of ['reveal', 'edit', 'correct']) {
      const answer = await visitors.viewer!.press(`/console/acts/runs/${run}`, { act }, undefined)
      expect(answer.status).toBe(403)
      const page = await answer.text()
      for (const value of values) expect(page).not.toContain(value)
    }
    expect((await auditOf(run)).filter(({ action }) => action === 'run.revealed')).toEqual([])
  })

  it('cannot break out of the page', async () => {
    const evil = '"><script>alert(1)</script>'
    const run = await submit('odd', 'parked', { ...markers, last_name: evil, [evil]: 'x' })
    for (const act of ['reveal', 'edit']) {
      const page = await (await visitors.operator!.press(`/console/acts/runs/${run}`, { act })).text()
      expect(page).not.toContain('<script>alert')
      expect(page).toContain('&lt;script&gt;alert')
    }
  })

  it('that looks like a mask is shown as it is, once it is revealed', async () => {
    const run = await submit('odd', 'parked', { ...markers, message: '‹text, 3›' })
    const page = await (await visitors.operator!.press(`/console/acts/runs/${run}`, { act: 'reveal' })).text()
    expect(page).toContain('‹text, 3›')
  })
})

describe('a long text', () => {
  it('is told whole once, where it came in, and elsewhere by its beginning', async () => {
    const long = 'He said that she said so. '.repeat(30).trim()
    const run = await submit('odd', 'parked', { ...markers, opposing_party: long })
    const page = await (await visitors.operator!.press(`/console/acts/runs/${run}`, { act: 'reveal' })).text()
    expect(page.split(long)).toHaveLength(2)
    expect(page.split('<details><summary><bdi>').length).toBeGreaterThan(3)
  })
})

describe('a parked run', () => {
  it('says why, and what to do', async () => {
    const page = await visitors.operator!.read(`/console/acts/runs/${await submit('odd', 'parked')}`)
    expect(page).toContain('A rule stops here on purpose')
    expect(page).toContain('What to do.')
    expect(page).toContain('Stopped here')
  })

  it('is resumed with one button, and then says what came of it', async () => {
    const run = await submit('odd', 'parked')
    const answer = await visitors.operator!.press(`/console/acts/runs/${run}`, { act: 'resume' })
    expect([answer.status, answer.headers.get('location')]).toEqual([303, `/console/acts/runs/${run}?did=resume`])
    await reaches(run, 'done')
    const page = await visitors.operator!.read(`/console/acts/runs/${run}?did=resume`)
    expect(page).toContain('Resumed.')
    expect(page).toMatch(/<a href="https:\/\/app\.clio\.com\/nc\/#\/contacts\/\d+"/)
  })

  it('goes on without the steps that are ticked', async () => {
    const run = await submit('odd', 'parked', { ...markers, email: 'skipped@quackenbush.example' })
    const at = `/console/acts/runs/${run}`
    expect(await visitors.operator!.read(at)).toContain('value="look/stop" checked> step look/stop')
    const none = await visitors.operator!.press(at, { act: 'skip' })
    expect(await none.text()).toContain('Nothing was skipped')
    expect((await runOf(run)).state).toBe('parked')
    const step = ['look/stop', 'look/client']
    expect((await visitors.operator!.press(at, { act: 'skip', step })).headers.get('location')).toBe(`${at}?did=skip`)
    await reaches(run, 'done')
    expect((await runOf(run)).steps.filter(({ attempts }) => attempts.length > 0)).toEqual([])
  })

  it('goes on with an answer corrected: what was not changed is not said anew', async () => {
    const run = await submit('odd', 'parked')
    const at = `/console/acts/runs/${run}`
    const page = await (await visitors.operator!.press(at, { act: 'edit' })).text()
    const fields = Object.fromEntries(
      [...page.matchAll(/name="((?:is|was) [^"]+)" value="([^"]*)"/g)].map(([, name, value]) => [
        name,
        value!.replaceAll('&quot;', '"'),
      ]),
    )
    expect(fields['is email']).toBe(markers.email)
    const answer = await visitors.operator!.press(at, {
      ...fields,
      'is email': 'right@quackenbush.example',
      act: 'correct',
    })
    expect(answer.headers.get('location')).toBe(`${at}?did=correct`)
    await reaches(run, 'done')
    const resumed = (await auditOf(run)).find(({ action }) => action === 'run.resumed')
    expect(resumed?.detail).toBe('corrected email')
    const revealed = await (await visitors.operator!.press(at, { act: 'reveal' })).text()
    expect(revealed).toContain('right@quackenbush.example')
  })

  it('names what was made of the old answer, with where it is', async () => {
    const run = await submit('begun', 'parked')
    const at = `/console/acts/runs/${run}`
    const corrected = { 'is last_name': 'Quackenbush-Lee', 'was last_name': JSON.stringify(markers.last_name) }
    const answer = await visitors.operator!.press(at, { act: 'correct', ...corrected })
    const to = answer.headers.get('location')!
    expect(to).toMatch(/\?did=correct&kept=tasks:\d+$/)
    const page = await visitors.operator!.read(to)
    expect(page).toMatch(/The old answer stands in .*task \d+.*: correct it in Clio\./)
    expect(await visitors.operator!.read(`${at}?did=correct&kept=tasks:`)).toContain(
      'perhaps what a lost call has made',
    )
    const evil = encodeURIComponent('tasks:<b>,<i>:7')
    expect(await visitors.operator!.read(`${at}?did=correct&kept=${evil}`)).not.toContain('old answer')
  })

  it('says so when nothing was corrected, and keeps what was typed', async () => {
    const run = await submit('odd', 'parked')
    const at = `/console/acts/runs/${run}`
    const answer = await visitors.operator!.press(at, {
      act: 'correct',
      'is email': markers.email,
      'was email': JSON.stringify(markers.email),
    })
    expect(answer.status).toBe(422)
    expect(await answer.text()).toContain('Nothing was corrected')
    const wrong = await visitors.operator!.press(at, {
      act: 'correct',
      'is nonsense': 'typed',
      'was nonsense': 'null',
      'is email': 'typed@mail.example',
      'was email': '"x"',
    })
    const page = await wrong.text()
    expect([wrong.status, page.includes('value="typed@mail.example"')]).toEqual([422, true])
    expect(page).toContain('no answer')
  })

  it('skips a step, is replayed, and is discarded', async () => {
    const skipped = await submit('odd', 'parked')
    await visitors.operator!.press(`/console/acts/runs/${skipped}`, { act: 'skip', step: 'look/client' })
    const replayed = await submit('odd', 'parked')
    const answer = await visitors.operator!.press(`/console/acts/runs/${replayed}`, { act: 'replay' })
    const to = answer.headers.get('location')!
    expect(to).toMatch(/^\/console\/acts\/runs\/run_\w+\?did=replay$/)
    expect(await visitors.operator!.read(to)).toContain(`replay of <a href="/console/acts/runs/${replayed}">`)
    await visitors.operator!.press(`/console/acts/runs/${replayed}`, { act: 'discard' })
    await reaches(replayed, 'discarded')
  })

  it('answers what cannot be done on the page itself', async () => {
    const run = await submit('nobody', 'ignored')
    const answer = await visitors.operator!.press(`/console/acts/runs/${run}`, { act: 'resume' })
    expect(answer.status).toBe(409)
    expect(await answer.text()).toContain('cannot be resumed')
    expect((await visitors.operator!.press(`/console/acts/runs/${run}`, { act: 'explode' })).status).toBe(400)
  })
})

describe('spam', () => {
  it('was passed over by no rule: none has had a look', async () => {
    const page = await visitors.operator!.read(
      `/console/acts/runs/${await submit('nobody', 'spam', { ...markers, _gotcha: 'x' })}`,
    )
    expect(page).toContain('No step of a rule was begun.')
    expect(page).not.toContain('passed over')
  })
})

describe('a run of a firm that is held', () => {
  it('says why it does not go on', async () => {
    await api('POST', '/firms/acts/hold', { reason: 'Clio is tidied' })
    const run = await submit('fine', 'accepted')
    const page = await visitors.operator!.read(`/console/acts/runs/${run}`)
    expect(page).toContain('<strong>Nothing goes to Clio just now.</strong> Clio is tidied.')
    await api('POST', '/firms/acts/resume', {})
    await reaches(run, 'done')
    expect(await visitors.operator!.read(`/console/acts/runs/${run}`)).not.toContain('Nothing goes to Clio')
  })
})

describe('what an agent asks for', () => {
  it('is named before anybody looks closer, and is let happen or not', async () => {
    const { token } = await api<{ token: string }>('POST', '/firms/acts/tokens', {
      name: 'Agent',
      role: 'operator',
      agent: 'propose',
    })
    const body = JSON.stringify({ verb: 'delete', resource: 'tasks', id: 4711, idempotencyKey: 'away' })
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const asked = await createApp(env).request('/api/firms/acts/records', { method: 'POST', headers, body }, env)
    const { id } = (await asked.json()) as { id: string }
    const address = `/console/acts/runs/${id}`
    await reaches(id, 'parked')
    const page = await visitors.admin!.read(address)
    expect(page).toContain('An agent asks to delete record 4711 of tasks.')
    expect(page).toContain('Let it happen')
    // No rule has a say in it, and there is nothing to correct.
    expect(page).not.toMatch(/The rules…|Correct answers|Reveal shows/)
    expect(await (await visitors.admin!.press(address, { act: 'reveal' })).text()).toMatch(
      /task 4711.*<details open><summary>Everything that was sent/s,
    )
    const overview = await visitors.operator!.read('/console/acts')
    expect(overview).toMatch(/class="button primary"[^>]*code=asked/)
    await visitors.operator!.press(address, { act: 'discard' })
  })
})

describe('an undo', () => {
  it('says first what goes and what stays, and changes nothing by being looked at', async () => {
    const run = await submit('fine', 'done', { ...markers, email: 'new@quackenbush.example' })
    const page = await visitors.operator!.read(`/console/acts/runs/${run}/undo`)
    expect(page).toMatch(/contact \d+.*: deleted/s)
    expect((await runOf(run)).undoneBy).toBeNull()
    const answer = await visitors.operator!.press(
      `/console/acts/runs/${run}/undo`,
      { act: 'undo' },
      `/console/acts/runs/${run}`,
    )
    const to = answer.headers.get('location')!
    expect(await visitors.operator!.read(to)).toContain(`takes back <a href="/console/acts/runs/${run}">`)
    expect(await visitors.operator!.read(`/console/acts/runs/${run}`)).toContain('undone by <a')
  })

  it('is no page for a viewer', async () => {
    const run = await submit('fine', 'done')
    expect((await visitors.viewer!.get(`/console/acts/runs/${run}/undo`)).status).toBe(403)
  })
})

describe('what a run says', () => {
  it('is erased when somebody wants it, unless it is kept for a lawsuit', async () => {
    const run = await submit('nobody', 'ignored')
    const at = `/console/acts/runs/${run}`
    await visitors.operator!.press(at, { act: 'hold' })
    expect(await visitors.operator!.read(at)).toContain('legal hold since')
    expect((await visitors.operator!.press(at, { act: 'erase' })).status).toBe(409)
    expect((await visitors.operator!.press(at, { act: 'release' })).status).toBe(403)
    await visitors.admin!.press(at, { act: 'release' })
    expect((await visitors.operator!.press(at, { act: 'erase' })).headers.get('location')).toBe(`${at}?did=erase`)
    const page = await (await visitors.operator!.press(at, { act: 'reveal' })).text()
    for (const value of values) expect(page).not.toContain(value)
    expect(page).toContain('no longer kept')
  })
})

describe('a person', () => {
  it('is found by a number and erased from all runs, by an admin', async () => {
    const phone = '+1 305 555 0142'
    for (let n = 0; n < 2; n++) await submit('nobody', 'ignored', { ...markers, phone })
    const kept = await submit('odd', 'parked', { ...markers, phone })
    const found = '/console/acts/runs?q=(305)%20555-0142'
    expect(await visitors.operator!.read(found)).not.toContain('Erase this person')
    expect((await visitors.operator!.press(found, { who: phone })).status).toBe(403)
    expect(await visitors.admin!.read('/console/acts/runs?q=Quackenbush')).not.toContain('Erase this person')
    expect(await visitors.admin!.read(found)).toContain('Erase this person')
    const done = await visitors.admin!.press(found, { who: '(305) 555-0142' })
    const to = done.headers.get('location')!
    expect([done.status, to]).toEqual([303, '/console/acts/runs?did=forget&n=2&not=1'])
    expect(await visitors.admin!.read(to)).toContain('Erased: 2 runs. 1 run could not be; open them to see why.')
    expect(await visitors.admin!.read(found)).toContain(kept)
    await visitors.admin!.press(`/console/acts/runs/${kept}`, { act: 'discard' })
  })
})

describe('the list', () => {
  it('is narrowed by what stands in its address, and says so in its form', async () => {
    const parked = await submit('odd', 'parked')
    const ignored = await submit('nobody', 'ignored')
    const page = await visitors.viewer!.read('/console/acts/runs?state=parked')
    expect(page).toContain(parked)
    expect(page).not.toContain(ignored)
    expect(page).toContain('<option value="parked" selected>')
    expect(await visitors.viewer!.read(`/console/acts/runs?q=${ignored}`)).toContain(ignored)
    expect(await visitors.viewer!.read('/console/acts/runs?endpoint=nowhere')).toContain('No run is like that')
  })

  it('turns its pages, with the filters kept', async () => {
    const ids: string[] = []
    for (let n = 0; n < 51; n++) ids.push(await submit('nobody', 'ignored'))
    const first = await visitors.viewer!.read('/console/acts/runs?state=ignored')
    const [, href = ''] = /rel="next" href="([^"]+)"/.exec(first) ?? []
    expect(href).toContain('state=ignored')
    const second = await visitors.viewer!.read(`/console/acts/runs${href.replaceAll('&amp;', '&')}`)
    expect(second).toContain(ids[0])
    expect(second).not.toContain(ids[50])
  })

  it('says in words when it is asked what it cannot answer', async () => {
    const answer = await visitors.viewer!.get('/console/acts/runs?state=nonsense')
    expect([answer.status, answer.headers.get('content-type')]).toEqual([400, 'text/html; charset=utf-8'])
    expect(await answer.text()).toContain('No such state')
  })
})

describe('a firm in shadow', () => {
  it('shows what a run would do, masked, and lets it be carried out once the firm is live', async () => {
    const configured = (mode: object) => configure('acts', { rules: [rule], ...mode })
    await configured({ mode: 'shadow' })
    const run = await submit('fine', 'held', { ...markers, email: 'shadow@quackenbush.example' })
    const at = `/console/acts/runs/${run}`
    const page = await visitors.operator!.read(at)
    expect(page).toContain('What it would do')
    expect(page).toContain('<code>POST contacts</code>')
    for (const value of values) expect(page).not.toContain(value)
    expect(await visitors.viewer!.read('/console/acts')).toContain('In shadow: nothing is written to Clio')
    await configured({})
    await visitors.operator!.press(at, { act: 'resume' })
    await reaches(run, 'done')
  })
})

describe('one fault in many runs', () => {
  it('is one card, with one button', async () => {
    for (let n = 0; n < 3; n++) await submit('odd', 'parked')
    const { reasons } = await api<{ reasons: Record<string, number> }>('GET', '/firms/acts/stats')
    const n = reasons['by-rule']!
    const page = await visitors.operator!.read('/console/acts')
    expect(page).toContain(`Resume all ${n}`)
    const answer = await visitors.operator!.press('/console/acts', { act: 'discard', code: 'by-rule' })
    expect(answer.headers.get('location')).toBe(`/console/acts?did=discard&n=${n}`)
    expect(await visitors.operator!.read(answer.headers.get('location')!)).toContain(`Discarded: ${n} runs.`)
    expect(await visitors.viewer!.read('/console/acts')).toContain('Nothing. Every event')
  })
})
