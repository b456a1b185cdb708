import { html } from 'hono/html'
import type { Json } from '../../lib/json.ts'
import type { InboundEvent } from '../../model/event.ts'
import type { Visit } from '../visit.ts'
import { type Html, hidden } from './html.ts'

/** Answers that a visitor got wrong, as fields to be corrected. What is not changed is not sent. */
export function editor(event: InboundEvent, { csrf, url, form }: Visit): Html {
  const { recognized = {} } = event
  // What an answer of its own says is corrected there; what stands within one is easier corrected by itself.
  const standsIn = (part: string) => Object.hasOwn(event.fields, recognized[part as keyof typeof recognized] ?? '')
  const parts = Object.entries(event.person).filter(([part]) => !standsIn(part))
  const all: (readonly [string, Json])[] = [
    ...Object.entries(event.fields),
    ...parts.map(([part, value]) => [`person.${part}`, value] as const),
    ...(event.message !== null && !standsIn('message') ? [['message', event.message] as const] : []),
  ]
  return html`<section aria-labelledby="correct" class="card"><h2 id="correct">Correct answers</h2>
<p class="quiet">Corrections stand beside what came in. They reach steps that are still to be done; records that were made already keep what they say.</p>
<form method="post" action="${url.pathname}" class="stack">${hidden(csrf, { act: 'correct' })}
${all.map(([name, value]) => field(name, value, form.get(`is ${name}`)))}
<button class="primary">Save and resume</button></form></section>`
}

function field(name: string, value: Json, typed: string | null): Html {
  const was = spelled(value)
  const now = typed ?? was
  const long = now.length > 60 || now.includes('\n')
  return html`<label>${name} ${
    long ? html`<textarea name="is ${name}" rows="4">${now}</textarea>` : html`<input name="is ${name}" value="${now}">`
  }</label><input type="hidden" name="was ${name}" value="${JSON.stringify(value)}">`
}

const spelled = (value: Json): string =>
  typeof value === 'string' ? value : value === null ? '' : JSON.stringify(value)

/** Line breaks as they were: a browser sends each as CR LF. */
const lines = (text: string): string => text.replaceAll('\r\n', '\n')

/** What was changed of the fields: a text stays a text, anything else is read as what it was. */
export function corrected(form: URLSearchParams): Record<string, Json> {
  const answers: Record<string, Json> = {}
  for (const [key, typed] of form) {
    const name = key.startsWith('is ') ? key.slice(3) : null
    if (name === null) continue
    const was = parsed(form.get(`was ${name}`) ?? 'null')
    if (lines(typed) === lines(spelled(was))) continue
    answers[name] = typeof was === 'string' || was === null ? lines(typed) : parsed(typed)
  }
  return answers
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json
  } catch {
    return text
  }
}
