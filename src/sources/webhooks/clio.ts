import * as z from 'zod/mini'
import { isObject, type Json, type JsonObject } from '../../lib/json.ts'
import { problem } from '../../lib/problem.ts'
import type { Call, Outcome } from '../../model/call.ts'
import type { Endpoint, Inbound, Verdict } from '../../model/endpoint.ts'
import type { Delivery } from '../../model/event.ts'
import { Later, type Provider, Stuck, type Subscription } from '../../model/follow.ts'
import type { Desk, Source } from '../../model/source.ts'
import { secretName, secretOption } from '../../platform/secrets.ts'
import { readJson } from '../../reading/body/body.ts'
import { delivery } from '../../reading/delivery.ts'
import { notFrom, textAt } from '../../reading/payload.ts'
import { schemeWords, verdictOnSecret } from '../proof/proofs.ts'
import { schemes } from '../proof/schemes.ts'
import { verdictOf, verifySignature } from '../proof/signature.ts'

/**
 * Clio's own webhooks: https://docs.developers.clio.com/api-docs/clio-manage/webhooks/. The Docket makes one for each model that the
 * endpoint watches, at an address that ends with a secret of ours; Clio opens it with a secret of its own, which is stored under the
 * name that the endpoint gives, and signs with that from then on.
 */

/** What the events tell of each model: Clio's `fields`. */
const models: Readonly<Record<string, string>> = {
  activity: 'id,etag,type,date,quantity,total,note,matter{id},user{id}',
  bill: 'id,etag,number,state,due_at,total,balance',
  calendar_entry: 'id,etag,summary,start_at,end_at,matter{id}',
  clio_payments_payment:
    'id,amount,currency,state,description,email_address,confirmation_number,created_at,updated_at,contact{id,name}',
  communication: 'id,etag,type,subject,date,matter{id}',
  contact: 'id,etag,type,name,first_name,last_name,primary_email_address,primary_phone_number',
  document: 'id,etag,name,parent{id},matter{id}',
  folder: 'id,etag,name,parent{id}',
  matter:
    'id,etag,number,display_number,description,status,client{id,name},practice_area{id,name},matter_stage{id,name},matter_stage_updated_at,responsible_attorney{id,name,email}',
  task: 'id,etag,name,status,priority,due_at,completed_at,matter{id},assignee{id,name}',
}
const changes = ['created', 'updated', 'deleted']
const types = [
  ...Object.keys(models).flatMap(model => changes.map(change => `${model}.${change}`)),
  'matter.opened',
  'matter.pended',
  'matter.closed',
  'matter.stage_changed',
  'task.completed',
]

const model = z.enum(Object.keys(models) as [string, ...string[]])
/** Clio takes a thousand characters and one level of nesting; without the id nobody knows which record it is. */
const fieldList = z.pipe(
  z
    .string()
    .check(
      z.maxLength(990),
      z.regex(
        /^[a-z_]+(\{[a-z_,]+\})?(,[a-z_]+(\{[a-z_,]+\})?)*$/,
        'lists fields as Clio writes them: id,etag,matter_stage{name}',
      ),
    ),
  z.transform(list => (/(^|,)id(,|$)/.test(list) ? list : `id,${list}`)),
)
const options = z.strictObject({
  secret: secretOption,
  url: z.url({ protocol: /^https$/ }),
  watch: z.partialRecord(model, secretName),
  fields: z.optional(z.partialRecord(model, fieldList)),
})
type Options = z.infer<typeof options>

const payload = z.object({
  data: z.looseObject({
    id: z.union([z.number(), z.string().check(z.minLength(1), z.maxLength(64))]),
    etag: z.optional(z.string().check(z.maxLength(255))),
  }),
  meta: z.object({
    event: z.string().check(z.minLength(1), z.maxLength(64)),
    webhook_id: z.union([z.number(), z.string().check(z.minLength(1), z.maxLength(64))]),
  }),
})

export const clio: Source<Options> = {
  name: 'clio',
  verifiedBy: `${schemeWords(schemes.clio)}, keyed with what Clio brought; the handshake by a secret of ours in the address`,
  keyedBy: 'the webhook, the event, the record and its etag; of a completed task, and of a stage, when it was',
  types,
  signed: true,
  options,
  verify,
  answer,
  subscribing: { inClio: true, names: ({ watch }) => Object.keys(watch), renew, end },

  async parse(request, { options }) {
    const read = readJson(request)
    if (!read.ok) return read.problem
    const parsed = payload.safeParse(read.value)
    const watched = watchedBy(request, options)
    if (!parsed.success || watched === null) return notFrom('Clio')
    const { data, meta } = parsed.data
    return eventsOf(watched.model, meta.event, String(meta.webhook_id), data as JsonObject, read.value, request.now)
  },
}

/** Which model a request is of stands in the address that Clio was given. */
function watchedBy(request: Inbound, { watch }: Options): { model: string; secret: string } | null {
  const name = request.url.searchParams.get('watch') ?? ''
  return Object.hasOwn(watch, name) ? { model: name, secret: watch[name]! } : null
}

const isHandshake = (request: Inbound) =>
  request.headers.has('x-hook-secret') && !request.headers.has('x-hook-signature')

async function verify(request: Inbound, { options, secrets }: Endpoint<Options>): Promise<Verdict> {
  const ours = await verdictOnSecret(request.token, secrets(options.secret), "the address's last part")
  if (!ours.ok || isHandshake(request)) return ours
  const watched = watchedBy(request, options)
  return verdictOf(await verifySignature(schemes.clio, request, secrets(watched?.secret)))
}

/** Clio's secret is stored before it is sent back: from then on Clio signs with it. */
async function answer(request: Inbound, endpoint: Endpoint<Options>, desk: Desk) {
  if (!isHandshake(request)) return null
  const secret = request.headers.get('x-hook-secret') ?? ''
  const watched = watchedBy(request, endpoint.options)
  if (watched === null || !/^[\x21-\x7e]{8,255}$/.test(secret)) return noHandshake
  const refused = await desk.ask(docket => docket.putSecret(endpoint.firm, watched.secret.slice(1), secret))
  return refused ?? new Response(null, { headers: { 'x-hook-secret': secret } })
}

const noHandshake = problem(
  400,
  'handshake',
  'This is no handshake of Clio',
  "The address wants ?watch= with a model that the endpoint watches, and X-Hook-Secret. The firm's Docket makes such webhooks itself.",
)

/** ms in which Clio delivers at the latest: a stage that is older has not changed now. */
const recent = 86_400_000

/** A completed task is an event once, whatever changes about it later; so is a matter's new stage. */
function eventsOf(
  model: string,
  event: string,
  hook: string,
  data: JsonObject,
  whole: Json,
  now: number,
): Promise<Delivery[]> {
  const own = event.startsWith(`${model}_`) ? event.slice(model.length + 1) : event
  const id = String(data.id)
  const of = (type: string, key: string) =>
    delivery({ source: 'clio', type, id: key, subject: `${model} ${id}`, data: whole, fields: data })
  const completed = textAt(data, 'completed_at')
  const done = model === 'task' && own !== 'deleted' && textAt(data, 'status') === 'complete' && completed !== null
  const staged = textAt(data, 'matter_stage_updated_at')
  const changed = model === 'matter' && own === 'updated' && staged !== null
  const moved = changed && now - Date.parse(staged) < recent
  return Promise.all([
    of(`${model}.${own}`, [hook, event, id, textAt(data, 'etag')].join(':')),
    ...(moved ? [of('matter.stage_changed', [hook, 'stage', id, staged].join(':'))] : []),
    ...(done ? [of('task.completed', [hook, 'completed', id, completed].join(':'))] : []),
  ])
}

/** Clio lets a webhook live for 31 days at most. */
const life = 30 * 86_400_000
/** ms, of which three quarters pass before one that was just made is looked at. */
const glance = 20 * 60_000

/**
 * The list is looked through before one is made: an answer that got lost may have left one behind. Of one that another has taken the place of
 * since, in another account, nobody has the secret any more.
 */
async function renew(
  name: string,
  standing: Subscription | null,
  { endpoint, now, secret }: Provider<Options>,
  call: (call: Call) => Promise<Outcome>,
): Promise<Subscription> {
  const { options } = endpoint
  const own = encodeURIComponent(secret(options.secret))
  const url = `${options.url}/${own}?watch=${name}`
  // What Clio says of the address is for people to read, and not the secret in it.
  const ask = async (asked: Call) => dataOf(await call(asked), own)
  const expiresAt = now + life
  const expires_at = new Date(expiresAt).toISOString()
  const made = (await listed(call)).find(one => one.url === url && one.model === name)
  const fields = options.fields?.[name] ?? models[name]!
  if (made?.status === 'enabled' && (standing === null || standing.id === String(made.id))) {
    const body = { expires_at, fields }
    await ask({ method: 'PATCH', path: `webhooks/${made.id}`, query: { fields: 'id' }, body })
    return { id: String(made.id), expiresAt }
  }
  // One whose handshake failed stays `pending` for ever, one that failed too often is `suspended`: neither can be opened again.
  if (made) await ask({ method: 'DELETE', path: `webhooks/${made.id}` })
  const events = name === 'matter' ? [...changes, 'matter_opened', 'matter_pended', 'matter_closed'] : changes
  const body = { url, model: name, fields, events, expires_at }
  const fresh = await ask({ method: 'POST', path: 'webhooks', query: { fields: 'id,status' }, body })
  // Until it has been seen open it is looked at again soon.
  const open = isObject(fresh) && fresh.status === 'enabled'
  return { id: isObject(fresh) ? String(fresh.id) : '', expiresAt: open ? expiresAt : now + glance }
}

const listed = async (call: (call: Call) => Promise<Outcome>): Promise<JsonObject[]> => {
  const query = { fields: 'id,etag,url,model,status', limit: '200' }
  const hooks = dataOf(await call({ method: 'GET', path: 'webhooks', query }))
  return (Array.isArray(hooks) ? hooks : []).filter(isObject)
}

/** In another account than the one that it was made in, a stranger's webhook may have its id. */
async function end(
  { id }: Subscription,
  { endpoint }: Provider<Options>,
  call: (call: Call) => Promise<Outcome>,
): Promise<void> {
  const own = (await listed(call)).find(one => String(one.id) === id)
  if (!String(own?.url ?? '').startsWith(`${endpoint.options.url}/`)) return
  const outcome = await call({ method: 'DELETE', path: `webhooks/${encodeURIComponent(id)}` })
  if (outcome.kind !== 'refused' || outcome.why !== 'missing') dataOf(outcome)
}

/** @param hidden what is said in no message */
function dataOf(outcome: Outcome, hidden?: string): Json {
  if (outcome.kind === 'applied') return isObject(outcome.answer) ? (outcome.answer.data ?? null) : null
  const passes = outcome.kind === 'unknown' || ['limit', 'busy', 'connection'].includes(outcome.why)
  throw new (passes ? Later : Stuck)(`Clio: ${hidden ? outcome.message.replaceAll(hidden, '…') : outcome.message}`)
}
