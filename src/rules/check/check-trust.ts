import type { Place } from '../../lib/path.ts'
import { type Rule, type Step, verbsOf } from '../../model/rule.ts'
import { compile, type Expression } from '../language/expression.ts'
import { split } from '../language/template.ts'
import type { Findings } from './findings.ts'

/**
 * Where anybody on the internet writes the answers, nothing that they write changes a record that was there before: whoever knows a
 * client's name and telephone could else give her an e-mail address of his own. `trusted` on the rule lets it be.
 * @param open the rule's endpoints where anybody writes
 * @param rules all that share an endpoint with it: they make its links
 */
export function checkTrust(
  rule: Rule,
  rules: readonly Rule[],
  open: readonly string[],
  place: Place,
  findings: Findings,
): void {
  if (rule.trusted === true || open.length === 0) return
  const who = `anybody on the internet writes what ${open.join(', ')} brings`
  const way = `or say "trusted": true on the rule`
  for (const [name, definition] of Object.entries(rule.steps)) {
    const at = [...place, 'steps', name]
    const { existing } = definition
    if (existing === 'extend' || existing === 'replace')
      findings.refuse(
        [...at, 'existing'],
        `'${existing}' would let a stranger change a client's record: ${who}. Use 'fill', ${way}`,
      )
    const [verb] = verbsOf(definition)
    if ((verb === 'update' || verb === 'delete') && !isOwn(definition, rule, rules))
      findings.refuse(
        [...at, 'id'],
        `would let a stranger ${verb} a record that was there before: ${who}. Take the id from a step that creates it, ${way}`,
      )
  }
}

const finds = (step: Step | undefined): boolean =>
  step?.get !== undefined || step?.find !== undefined || step?.upsert !== undefined

/** Whether the id is one that the rule's author wrote, or of a record that such an event made itself. */
function isOwn({ id, each }: Step, rule: Rule, rules: readonly Rule[]): boolean {
  if (typeof id !== 'string') return true
  const parts = split(id)
  if (!parts.ok) return true
  const texts = parts.pieces.flatMap(piece => ('expression' in piece ? [piece.expression] : []))
  const read = [...texts, ...(each !== undefined && texts.length > 0 ? [each] : [])].flatMap(text => {
    const compiled = compile(text)
    return compiled.ok ? [compiled.expression] : []
  })
  return read.every(expression => madeBy(expression, rule, rules, each !== undefined))
}

function madeBy(
  { steps, links, each: readsItem }: Expression,
  rule: Rule,
  rules: readonly Rule[],
  inEach: boolean,
): boolean {
  const makers = rules.flatMap(one => Object.values(one.steps)).filter(({ link }) => link !== undefined)
  if (steps.some(name => finds(rule.steps[name]))) return false
  if (links.some(name => makers.some(maker => maker.link === name && finds(maker)))) return false
  // What is in neither a step nor a link came with the event.
  return steps.length + links.length > 0 || (inEach && readsItem)
}
