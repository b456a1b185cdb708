import * as z from 'zod/mini'

/** Numbers that come as text, in an address or a variable. (`z.coerce` would bring its other kinds along.) */

export const numeral = z.pipe(z.transform(Number), z.number())
export const wholeNumeral = z.pipe(z.transform(Number), z.int())
