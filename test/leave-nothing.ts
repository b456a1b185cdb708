import { reset } from 'cloudflare:test'
import { afterAll } from 'vitest'

/** What a file stored is gone when it ends: the next one, in the same runtime, finds nothing. */
afterAll(reset)
