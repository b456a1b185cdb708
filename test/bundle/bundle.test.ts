import { beforeAll, describe, expect, it } from 'vitest'
import { type Bundle, build } from './build.ts'
import { gate, rooms } from './size.ts'

const sandboxFiles = (bundle: Bundle) => bundle.inputs.filter(file => file.includes('sandbox'))

describe('what is deployed', () => {
  let worker: Bundle
  beforeAll(async () => {
    worker = await build()
  })

  it('is the Worker with its Docket, door, rules and contract', () => {
    const parts = [
      'src/worker.ts',
      'src/docket/docket.ts',
      'src/door/route.ts',
      'src/rules/plan.ts',
      'src/clio/contract/index.ts',
    ]
    expect(worker.inputs).toEqual(expect.arrayContaining(parts))
  })

  it('holds nothing of the sandbox', () => {
    expect(sandboxFiles(worker)).toEqual([])
  })

  it('holds nothing of the tests or of Node servers', () => {
    expect(worker.inputs.filter(file => /^test\/|@hono\/node-server|vitest|fast-check/.test(file))).toEqual([])
  })

  it('is told by its rooms: what the console adds is one of them', () => {
    const told = new Map(rooms(worker.parts))
    expect(told.get('src/console')).toBeGreaterThan(20_000)
    const sum = [...told.values()].reduce((a, b) => a + b, 0)
    expect(sum / worker.bytes).toBeGreaterThan(0.95)
  })

  it('is no larger than it is meant to be', () => {
    expect(worker.gzipped).toBeGreaterThan(0)
    expect(worker.gzipped).toBeLessThanOrEqual(gate)
    expect(worker.gzipped).toBeLessThan(worker.bytes)
  })
})

describe('the look at the bundle', () => {
  it('would see a sandbox that came in', async () => {
    const careless = await build({ entry: 'test/bundle/with-sandbox.ts' })
    expect(sandboxFiles(careless)).toContain('src/sandbox/sandbox.ts')
  })
})
