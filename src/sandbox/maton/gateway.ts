import { carryOut } from '../clio/clio.ts'
import { answeredOtherwise } from '../clio/otherwise.ts'
import { type Answer, clioError, matonError, Refusal, type Reply, type SandboxRequest } from '../http.ts'
import type { Entry } from '../ledger.ts'
import type { Action } from '../trouble.ts'
import type { Connection } from './connections.ts'
import { rateHeaders, retryAfter, Window } from './limit.ts'
import { strays } from './strays.ts'
import type { World } from './world.ts'

/** The gateway in front of Clio: keys, connections, limits, and whatever goes wrong on the way. */

/** The path below `/api/v4/`, without `.json`; null for a path that is none. */
export function clioPath(path: string): string | null {
  return /^\/clio\/api\/v4\/(.+?)(?:\.json)?\/?$/.exec(path)?.[1] ?? null
}

/** One call through the gateway. `entry` is its row in the ledger; the caller closes it. */
export function pass(world: World, request: SandboxRequest, path: string, entry: Entry): Reply {
  const refused = admit(world, request)
  if (refused) return answered(entry, refused)
  const connection = world.connections.choose(request.headers['maton-connection'])
  if (!connection) return answered(entry, matonError(400, 'Missing clio connection: connect the app first.'))
  if (connection.expired !== null) return answered(entry, expired(connection.expired))

  const taken = windowOf(world, connection).take(world.limit, world.now())
  const { otherwise } = world.behaviour
  const rate = otherwise.includes('no-rate-headers') ? {} : rateHeaders(world.limit, taken)
  if (!taken.allowed) {
    const wait = { ...rate, 'retry-after': retryAfter(taken, world.now()) }
    return answered(entry, clioError(429, 'RateLimited', 'The rate limit has been exceeded.', wait))
  }
  const apply = (): Answer => {
    const answer = answeredOtherwise(otherwise, request, entry, applied(world, request, path, connection, entry))
    entry.status = answer.status
    entry.appliedAt = world.now()
    return { ...answer, headers: { ...answer.headers, ...rate } }
  }
  const action = world.trouble.strike(request.method, path)
  if (!action) return { kind: 'answer', answer: apply(), after: 0 }
  entry.trouble = action.do
  return struck(world, action, apply, rate)
}

function answered(entry: Entry, answer: Answer): Reply {
  entry.status = answer.status
  return { kind: 'answer', answer, after: 0 }
}

/** Maton's own checks, in Maton's own shape. Its 429 has none of Clio's headers. */
function admit(world: World, request: SandboxRequest): Answer | null {
  if (request.headers.authorization !== `Bearer ${world.key}`)
    return matonError(401, 'Invalid or missing Maton API key.')
  if (world.maton && !world.matonWindow.take(world.maton, world.now()).allowed)
    return matonError(429, 'Too many requests.')
  return null
}

function expired(status: 401 | 500): Answer {
  if (status === 500) return matonError(500, 'Internal Server Error')
  return clioError(401, 'Unauthorized', 'The access token has expired.')
}

function windowOf(world: World, connection: Connection): Window {
  const window = world.windows.get(connection.id) ?? new Window()
  world.windows.set(connection.id, window)
  return window
}

function applied(world: World, request: SandboxRequest, path: string, connection: Connection, entry: Entry): Answer {
  const store = world.account(connection.account)
  const users = store.all('users')
  const user = users.find(({ data }) => data.account_owner === true) ?? users[0]
  try {
    return carryOut(request, path, { store, user, behaviour: world.behaviour, origin: world.origin }, entry)
  } catch (cause) {
    if (cause instanceof Refusal) return clioError(cause.status, cause.type, cause.message)
    throw cause
  }
}

/** What a fault makes of a call. */
export function struck(world: World, action: Action, apply: () => Answer, rate: Record<string, string>): Reply {
  switch (action.do) {
    case 'lose':
      apply()
      return { kind: 'cut', after: action.after ?? 0 }
    case 'drop':
      return { kind: 'cut', after: 0 }
    case 'stray':
      return { kind: 'answer', answer: strays[action.shape], after: 0 }
    case 'hang':
      if (action.applied) apply()
      return { kind: 'hang' }
    case 'slow':
      return { kind: 'answer', answer: apply(), after: action.ms }
    case 'late':
      world.schedule(() => void apply(), action.ms)
      return { kind: 'cut', after: 0 }
    case 'fail':
      if (action.applied) apply()
      return { kind: 'answer', answer: failure(action, rate), after: 0 }
  }
}

function failure(action: Extract<Action, { do: 'fail' }>, rate: Record<string, string>): Answer {
  const message = action.message ?? 'Something went wrong.'
  if (!action.html)
    return clioError(action.status, action.status >= 500 ? 'InternalServerError' : 'ArgumentError', message, rate)
  const body = `<!doctype html><html><head><title>${action.status}</title></head><body><h1>${message}</h1></body></html>`
  return { status: action.status, headers: { 'content-type': 'text/html; charset=utf-8' }, body }
}
