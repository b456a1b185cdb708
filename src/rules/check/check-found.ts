import type { Fields } from '../../clio/contract/fields.ts'
import type { Resources } from '../../clio/contract/shapes/contract.ts'
import { told } from '../../clio/operations/asked-fields.ts'
import { nearest } from '../../lib/text/nearest.ts'
import { type Rule, type Step, verbsOf } from '../../model/rule.ts'

/** What later expressions read of a record that a step got or found: only what it asked for is there. */
export interface Found {
  readonly keys: Fields
  /** The step said so itself; else it is every plain value. */
  readonly said: boolean
  /** It leaves a list behind. */
  readonly list: boolean
}

/** The steps of a rule that read, by name. */
export function foundIn(rule: Rule, clio: Resources): ReadonlyMap<string, Found> {
  return new Map(
    Object.entries(rule.steps).flatMap(([name, step]): [string, Found][] => {
      const [verb, ...more] = verbsOf(step)
      if ((verb !== 'get' && verb !== 'find') || more.length > 0) return []
      const [resource, all] = [step[verb]!, step.several === 'all']
      if (!Object.hasOwn(clio, resource) || (all && step.each !== undefined)) return []
      const keys = told(clio[resource]!.read, step.fields)
      return [[name, { keys, said: step.fields !== undefined, list: all || step.each !== undefined }]]
    }),
  )
}

/** What `item` is in a step, where `each` is a list that a step left; null: anything. */
export function itemIn({ each = '' }: Step, found: ReadonlyMap<string, Found>): Found | null {
  const [, name = ''] = /^\s*steps\.(\w+)\s*$/.exec(each) ?? []
  const one = found.get(name)
  return one ? { ...one, list: false } : null
}

/** What is there without being asked for. */
const always = ['id', 'found', 'resource']

/**
 * Why what an expression reads of it is null for ever; null when it is not.
 * @param path behind the step or the item: `client`, `name`; `[]` for one of a list
 */
export function neverThere(path: readonly string[], whole: string, { keys, said, list }: Found): string | null {
  const [first, ...behind] = path
  const [key, ...below] = first === '[]' ? behind : path
  if (key === undefined) return null
  if (list && first !== '[]')
    return `${whole} is a list: a step with "each": "${whole}" reads item.${key}, and ${whole}[0].${key} is that of the first`
  if (always.includes(key)) return null
  if (!keys.has(key)) return absent(key, [...keys.keys()], said ? `'fields' does not ask for it` : 'it is not read')
  const inner = keys.get(key) ?? null
  const [under] = below.filter(one => one !== '[]')
  if (inner === null || under === undefined || inner.includes(under)) return null
  return absent(under, inner, `'fields' asks for ${key}{${inner.join(',')}}`, `${key}.`)
}

function absent(name: string, known: readonly string[], why: string, above = ''): string {
  const near = nearest(name, [...known])
  return `there is no ${above}${name}: ${why}${near === null ? '' : `; did you mean ${above}${near}?`}`
}
