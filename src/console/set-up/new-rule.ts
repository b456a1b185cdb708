import { parseTree } from 'jsonc-parser'

/** A rule to begin with, from the values of an event that somebody ticked. */
export function ruleFor(endpoint: string, type: string, taken: readonly string[]): object {
  const has = (name: string) => taken.includes(name)
  const hole = (expression: string) => `{{ ${expression} }}`
  const told = taken
    .filter(one => !one.startsWith('person.'))
    .map(one => `${labelOf(one)}: ${hole(one)}`)
    .join('\n')
  const known = has('person.email') || has('person.phone')
  const on = { endpoint, type }
  const name = `${endpoint}-${type.split('.').at(-1)}`
  if (!known) return { name, on, steps: { look: { park: told === '' ? 'Look at this event' : told.slice(0, 900) } } }
  const named = (part: string) => (has(`person.${part}`) ? { [part]: hole(`person.${part}`) } : {})
  const client = {
    upsert: 'contacts',
    match: [...(has('person.email') ? ['email_addresses'] : []), ...(has('person.phone') ? ['phone_numbers'] : [])],
    with: {
      type: 'Person',
      ...named('first_name'),
      ...named('last_name'),
      ...(has('person.email') && { email_addresses: [{ name: 'Work', address: hole('person.email') }] }),
      ...(has('person.phone') && { phone_numbers: [{ name: 'Mobile', number: hole('person.phone') }] }),
    },
  }
  const note = {
    create: 'notes',
    with: { type: 'Contact', contact: hole('steps.client'), subject: `New from ${endpoint}`, detail: told },
  }
  return { name, on, steps: { client, ...(told !== '' && { note }) } }
}

/** `fields.matter_type` -> `Matter type` */
function labelOf(expression: string): string {
  const last = /(\w+)\W*$/.exec(expression)?.[1] ?? expression
  const words = last.replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** The document with one more rule, all else as it stands, comments too; null: it cannot be read. */
export function withRule(text: string, rule: object): string | null {
  const rules = parseTree(text, [], { allowTrailingComma: true })?.children?.find(
    one => one.children?.[0]?.value === 'rules',
  )?.children?.[1]
  if (rules?.type !== 'array') return null
  const written = JSON.stringify(rule, null, 2).replace(/^/gm, '    ')
  const last = rules.children?.at(-1)
  if (last === undefined)
    return `${text.slice(0, rules.offset)}[\n${written}\n  ]${text.slice(rules.offset + rules.length)}`
  const at = last.offset + last.length
  return `${text.slice(0, at)},\n${written}${text.slice(at)}`
}
