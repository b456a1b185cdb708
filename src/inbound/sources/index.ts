import type { Source } from '../source.ts'
import { form } from './form.ts'
import { standardWebhooks } from './standard-webhooks.ts'

/** Every source by its name in the configuration. Adding one is its file and its line here. */
export const sources: ReadonlyMap<string, Source<unknown>> = new Map(
  [form, standardWebhooks].map((source: Source<unknown>) => [source.name, source]),
)
