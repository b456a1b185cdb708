import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'

/** Reads expressions as the bundle does: with what wrangler.toml puts in the place of cel-js's own modules. Run by parser-alone.test.ts. */

const root = new URL('../../', import.meta.url)
const aliases = new Map(
  [
    ...readFileSync(new URL('wrangler.toml', root).pathname, 'utf8').matchAll(/^"(\.\/[\w-]+\.js)" = "\.\/(.+)"$/gm),
  ].map(([, from, to]) => [from!, to!]),
)
registerHooks({
  resolve: (specifier, context, next) => {
    const alias = context.parentURL?.includes('/cel-js/') ? aliases.get(specifier) : undefined
    return alias
      ? { url: new URL(alias, root).href, format: 'module-typescript', shortCircuit: true }
      : next(specifier, context)
  },
})

const { told } = await import('./told.ts')
console.log(JSON.stringify((JSON.parse(process.argv[2]!) as string[]).map(told)))
