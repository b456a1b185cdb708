import { readConfiguration, type Sources } from '../src/configuration/configuration.ts'
import type { Json } from '../src/lib/json.ts'
import type { Remark } from '../src/lib/path.ts'
import { example } from './example.ts'
import { registry } from './registry.ts'

/** Changes of the example by path: `rules.0.steps.client.match`; `undefined` takes a key away. */
export type Change = { readonly [path: string]: Json | undefined }

export function changed(change: Change): string {
  const reading = readConfiguration(example, registry)
  if (!reading.ok) throw new Error('the example is not accepted')
  const copy = structuredClone(reading.document)
  for (const [path, value] of Object.entries(change)) {
    const keys = path.split('.')
    const last = keys.pop()!
    const owner = keys.reduce((at, key) => (at as Record<string, Json>)[key]!, copy) as Record<string, Json | undefined>
    if (value === undefined) delete owner[last]
    else owner[last] = value
  }
  return JSON.stringify(copy)
}

export function refusals(text: string, sources: Sources = registry): readonly Remark[] {
  const reading = readConfiguration(text, sources)
  return reading.ok ? [] : (reading.problem.errors ?? [])
}

export function warnings(text: string): readonly Remark[] {
  const reading = readConfiguration(text, registry)
  return reading.ok ? reading.warnings : []
}
