import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** A module of a checkout, at the first of these places that it has: what is asked of it is older than some moves. */
export async function from<T>(checkout: string, ...places: string[]): Promise<T> {
  const file = places.map(place => join(checkout, place)).find(existsSync)
  if (file === undefined) throw new Error(`${checkout} has none of ${places.join(', ')}.`)
  return (await import(pathToFileURL(file).href)) as T
}
