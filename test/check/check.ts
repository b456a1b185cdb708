import { spawnSync } from 'node:child_process'

/** `npm run check`: every step that CI holds us to, one after another until one fails, and where the time went. */

const steps: readonly { readonly script: string; readonly shows: string }[] = [
  { script: 'format:check', shows: 'form and lint' },
  { script: 'types:check', shows: 'bindings as wrangler.toml has them' },
  { script: 'typecheck', shows: 'types' },
  { script: 'unused', shows: 'what nobody uses' },
  { script: 'size', shows: 'size of the bundle' },
  { script: 'specs', shows: 'tests' },
]

const spent: { readonly script: string; readonly seconds: number }[] = []
let failed: string | null = null
for (const { script, shows } of steps) {
  console.log(`\n> ${script}: ${shows}`)
  const began = performance.now()
  const { status } = spawnSync('npm', ['run', '--silent', script], { stdio: 'inherit' })
  spent.push({ script, seconds: (performance.now() - began) / 1000 })
  if (status === 0) continue
  failed = script
  break
}

const total = spent.reduce((sum, { seconds }) => sum + seconds, 0)
console.log('\nWhere the time went:')
for (const { script, seconds } of spent) console.log(`  ${script.padEnd(14)}${seconds.toFixed(1).padStart(7)} s`)
console.log(`  ${'in all'.padEnd(14)}${total.toFixed(1).padStart(7)} s`)
if (failed !== null) {
  console.error(`\n${failed} failed; what comes after it was not tried.`)
  process.exitCode = 1
}
