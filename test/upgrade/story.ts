import type { JsonObject } from '../../src/lib/json.ts'
import type { InboundEvent } from '../../src/model/event.ts'
import type { Rule } from '../../src/sandbox/trouble.ts'
import type { Office } from '../simulation/slack/office.ts'
import { configuration } from './firm.ts'

/**
 * What happens to the firm until its ledger is frozen: two days of work, and in the last minutes one of everything that can be open.
 * It speaks to a world of any checkout; only the types are today's.
 */

/** A delivery as it came to the door's other side. */
export interface Delivered {
  readonly run: string
  readonly endpoint: string
  /** null: only its content tells it from others. */
  readonly key: string | null
  readonly event: Partial<InboundEvent>
  readonly spam?: string
}

/** What people do once everything goes again. */
export interface Deeds {
  /** Records that somebody had made by hand, and removes. */
  readonly remove: readonly { readonly resource: string; readonly id: number }[]
  readonly resume: readonly string[]
  readonly discard: readonly string[]
  /** Pressed in Slack: the answer to the question that is open. */
  readonly press: JsonObject
}

export interface Story {
  readonly delivered: readonly Delivered[]
  /** What was typed in Slack: the form as it was sent, and its run. */
  readonly typed: readonly { readonly run: string; readonly body: string }[]
  readonly deeds: Deeds
}

type Claim = Parameters<Office['clerk']['claim']>[0]

const nobody = { first_name: null, last_name: null, email: null, phone: null, company: null }

/** What the firm keeps under a name. */
export const secretOf = (name: string): string => `the secret ${name} of a firm that nobody has`

/** The run that a delivery is answered with; the same again is answered with the same. */
export function claim(world: Office, one: Omit<Delivered, 'run'>): { run: string; duplicate: boolean } {
  const event = {
    id: one.key,
    source: 'standard-webhooks',
    type: 'webhook.received',
    subject: null,
    follows: null,
    time: null,
    data: {},
    fields: {},
    message: null,
    files: [],
    booking: null,
    ...one.event,
    person: { ...nobody, ...one.event.person },
  }
  const content = JSON.stringify(event.fields)
  const key: Claim['deliveries'][number]['key'] =
    one.key === null ? { kind: 'content', value: content } : { kind: 'given', value: one.key }
  const answer = world.clerk.claim({
    endpoint: one.endpoint,
    version: world.clerk.ledger.version ?? 0,
    interactive: false,
    deliveries: [{ event, key, content, strict: false, ...(one.spam !== undefined && { spam: one.spam }) }],
  })
  const [receipt] = answer.kind === 'receipts' ? answer.receipts : []
  if (!receipt) throw new Error(`Not accepted: ${JSON.stringify(answer)}`)
  return receipt
}

const second = 1000
const minute = 60 * second
const hour = 60 * minute

/** @param storeSecret seals a secret of the firm's as that checkout does */
export async function live(world: Office, storeSecret: (name: string, value: string) => Promise<void>): Promise<Story> {
  const delivered: Delivered[] = []
  const typed: { run: string; body: string }[] = []
  const passes = (ms: number) => world.clock.run({ until: world.clock.now + ms })
  const trouble = (...rules: Rule[]) => world.sandbox.trouble.add(...rules)
  const store = world.sandbox.account('smith')
  const matter = Number(store.all('matters')[0]!.id)

  function comes(endpoint: string, key: string | null, event: Partial<InboundEvent>, spam?: string): string {
    const one = { endpoint, key, event, ...(spam !== undefined && { spam }) }
    const { run } = claim(world, one)
    delivered.push({ run, ...one })
    return run
  }
  let keys = 0
  const hook = (type: string, name: string, more: Partial<InboundEvent> = {}, fields: JsonObject = {}) =>
    comes('hooks', `msg_${String(++keys).padStart(3, '0')}`, { type, fields: { name, ...fields }, ...more })
  async function slack(text: string, more: Record<string, string> = {}): Promise<void> {
    const { sends } = world
    let sent = ''
    world.sends = body => {
      sent = body
      return sends.call(world, body)
    }
    await world.types(text, more)
    world.sends = sends
    typed.push({ run: world.runs().at(-1)!.id, body: sent })
  }
  function files(...names: string[]): Pick<InboundEvent, 'files'> {
    const folder = `smith/set-${keys}`
    return {
      files: names.map((name, n) => {
        const bytes = new TextEncoder().encode(`What stands in ${name}`) as Uint8Array<ArrayBuffer>
        world.files.put(`${folder}/${n}`, bytes)
        return { name: `${name}.pdf`, content_type: 'application/pdf', size: bytes.length, key: `${folder}/${n}` }
      }),
    }
  }
  const booking = (id: string, title: string): Partial<InboundEvent> => ({
    source: 'calendly',
    type: 'booking.created',
    subject: id,
    time: '2026-11-25T10:00:00Z',
    booking: {
      id,
      title,
      start: '2026-12-01T15:00:00Z',
      end: '2026-12-01T16:00:00Z',
      timezone: 'America/New_York',
      location: null,
      all_day: false,
      seconds: 3600,
    },
  })
  const about = (subject: string, time: string, follows: string | null = null) => ({ subject, time, follows })
  // More than a page of the database holds.
  const long: Partial<InboundEvent> = {
    message: 'A letter of many pages, as people write who have waited long. '.repeat(80),
  }

  // Two matters of one client: who only says her name is asked which one.
  const one = store.all('matters').find(row => String(row.data.display_number).startsWith('00001'))!
  store.insert('matters', { ...one.data, display_number: '00009-Alvarez', number: 9, description: 'Custody' })

  // ---- the first day, of which only keys, states and records are kept

  for (const name of ['HOOKS', 'OFFICE', 'KEY']) await storeSecret(name, secretOf(name))
  hook('person', 'Ancient', long)
  hook('nothing', 'Ancient')
  await passes(minute)
  await passes(26 * hour)
  await world.clerk.wake()

  // ---- the second day: what has ended

  world.configure(configuration(2))
  await passes(minute)
  const lasting = hook('person', 'Done', { person: { ...nobody, last_name: 'Done' } })
  // Versions of before know no legal holds.
  const { legalHolds } = world.clerk.ledger as Partial<Office['clerk']['ledger']>
  legalHolds?.put(lasting, { on: 'run', at: world.clock.now })
  hook('two', 'Twice', long)
  const again = hook('same', 'Again', long, { email: 'again@x.example', n: 1 })
  const undone = hook('task', 'Taken back', long)
  hook('nothing', 'Ignored')
  hook('tells', 'Told')
  hook('papers', 'Carried', files('carried'), { matter })
  hook('booked', 'Linked', about('s1', '2026-11-25T10:00:00Z'))
  comes('calendly', 'booking-1', booking('b1', 'Reminded'))
  comes('website', null, { source: 'form', type: 'form.submitted', fields: { n: 'spam' } }, 'It looks like spam.')
  hook('booked', 'Older', about('x1', '2026-11-25T10:00:00Z'))
  hook('booked', 'Newer', about('x2', '2026-11-25T11:00:00Z'))
  hook('booked', 'One side', { ...long, ...about('y1', '2026-11-25T10:00:00Z') })
  hook('booked', 'Other side', about('y2', '2026-11-25T11:00:00Z'))
  await slack('time 1.5h 00001 call with counsel')
  await passes(5 * minute)
  await slack('time 1h alvarez call of the open question')
  hook('moved', 'Newer', about('x2', '2026-11-25T12:00:00Z', 'x1'))
  world.clerk.desk.replay(again)
  world.clerk.desk.undo(undone, false)
  world.clerk.desk.discard(hook('stops', 'Discarded'))
  await passes(5 * minute)

  // ---- parked, each in its way

  const forbidden: Rule = { method: 'POST', times: 1, action: { do: 'fail', status: 403, message: 'Not allowed.' } }
  trouble(forbidden)
  const refused = hook('person', 'Refused', long)
  await passes(minute)
  trouble({ ...forbidden, method: 'DELETE' })
  const taken = hook('task', 'Hard to take back')
  await passes(minute)
  world.clerk.desk.undo(taken, false)
  await passes(minute)
  const kept = world.runs().at(-1)!.id
  const stopped = hook('stops', 'Stopped')
  const sum = hook('sum', 'no number')
  trouble({ ...forbidden, path: '^calendar_entries' })
  const first = hook('booked', 'First of two', about('z1', '2026-11-25T10:00:00Z'))
  await passes(minute)
  hook('moved', 'Second of two', about('z1', '2026-11-25T11:00:00Z'))
  // Two calls are lost, and for each somebody has filed the same by hand: nobody can tell which is which.
  trouble({ method: 'POST', path: '^tasks', times: 2, action: { do: 'lose' } })
  const doubts = [hook('task', 'In doubt'), hook('task', 'In doubt and dropped')]
  await passes(10 * second)
  const twins = ['Call In doubt', 'Call In doubt and dropped'].map(name => {
    const lost = store.all('tasks').find(row => row.data.name === name)!
    return { resource: 'tasks', id: Number(store.insert('tasks', lost.data).id) }
  })
  await passes(3 * minute)
  world.configure(configuration(3))
  await passes(10 * second)

  // ---- the last two minutes

  // A lock on an address, held by a call of which nobody knows whether it was done; another waits for it.
  trouble({ method: 'POST', path: '^contacts', times: 1, action: { do: 'lose' } })
  hook('same', 'Lost', {}, { email: 'lost@x.example', n: 1 })
  await passes(2 * second)
  hook('same', 'Lost', {}, { email: 'lost@x.example', n: 2 })
  await passes(2 * second)
  // A document that was begun by a run which is discarded.
  trouble({ method: 'PUT', path: '^_storage$', times: 1, action: { do: 'fail', status: 503 } })
  const half = hook('papers', 'Half', files('half'), { matter })
  await world.clock.run({ enough: () => world.run(half).tries > 0 })
  world.clerk.desk.discard(half)
  await passes(second)
  // In the air: an upload, a call that is done, one that never arrives, and a read.
  trouble({ method: 'PUT', path: '^_storage$', times: 1, action: { do: 'hang' } })
  hook('papers', 'Under way', files('under way', 'next'), { matter })
  await passes(2 * second)
  trouble(
    { method: 'POST', path: '^tasks', times: 1, action: { do: 'slow', ms: 25_000 } },
    { method: 'POST', path: '^tasks', times: 1, action: { do: 'hang' } },
    { method: 'GET', path: '^matters/', times: 1, action: { do: 'hang' } },
  )
  hook('task', 'Done, unheard')
  await passes(200)
  hook('task', 'Never arrived', long)
  hook('changes', 'Asking', {}, { matter: Number(store.all('matters')[1]!.id) })
  await passes(200)
  // Nobody takes a notice, and of so many some are not even tried.
  world.hears = () => false
  for (let n = 1; n <= 7; n++) hook('tells', `Untold ${n}`)
  await passes(200)
  world.slack.silent = true
  await slack('time 2h 00001 what waits for Slack', { user_id: 'UINA' })
  trouble({ method: 'GET', path: '^matters/', times: 1, action: { do: 'drop' } })
  hook('changes', 'Tried again', {}, { matter })
  await passes(100)
  // The connection is lost: some run into it, some stand behind them, and of the last nobody has even looked at.
  world.sandbox.connections.expire(world.sandbox.connections.all()[0]!, 401)
  for (let n = 1; n <= 14; n++) hook('two', `Held ${n}`, n % 5 === 0 ? long : {})
  await passes(second)
  hook('same', 'Lost', {}, { email: 'lost@x.example', n: 3 })
  hook('moved', 'Joined late', about('y2', '2026-11-25T12:00:00Z', 'y1'))
  comes('website', null, { source: 'form', type: 'form.submitted', fields: { n: 'only content' } })
  claim(world, delivered.at(-1)!)
  comes('calendar', 'channel:7', {
    source: 'google-calendar',
    type: 'calendar.changed',
    subject: 'calendar',
    fields: { state: 'poll' },
  })
  world.clerk.desk.undo(again, false)
  hook('person', 'Accepted')
  world.kill()
  // What was in the air when the object died has come to its end.
  await passes(40 * second)

  return {
    delivered,
    typed,
    deeds: {
      remove: twins,
      resume: [refused, kept, stopped, sum, first, doubts[0]!],
      discard: [doubts[1]!],
      press: answerTo(world),
    },
  }
}

/** The first choice of the question that was asked. */
function answerTo(world: Office): JsonObject {
  const blocks = world.replies.flatMap(({ message }) => (message.blocks ?? []) as unknown as JsonObject[])
  const elements = blocks.flatMap(block =>
    [
      ...(Array.isArray(block.elements) ? (block.elements as JsonObject[]) : []),
      ...(block.accessory ? [block.accessory as JsonObject] : []),
    ].map(element => ({ element, block })),
  )
  const found = elements.find(({ element }) => Array.isArray(element.options))
  if (!found) throw new Error('No question is open.')
  const { element, block } = found
  return {
    type: 'static_select',
    action_id: 'choose',
    block_id: block.block_id ?? null,
    selected_option: (element.options as JsonObject[])[0]!,
  }
}

/** From the frozen moment on: the connection is mended, people decide what waits for them, and two weeks pass. */
export async function carryOn(world: Office, { remove, resume, discard, press }: Deeds): Promise<void> {
  const passes = (ms: number) => world.clock.run({ until: world.clock.now + ms })
  world.sandbox.connections.expire(world.sandbox.connections.all()[0]!, null)
  await passes(20 * minute)
  const store = world.sandbox.account('smith')
  for (const { resource, id } of remove) {
    const row = store.get(resource, id)
    if (row) store.remove(row)
  }
  for (const id of resume) world.clerk.desk.resume(id, 'mended')
  for (const id of discard) world.clerk.desk.discard(id)
  await world.presses(press)
  await passes(hour)
  await passes(14 * 24 * hour)
}
