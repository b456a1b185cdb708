/** Places in a JSON document, as people read them: `rules[0].steps.client.with.first_name`. */

export type Place = readonly (string | number)[]

/** Something said about a place in a document. */
export interface Remark {
  readonly path: string
  readonly message: string
}

export function pathOf(place: Place): string {
  return place.reduce<string>((path, part) => {
    if (typeof part === 'number') return `${path}[${part}]`
    if (!/^[\w$-]+$/.test(part)) return `${path}[${JSON.stringify(part)}]`
    return path === '' ? part : `${path}.${part}`
  }, '')
}
