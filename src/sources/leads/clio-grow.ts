import { isObject } from '../../lib/json.ts'
import type { Source } from '../../model/source.ts'
import { readJson } from '../../reading/body/body.ts'
import { delivery } from '../../reading/delivery.ts'
import { idAt, isoTime, notFrom, textAt } from '../../reading/payload.ts'
import { personOf } from '../../reading/person.ts'
import { objectIn, textIn } from '../places.ts'
import { type SharedOptions, sharedOptions, sharedWords, verifyShared } from '../proof/proofs.ts'

/**
 * Leads of Clio Grow: the event `grow.inbox_lead.submitted`, or an inbox lead as one posts it to https://grow.clio.com/inbox_leads
 * (`from_first`, `from_last`, `from_email` …). Little is published of how Grow signs, so a secret of ours proves it.
 */
export const clioGrow: Source<SharedOptions> = {
  name: 'clio-grow',
  verifiedBy: sharedWords,
  keyedBy: "the event's id, else the lead's; without one the lead, for ten minutes",
  types: ['lead.created', 'clio-grow.other'],
  signed: false,
  options: sharedOptions,
  verify: verifyShared,

  async parse(request) {
    const read = readJson(request)
    if (!read.ok) return read.problem
    const data = read.value
    if (!isObject(data)) return notFrom('Clio Grow')
    const name = textIn(data, 'type|event|event_type|topic|meta.event') ?? ''
    const lead = objectIn(data, 'data.inbox_lead|inbox_lead|data.attributes|payload.inbox_lead|payload|data|.') ?? data
    const told = (key: string) => textAt(lead, `from_${key}`) ?? textAt(lead, key) ?? ''
    const id = idAt(data, 'event_id') ?? idAt(data, 'id') ?? idAt(data, 'data.id') ?? idAt(lead, 'id')
    const whose = {
      first_name: told('first') || told('first_name'),
      last_name: told('last') || told('last_name'),
      email: told('email'),
      phone: told('phone') || told('phone_number'),
    }
    const isLead = Object.values(whose).some(text => text !== '') && (name === '' || /inbox_?lead/i.test(name))
    // The token is Grow's way to let a lead in; it is a secret of the firm's.
    const { inbox_lead_token: _, ...kept } = data
    const made = await delivery({
      source: 'clio-grow',
      type: isLead ? 'lead.created' : 'clio-grow.other',
      id,
      subject: idAt(lead, 'id'),
      time: isoTime(textIn(data, 'created_at|timestamp|occurred_at|data.created_at') ?? undefined),
      data: kept,
      fields: lead === data ? kept : lead,
      person: personOf(whose),
      message: told('message') || null,
    })
    return [made]
  },
}
