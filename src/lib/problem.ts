/** RFC 9457 problem details: the one form of every refusal. */
export interface Problem {
  readonly status: number
  /** Stable, machine-readable: the last segment of `type`. */
  readonly code: string
  readonly title: string
  /** What happened, where, and what to do next, in the reader's words. Never a secret, never what the client sent. */
  readonly detail: string
  /** Places in a document, for a configuration that was refused. */
  readonly errors?: readonly { readonly path: string; readonly message: string }[]
  readonly headers?: Readonly<Record<string, string>>
}

export function problem(
  status: number,
  code: string,
  title: string,
  detail: string,
  extra?: Partial<Problem>,
): Problem {
  return { status, code, title, detail, ...extra }
}

export function isProblem(value: unknown): value is Problem {
  return typeof value === 'object' && value !== null && 'code' in value && 'status' in value && 'detail' in value
}

export function problemResponse(p: Problem): Response {
  const body = {
    type: `urn:docketed:problem:${p.code}`,
    title: p.title,
    status: p.status,
    detail: p.detail,
    ...(p.errors && { errors: p.errors }),
  }
  return new Response(`${JSON.stringify(body, null, 2)}\n`, {
    status: p.status,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store', ...p.headers },
  })
}
