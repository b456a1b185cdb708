import type { Json } from '../lib/json.ts'
import { isObject } from '../lib/json.ts'
import { parsed } from './clio/clio.ts'
import type { Behaviour } from './clio/quirk.ts'
import { valueAt } from './clio/read/view.ts'
import { etagOf, Store } from './clio/store.ts'
import { type Answer, clioError, jsonAnswer, matonError, type Reply, type SandboxRequest } from './http.ts'
import { type Entry, Ledger } from './ledger.ts'
import { type Connection, Connections, firstConnection, shownConnection } from './maton/connections.ts'
import { clioPath, pass, struck } from './maton/gateway.ts'
import { hooksOf } from './maton/hooks.ts'
import { clioLimit, Window } from './maton/limit.ts'
import { store as storage } from './maton/storage.ts'
import type { SandboxOptions, World } from './maton/world.ts'
import { seedFirm } from './seed.ts'
import { Trouble } from './trouble.ts'

/** The sandbox itself: state in memory, a clock from outside, no I/O. `app.ts` puts HTTP around it. */

export interface Handled {
  readonly reply: Reply
  /** To be called when the caller has its answer, was cut off, or gave up. */
  readonly done: () => void
}

export interface Sandbox extends World {
  /** Answers `/clio/…`, `/connections…`, `/connect` and `/_storage/…`. */
  handle(request: SandboxRequest): Handled
  /** A new active connection to an account; its id. */
  connect(account: string): string
  /** Every record of an account as a flat object, by resource. */
  records(account?: string): Record<string, Record<string, Json>[]>
  /** Back to the beginning: records, connections, ledger, faults, limits, switches. */
  reset(): void
}

const usual: Behaviour = {
  refuseCalendarMatter: false,
  advancedTasks: false,
  indexDelay: 0,
  listDelay: 0,
  rewrites: [],
  otherwise: [],
}

export function createSandbox(options: SandboxOptions = {}): Sandbox {
  const now = options.now ?? Date.now
  const fill = options.fill ?? seedFirm
  const accounts = new Map<string, Store>()
  const connections = new Connections(now)
  const start = () => connections.add({ id: firstConnection, status: 'ACTIVE' })

  const sandbox: Sandbox = {
    key: options.key ?? 'maton-sandbox-key',
    now,
    schedule: options.schedule ?? ((run, ms) => void setTimeout(run, ms)),
    connections,
    ledger: new Ledger(),
    trouble: new Trouble(options.seed ?? 1),
    behaviour: { ...usual, ...options.behaviour },
    windows: new Map(),
    matonWindow: new Window(),
    limit: options.limit ?? clioLimit,
    maton: options.maton ?? null,
    origin: options.origin ?? 'http://sandbox.example',
    account(name) {
      const known = accounts.get(name)
      if (known) return known
      // What the firm starts with is older than whatever a caller asks for with `created_since`.
      let age = 30 * 86_400_000
      const made = new Store(name, () => now() - age)
      accounts.set(name, made)
      fill(made)
      age = 0
      if (options.post) made.watch = hooksOf(made, options.post)
      return made
    },
    handle: request => handle(sandbox, request),
    connect: account => connections.add({ status: 'ACTIVE', account }).id,
    records(account = 'smith') {
      const store = sandbox.account(account)
      const show = (name: string) => store.all(name).map(row => flat(store, row))
      return Object.fromEntries(store.resources().map(name => [name, show(name)]))
    },
    reset() {
      accounts.clear()
      for (const { id } of connections.all()) connections.remove(id)
      start()
      sandbox.ledger.clear()
      sandbox.trouble.clear()
      sandbox.windows.clear()
      sandbox.matonWindow.clear()
      sandbox.limit = options.limit ?? clioLimit
      sandbox.maton = options.maton ?? null
      Object.assign(sandbox.behaviour, usual, options.behaviour)
    },
  }
  start()
  return sandbox
}

function flat(store: Store, row: Parameters<typeof etagOf>[0]): Record<string, Json> {
  const stamps = { id: row.id, etag: etagOf(row), created_at: row.createdAt, updated_at: row.updatedAt }
  const name = valueAt(store, row, 'name')
  return { ...row.data, ...(name !== undefined && { name }), ...stamps }
}

function handle(sandbox: Sandbox, request: SandboxRequest): Handled {
  const path = clioPath(request.path)
  if (path === null) return { reply: beside(sandbox, request), done: () => {} }
  const entry: Entry = sandbox.ledger.open({
    at: sandbox.now(),
    method: request.method,
    path,
    query: request.query.toString(),
    body: parsed(request),
    connection: request.headers['maton-connection'] ?? null,
  })
  return { reply: pass(sandbox, request, path, entry), done: () => sandbox.ledger.close(entry, sandbox.now()) }
}

/** What stands beside the gateway: storage, the control plane, and the page that finishes a connection. */
function beside(sandbox: Sandbox, request: SandboxRequest): Reply {
  const [, head, first, second] = request.path.split('/')
  if (head === '_storage' && first && second) return stored(sandbox, request, first, second)
  return { kind: 'answer', answer: controlled(sandbox, request), after: 0 }
}

/** Storage has its faults too: to those that are set, its path is `_storage`. */
function stored(sandbox: Sandbox, request: SandboxRequest, account: string, upload: string): Reply {
  if (request.headers.authorization !== undefined) sandbox.ledger.leak()
  const apply = () => storage(request, sandbox.account(account), upload)
  const action = sandbox.trouble.strike(request.method, '_storage')
  return action ? struck(sandbox, action, apply, {}) : { kind: 'answer', answer: apply(), after: 0 }
}

function controlled(sandbox: Sandbox, request: SandboxRequest): Answer {
  const [, head, first] = request.path.split('/')
  if (head === 'connect') return finish(sandbox, request)
  if (head === 'connections') return control(sandbox, request, first)
  if (head === 'clio') return clioError(404, 'RecordNotFound', 'The path does not exist.')
  return matonError(404, 'Not found.')
}

/** Opening the link of a connection finishes it; `account` names another Clio account than the first. */
function finish(sandbox: Sandbox, request: SandboxRequest): Answer {
  const connection = sandbox.connections.get(request.query.get('session_token') ?? '')
  if (!connection) return matonError(404, 'This session is not known.')
  sandbox.connections.activate(connection, request.query.get('account') ?? connection.account)
  const body =
    '<!doctype html><html lang="en"><title>Connected</title><p>Clio is connected. You can close this page.</p></html>'
  return { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body }
}

/** Maton's control plane: `/connections` and `/connections/{id}`. */
function control(sandbox: Sandbox, request: SandboxRequest, id: string | undefined): Answer {
  if (request.headers.authorization !== `Bearer ${sandbox.key}`)
    return matonError(401, 'Invalid or missing Maton API key.')
  const show = (connection: Connection) => shownConnection(connection, sandbox.origin)
  if (id === undefined && request.method === 'GET') {
    const matches = (name: string, value: string) => [null, value].includes(request.query.get(name))
    const found = sandbox.connections.all().filter(each => matches('app', each.app) && matches('status', each.status))
    return jsonAnswer(200, { connections: found.map(show) })
  }
  if (id === undefined && request.method === 'POST') {
    const body = parsed(request)
    if (!isObject(body) || typeof body.app !== 'string') return matonError(400, 'app is required.')
    return jsonAnswer(200, { connection: show(sandbox.connections.add({ app: body.app })) })
  }
  const connection = id === undefined ? undefined : sandbox.connections.get(id)
  if (!connection) return matonError(404, 'Connection not found.')
  if (request.method === 'GET') return jsonAnswer(200, { connection: show(connection) })
  if (request.method !== 'DELETE') return matonError(405, 'Method not allowed.')
  sandbox.connections.remove(connection.id)
  return jsonAnswer(200, {})
}
