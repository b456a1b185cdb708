import { build } from './build.ts'

/** `npm run size`: how large the Worker is, and whether that is still what we mean it to be. */

/** Bytes, gzipped and minified: what the whole may weigh. Cloudflare's own limit is 3 MiB (Free plan, 2026-11). */
export const gate = 400 * 1024

if (import.meta.main) {
  const { bytes, gzipped } = await build()
  const kib = (size: number) => `${(size / 1024).toFixed(1)} KiB`
  console.log(`The Worker has ${kib(bytes)}, gzipped ${kib(gzipped)} of at most ${kib(gate)}.`)
  if (gzipped > gate) {
    console.error(
      'It is too large: see with `wrangler deploy --dry-run --metafile` what came in, or raise the gate on purpose.',
    )
    process.exitCode = 1
  }
}
