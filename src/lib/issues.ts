import * as z from 'zod/mini'
import { isObject, type Json } from './json.ts'
import { type Place, pathOf, type Remark } from './path.ts'
import { didYouMean, nearest } from './text/nearest.ts'

/** What zod found, in words: one remark for each wrong key, with the nearest right name. */
export function remarksOf(error: z.core.$ZodError, schema: z.ZodMiniType, document: Json, above: Place = []): Remark[] {
  return error.issues.flatMap(issue => remarks(issue, schema, document, above))
}

type Issue = z.core.$ZodIssue

function remarks(issue: Issue, schema: z.ZodMiniType, document: Json, above: Place): Remark[] {
  const place = issue.path.map(part => (typeof part === 'number' ? part : String(part)))
  const path = pathOf([...above, ...place])
  const value = valueAt(document, place)
  switch (issue.code) {
    case 'unrecognized_keys': {
      const known = keysAt(schema, place)
      return issue.keys.map(key => ({
        path: pathOf([...above, ...place, key]),
        message: said(issue) && nearest(key, known) === null ? issue.message : unknown(key, known),
      }))
    }
    case 'invalid_union':
      return branch(issue, value).flatMap(inner =>
        remarks({ ...inner, path: [...issue.path, ...inner.path] }, schema, document, above),
      )
    case 'invalid_type':
      return [{ path, message: wrongType(issue.expected, value) }]
    case 'invalid_value':
      return [{ path, message: oneOf(value, issue.values.map(String)) }]
    case 'invalid_key':
      return [{ path, message: issue.issues[0]?.message ?? 'is no name' }]
    case 'too_small':
      return [{ path, message: tooSmall(issue) }]
    case 'too_big':
      return [{ path, message: `must be at most ${issue.maximum}` }]
    case 'invalid_format':
      return [{ path, message: said(issue) ?? formats[issue.format] ?? 'is not written as it should be' }]
    default:
      return [{ path, message: issue.message }]
  }
}

const formats: Readonly<Record<string, string>> = {
  email: 'must be an e-mail address',
  url: 'must be a web address, such as https://smith.example',
  uuid: 'must be an id, such as 21fd90f9-5935-43cd-b6c8-bde9d915ca80',
  date: 'must be a day, such as 2026-11-26',
}

/** The schema's own words; zod/mini has none of its own. */
const said = ({ message }: Issue) => (message === 'Invalid input' ? null : message)

/** Of the forms that a value may have, the issues of the one that it comes nearest to. */
function branch(issue: Extract<Issue, { code: 'invalid_union' }>, value: Json | undefined): Issue[] {
  const ofItsType = issue.errors.find(issues =>
    issues.some(inner => inner.code !== 'invalid_type' || inner.path.length > 0),
  )
  if (ofItsType) return [...ofItsType]
  const wanted = issue.errors.flat().map(inner => (inner.code === 'invalid_type' ? typeWord(inner.expected) : ''))
  const message = `must be ${[...new Set(wanted)].filter(Boolean).join(' or ')}${value === undefined ? ', and is missing' : ''}`
  return [{ code: 'custom', path: [], message, input: undefined }]
}

function wrongType(expected: string, value: Json | undefined): string {
  if (value === undefined) return `is missing: ${typeWord(expected)}`
  if (expected === 'boolean') return 'must be true or false, without quotes'
  return `must be ${typeWord(expected)}${Array.isArray(value) ? ', not a list' : isObject(value) ? ', not an object' : ''}`
}

function typeWord(expected: string): string {
  const words: Record<string, string> = {
    string: 'text',
    number: 'a number',
    int: 'a whole number',
    boolean: 'true or false',
    array: 'a list',
    object: 'an object',
    record: 'an object',
  }
  return words[expected] ?? expected
}

/** `must be one of a, b; did you mean 'a'?` */
export function oneOf(value: Json | undefined, words: readonly string[]): string {
  const near = typeof value === 'string' ? didYouMean(value, words) : ''
  return `must be ${words.length > 1 ? 'one of ' : ''}${words.join(', ')}${near}`
}

/** Words about a name that does not exist. */
export function unknown(name: string, known: readonly string[]): string {
  const more = known.length > 0 ? `; known are ${known.join(', ')}` : ''
  return `is not known here${didYouMean(name, known) || more}`
}

function tooSmall(issue: Extract<Issue, { code: 'too_small' }>): string {
  if (issue.origin === 'string' || issue.origin === 'array') return 'is empty'
  return `must be at least ${issue.minimum}`
}

function valueAt(document: Json, place: Place): Json | undefined {
  return place.reduce<Json | undefined>((value, part) => {
    if (Array.isArray(value)) return value[Number(part)]
    return isObject(value) && Object.hasOwn(value, part) ? value[part] : undefined
  }, document)
}

/** The keys that a schema knows at a place. */
function keysAt(schema: z.core.$ZodType, place: Place): string[] {
  const [part, ...rest] = place
  const { def } = (schema as z.core.$ZodTypes)._zod
  switch (def.type) {
    case 'object':
      if (part === undefined) return Object.keys(def.shape)
      return keysAt(def.shape[part] ?? def.catchall ?? never, rest)
    case 'record':
      return part === undefined ? [] : keysAt(def.valueType, rest)
    case 'array':
      return part === undefined ? [] : keysAt(def.element, rest)
    case 'union':
      return [...new Set(def.options.flatMap(option => keysAt(option, place)))]
    case 'optional':
    case 'nullable':
    case 'default':
      return keysAt(def.innerType, place)
    case 'pipe':
      return keysAt(def.in, place)
    default:
      return []
  }
}

const never = z.never()
