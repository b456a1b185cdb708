import { env } from 'cloudflare:test'
import { describe, expect, it } from 'vitest'
import { doorOf } from '../../src/app.ts'
import { readJsonc } from '../../src/configuration/jsonc.ts'
import type { JsonObject } from '../../src/lib/json.ts'
import { receiveMail } from '../../src/mail/receive.ts'
import { eventually } from '../eventually.ts'
import { rawMail } from '../sources/mail/mails.ts'
import { type CaseRequest, type Firm, firmOf, type Records } from './firm.ts'

/** The ready recipes, as they stand in src/rules/recipes, from the raw delivery to the records in Clio. */

const texts = import.meta.glob<string>('../../src/rules/recipes/*.jsonc', {
  query: '?raw',
  import: 'default',
  eager: true,
})

interface Recipe {
  readonly endpoints: Record<string, JsonObject>
  readonly rules: JsonObject[]
}

function recipe(name: string): Recipe {
  const read = readJsonc(texts[`../../src/rules/recipes/${name}.jsonc`]!)
  if (!read.ok) throw new Error(name)
  return read.value as unknown as Recipe
}

const final = new Set(['done', 'ignored', 'parked'])

/** What the deliveries made in Clio, by resource, and how their runs ended. */
async function carried(name: string, request: CaseRequest | CaseRequest[], deliver?: (firm: Firm) => Promise<void>) {
  const { endpoints, rules } = recipe(name)
  // The proofs of the tests go with secrets of their names.
  const known = Object.fromEntries(
    Object.entries(endpoints).map(([key, one]) => [
      key,
      one.secret === undefined
        ? one
        : { ...one, secret: `$${String(one.source).toUpperCase().replaceAll('-', '_')}_SECRET` },
    ]),
  )
  const firm = await firmOf({ name, why: '', endpoints: known, rules, request, expect: {} })
  expect(firm.saved.refused).toBeNull()
  const before = await firm.records()
  const sends = deliver
    ? [() => deliver(firm)]
    : [request].flat().map(each => async () => {
        const response = await firm.send(each)
        expect(response.status, await response.text()).toBeLessThan(400)
      })
  for (const send of sends) {
    await send()
    await eventually(async () => {
      const runs = await firm.runs()
      if (runs.length === 0 || runs.some(run => !final.has(run.state))) throw new Error('not yet')
    })
  }
  const after = await firm.records()
  const made: Records = {}
  for (const [resource, all] of Object.entries(after)) {
    const stood = new Set((before[resource] ?? []).map(one => one.id))
    const fresh = all.filter(one => !stood.has(one.id))
    if (fresh.length > 0) made[resource] = fresh
  }
  const runs = await firm.runs()
  return { made, after, runs: runs.map(run => `${run.event?.type} ${run.state}${run.reason ? `: ${run.reason}` : ''}`) }
}

const form = (fields: Record<string, string>): CaseRequest => ({ via: 'form', endpoint: 'website', fields })
const nora = { first_name: 'Nora', last_name: 'Falk', email: 'nora@mail.example', phone: '(212) 555-0188' }

describe('the recipes', () => {
  it('personal-injury: the limitation on the matter, in the calendar, and two tasks before it', async () => {
    const { made, runs } = await carried(
      'personal-injury',
      form({ ...nora, kind: 'injury', incident_date: '2026-03-05' }),
    )
    expect(runs).toEqual(['form.submitted done'])
    expect(made.contacts).toMatchObject([{ last_name: 'Falk' }])
    expect(made.matters).toMatchObject([{ statute_of_limitations: { due_at: '2028-03-05' } }])
    expect(made.calendar_entries).toMatchObject([{ all_day: true, summary: 'LIMITATION: Falk' }])
    expect(JSON.stringify(made.calendar_entries)).toContain('2028-03-05')
    expect(made.tasks!.map(one => one.due_at)).toEqual(expect.arrayContaining(['2027-09-07', '2028-02-04']))
  })

  it('personal-injury: without the day, no dates', async () => {
    const { made, runs } = await carried('personal-injury', form({ ...nora, kind: 'injury', incident_date: '' }))
    expect(runs).toEqual(['form.submitted done'])
    expect(made.calendar_entries).toBeUndefined()
    expect(made.tasks).toBeUndefined()
  })

  it('family-parties: the spouse and the other side are contacts, related to the matter', async () => {
    const spouse = { spouse_first_name: 'Per', spouse_last_name: 'Falk', spouse_email: 'per@mail.example' }
    const { made, runs } = await carried(
      'family-parties',
      form({ ...nora, kind: 'family', ...spouse, opposing_last_name: 'Mill', opposing_email: 'mill@mail.example' }),
    )
    expect(runs).toEqual(['form.submitted done'])
    expect(made.contacts!.map(one => one.last_name)).toEqual(['Falk', 'Falk', 'Mill'])
    expect(made.relationships!.map(one => one.description)).toEqual(['Spouse', 'Opposing party'])
  })

  it('change-of-address: a task for every open matter of the client', async () => {
    const fields = { email: 'maria.alvarez@mail.example', kind: 'address', message: 'I live in Troy now' }
    const { made, runs } = await carried('change-of-address', form(fields))
    expect(runs).toEqual(['form.submitted done'])
    expect(made.tasks).toMatchObject([
      {
        name: '00001-Alvarez: tell the court and the other side the new address',
        description: 'Maria Alvarez wrote: I live in Troy now',
      },
    ])
  })

  it('change-of-address: of somebody whom nobody knows, one to look', async () => {
    const { made, runs } = await carried('change-of-address', form({ ...nora, kind: 'address', message: 'Troy' }))
    expect(runs).toEqual(['form.submitted done'])
    expect(made.tasks).toMatchObject([{ name: 'Whose address has changed? nora@mail.example' }])
  })

  it('intake-in-spanish', async () => {
    const fields = {
      idioma: 'es',
      nombre: 'Nora',
      apellido: 'Falk',
      'correo electrónico': 'nora@mail.example',
      mensaje: 'Necesito ayuda',
    }
    const { made, runs } = await carried('intake-in-spanish', form(fields))
    expect(runs).toEqual(['form.submitted done'])
    expect(made.contacts).toMatchObject([{ first_name: 'Nora', last_name: 'Falk' }])
    expect(made.tasks).toMatchObject([{ name: 'Llamar a Nora Falk', description: 'Necesito ayuda' }])
  })

  it('missed-call: a task for the call, and one for the words of the voicemail', async () => {
    const call = { AccountSid: 'AC0', CallSid: 'CA1', From: '+12125550147', To: '+12125550100', Direction: 'inbound' }
    const { made, runs } = await carried('missed-call', [
      { via: 'form', endpoint: 'twilio', fields: { ...call, CallStatus: 'no-answer', CallDuration: '0' } },
      {
        via: 'form',
        endpoint: 'twilio',
        fields: { ...call, CallStatus: 'completed', TranscriptionSid: 'TR1', TranscriptionText: 'About a lease' },
      },
    ])
    expect(runs).toEqual(['call.no-answer done', 'call.transcribed done'])
    expect(made.tasks!.map(one => one.name)).toEqual(['Call back +12125550147', 'Voicemail from +12125550147'])
  })

  it('signed-agreement: the PDF in the client’s file', async () => {
    const summary = {
      emailSubject: 'Fee agreement',
      sender: { email: 'sam@smith.example' },
      recipients: { signers: [{ name: 'Nora Falk', email: 'nora@mail.example' }] },
      envelopeDocuments: [{ documentId: '1', name: 'Fee agreement', PDFBytes: btoa('%PDF-1.7 signed') }],
    }
    const body = {
      event: 'envelope-completed',
      generatedDateTime: '2026-11-02T08:58:11Z',
      data: { envelopeId: 'e1', envelopeSummary: summary },
    }
    const { made, runs } = await carried('signed-agreement', { via: 'json', endpoint: 'docusign', body })
    expect(runs).toEqual(['envelope-completed done'])
    expect(made.documents).toMatchObject([{ name: 'Fee agreement.pdf' }])
    expect(made.tasks).toMatchObject([{ name: 'Open the matter of Falk' }])
  })

  it('payment-received: a note with the amount', async () => {
    const object = {
      id: 'in_1',
      object: 'invoice',
      customer_name: 'Nora Falk',
      customer_email: 'nora@mail.example',
      amount_paid: 50_050,
      currency: 'usd',
    }
    const body = { id: 'evt_1', type: 'invoice.paid', created: Math.floor(Date.now() / 1000), data: { object } }
    const { made, runs } = await carried('payment-received', { via: 'json', endpoint: 'stripe', body })
    expect(runs).toEqual(['invoice.paid done'])
    expect(made.notes).toMatchObject([{ detail: 'in_1: 500.5 USD' }])
  })

  it('email-lead: from the mail to the contact, the pending matter, its attachment and a call', async () => {
    const raw = rawMail({
      from: 'Avvo <leads@avvo.com>',
      headers: { Subject: 'New lead' },
      text: 'Name: Nora Falk\r\nEmail: nora@mail.example\r\nPhone: (212) 555-0188\r\nMessage: About a lease',
      attachments: [{ name: 'lease.pdf', type: 'application/pdf', content: '%PDF-1.7 lease' }],
    })
    const bytes = new TextEncoder().encode(raw)
    const refused: string[] = []
    const { made, runs } = await carried('email-lead', [], firm =>
      receiveMail(
        {
          from: 'bounce@avvo.com',
          to: `${firm.name}.leads@in.docketed.example`,
          raw: new Blob([bytes]).stream(),
          rawSize: bytes.length,
          setReject: reason => void refused.push(reason),
        },
        doorOf(env),
      ),
    )
    expect(refused).toEqual([])
    expect(runs).toEqual(['mail.received done'])
    expect(made.contacts).toMatchObject([{ first_name: 'Nora', last_name: 'Falk' }])
    expect(made.matters).toMatchObject([{ status: 'pending', description: 'Lead by mail: New lead' }])
    expect(made.documents).toMatchObject([{ name: 'lease.pdf' }])
    expect(made.tasks).toMatchObject([{ name: 'Call Nora Falk', priority: 'High' }])
  })

  it('email-lead: mail of a sender who is not allowed starts nothing', async () => {
    const bytes = new TextEncoder().encode(rawMail())
    const refused: string[] = []
    const { endpoints, rules } = recipe('email-lead')
    const firm = await firmOf({ name: 'stranger', why: '', endpoints, rules, request: [], expect: {} })
    await receiveMail(
      {
        from: 'bounce@mail.example',
        to: `${firm.name}.leads@in.docketed.example`,
        raw: new Blob([bytes]).stream(),
        rawSize: bytes.length,
        setReject: reason => void refused.push(reason),
      },
      doorOf(env),
    )
    expect(refused).toHaveLength(1)
    expect(await firm.runs()).toEqual([])
  })

  it('matter-opened: the task list of a matter that was opened in Clio, and a task for its new stage', async () => {
    const matter = { id: 0, display_number: '00001-Falk', etag: '"1-1"', status: 'Open' }
    const told = (event: string, data: JsonObject): CaseRequest => ({
      via: 'json',
      endpoint: 'clio',
      body: { data, meta: { event, webhook_id: 7 } },
    })
    const { made, after, runs } = await carried('matter-opened', [], async firm => {
      await firm.docket.putSecret(firm.name, 'CLIO_MATTER_HOOK', 'a-token')
      const id = (await firm.records()).matters![0]!.id!
      const staged = { matter_stage: { name: 'Discovery' }, matter_stage_updated_at: new Date().toISOString() }
      const opened = await firm.send(told('matter_opened', { ...matter, id }))
      expect(opened.status, await opened.text()).toBeLessThan(400)
      const moved = await firm.send(told('matter_updated', { ...matter, id, etag: '"1-2"', ...staged }))
      expect(moved.status, await moved.text()).toBeLessThan(400)
    })
    expect(runs.toSorted()).toEqual([
      'matter.opened done',
      'matter.stage_changed done',
      'matter.updated ignored: No rule matches.',
    ])
    expect(made.tasks).toMatchObject([{ name: '00001-Falk is in Discovery' }])
    const list = after.task_template_lists!.find(one => one.name === 'New family matter')!
    expect(after.matters![0]!.task_template_list_instances).toMatchObject([{ task_template_list: { id: list.id } }])
  })
})
