import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { empty, type SandboxRequest, textOf } from '../../src/sandbox/http.ts'
import { createSandbox } from '../../src/sandbox/sandbox.ts'
import { key, noon, person } from './helpers.ts'

/** The core without HTTP: what a simulator drives. */

function request(method: string, path: string, data?: object): SandboxRequest {
  return {
    method,
    path: `/clio/api/v4/${path}`,
    query: new URLSearchParams({ fields: 'id,name,etag' }),
    headers: { authorization: `Bearer ${key}` },
    body: data ? new TextEncoder().encode(JSON.stringify({ data })) : empty,
  }
}

test('it answers at once, with no promise, socket or timer', () => {
  const sandbox = createSandbox({ now: () => noon })
  const { reply, done } = sandbox.handle(request('POST', 'contacts', person('Ada', 'Byron')))
  if (reply.kind !== 'answer') throw new Error(reply.kind)
  expect(JSON.parse(textOf(reply.answer.body))).toMatchObject({ data: { name: 'Ada Byron' } })
  expect(sandbox.ledger.inFlight).toBe(1)
  done()
  done()
  expect(sandbox.ledger.inFlight).toBe(0)
})

test('it tells what the caller sees and when, and leaves the waiting to the simulator', () => {
  const landed: [number, () => void][] = []
  const sandbox = createSandbox({ now: () => noon, schedule: (run, ms) => void landed.push([ms, run]) })
  sandbox.trouble.add({ times: 1, action: { do: 'slow', ms: 700 } }, { action: { do: 'late', ms: 900 } })
  expect(sandbox.handle(request('GET', 'contacts')).reply).toMatchObject({ kind: 'answer', after: 700 })
  const before = sandbox.records().contacts?.length ?? 0
  expect(sandbox.handle(request('POST', 'contacts', person('Ada', 'Byron'))).reply).toEqual({ kind: 'cut', after: 0 })
  const [late] = landed
  expect(late?.[0]).toBe(900)
  late?.[1]()
  expect(sandbox.records().contacts).toHaveLength(before + 1)
})

test('the same calls make the same records, ids and all', () => {
  const run = () => {
    const sandbox = createSandbox({ now: () => noon })
    for (const name of ['Ada', 'Bea', 'Cleo']) sandbox.handle(request('POST', 'contacts', person(name, 'Byron')))
    return sandbox.records()
  }
  expect(run()).toEqual(run())
})

test('reset brings back the beginning', () => {
  const sandbox = createSandbox({ now: () => noon, limit: { requests: 2, seconds: 60 } })
  const before = sandbox.records()
  sandbox.trouble.add({ skip: 1, action: { do: 'drop' } })
  sandbox.handle(request('POST', 'contacts', person('Ada', 'Byron'))).done()
  sandbox.connect('jones')
  sandbox.reset()
  expect(sandbox.records()).toEqual(before)
  expect(sandbox.ledger.view()).toMatchObject({ entries: [], peak: 0 })
  expect(sandbox.connections.all()).toHaveLength(1)
  expect(sandbox.handle(request('GET', 'contacts')).reply.kind).toBe('answer')
  expect(sandbox.handle(request('GET', 'contacts')).reply.kind).toBe('answer')
})

test('only what serves it on a machine needs Node: the rest runs in a Worker too', () => {
  const folder = `${import.meta.dirname}/../../src/sandbox/`
  const nodeFiles = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    file => file.endsWith('.ts') && /from '(node:|@hono\/node-server)/.test(readFileSync(folder + file, 'utf8')),
  )
  expect(nodeFiles.sort()).toEqual(['run/demo-runs.ts', 'run/dev.ts', 'run/local.ts', 'run/serve.ts', 'run/start.ts'])
})
