import type { Connection } from '../../../src/clio/gateway/connections.ts'
import { type AuditEntry, agentMays, firmRoles, type RefusalView, type TokenView } from '../../../src/model/access.ts'
import type { KeptRecord } from '../../../src/model/amended.ts'
import type {
  AttemptView,
  Many,
  Preview,
  PreviewCall,
  PreviewWarning,
  Resumed,
  RunSummary,
  RunView,
  Stats,
  StepView,
} from '../../../src/model/docket-rpc.ts'
import type { Booking, InboundEvent, InboundFile, Person } from '../../../src/model/event.ts'
import { reasons } from '../../../src/model/reason.ts'
import type { FirmSummary } from '../../../src/model/registry-rpc.ts'
import type { FirmHeld, Imported } from '../../../src/model/tenancy/firm.ts'
import type { Given, Stumbled } from '../../../src/model/view/run.ts'
import {
  anything,
  flag,
  list,
  map,
  moment,
  named,
  object,
  oneOf,
  orNull,
  type Schema,
  said,
  shaped,
  text,
  whole,
  words,
} from './shapes.ts'

/** The shapes that have a name in the document: what src/model says of them in types, for whoever reads JSON. */

export const runStates = ['accepted', 'running', 'waiting', 'held', 'done', 'ignored', 'spam', 'parked', 'discarded']

export const summary = {
  id: text,
  state: named('RunState'),
  reason: said('Why it waits, is parked or was ignored, in words; may quote what came in.', orNull(text)),
  reasonCode: said('The same as a stable code.', orNull(named('ReasonCode'))),
  endpoint: text,
  type: said('Of the event: `form.submitted`, `booking.created`, …'),
  subject: said('What the event is about: events of one subject are carried out in order.', orNull(text)),
  person: said('Whom it is about, as far as the event says.', orNull(text)),
  acceptedAt: moment,
  finishedAt: orNull(moment),
}

const event = {
  id: orNull(text),
  source: text,
  type: text,
  subject: orNull(text),
  follows: said('The subject that this one goes on from.', orNull(text)),
  time: said('When it happened, by the provider’s clock.', orNull(text)),
  data: said('The provider’s payload.', anything),
  fields: said('The answers by name.', map(anything)),
  person: named('Person'),
  message: orNull(text),
  'recognized?': said('From which answer each part of the person was taken.', map(text)),
  files: list(named('File')),
  'unread?': said('Labels of answers that look like a file and could not be read as one.', list(text)),
  booking: orNull(named('Booking')),
}

const token = {
  id: text,
  name: text,
  role: words(...firmRoles),
  'agent?': words(...agentMays),
  'email?': said('Of a seat: the address by which Cloudflare Access knows the person.'),
  createdAt: moment,
  lastUsedAt: orNull(moment),
}

const eventPreview = {
  state: said('How the run would end, as far as can be known.', words('done', 'parked', 'ignored', 'spam')),
  rules: list(text),
  calls: list(named('PreviewCall')),
  warnings: list(named('PreviewWarning')),
}

const held = {
  firm: text,
  state: words('held', 'going'),
  code: said('`by-hand`, `imported`, `restored`; null: it is not held.', orNull(text)),
  reason: said('In words.', orNull(text)),
  since: orNull(moment),
}

export const schemas: Readonly<Record<string, Schema>> = {
  Problem: object({
    type: said('Stable: `urn:docketed:problem:` and a code.'),
    title: text,
    status: whole,
    detail: said('What happened, where, and what to do next.'),
    'errors?': said('Places in what was sent.', list(object({ path: text, message: text }))),
  }),
  Remark: object({ path: said('A JSON path in the document.'), message: text }),
  RunState: words(...runStates),
  ReasonCode: words(...Object.keys(reasons)),
  RunSummary: shaped<RunSummary>(summary),
  AskedRun: object({ ...summary, duplicate: said('The key was used before: this is the run of then.', flag) }),
  Run: shaped<RunView>({
    ...summary,
    version: said('Of the configuration that it began with.', whole),
    interactive: said('Somebody waits for it.', flag),
    replayOf: orNull(text),
    undoOf: orNull(text),
    undoneBy: said('The run that takes this one back.', orNull(text)),
    nextAt: said('When it is tried again.', orNull(moment)),
    erasedAt: said('When what it said was erased.', orNull(moment)),
    legalHold: said('What keeps it from being erased.', orNull(object({ on: words('run', 'subject'), since: moment }))),
    event: orNull(named('Event')),
    steps: list(named('Step')),
    'shadow?': said(
      'What it would have done when it was held in shadow.',
      object({ ...eventPreview, tells: list(object({ step: text, to: text, text })), at: moment }),
    ),
    todo: said('What a person does about it.', orNull(text)),
    'stumbled?': said(
      'Of a run that parked before its first step: what could not be worked out of the event.',
      list(named('Stumbled')),
    ),
    passedOver: said(
      'Rules that are for such an event, and whose `if` was false of this one.',
      list(object({ rule: text, if: text })),
    ),
  }),
  Resumed: shaped<Resumed>({ ...summary, 'kept?': list(named('KeptRecord')) }),
  KeptRecord: said(
    'A record that a step made of an answer that was corrected since. `record` null: a call whose answer was lost may have made one.',
    shaped<KeptRecord>({ step: text, resource: text, record: orNull(text) }),
  ),
  Event: said(
    'What happened, with the attribute names of CloudEvents 1.0. Values are masked unless revealed.',
    shaped<Omit<InboundEvent, 'seals'>>(event),
  ),
  Person: shaped<Person>({
    first_name: orNull(text),
    last_name: orNull(text),
    email: orNull(text),
    phone: orNull(text),
    company: orNull(text),
  }),
  File: shaped<InboundFile>({
    name: text,
    content_type: text,
    size: oneOf(whole, text),
    'field?': text,
    'key?': text,
    'url?': text,
  }),
  Booking: shaped<Booking>({
    id: text,
    title: orNull(text),
    start: orNull(text),
    end: orNull(text),
    timezone: orNull(text),
    location: orNull(text),
    all_day: oneOf(flag, text),
    seconds: orNull(oneOf(whole, text)),
  }),
  Step: shaped<StepView>({
    path: said('`rule/step`, or `rule/step[2]` inside `each`.'),
    state: words('ready', 'done', 'skipped'),
    'why?': said('Of a skipped one.'),
    'given?': said('Of the one that the run stands at: what its expressions came out as.', list(named('Given'))),
    'candidates?': said(
      'Of the one that a run is parked at: records one of which is to be chosen.',
      list(object({ resource: text, id: text, name: said('Masked like all that is said of clients.', orNull(text)) })),
    ),
    output: anything,
    attempts: list(named('Attempt')),
  }),
  Given: shaped<Given>({
    at: said('Below the step: `with.due_at`, `if`.'),
    expression: text,
    value: anything,
    'fault?': said('Why it could not be worked out.'),
    'reads?': said(
      'What it reads of the event, and what stands there.',
      list(object({ expression: text, value: anything })),
    ),
  }),
  Stumbled: shaped<Stumbled>({
    step: said('`rule/step`.'),
    at: text,
    expression: text,
    value: anything,
    'fault?': text,
    'reads?': list(object({ expression: text, value: anything })),
  }),
  Attempt: said(
    'One HTTP call to Clio.',
    shaped<AttemptView>({
      method: text,
      path: text,
      request: anything,
      outcome: words('sending', 'applied', 'refused', 'unknown'),
      status: orNull(whole),
      message: orNull(text),
      startedAt: moment,
      endedAt: orNull(moment),
      record: said('The id of the record that it made or changed.', orNull(text)),
    }),
  ),
  Many: shaped<Many>({
    runs: said('Those that it was done to.', list(text)),
    refused: list(object({ run: text, why: text })),
    left: said('How many parked runs of the code are left: ask again.', whole),
  }),
  PreviewCall: shaped<PreviewCall>({
    step: text,
    method: text,
    path: text,
    'query?': anything,
    'body?': anything,
    'note?': text,
  }),
  PreviewWarning: shaped<PreviewWarning>({
    path: said('A step (`rule/step`), or `rules`, `event`, `connection`.'),
    message: text,
    'code?': said('Why the run would park, wait or be ignored; left out: only a remark.', named('ReasonCode')),
  }),
  Preview: said(
    'Of a delivery that holds several events all together; each stands in `events`.',
    shaped<Preview>({ ...eventPreview, events: list(object({ ...eventPreview, event: named('Event') })) }),
  ),
  Stats: shaped<Stats>({
    counts: said('Runs by state.', map(whole)),
    reasons: said('Parked runs by reason code; and `shadow`: those that are held in shadow.', map(whole)),
    oldestOpenSeconds: said('Since the oldest run that goes on by itself was accepted.', orNull(whole)),
    pace: object({ requests: whole, seconds: whole, used: whole, pausedUntil: orNull(moment) }),
    connection: object({
      id: orNull(text),
      state: words('ok', 'held'),
      code: said('Why: `connection-lost`, or what a person has to decide.', orNull(text)),
      reason: orNull(text),
      since: orNull(moment),
      nextProbeAt: orNull(moment),
    }),
    version: said('Of the configuration.', orNull(whole)),
    mode: words('live', 'shadow'),
    timezone: text,
    endpoints: said('Their names.', list(text)),
  }),
  UndoOutlook: object({
    takes: list(object({ resource: text, record: text, how: words('deleted', 'changed back') })),
    stays: said('What stays as it is, in words.', list(text)),
  }),
  Token: shaped<TokenView>(token),
  NewToken: object({ ...token, 'token?': said('Shown this once. A seat has none.') }),
  AuditEntry: shaped<AuditEntry>({ at: moment, actor: text, action: text, 'run?': text, 'detail?': text }),
  Refusals: shaped<RefusalView>({ at: moment, endpoint: text, code: text, times: whole, why: text }),
  Firm: shaped<FirmSummary>({
    id: text,
    open: orNull(whole),
    parked: orNull(whole),
    held: orNull(whole),
    hold: said(
      'Why its queue is held: `connection-lost`, `by-hand` or another code of a hold; null: it is not.',
      orNull(text),
    ),
    connection: orNull(text),
    lastEventAt: orNull(moment),
    oldestOpenAt: said('When the oldest run was accepted that goes on by itself.', orNull(moment)),
    deafChannels: said('Channels that do not take what they are told.', orNull(whole)),
    rewrapped: said('It has said that the DATA_KEY of now wraps its keys.', flag),
    asOf: said('How old this line is.', orNull(moment)),
  }),
  FirmHeld: shaped<FirmHeld>(held),
  Imported: shaped<Imported>({
    ...held,
    from: said('The name that it had.'),
    runs: whole,
    secrets: said('That it had stored there, and that are to be stored here before it goes on.', list(text)),
    connection: text,
  }),
  Connection: shaped<Connection>({
    id: text,
    status: said('`ACTIVE`, `PENDING` or `FAILED`.'),
    createdAt: orNull(text),
    updatedAt: orNull(text),
    url: said(
      'Where a person signs in to Clio; null once active. Whoever has it can connect: show it to nobody else.',
      orNull(text),
    ),
  }),
  Receipt: object({
    run: said('The run that carries the event out.'),
    status: words('accepted'),
    duplicate: said('The same event came before: this is its first run.', flag),
  }),
}
