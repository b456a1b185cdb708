import type { Json, JsonObject } from '../lib/json.ts'
import type { Delivery } from '../model/event.ts'
import { unescaped } from './body/escapes.ts'
import { delivery } from './delivery.ts'
import { readFields } from './fields.ts'
import { isSomeoneElse } from './labels.ts'
import { filesOf, isUnreadFile } from './linked-files.ts'
import { splitName } from './names.ts'
import { textAt } from './payload.ts'
import { type Recognition, recognize } from './person.ts'

/** The answers of a form, whatever service it is made with, as one event: this is what lets one rule serve all forms. */

export interface Answer {
  /** The question as people know it: its label, or its name where the service tells no label. Empty: not a field of its own. */
  readonly label: string
  readonly value: Json
  /** What the service itself says that it is. */
  readonly kind?: 'name' | 'email' | 'phone' | 'message' | 'file'
  /** A name that the service keeps in parts. */
  readonly parts?: { readonly first: string | null; readonly last: string | null }
}

const kinds: readonly (readonly [RegExp, NonNullable<Answer['kind']>])[] = [
  [/e-?mail/i, 'email'],
  [/phone|^tel|mobile/i, 'phone'],
  [/file|upload|attachment/i, 'file'],
  [/^(?:full[ _-]?)?name(?:[ _-]?(?:input|field))?$/i, 'name'],
  [/text[ _-]?area|paragraph|long|multi[ _-]?line|message|comment/i, 'message'],
]

/** What a service's own type of a field says of its answer: `tel`, `INPUT_EMAIL`, `long_text`. */
export function kindOf(type: string | null | undefined): Pick<Answer, 'kind'> {
  const kind = kinds.find(([words]) => words.test(type ?? ''))?.[1]
  return kind === undefined ? {} : { kind }
}

/** Of services that send every choice as a list: one is a value, as it is from a plain HTML form. */
export const alone = (value: Json): Json => (Array.isArray(value) && value.length === 1 ? value[0]! : value)

export const isEmail = (value: Json): boolean => typeof value === 'string' && /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value)

/** Answers of services that tell names and values only. */
export const answersOf = (fields: JsonObject): Answer[] =>
  Object.entries(fields).map(([label, value]) => ({ label, value }))

export interface Submission {
  /** The source's name. */
  readonly source: string
  /** @default `form.submitted` */
  readonly type?: string
  /** The provider's own id; null where it has none: then the answers are the key, for ten minutes. */
  readonly id: string | null
  /** The key for ever of a service that has no ids, but something as good. */
  readonly key?: string | null
  readonly time: string | null
  readonly data: Json
  readonly answers: readonly Answer[]
  /** What its key is hashed from, where the answers are read better than keys are made of (`keys.ts`). @default the answers */
  readonly keyed?: readonly Answer[]
  /** True when what sends them escapes for HTML what people wrote, as plug-ins of WordPress do. */
  readonly escaped?: true
  /** Tells the forms of one endpoint apart where submissions have no id. */
  readonly form?: string | null
  readonly spam?: string | undefined
}

export function submission(given: Submission): Promise<Delivery> {
  const { source, id, key = null, time, data, form = null, spam } = given
  const answers = given.escaped ? given.answers.map(unescapedAnswer) : given.answers
  const fields = fieldsOf(answers)
  const { person, message, recognized } = recognition(answers, readFields(fields))
  return delivery({
    source,
    type: given.type ?? 'form.submitted',
    id,
    key,
    subject: id,
    time,
    data,
    fields,
    asked: true,
    person,
    message,
    recognized,
    files: answers.flatMap(filesOf),
    unread: answers.filter(isUnreadFile).map(({ label }) => label.trim() || 'files'),
    content: { form, fields: fieldsOf(given.keyed ?? given.answers) },
    spam,
  })
}

/** Two questions with the same label become a list, as repeated names of an HTML form do. */
export function fieldsOf(answers: readonly Answer[]): JsonObject {
  const fields = new Map<string, Json>()
  for (const { label, value } of answers) {
    const name = label.trim()
    if (name === '' || name === '__proto__') continue
    const before = fields.get(name)
    fields.set(name, before === undefined ? value : [before, value].flat())
  }
  return Object.fromEntries(fields)
}

const unescapedAnswer = (answer: Answer): Answer => ({ ...answer, value: unescaped(answer.value) })

/** By the labels first, and by what the service says only where that leaves one candidate. */
function recognition(answers: readonly Answer[], fields: JsonObject): Recognition {
  const { person, message, recognized } = recognize(fields)
  const own = answers.filter(({ label }) => !isSomeoneElse(label))
  const names = own.filter(({ kind, value }) => kind === 'name' && textOf(value) !== null)
  const [name] = names.length === 1 ? names : []
  const parts = name && partsOf(name)
  const unnamed = person.first_name === null && person.last_name === null
  const told = (part: 'email' | 'phone' | 'message', known: string | null) => (known === null ? only(own, part) : null)
  const [email, phone, text] = [told('email', person.email), told('phone', person.phone), told('message', message)]
  const named = parts && (unnamed || name.parts) ? parts : null
  return {
    person: {
      ...person,
      ...(named && { first_name: named.first, last_name: named.last }),
      ...(email && { email: email.text }),
      ...(phone && { phone: phone.text }),
    },
    message: text?.text ?? message,
    recognized: {
      ...recognized,
      ...(named?.first && { first_name: name!.label }),
      ...(named?.last && { last_name: name!.label }),
      ...(email && { email: email.label }),
      ...(phone && { phone: phone.label }),
      ...(text && { message: text.label }),
    },
  }
}

/** The parts that a service knows; the generation is one of its own there. */
function partsOf({ parts, value }: Answer) {
  const whole = splitName(textOf(value)!)
  if (parts === undefined) return whole
  return whole.last?.startsWith(`${parts.last} `) ? { ...parts, last: whole.last } : parts
}

const textOf = (value: Json): string | null => textAt({ value }, 'value')

/** The answer of a kind, when there is exactly one. */
function only(answers: readonly Answer[], kind: Answer['kind']): { text: string; label: string } | null {
  const texts = answers
    .filter(answer => answer.kind === kind)
    .flatMap(({ label, value }) => {
      const text = textOf(value)
      return text === null ? [] : [{ text, label }]
    })
  return texts.length === 1 ? texts[0]! : null
}
