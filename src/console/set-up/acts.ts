import { isProblem, type Problem } from '../../lib/problem.ts'
import type { Html } from '../parts/html.ts'
import type { Visit } from '../visit.ts'

/** What the forms of the settings ask, by the `act` that they send; what comes of it is said there, another page, a file, or why not. */
export type Acts = Readonly<
  Record<string, (visit: Visit) => Promise<{ readonly said: Html } | { readonly to: string } | Response | Problem>>
>

/** A field of the form. */
export const said = ({ form }: Visit, name: string): string => form.get(name)?.trim() ?? ''

/** The same, for a path of the API. */
export const inPath = (visit: Visit, name: string): string => encodeURIComponent(said(visit, name))

/** @param part of the settings, where one goes on */
export async function saved(
  { firm }: Visit,
  part: string,
  asked: Promise<object | Problem>,
): Promise<{ to: string } | Problem> {
  const done = await asked
  return isProblem(done) ? done : { to: `/console/${firm}/settings?did=saved#${part}` }
}
