import * as z from 'zod/mini'
import { headerName } from './proofs.ts'
import type { Scheme } from './schemes.ts'

/** A scheme as a firm writes it down, for a `webhook` endpoint whose sender signs: https://www.svix.com/resources/webhook-university/ calls them all by these names. */

const holes = ['id', 'ts', 'method', 'uri', 'body']

export const signature = z
  .strictObject({
    /** The header that carries the signature. */
    header: headerName,
    /** What stands before it: `sha256=`. @default nothing */
    prefix: z.optional(z.string().check(z.maxLength(32))),
    encoding: z._default(z.enum(['hex', 'base64']), 'hex'),
    hash: z._default(z.enum(['SHA-256', 'SHA-1']), 'SHA-256'),
    /** How the secret becomes the key: its text, or decoded from base64 (after `whsec_`, if it begins so). */
    key: z._default(z.enum(['utf8', 'base64']), 'utf8'),
    /** What is signed. @default the body; with a timestamp `{ts}.{body}` */
    signed: z.optional(z.string().check(z.maxLength(200))),
    /** The header of `{id}`. */
    id: z.optional(headerName),
    timestamp: z.optional(
      z.strictObject({
        /** @default it stands in the signature's header, which then reads `t=…,v1=…` */
        header: z.optional(headerName),
        unit: z._default(z.enum(['s', 'ms']), 's'),
        /** Seconds before and behind our clock. */
        tolerance: z._default(z.int().check(z.gte(1), z.lte(86_400)), 300),
      }),
    ),
  })
  .check(
    z.superRefine(({ signed, prefix, id, timestamp }, context) => {
      const used = [...(signed ?? '').matchAll(/\{(\w+)\}/g)].map(hole => hole[1]!)
      const wrong = used.find(hole => !holes.includes(hole))
      const refuse = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message })
      if (wrong !== undefined) refuse('signed', `has no {${wrong}}: it may hold {${holes.join('} {')}}`)
      if (signed !== undefined && !used.includes('body')) refuse('signed', 'leaves out {body}: anybody could change it')
      if (signed !== undefined && timestamp && !used.includes('ts'))
        refuse('signed', 'leaves out {ts}, so the timestamp proves nothing')
      if (used.includes('ts') && !timestamp) refuse('timestamp', "is missing: 'signed' holds {ts}")
      if (used.includes('id') !== (id !== undefined)) refuse('id', "and {id} in 'signed' go together")
      if (timestamp && !timestamp.header && prefix) refuse('prefix', "does not go with a header that reads 't=…,v1=…'")
    }),
  )

export function schemeOf(given: z.infer<typeof signature>): Scheme {
  const { header, prefix, encoding, hash, key, id, timestamp } = given
  return {
    carrier:
      timestamp && !timestamp.header
        ? { form: 'pairs', header, several: true }
        : { form: 'plain', header, ...(prefix && { prefix }) },
    hash,
    encoding,
    key,
    ...(key === 'base64' && { keyPrefix: 'whsec_' }),
    signed: given.signed ?? (timestamp ? '{ts}.{body}' : '{body}'),
    ...(id !== undefined && { idHeader: id }),
    ...(timestamp && {
      stamp: {
        unit: timestamp.unit,
        tolerance: timestamp.tolerance,
        ...(timestamp.header && { header: timestamp.header }),
      },
    }),
  }
}
