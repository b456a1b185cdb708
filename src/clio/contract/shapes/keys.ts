import type { Shape } from './contract.ts'

/** Many keys of one kind, in one line: `...text('subject! detail')`. */
const all =
  <K extends string>(kind: K) =>
  (names: string): Readonly<Record<string, K>> =>
    Object.fromEntries(names.split(' ').map(name => [name, kind]))

export const text = all('text')
export const integers = all('integer')
export const numbers = all('number')
export const booleans = all('boolean')
export const dates = all('date')
export const times = all('time')

/** What a body holds that points at a record. */
export const id: Shape = { id: 'integer' }

/** The same, where Clio insists on it. */
export const someId: Shape = { 'id!': 'integer' }

/** What nearly every record answers. */
export const stamps: Shape = { ...id, etag: 'text', ...times('created_at updated_at') }

/** Filters that nearly every list takes. */
export const since: Shape = { 'ids[]': 'integer', ...times('created_since updated_since') }

/** Values of `order`: every key up and down. */
export function sorts(keys: string): readonly string[] {
  return keys.split(' ').flatMap(key => [`${key}(asc)`, `${key}(desc)`])
}
