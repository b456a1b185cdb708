import { createSandbox } from '../../src/sandbox/sandbox.ts'

/** A Worker as it must never be: the sandbox is in it. */
export { Docket, Registry } from '../../src/worker.ts'

export default { fetch: () => new Response(createSandbox().key) } satisfies ExportedHandler<Env>
