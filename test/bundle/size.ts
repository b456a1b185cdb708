import { build } from './build.ts'

/** `npm run size`: how large the Worker is, and whether that is still what we mean it to be. */

/** Bytes, gzipped and minified: what the whole may weigh. Cloudflare's own limit is 3 MiB (Free plan, 2026-11). */
export const gate = 386 * 1024

/** What each room of `src`, and each package, adds to the script, the largest first: minified bytes. */
export function rooms(parts: Readonly<Record<string, number>>): [room: string, bytes: number][] {
  const sums = new Map<string, number>()
  for (const [file, size] of Object.entries(parts)) {
    const room = /^(src\/[\w-]+|node_modules\/(?:@[\w-]+\/)?[\w.-]+)\//.exec(file)?.[1] ?? 'all else'
    sums.set(room, (sums.get(room) ?? 0) + size)
  }
  return [...sums].toSorted((a, b) => b[1] - a[1])
}

if (import.meta.main) {
  const { bytes, gzipped, parts } = await build()
  const kib = (size: number) => `${(size / 1024).toFixed(1)} KiB`
  console.log(`The Worker has ${kib(bytes)}, gzipped ${kib(gzipped)} of at most ${kib(gate)}.`)
  for (const [room, size] of rooms(parts))
    console.log(`  ${room.padEnd(24)} ${kib(size).padStart(10)}, gzipped about ${kib((size / bytes) * gzipped)}`)
  if (gzipped > gate) {
    console.error(
      'It is too large: see with `wrangler deploy --dry-run --metafile` what came in, or raise the gate on purpose.',
    )
    process.exitCode = 1
  }
}
