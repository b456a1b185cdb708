import { type Connection, type ControlPlane, listConnections } from '../../clio/gateway/connections.ts'
import { failureLine } from '../../lib/failure.ts'
import { isProblem, type Problem, problem } from '../../lib/problem.ts'
import type { RegistryRpc } from '../../model/registry-rpc.ts'

export interface Choosing {
  readonly firm: string
  /** The one that the firm has now. */
  readonly current: string | null
  readonly plane: ControlPlane
  readonly registry: Pick<RegistryRpc, 'take'>
  /** Only checks, takes nothing. */
  readonly dry: boolean
  /** The vendor makes a firm anew whose name was erased. */
  readonly anew: boolean
}

/**
 * The firm's connection at the gateway, taken at the registry: the configured one, or the only ACTIVE one. Its id is answered in small
 * letters. Refused when there are several (a vendor's firms must not be mixed up) or none, when the gateway knows no such connection, or
 * another firm has it. The one that the firm has already is not asked for at the gateway: a configuration can be saved while that is silent.
 */
export async function connectionFor(configured: string | undefined, choosing: Choosing): Promise<string | Problem> {
  const chosen = configured?.toLowerCase()
  const current = choosing.current?.toLowerCase()
  const connection = chosen !== undefined && chosen === current ? chosen : await known(chosen, choosing.plane)
  if (isProblem(connection)) return connection
  try {
    const refused = await choosing.registry.take(choosing.firm, connection, choosing.dry, choosing.anew)
    return refused ?? connection
  } catch (error) {
    console.error(`Firm ${choosing.firm}: the registry cannot be asked for a connection: ${failureLine(error)}`)
    return unreachable
  }
}

async function known(chosen: string | undefined, plane: ControlPlane): Promise<string | Problem> {
  const listed = await listConnections(plane)
  if (isProblem(listed)) return listed
  if (chosen === undefined) return onlyActive(listed)
  return listed.some(({ id }) => id.toLowerCase() === chosen) ? chosen : unknown(chosen)
}

function onlyActive(listed: readonly Connection[]): string | Problem {
  const active = listed.filter(({ status }) => status === 'ACTIVE')
  const [one, another] = active
  if (one && !another) return one.id.toLowerCase()
  const detail = one
    ? `There are ${active.length} active connections to Clio: write the id of this firm’s as “connection”, or make one with “docketed connect”.`
    : 'There is no active connection to Clio: make one with “docketed connect”.'
  const message = one ? 'several connections are active; name one' : 'no connection is active'
  const code = one ? 'connection-ambiguous' : 'connection-missing'
  return problem(422, code, 'Which connection to Clio is this firm’s?', detail, {
    errors: [{ path: 'connection', message }],
  })
}

const unknown = (id: string) =>
  problem(
    422,
    'connection-unknown',
    'The gateway knows no such connection',
    `There is no connection ${id} to Clio: make one with “docketed connect”.`,
    { errors: [{ path: 'connection', message: 'is not known to the gateway' }] },
  )

const unreachable = problem(
  503,
  'registry-unreachable',
  'The registry cannot be reached',
  'Whether the connection is free could not be found out. Nothing was changed; send the same call again.',
  { headers: { 'retry-after': '5' } },
)
