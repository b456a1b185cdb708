import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { RunSummary } from '../../src/model/docket-rpc.ts'
import { conforming } from '../conform.ts'
import { answers, api, configuration, configure, post, runOf, standing } from './firm.ts'
import { boundless, type Runtime, startRuntime, until } from './runtime.ts'

/** What an operator does with runs, through the API. */

let runtime: Runtime
beforeAll(async () => {
  runtime = await startRuntime()
})
afterAll(() => runtime.close())
beforeEach(() => configure(runtime, configuration(boundless)))

const act = async (id: string, verb: string, body?: Record<string, string>) => {
  const answer = await api(runtime, 'POST', `runs/${id}/${verb}`, body)
  return { status: answer.status, headers: answer.headers, run: (await answer.json()) as RunSummary }
}
const comesTo = (id: string, state: RunSummary['state']) =>
  until(
    () => runOf(runtime, id),
    run => run.state === state,
  )
/** Records of visitor `n`: contacts, matters, tasks. */
const records = (n: number) =>
  Object.values(standing(runtime.sandbox)).map(values => values.filter(value => value.endsWith(`Doe${n}`)).length)

describe('replay', () => {
  it('carries the same event out once more, on purpose, as a run of its own', async () => {
    const { receipt } = await post(runtime, answers(1))
    await comesTo(receipt.run, 'done')
    const { status, headers, run } = await act(receipt.run, 'replay')
    expect(status).toBe(202)
    expect(run.id).not.toBe(receipt.run)
    expect(headers.get('location')).toBe(`/api/firms/smith/runs/${run.id}`)
    expect(await comesTo(run.id, 'done')).toMatchObject({ replayOf: receipt.run })
    // The person is known by now; the matter and the task were asked for twice.
    expect(records(1)).toEqual([1, 2, 2])
    // A redelivery is still the first run.
    expect((await post(runtime, answers(1))).receipt).toMatchObject({ run: receipt.run, duplicate: true })
  })
})

describe('resume', () => {
  it("goes on from the step that Clio refused, whose words are the run's reason", async () => {
    const message = 'You may not assign tasks to this user.'
    runtime.sandbox.trouble.add({
      method: 'POST',
      path: '^tasks',
      times: 1,
      action: { do: 'fail', status: 403, message },
    })
    const { receipt } = await post(runtime, answers(2))
    const parked = await comesTo(receipt.run, 'parked')
    expect(parked.reason).toContain(message)
    expect(records(2)).toEqual([1, 1, 0])

    expect((await act(receipt.run, 'resume')).status).toBe(200)
    const done = await comesTo(receipt.run, 'done')
    expect(records(2)).toEqual([1, 1, 1])
    const outcomes = done.steps.find(({ path }) => path === 'new-client/call')!.attempts.map(({ outcome }) => outcome)
    expect(outcomes).toEqual(['refused', 'applied'])
  })

  it('goes on with the mended configuration when it is told to, and with its own when not', async () => {
    await configure(runtime, configuration(boundless, { assignee: 'nobody@smith.example' }))
    const { receipt } = await post(runtime, answers(3))
    const parked = await comesTo(receipt.run, 'parked')
    expect(parked.reason).toContain('nobody@smith.example')

    await configure(runtime, configuration(boundless))
    await act(receipt.run, 'resume', { config: 'own' })
    await comesTo(receipt.run, 'parked')
    await act(receipt.run, 'resume', { config: 'mended' })
    const done = await comesTo(receipt.run, 'done')
    expect(done.version).toBe(parked.version + 1)
    expect(records(3)).toEqual([1, 1, 1])
  })
})

describe('discard', () => {
  it('closes a run for ever', async () => {
    runtime.sandbox.trouble.add({ method: 'POST', path: '^matters', times: 1, action: { do: 'fail', status: 422 } })
    const { receipt } = await post(runtime, answers(4))
    await comesTo(receipt.run, 'parked')
    expect((await act(receipt.run, 'discard')).run.state).toBe('discarded')
    for (const verb of ['resume', 'discard']) expect((await act(receipt.run, verb)).status).toBe(409)
    expect((await runOf(runtime, receipt.run)).state).toBe('discarded')
    expect(records(4)).toEqual([1, 0, 0])
    expect((await post(runtime, answers(4))).receipt).toMatchObject({ run: receipt.run, duplicate: true })
  })
})

describe('what is the same for everybody', () => {
  const get = (path: string) => fetch(`${runtime.url}${path}`, { redirect: 'manual' })

  it.each([
    ['/schema/config.json', 'application/schema+json'],
    ['/openapi.json', 'application/json'],
    ['/openapi', 'text/html; charset=utf-8'],
    ['/openapi.css', 'text/css; charset=utf-8'],
  ])('is served at %s as %s', async (path, type) => {
    const answer = await get(path)
    if (path.endsWith('.json')) await conforming({ method: 'GET', path }, answer)
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, type])
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    expect(answer.headers.get('content-security-policy')).toContain("style-src 'self'")
    expect((await answer.text()).length).toBeGreaterThan(1000)
  })

  it('is found where it was before', async () => {
    const answer = await get('/api/schema/config.json')
    expect([answer.status, answer.headers.get('location')]).toEqual([301, '/schema/config.json'])
  })
})
