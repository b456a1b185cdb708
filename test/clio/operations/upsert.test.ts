import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../../src/lib/json.ts'
import type { Intent } from '../../../src/model/intent.ts'
import { ann, startFirm } from '../clio.ts'

type Upsert = Extract<Intent, { verb: 'upsert' }>
const upsert = (values: JsonObject, more: Partial<Upsert> = {}): Upsert => ({
  verb: 'upsert',
  resource: 'contacts',
  match: ['email_addresses', 'phone_numbers'],
  existing: 'fill',
  several: 'park',
  with: values,
  ...more,
})
const by = (address: string | null, number: string | null, more: JsonObject = {}): JsonObject => ({
  type: 'Person',
  first_name: 'Maria',
  last_name: 'Alvarez',
  ...(address && { email_addresses: [{ name: 'Work', address }] }),
  ...(number && { phone_numbers: [{ name: 'Mobile', number }] }),
  ...more,
})
const email = 'maria.alvarez@mail.example'

describe('none', () => {
  test('it is made', async () => {
    const firm = startFirm()
    const output = await firm.done(upsert(ann))
    expect(output).toMatchObject({ resource: 'contacts', created: true, id: firm.idOf('contacts', 'Ann Lee') })
    expect(firm.writes()).toEqual(['POST contacts'])
  })

  test('the e-mail is searched first, then every way to write the number', async () => {
    const firm = startFirm()
    await firm.done(upsert(ann))
    expect(firm.reads.map(call => call.query?.query)).toEqual([
      'ann.lee@mail.example',
      '555-0199',
      '2125550199',
      '555 0199',
      '555.0199',
    ])
    expect(firm.reads.every(call => call.query?.type === 'Person')).toBe(true)
  })

  test('somebody whose address contains it is somebody else', async () => {
    const firm = startFirm()
    await firm.create('contacts', by('joann.lee@mail.example', null, { first_name: 'Joann', last_name: 'Lee' }))
    expect(await firm.done(upsert(by('ann.lee@mail.example', null)))).toMatchObject({ created: true })
  })
})

describe('one', () => {
  test('is found by its e-mail, whatever its case, with one call', async () => {
    const firm = startFirm()
    const output = await firm.done(upsert(by('MARIA.Alvarez@mail.example', null)))
    expect(output).toEqual({ id: firm.idOf('contacts', 'Maria Alvarez'), resource: 'contacts', created: false })
    expect(firm.reads).toHaveLength(1)
    expect(firm.writes()).toEqual([])
  })

  test.each(['2125550143', '+1 212 555 0143', '212.555.0143'])('is found by its telephone %s', async number => {
    const firm = startFirm()
    expect(await firm.done(upsert(by(null, number)))).toMatchObject({ id: firm.idOf('contacts', 'Maria Alvarez') })
  })

  test.each(['212.555.0143', '212 555 0143', '+12125550143', '(212)555-0143'])(
    'is found though the number stands as %s',
    async number => {
      const firm = startFirm({
        fill: store => void store.insert('contacts', { ...by(null, number), phone_numbers: [{ id: 1, number }] }),
      })
      expect(await firm.done(upsert(by(null, '(212) 555-0143')))).toMatchObject({ created: false })
    },
  )

  test('a household’s telephone is not enough', async () => {
    const firm = startFirm()
    const carlos = by(null, '212-555-0143', { first_name: 'Carlos' })
    expect(await firm.done(upsert(carlos))).toMatchObject({ created: true })
  })

  const change = async (existing: 'fill' | 'extend' | 'keep' | 'replace', more: JsonObject) => {
    const firm = startFirm()
    const output = await firm.done(upsert(by(email, null, more), { existing }))
    expect(output).toMatchObject({ created: false })
    return { firm, maria: firm.record('contacts', output.id) }
  }
  const addresses = (record: JsonObject) => (record.email_addresses as JsonObject[]).map(one => one.address)

  test('fill: blanks are set, nothing is overwritten, and lists stay as they are', async () => {
    const phone_numbers = [{ name: 'Home', number: '917-555-0001', default_number: true }]
    const { firm, maria } = await change('fill', { first_name: 'Mary', title: 'Dr', phone_numbers })
    expect(maria).toMatchObject({ first_name: 'Maria', title: 'Dr' })
    expect((maria.phone_numbers as JsonObject[]).map(one => one.number)).toEqual(['(212) 555-0143'])
    expect(firm.writes()).toEqual(['PATCH contacts/#'])
  })

  test('extend: blanks are set, nothing is overwritten, addresses are added', async () => {
    const more = {
      first_name: 'Mary',
      title: 'Dr',
      phone_numbers: [{ name: 'Home', number: '917-555-0001', default_number: true }],
    }
    const { firm, maria } = await change('extend', more)
    expect(maria).toMatchObject({ first_name: 'Maria', title: 'Dr' })
    expect((maria.phone_numbers as JsonObject[]).map(one => [one.number, one.default_number])).toEqual([
      ['(212) 555-0143', true],
      ['917-555-0001', false],
    ])
    expect(addresses(maria)).toEqual([email])
    expect(firm.writes()).toEqual(['PATCH contacts/#'])
  })

  test('keep: nothing is changed', async () => {
    const { firm, maria } = await change('keep', { first_name: 'Mary', title: 'Dr' })
    expect(maria).not.toHaveProperty('title')
    expect(firm.writes()).toEqual([])
  })

  test('replace: plain values are overwritten', async () => {
    const { maria } = await change('replace', { first_name: 'Mary', title: 'Dr' })
    expect(maria).toMatchObject({ first_name: 'Mary', last_name: 'Alvarez', title: 'Dr' })
  })

  test('the same once more changes nothing', async () => {
    const firm = startFirm()
    const values = {
      ...ann,
      title: 'Dr',
      addresses: [{ name: 'Home', street: '1 Main St', city: 'York' }],
      custom_fields: { Newsletter: 'yes' },
    }
    await firm.done(upsert(values))
    expect(await firm.done(upsert(values))).toMatchObject({ created: false })
    expect(await firm.done(upsert(values, { existing: 'replace' }))).toMatchObject({ created: false })
    expect(firm.writes()).toEqual(['POST contacts'])
  })

  test('custom fields: fill sets what stands blank, replace what differs', async () => {
    const firm = startFirm()
    const { id } = await firm.done(upsert({ ...ann, custom_fields: { 'Preferred language': 'French' } }))
    const values = () => (firm.record('contacts', id).custom_field_values as JsonObject[]).map(one => one.value)
    const custom_fields = { 'Preferred language': 'German', Newsletter: 'yes' }
    await firm.done(upsert({ ...ann, custom_fields }))
    expect(values()).toEqual(['French', 'true'])
    await firm.done(upsert({ ...ann, custom_fields }, { existing: 'replace' }))
    expect(values()).toEqual(['German', 'true'])
  })

  test('custom fields by id cannot be told apart: a person is asked', async () => {
    const firm = startFirm()
    const raw = {
      custom_field_values: [{ custom_field: { id: firm.idOf('custom_fields', 'Newsletter') }, value: 'true' }],
    }
    await firm.done(upsert({ ...ann, ...raw }))
    expect(await firm.parked(upsert({ ...ann, ...raw }))).toMatch(/write custom_fields instead/)
  })
})

describe('several', () => {
  const twins = async () => {
    const firm = startFirm()
    const ids: Json[] = []
    for (let n = 0; n < 2; n++) ids.push((await firm.create('contacts', ann)).id!)
    return { firm, ids }
  }

  test('park: a person merges them', async () => {
    const { firm, ids } = await twins()
    expect(await firm.parked(upsert(ann))).toContain(`(ids ${ids.join(', ')})`)
  })

  test('oldest: the first one', async () => {
    const { firm, ids } = await twins()
    expect(await firm.done(upsert(ann, { several: 'oldest' }))).toMatchObject({ id: ids[0], created: false })
  })

  test('create: one more', async () => {
    const { firm, ids } = await twins()
    const output = await firm.done(upsert(ann, { several: 'create' }))
    expect(output.created).toBe(true)
    expect(ids).not.toContain(output.id)
  })
})

describe('match values', () => {
  test('are taken before anything is asked, in one spelling', async () => {
    const firm = startFirm()
    await firm.done(upsert(by('MARIA.Alvarez@mail.example', '(917) 555-0001')))
    expect(firm.taken).toEqual([`email:${email}`, 'phone:+19175550001'])
  })

  test('somebody else has them: nothing is asked or written', async () => {
    const firm = startFirm()
    const lock = () => {
      throw new Error('behind')
    }
    const { advance } = await import('../../../src/clio/operations/operation.ts')
    await expect(advance(upsert(ann), [], { ...firm.clio, lock })).rejects.toThrow('behind')
    expect(firm.reads).toEqual([])
  })

  test('of other resources, too, case aside', async () => {
    const firm = startFirm()
    await firm.done(upsert({ name: 'Tax' }, { resource: 'practice_areas', match: ['name'] }))
    await firm.done(upsert({ name: 'TAX' }, { resource: 'practice_areas', match: ['name'] }))
    expect(firm.taken[0]).toBe(firm.taken[1])
  })

  test('nothing to match by: nobody can tell whether it exists', async () => {
    const firm = startFirm()
    expect(await firm.parked(upsert(by(null, null)))).toMatch(
      /^No email addresses and no phone numbers came with it, so nobody can tell whether Clio has this contact already/,
    )
    expect(await firm.parked(upsert(by('none', 'ask Bob')))).toMatch(/came with it/)
  })

  test('other keys besides have to agree', async () => {
    const firm = startFirm()
    const match = ['email_addresses', 'first_name']
    expect(await firm.done(upsert(by(email, null), { match }))).toMatchObject({ created: false })
    expect(await firm.done(upsert(by(email, null, { first_name: 'Carlos' }), { match }))).toMatchObject({
      created: true,
    })
  })
})

describe('other resources', () => {
  const matter = (values: JsonObject, match: string[], more: Partial<Upsert> = {}) =>
    upsert({ client: 'Maria Alvarez', description: 'Divorce', ...values }, { resource: 'matters', match, ...more })

  test('a matter, by client and description, with one call besides the names', async () => {
    const firm = startFirm()
    const output = await firm.done(matter({ description: 'divorce ' }, ['client', 'description']))
    expect(output).toEqual({ id: firm.idOf('matters', '00001-Alvarez'), resource: 'matters', created: false })
    const [list] = firm.reads.filter(call => call.path === 'matters')
    expect(list!.query).toMatchObject({ client_id: String(firm.idOf('contacts', 'Maria Alvarez')) })
    expect(list!.query).not.toHaveProperty('query')
    expect(await firm.done(matter({ description: 'Divorced' }, ['client', 'description']))).toMatchObject({
      created: true,
    })
    expect(await firm.done(matter({ client: 'John Okafor' }, ['client', 'description']))).toMatchObject({
      created: true,
    })
  })

  test('a matter by its reference, which Clio’s search does not look at: 2026.1 is not 2026.10', async () => {
    const firm = startFirm()
    const one = (client_reference: string) => firm.done(matter({ client_reference }, ['client_reference']))
    const first = await one('2026.10')
    expect(await one('2026.1')).toMatchObject({ created: true })
    expect(await one('2026.10')).toMatchObject({ id: first.id, created: false })
  })

  test('a practice area by name, and not by a piece of it', async () => {
    const firm = startFirm()
    const area = (name: string) => firm.done(upsert({ name }, { resource: 'practice_areas', match: ['name'] }))
    expect(await area('personal injury')).toMatchObject({
      id: firm.idOf('practice_areas', 'Personal Injury'),
      created: false,
    })
    expect(await area('Injury')).toMatchObject({ created: true })
  })

  test('a task by matter and name; a filter takes Clio’s own spelling', async () => {
    const firm = startFirm()
    const values = {
      name: 'Ask for bank statements',
      assignee: 'Ina Take',
      matter: '00001-Alvarez',
      priority: 'normal',
    }
    const match = ['matter', 'name', 'priority']
    expect(await firm.done(upsert(values, { resource: 'tasks', match }))).toMatchObject({ created: false })
  })

  test('a company by name is no person of that name', async () => {
    const firm = startFirm()
    await firm.create('contacts', { type: 'Person', first_name: 'Acme', last_name: 'Inc' })
    const acme = upsert({ type: 'Company', name: 'Acme Inc' }, { match: ['name'] })
    expect(await firm.done(acme)).toMatchObject({ created: true })
    expect(await firm.done(acme)).toMatchObject({ created: false })
  })

  test('one whose path has two parts', async () => {
    const firm = startFirm()
    const snippet = (text: string) =>
      firm.done(
        upsert(
          { phrase: 'hi', snippet: text },
          { resource: 'settings/text_snippets', match: ['phrase'], existing: 'replace' },
        ),
      )
    const { id } = await snippet('Hello')
    expect(await snippet('Good day')).toMatchObject({ id, created: false })
    expect(firm.record('settings/text_snippets', id).snippet).toBe('Good day')
  })

  test('what Clio does not tell cannot be matched by', async () => {
    const firm = startFirm()
    const task = { name: 'x', assignee: 'Ina Take', notify_assignee: true }
    expect(await firm.parked(upsert(task, { resource: 'tasks', match: ['notify_assignee'] }))).toMatch(
      /Clio does not tell it/,
    )
  })

  test('keys that only a create takes are not sent to what exists', async () => {
    const firm = startFirm()
    const note = { type: 'Matter', matter: '00001-Alvarez', subject: 'Call', detail: 'First' }
    const match = ['type', 'matter', 'subject']
    await firm.done(upsert(note, { resource: 'notes', match }))
    const again = upsert({ ...note, detail: 'Second' }, { resource: 'notes', match, existing: 'replace' })
    expect(await firm.done(again)).toMatchObject({ created: false })
    expect(firm.writes()).toEqual(['POST notes', 'PATCH notes/#'])
  })
})

describe('a refusal', () => {
  test('of a change parks with Clio’s words', async () => {
    const firm = startFirm()
    firm.sandbox.trouble.add({ method: 'PATCH', action: { do: 'fail', status: 422, message: 'Title is too long.' } })
    expect(await firm.parked(upsert(by(email, null, { title: 'Dr' })))).toMatch(
      /Clio refused PATCH contacts\/\d+ \(422\): Title is too long/,
    )
    expect(firm.sandbox.ledger.entries.filter(one => one.method === 'PATCH')).toHaveLength(1)
  })

  test('a contact that was deleted meanwhile is made anew', async () => {
    const firm = startFirm()
    const { id } = await firm.create('contacts', ann)
    const store = firm.sandbox.account('smith')
    const row = store.get('contacts', id)!
    const { advance } = await import('../../../src/clio/operations/operation.ts')
    const intent = upsert({ ...ann, title: 'Dr' })
    const step = await advance(intent, [], firm.clio)
    expect(step).toMatchObject({ call: { method: 'PATCH' } })
    store.remove(row)
    const past = [
      {
        call: (step as { call: never }).call,
        applied: false,
        status: 404,
        message: 'gone',
        answer: null,
        record: null,
      },
    ]
    const ended = await firm.carryOut(intent, past)
    expect(ended.output).toMatchObject({ created: true })
    expect(ended.output!.id).not.toBe(id)
  })

  test('a kept id of a record that is gone: names are looked up once more', async () => {
    const firm = startFirm()
    const area = (practice_area: string) =>
      upsert(
        { client: 'Maria Alvarez', description: 'New', practice_area },
        { resource: 'matters', match: ['client', 'description'] },
      )
    const store = firm.sandbox.account('smith')
    await firm.parked(area('Nothing'))
    store.remove(store.get('practice_areas', firm.idOf('practice_areas', 'Immigration'))!)
    const fresh = store.insert('practice_areas', { name: 'Immigration' })
    const output = await firm.done(area('Immigration'))
    expect(firm.record('matters', output.id).practice_area).toEqual({ id: fresh.id })
  })
})
