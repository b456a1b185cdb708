import type { Fields } from '../../clio/contract/fields.ts'
import type { Resources } from '../../clio/contract/shapes/contract.ts'
import { told } from '../../clio/operations/asked-fields.ts'
import { didYouMean } from '../../lib/text/nearest.ts'
import { type Rule, type Step, type Verb, verbsOf } from '../../model/rule.ts'

/** What a step leaves behind for later expressions: of a read, only what it asked for; of a write, what Clio needs to be found again. */
export interface Found {
  readonly keys: Fields
  /** Of what resource the record is; null: it is none. */
  readonly resource: string | null
  /** Why there is nothing else; null: it asked for every plain value, and more may be there. */
  readonly only: string | null
  /** It leaves a list behind. */
  readonly list: boolean
  /** Of a read that parks when nothing is found. */
  readonly sure: boolean
}

const names = (text: string): Fields => new Map(text.split(' ').map(name => [name, null]))

/** What writes and the rest leave behind: see `done` in operation.ts, `upsert`, `checkConflicts` and `told`. */
const left: { readonly [verb in Verb]?: Fields } = {
  create: names('id etag resource created latest_document_version'),
  upsert: names('id etag resource created offered contradicts'),
  update: names('id etag resource note'),
  delete: names('id etag resource note'),
  check_conflicts: names('found matches'),
  notify: names('told'),
  park: new Map(),
}

/** What the steps of a rule leave behind, by name. */
export function foundIn(rule: Rule, clio: Resources): ReadonlyMap<string, Found> {
  return new Map(
    Object.entries(rule.steps).flatMap(([name, step]): [string, Found][] => {
      const [verb, ...more] = verbsOf(step)
      if (verb === undefined || more.length > 0) return []
      const resource = String(step[verb])
      const of = Object.hasOwn(clio, resource) ? clio[resource]! : null
      const wrote = left[verb]
      const list = step.each !== undefined || step.several === 'all'
      const sure = step.none !== 'continue' && step.several !== 'continue' && step.if === undefined
      if (wrote) {
        const way = of ? ": a step with 'get' reads the rest" : ''
        const only = `'${verb}' leaves ${[...wrote.keys()].slice(0, 4).join(', ') || 'nothing'} behind${way}`
        return [[name, { keys: wrote, resource: of && resource, only, list, sure: false }]]
      }
      if (!of || (step.several === 'all' && step.each !== undefined)) return []
      const keys = new Map([...told(of.read, step.fields), ...names('id found resource')])
      const only = step.fields === undefined ? null : "'fields' does not ask for it"
      return [[name, { keys, resource, only, list, sure: sure && !list }]]
    }),
  )
}

const file: Found = {
  keys: names('name content_type size field key url'),
  resource: null,
  only: 'a file has name, content_type and size',
  list: false,
  sure: false,
}

/** What `item` is in a step, where `each` is a list that a step left; null: anything. */
export function itemIn({ each = '' }: Step, found: ReadonlyMap<string, Found>): Found | null {
  if (/^\s*files\s*$/.test(each)) return file
  const [, name = ''] = /^\s*steps\.(\w+)\s*$/.exec(each) ?? []
  const one = found.get(name)
  return one ? { ...one, list: false } : null
}

/**
 * Why what an expression reads of it is null for ever; null when it is not.
 * @param path behind the step or the item: `client`, `name`; `[]` for one of a list
 */
export function neverThere(path: readonly string[], whole: string, { keys, only, list }: Found): string | null {
  const [first, ...behind] = path
  const [key, ...below] = first === '[]' ? behind : path
  if (key === undefined) return null
  if (list && first !== '[]')
    return `${whole} is a list: a step with "each": "${whole}" reads item.${key}, and ${whole}[0].${key} is that of the first`
  if (!keys.has(key)) return absent(key, [...keys.keys()], only ?? 'it is not read')
  const inner = keys.get(key) ?? null
  const [under] = below.filter(one => one !== '[]')
  if (inner === null || under === undefined || inner.includes(under)) return null
  return absent(under, inner, `'fields' asks for ${key}{${inner.join(',')}}`, `${key}.`)
}

function absent(name: string, known: readonly string[], why: string, above = ''): string {
  return `there is no ${above}${name}: ${why}${didYouMean(name, known, near => `${above}${near}`)}`
}
