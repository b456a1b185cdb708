/**
 * What an expression comes out as, as far as that can be told before an event comes: `value` is anything. Everything can also be null, which
 * goes everywhere. `file` is one of `files`, `record` what a step left (or a list of such), `id` what a link keeps.
 */
export type Kind = keyof typeof words

export const words = {
  value: 'a value',
  null: 'nothing',
  bool: 'true or false',
  number: 'a number',
  text: 'text',
  list: 'a list',
  files: 'a list',
  map: 'an object',
  fields: 'an object',
  event: 'an object',
  person: 'an object',
  booking: 'an object',
  file: 'an object',
  steps: 'an object',
  links: 'an object',
  record: 'what a step leaves behind',
  id: 'an id',
}
