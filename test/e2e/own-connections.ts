/**
 * Each request of a test goes over a connection of its own. One that is kept may be closed by a Worker, or by a kill, in the moment in which
 * it is used again: on a busy machine that happens, and it shows nothing.
 */
const { fetch } = globalThis
globalThis.fetch = (input, init) => {
  const headers = new Headers(init?.headers ?? (input instanceof Request ? input.headers : undefined))
  headers.set('connection', 'close')
  return fetch(input, { ...init, headers })
}

export {}
