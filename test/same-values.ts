import { env } from 'cloudflare:test'
import fc from 'fast-check'

/** Properties are tried on the same values each time: a check that fails, fails again. `FUZZ_SEED` and `FUZZ_RUNS` look further. */
fc.configureGlobal({ seed: Number((env as { FUZZ_SEED?: string }).FUZZ_SEED) })
