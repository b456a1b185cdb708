import * as z from 'zod/mini'
import type { Json } from '../../lib/json.ts'
import { isProblem, type Problem, problem, problemResponse } from '../../lib/problem.ts'
import type { Preview } from '../../model/docket-rpc.ts'
import { prove } from '../../sources/proof/prove.ts'
import { readJson } from '../read.ts'
import { reply } from '../reply.ts'
import type { Asked, Route } from '../table.ts'
import { fresh, type Samples } from './sample.ts'

/** A sample of what a provider sends, through the endpoint's own door. */

export interface TestSent {
  sent: true
  status: number
  /** What the sender got: a receipt, or why it was refused. */
  answer: Json
  /** The run that it became. */
  run: string | null
}

export interface TestPreviewed {
  sent: false
  why: string
  preview: Preview
}

const large = 1024 * 1024
const testBody = z.strictObject({
  live: z._default(z.boolean(), false),
  /** A delivery of one's own in the place of the sample. */
  body: z.optional(z.string()),
})

export const trialRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/firms/:firm/endpoints/:name/test',
    role: 'operator',
    handle: test,
  },
]

async function test({ request, firm, ask, caller, param, trial, asset }: Asked): Promise<Response> {
  const asked = await readJson(request, large, testBody)
  const name = param('name')
  const known = await ask(docket => docket.tested(name, null, caller))
  if (isProblem(known)) return problemResponse(known)
  const mirror = await ask(docket => docket.mirror())
  const located = mirror === null ? 'unknown' : await trial.locate(mirror, firm, name)
  if (typeof located === 'string') return problemResponse(cannot('Its configuration does not fit this version.'))
  const source = located.source.name
  const sample = fresh((await asset<Samples>('samples.json'))[source], asked.body)
  if ('instead' in sample) return problemResponse(cannot(sample.instead))
  const { origin } = new URL(request.url)
  const uri = `${origin}/in/${firm}/${name}`
  const proved = prove({ endpoint: located.endpoint, source, body: sample.body, uri, now: Date.now() })
  if (proved === null) return problemResponse(cannot(`${located.faults.join('; ')}. Store it first.`))
  const headers = { 'content-type': sample.type, ...sample.headers, ...proved.headers }
  if (!trial.demonstration && !asked.live) {
    const { body } = proved
    const preview = await ask(docket => docket.preview({ endpoint: name, body, headers }, caller))
    return isProblem(preview)
      ? problemResponse(preview)
      : reply({ sent: false, why: asks, preview } satisfies TestPreviewed)
  }
  await ask(docket => docket.tested(name, 'sent', caller))
  const query = new URLSearchParams(proved.query).toString()
  const answer = await trial.post(
    new Request(query === '' ? uri : `${uri}?${query}`, {
      method: 'POST',
      headers,
      body: proved.body,
      redirect: 'manual',
    }),
  )
  return reply(await told(answer))
}

const asks = 'Sent for real, it makes records in the firm’s Clio. Nothing was sent; this is what it would do.'

async function told(answer: Response): Promise<TestSent> {
  const text = await answer.text()
  const json = answer.headers.get('content-type')?.includes('json') ? (JSON.parse(text) as Json) : text
  const named = /"run": ?"(run_\w+)"/.exec(text)?.[1]
  const location = /runs\/(run_\w+)/.exec(answer.headers.get('location') ?? '')?.[1]
  return { sent: true, status: answer.status, answer: json, run: named ?? location ?? null }
}

const cannot = (detail: string): Problem =>
  problem(422, 'no-test', 'No test can be sent to this endpoint', `${detail} Nothing was sent.`)
