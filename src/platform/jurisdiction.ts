import * as z from 'zod/mini'

/** Where all objects live; fixed by the first deployment, since an object of the same name elsewhere is another one (docs/deploying.md). */
export const jurisdiction = z.optional(z.enum(['eu', 'fedramp', 'us']))

/** A namespace's objects in the jurisdiction that the variable JURISDICTION names. Every id is made through it. */
export function within<T extends Rpc.DurableObjectBranded | undefined>(
  namespace: DurableObjectNamespace<T>,
  env: object,
): DurableObjectNamespace<T> {
  const { JURISDICTION: named } = env as { readonly JURISDICTION?: DurableObjectJurisdiction }
  return named ? namespace.jurisdiction(named) : namespace
}
