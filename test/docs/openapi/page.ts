import { isObject, type JsonObject } from '../../../src/lib/json.ts'
import { objectIn } from './shapes.ts'

/** The OpenAPI document as one page for people: no script, and nothing from elsewhere. */
export function openapiPage(document: JsonObject): string {
  const info = objectIn(document.info)
  const tags = (document.tags as JsonObject[]).map(tag => ({ name: String(tag.name), about: String(tag.description) }))
  const shared = objectIn(objectIn(document.components).responses)
  const operations = Object.entries(objectIn(document.paths)).flatMap(([path, methods]) =>
    Object.entries(objectIn(methods)).map(([method, found]) => ({ path, method, operation: objectIn(found) })),
  )
  const sections = tags.map(({ name, about }) => {
    const own = operations.filter(({ operation }) => (operation.tags as string[]).includes(name))
    return `<section id="${slug(name)}"><h2>${escaped(name)}</h2><p>${escaped(about)}</p>${own.map(one => callOf(one, shared)).join('')}</section>`
  })
  const schemas = Object.entries(objectIn(objectIn(document.components).schemas))
  const links = [...tags.map(({ name }) => name), 'Shapes'].map(name => `<li><a href="#${slug(name)}">${name}</a></li>`)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(String(info.title))}: the API</title>
<link rel="icon" href="/icon.svg">
<link rel="stylesheet" href="/openapi.css">
</head>
<body>
<header><h1>${escaped(String(info.title))}: the API</h1>${paragraphs(String(info.description))}
<p><a href="/openapi.json">The same as OpenAPI 3.1</a></p>
<nav aria-label="Parts"><ul>${links.join('')}</ul></nav></header>
<main>
${sections.join('\n')}
<section id="shapes"><h2>Shapes</h2>
${schemas.map(([name, schema]) => `<article id="shape-${name}"><h3>${name}</h3>${aboutOf(objectIn(schema))}${bodyOf(objectIn(schema))}</article>`).join('\n')}
</section>
</main>
</body>
</html>
`
}

interface Found {
  readonly path: string
  readonly method: string
  readonly operation: JsonObject
}

function callOf({ path, method, operation }: Found, shared: JsonObject): string {
  const parameters = (operation.parameters ?? []) as JsonObject[]
  const body = isObject(operation.requestBody) ? objectIn(operation.requestBody) : null
  const role = typeof operation['x-role'] === 'string' ? `<span class="role">${operation['x-role']}</span>` : ''
  const id = String(operation.operationId)
  return `<article id="${id}"><h3><a href="#${id}"><span class="method">${method.toUpperCase()}</span> <code>${escaped(path).replaceAll('/', '/<wbr>')}</code></a> ${role}</h3>
<p>${inline(String(operation.summary))}.</p>${aboutOf(operation)}
${parameters.length > 0 ? `<h4>Parameters</h4>${rows(parameters.map(one => [`${String(one.name)}${one.required ? '' : '?'}`, `${String(one.in)}, ${kindOf(objectIn(one.schema))}`, String(one.description ?? '')]))}` : ''}
${body ? `<h4>Body${body.required ? '' : ' (may be left out)'}</h4>${contentOf(objectIn(body.content))}` : ''}
<h4>Answers</h4><dl>${Object.entries(objectIn(operation.responses))
    .map(([status, one]) =>
      answerOf(
        status,
        objectIn(typeof objectIn(one).$ref === 'string' ? shared[String(objectIn(one).$ref).split('/').at(-1)!] : one),
      ),
    )
    .join('')}</dl></article>
`
}

function answerOf(status: string, answer: JsonObject): string {
  const refused = Number(status) >= 400 && isObject(objectIn(answer.content ?? {})['application/problem+json'] ?? null)
  return `<dt>${status}</dt><dd>${inline(String(answer.description))}${refused || answer.content === undefined ? '' : contentOf(objectIn(answer.content))}</dd>`
}

const contentOf = (content: JsonObject): string =>
  Object.entries(content)
    .map(
      ([type, found]) =>
        `<p class="kind">${type === '*/*' ? 'anything else' : `<code>${type}</code>`}</p>${bodyOf(objectIn(objectIn(found).schema))}`,
    )
    .join('')

/** The keys of an object, or the kind of what is none. */
function bodyOf(schema: JsonObject): string {
  if (Array.isArray(schema.anyOf) && schema.anyOf.some(one => isObject(one) && one.properties))
    return schema.anyOf.map(one => bodyOf(objectIn(one))).join('<p>or</p>')
  if (!isObject(schema.properties ?? null)) return Object.keys(schema).length > 0 ? `<p>${kindOf(schema)}</p>` : ''
  const required = (schema.required ?? []) as string[]
  return rows(
    Object.entries(objectIn(schema.properties)).map(([key, found]) => [
      `${key}${required.includes(key) ? '' : '?'}`,
      kindOf(objectIn(found)),
      String(objectIn(found).description ?? ''),
    ]),
  )
}

/** What a schema is, in a few words of HTML. */
function kindOf(schema: JsonObject): string {
  if (typeof schema.$ref === 'string') {
    const name = schema.$ref.split('/').at(-1)!
    return `<a href="#shape-${name}">${name}</a>`
  }
  if (Array.isArray(schema.anyOf)) return schema.anyOf.map(one => kindOf(objectIn(one))).join(' or ')
  if (Array.isArray(schema.enum)) return schema.enum.map(word => `<code>${escaped(String(word))}</code>`).join(' ')
  const [type = 'anything', ...others] = [schema.type ?? 'anything'].flat().map(String)
  const or = others.map(other => ` or ${other}`).join('')
  if (type === 'array') return `list of ${kindOf(objectIn(schema.items ?? {}))}${or}`
  if (isObject(schema.properties ?? null)) {
    const keys = Object.entries(objectIn(schema.properties))
    return `{ ${keys.map(([key, found]) => `${key}: ${kindOf(objectIn(found))}`).join(', ')} }${or}`
  }
  if (isObject(schema.additionalProperties ?? null))
    return `object of ${kindOf(objectIn(schema.additionalProperties))}${or}`
  const range =
    schema.minimum === undefined
      ? ''
      : ` from ${schema.minimum}${schema.maximum === undefined ? '' : ` to ${schema.maximum}`}`
  return `${schema.format === 'date-time' ? 'moment' : type}${range}${or}`
}

const rows = (cells: readonly (readonly [string, string, string])[]): string =>
  `<div class="scroll" tabindex="0"><table><tbody>${cells.map(([name, kind, about]) => `<tr><th scope="row"><code>${escaped(name)}</code></th><td>${kind}</td><td>${inline(about)}</td></tr>`).join('')}</tbody></table></div>`

const aboutOf = ({ description }: JsonObject): string =>
  typeof description === 'string' ? paragraphs(description) : ''
const paragraphs = (text: string): string =>
  text
    .split('\n\n')
    .map(part => `<p>${inline(part)}</p>`)
    .join('')
const inline = (text: string): string => escaped(text).replace(/`([^`]+)`/g, '<code>$1</code>')
const escaped = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;')
const slug = (name: string): string => name.toLowerCase()
