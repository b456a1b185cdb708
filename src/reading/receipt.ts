import type { Receipt } from '../model/endpoint.ts'

/** The door's JSON answer: 202 (or what a provider insists on) with the run, or with the list of runs when one request brought several events. */
export function receiptResponse(
  firm: string,
  receipts: readonly Receipt[],
  headers: Readonly<Record<string, string>> = {},
  status = 202,
): Response {
  const [only, ...more] = receipts
  const single = only !== undefined && more.length === 0
  return new Response(`${JSON.stringify(single ? only : { runs: receipts })}\n`, {
    status,
    headers: {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      ...(single && { location: `/api/firms/${firm}/runs/${only.run}` }),
      ...replayed(receipts),
      ...headers,
    },
  })
}

/** `Idempotency-Replayed: true` when nothing in the request was new. */
export function replayed(receipts: readonly Receipt[]): Record<string, string> {
  return receipts.length > 0 && receipts.every(receipt => receipt.duplicate) ? { 'idempotency-replayed': 'true' } : {}
}
