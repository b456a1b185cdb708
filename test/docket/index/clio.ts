import type { Json } from '../../../src/lib/json.ts'
import type { Call, Outcome } from '../../../src/model/call.ts'

/** Clio as an index meets it: what the test answers, and which calls came. */
export class Answers {
  /** One after another; the last one for ever. */
  answers: (Outcome | ((call: Call) => Outcome | Promise<Outcome>))[] = [page([])]
  /** In order. */
  readonly calls: Call[] = []
  now = Date.UTC(2026, 10, 2, 12)

  async call(call: Call, own: { went?(): void }): Promise<Outcome> {
    this.calls.push(call)
    own.went?.()
    const answer = this.answers.length > 1 ? this.answers.shift()! : this.answers[0]!
    return typeof answer === 'function' ? answer(call) : answer
  }
}

export const noon = new Answers().now

export function page(data: readonly Json[], next?: string): Outcome {
  const paging: Record<string, Json> = next
    ? { next: `https://app.clio.com/api/v4/contacts.json?limit=200&page_token=${next}` }
    : {}
  return { kind: 'applied', status: 200, answer: { data: [...data], meta: { paging } } }
}

export const refused = (why: 'invalid' | 'missing' | 'limit'): Outcome => ({
  kind: 'refused',
  status: 422,
  why,
  message: 'No.',
})
