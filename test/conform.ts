import { type Schema, Validator } from '@cfworker/json-schema'
import openapi from '../src/assets/openapi.json' with { type: 'json' }
import { isObject, type Json, type JsonObject } from '../src/lib/json.ts'
import { objectIn } from './docs/openapi/shapes.ts'

/** Answers and accepted requests, held against src/assets/openapi.json: what is not described there fails the test that saw it. */

export interface Sent {
  readonly method: string
  /** With its query. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** The same answer. @throws when the document does not describe it */
export async function conforming(sent: Sent, answer: Response): Promise<Response> {
  const faults = await faultsOf(sent, answer)
  if (faults.length > 0)
    throw new Error(`${sent.method} ${sent.path} is not as openapi.json says: ${faults.join('; ')}`)
  return answer
}

const document = openapi as JsonObject
const schemas = objectIn(objectIn(document.components).schemas)
const shared = objectIn(objectIn(document.components).responses)

async function faultsOf({ method, path, headers = {}, body }: Sent, answer: Response): Promise<string[]> {
  const url = new URL(path, 'https://docketed.example')
  const operation = objectIn(operationsAt(url.pathname)[method.toLowerCase()])
  // What no path is of says so; methods that a path does not take are refused, or asked for.
  if (operation.responses === undefined) return strayFaults(method, answer)
  const described = responseAt(operation, answer.status)
  if (described === null) return [`it does not answer ${answer.status}: ${await answer.clone().text()}`]
  const faults = await bodyFaults(described, answer)
  if (!answer.ok) return faults
  if (operation['x-any-query'] !== true) faults.push(...queryFaults(operation, url.searchParams))
  const content = objectIn(objectIn(operation.requestBody).content)
  const [first] = Object.keys(content)
  if (body === undefined || body === '' || first === undefined) return faults
  const type = typeOf(new Headers(headers).get('content-type') ?? first)
  const taken = content[type] ?? content['*/*']
  if (taken === undefined) faults.push(`it takes no ${type}`)
  else if (type === 'application/json' && isJson(body))
    faults.push(...faultsIn(objectIn(objectIn(taken).schema), JSON.parse(body) as Json))
  return faults
}

function responseAt({ responses }: JsonObject, status: number): JsonObject | null {
  const found = objectIn(responses)[status]
  if (found === undefined) return null
  const { $ref } = objectIn(found)
  return objectIn(typeof $ref === 'string' ? shared[$ref.split('/').at(-1)!] : found)
}

function queryFaults({ parameters = [] }: JsonObject, query: URLSearchParams): string[] {
  const known = new Map((parameters as JsonObject[]).map(one => [`${one.in} ${one.name}`, objectIn(one.schema)]))
  return [...query].flatMap(([key, value]) => {
    const schema = known.get(`query ${key}`)
    return schema ? faultsIn(schema, queryValue(value, schema)) : [`it takes no query key ${key}`]
  })
}

function strayFaults(method: string, answer: Response): string[] {
  if (method === 'OPTIONS' || method === 'HEAD') return []
  return answer.ok ? ['it is not described'] : []
}

async function bodyFaults({ content }: JsonObject, answer: Response): Promise<string[]> {
  if (content === undefined) return answer.body === null ? [] : ['it answers a body']
  const type = typeOf(answer.headers.get('content-type') ?? '')
  const shown = objectIn(content)[type] ?? objectIn(content)['*/*']
  if (shown === undefined) return [`it does not answer ${type}`]
  if (!/json$/.test(type)) return []
  const text = await answer.clone().text()
  // A configuration comes as it was saved, with its comments.
  return isJson(text) ? faultsIn(objectIn(objectIn(shown).schema), JSON.parse(text) as Json) : []
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

const typeOf = (header: string) => header.split(';')[0]!.trim()

const queryValue = (value: string, { type }: JsonObject): Json =>
  type === 'integer' && /^-?\d+$/.test(value) ? Number(value) : value

/** Those of the most literal path that fits. */
function operationsAt(path: string): JsonObject {
  const fitting = patterns.filter(({ pattern }) => pattern.test(path))
  return objectIn(fitting.sort((a, b) => a.holes - b.holes)[0]?.methods)
}

const patterns = Object.entries(objectIn(document.paths)).map(([path, methods]) => ({
  pattern: new RegExp(
    `^${path
      .replace(/\./g, '\\.')
      .replace('{path}', '.+')
      .replace(/\{\w+\}/g, '[^/]+')}$`,
  ),
  holes: path.split('{').length,
  methods,
}))

const validators = new Map<string, Validator>()

function faultsIn(schema: JsonObject, value: Json): string[] {
  const key = JSON.stringify(schema)
  let validator = validators.get(key)
  if (!validator) {
    const whole = { ...objectIn(closed(schema)), $defs: closed(schemas) }
    validator = new Validator(
      JSON.parse(JSON.stringify(whole).replaceAll('#/components/schemas/', '#/$defs/')) as Schema,
    )
    validators.set(key, validator)
  }
  const { valid, errors } = validator.validate(value)
  return valid ? [] : errors.slice(-3).map(({ instanceLocation, error }) => `${instanceLocation}: ${error}`)
}

/** The document lets answers have more keys than it names, since they may get some; ours have none that it does not name. */
function closed(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map(closed)
  if (!isObject(schema)) return schema
  const inner = Object.fromEntries(Object.entries(schema).map(([key, one]) => [key, closed(one)]))
  const open = schema.type === 'object' && schema.required !== undefined && schema.additionalProperties === undefined
  return open ? { ...inner, additionalProperties: false } : inner
}
