import { isObject, type Json, type JsonObject } from '../lib/json.ts'
import { withoutEntities } from '../lib/text/entities.ts'
import { fold } from '../lib/text/fold.ts'
import { nobody, type Person, type Recognized } from '../model/event.ts'
import { emailIn, isPlaceholder, phoneIn, withoutAddress } from './addresses.ts'
import type { Role } from './label-words.ts'
import { generatedRank, isSomeoneElse, readPath } from './labels.ts'
import { legible } from './legible.ts'
import { casedParts, isGeneration, splitName } from './names.ts'

/** Who wrote, and what, from the labels that forms give their boxes; and from which of them it was taken. */

export interface Recognition {
  readonly person: Person
  readonly message: string | null
  readonly recognized: Recognized
}

interface Candidate {
  readonly label: string
  readonly role: Role
  readonly rank: number
  readonly text: string
}

export function recognize(fields: JsonObject): Recognition {
  const leaves = leavesOf(fields)
  const found = leaves.flatMap(({ path, text, boxes }): Candidate[] => {
    const reading = readPath(path)
    if (reading === null) return []
    const { role, rank, also = [] } = reading
    const [label, whole] = [path.join('.'), inBoxes(role, boxes) ?? text]
    const said = (one: Role) =>
      one === 'full_name'
        ? inOrder(label, whole)
        : one === 'phone' && also.length > 0
          ? (digits.exec(whole)?.[0] ?? '')
          : whole
    return [role, ...also].map(one => ({ role: one, rank, label, text: said(one) }))
  })
  const names = namesIn(found)
  const first = best(names, 'first_name', isPart)
  const last = best(names, 'last_name', isPart)
  const full = best(names, 'full_name', isName)
  const email = best(found, 'email', emailIn) ?? unnamed(leaves)
  const phone = best(found, 'phone', phoneIn)
  const company = best(found, 'company', isName)
  const message = best(found, 'message', text => (isPlaceholder(text) ? null : text))
  const read = full && !first && !last ? splitName(full.text) : casedParts(nameOf(first, last, full))
  const suffix = leaves.find(({ path, text }) => isSuffix(path) && isGeneration(text, 0))?.text
  // Father and son share a telephone.
  const apart = suffix !== undefined && read.last && !read.last.endsWith(suffix)
  const name = apart ? { ...read, last: `${read.last} ${suffix}` } : read
  const made = company?.text ?? name.company
  return {
    person: {
      ...nobody(),
      first_name: name.first,
      last_name: name.last,
      email: email?.text ?? null,
      phone: phone?.text ?? null,
      company: made,
    },
    message: message?.text ?? null,
    recognized: {
      ...(name.first !== null && { first_name: (first ?? full)!.label }),
      ...(name.last !== null && { last_name: (last ?? full)!.label }),
      ...(email && { email: email.label }),
      ...(phone && { phone: phone.label }),
      ...(made !== null && { company: (company ?? full)!.label }),
      ...(message && { message: message.label }),
    },
  }
}

/** Beside the answers stands what a form is called: `{name: "Contact", data: {name, email}}`. */
function namesIn(found: readonly Candidate[]): readonly Candidate[] {
  const of = (roles: RegExp, all: readonly Candidate[]) => all.some(({ role }) => roles.test(role))
  const held = found.filter(({ label }) => holding.test(label))
  const reached = of(/^(?:email|phone)/, held) || !of(/^(?:email|phone)/, found)
  return reached && of(/name$/, held) ? held : found
}

/** What services keep the answers of a form in. */
const holding = /\b(?:data|fields|answers|values|submission|responses?)[.[]/i

/** A telephone number among other things. */
const digits = /[+(]?\d[\d\s().-]{4,20}\d/

/** A name as `splitName` reads it, where the label says that the family's stands first: `Name (Last, First)`. */
function inOrder(label: string, name: string): string {
  const two = /^\S+ \S+$/.test(name) || (/middle/i.test(label) && /^\S+ \S+ \S+$/.test(name))
  return two && !name.includes(',') && familyFirst.test(fold(label)) ? name.replace(' ', ', ') : name
}

const familyFirst =
  /(?:\blast|surname|family|apellidos?|nachname|cognome|фамилия).{1,12}(?:first|given|nombre|vorname|nome|имя)/

/** One answer in several boxes of one name: `212`, `555`, `0141`, or the words of a name. */
function inBoxes(role: Role, boxes: readonly string[] = []): string | null {
  const parts = role === 'phone' ? /^[+(]?\d{1,5}\)?$/ : role === 'full_name' ? /^\p{L}[\p{L}\p{M}.'’-]*$/u : null
  return parts && boxes.length > 1 && boxes.length < 5 && boxes.every(one => parts.test(one)) ? boxes.join(' ') : null
}

const isSuffix = (path: readonly string[]): boolean =>
  /\bsuffix\]?$/i.test((path.at(-1) ?? '').replaceAll('_', ' ')) && !isSomeoneElse(path.join(' '))

export const personOf = (fields: JsonObject): Person => recognize(fields).person
export const messageOf = (fields: JsonObject): string | null => recognize(fields).message

export interface Leaf {
  readonly path: readonly string[]
  readonly text: string
  /** Of a list, all its texts. */
  readonly boxes?: readonly string[]
}

/** Boxes within boxes are a few deep at most. */
const deepest = 4
const most = 1000

/** Every answer with the labels above it. Of a list of texts it is the first. */
export function leavesOf(fields: JsonObject): Leaf[] {
  const leaves: Leaf[] = []
  const visit = (value: Json, path: readonly string[], boxes?: readonly string[]): void => {
    if (leaves.length >= most) return
    if (Array.isArray(value)) {
      // Of a list of objects, only addresses and numbers are one person's: `phones: [{phone, type}]`.
      const own = !isObject(value[0]) || /^(?:email|phone)/.test(readPath(path)?.role ?? '')
      if (value.length > 0 && own)
        visit(
          value[0]!,
          path,
          value.filter(one => typeof one === 'string'),
        )
      else for (const { label, answer } of answersIn(value)) visit(answer, [...path, label])
    } else if (isObject(value)) {
      const number = readPath(path)?.role === 'phone' ? numberIn(value) : null
      if (number !== null) leaves.push({ path, text: number })
      if (number !== null || path.length >= deepest) return
      // What the field is called is no answer: `name: {id, name: "Full Name", value}`.
      const only = Object.hasOwn(value, 'value') && readPath(path) ? { value: value.value! } : value
      for (const [key, inner] of Object.entries(only)) if (!isTitle(path, key, value)) visit(inner, [...path, key])
    } else if (typeof value === 'string' || typeof value === 'number') {
      const text = String(value).trim()
      if (text !== '') leaves.push({ path, text, ...(boxes && { boxes }) })
    }
  }
  visit(fields, [])
  return leaves
}

const asks = ['label', 'question', 'title', 'name', 'key'] as const
const says = ['answer', 'value', 'response'] as const

/** A list of answers: `fields: [{label, value}]`, `answers: [{question, answer}]`. Of any other list nothing. */
function answersIn(list: readonly Json[]): { label: string; answer: Json }[] {
  return list.flatMap(one => {
    if (!isObject(one)) return []
    const [label, answer] = [asks.find(name => typeof one[name] === 'string'), says.find(name => name in one)]
    return label && answer ? [{ label: String(one[label]), answer: one[answer]! }] : []
  })
}

/** `form: {id, name}`, `form[id]` and `form[name]` are a form's. */
const isTitle = (path: readonly string[], key: string, all: JsonObject): boolean =>
  /(?:^|\.)form(?:\.name|\[name\])$/i.test([...path, key].join('.')) &&
  [key.replace(/name/i, 'id'), 'Id'].some(id => Object.hasOwn(all, id))

/** A telephone number in parts, as they are dialled: `{area: '212', phone: '555-0141'}`. Null: it has no such parts. */
function numberIn(value: JsonObject): string | null {
  const part = (name: RegExp): string | null => {
    const key = Object.keys(value).find(one => name.test(one) && /^\+?[\d\s().-]{1,14}$/.test(String(value[one])))
    return key === undefined ? null : String(value[key])
  }
  const [country, area, own, extension] = [
    /country/i,
    /area|prefix/i,
    /^(?!.*(?:country|area)).*(?:number|phone|line)/i,
    /^ext/i,
  ].map(part)
  if (own === null || (country ?? area) === null || part(/^full/i) !== null) return null
  return [country?.replace(/^(?=\d)/, '+'), area, own, extension && `ext. ${extension}`].filter(Boolean).join(' ')
}

interface Taken {
  readonly label: string
  readonly text: string
}

/** The surest label whose answer fits; of equals the first of the form. */
function best(found: readonly Candidate[], role: Role, fits: (text: string) => string | null): Taken | null {
  const candidates = found.filter(one => one.role === role).sort((a, b) => a.rank - b.rank)
  const read = candidates.flatMap(({ label, text, rank }) => {
    const fitting = fits(text)
    return fitting === null ? [] : [{ label, text: fitting, rank }]
  })
  const [first, second] = read
  const doubtful = second !== undefined && first!.rank >= generatedRank && first!.text !== second.text
  return first === undefined || doubtful ? null : { label: first.label, text: first.text }
}

/** A label that a program made says nothing: then the only address among such answers is theirs. */
function unnamed(leaves: readonly Leaf[]): Taken | null {
  const addresses = leaves.filter(
    ({ path, text }) =>
      path.length === 1 &&
      generated.test(path[0]!.replace(/^\w+\[(?:fields\]\[)?(\d+)\]$/, '$1')) &&
      emailIn(text) === text,
  )
  return addresses.length === 1 ? { label: addresses[0]!.path[0]!, text: addresses[0]!.text } : null
}

const generated =
  /^(?:(?:field|input|question|q|text|item|column|entry|answer|cf|custom|element|control)[\s_-]?)?[\da-f.]{1,32}$/i

/** A name; an address that stands beside it is no part of it. `Na` is one where a part of a name is asked for. */
function isName(given: string): string | null {
  const text = withoutAddress(given.replace(/<\/?[a-z][^<>@]{0,200}>/gi, ' ')).trim()
  const names = /\p{L}/u.test(text) && !text.includes('@') && !isPlaceholder(text) && text.length <= 200
  return names && !nobodys.test(text) ? text : null
}

const isPart = (text: string): string | null => (text === 'Na' ? text : isName(text))

/** What people and telephone systems write where they tell no name. */
const nobodys =
  /^(?:(?:n\/?a|none)(?: (?:n\/?a|none))?|n\.a\.?|not applicable|no aplica|ningun[oa]|no name|unknown(?: caller| name)?|anonymous|private(?: caller| number)?|unavailable|wireless caller|caller id|withheld|restricted)$/i

function nameOf(first: Taken | null, last: Taken | null, full: Taken | null) {
  if (first && last) return { first: first.text, last: last.text, company: null }
  if (!full) return { first: first?.text ?? null, last: last?.text ?? null, company: null }
  // A form with `name` and `surname` means the first name by the one, and with `Vorname` and `Name` the last.
  if (last) return { first: without(full.text, last.text), last: last.text, company: null }
  if (first) return { first: first.text, last: without(full.text, first.text), company: null }
  return splitName(full.text)
}

/** A full name beside one of its parts. */
function without(full: string, part: string): string {
  const [small, word] = [full.toLowerCase(), part.toLowerCase()]
  if (small.endsWith(` ${word}`)) return full.slice(0, -part.length).trim()
  return small.startsWith(`${word} `) ? full.slice(part.length).trim() : full
}

/** A person as a source tells it, without what stands there because nobody gave anything. */
export function realPerson(person: Person): Person {
  // Of names, none is written in the entities of HTML, whatever sends them.
  const named = (text: string | null): string | null =>
    text === null || isPlaceholder(text) ? null : legible(withoutEntities(text)) || null
  const email = named(person.email)
  const phone = named(person.phone)
  const name = { first: named(person.first_name), last: named(person.last_name) }
  const company = named(person.company)
  const { first, last } = name.last !== null && name.last === company ? name : casedParts(name)
  return {
    first_name: first,
    last_name: last,
    email: email === null ? null : emailIn(email),
    phone: phone === null ? null : phoneIn(phone),
    company,
  }
}
