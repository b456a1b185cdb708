import { type Problem, problem } from '../../lib/problem.ts'

/** Why a document may not follow on the version that stands; null: it may. @param ifMatch the header; null: on any */
export function overtakenBy(ifMatch: string | null, version: number | null): Problem | null {
  if (ifMatch === null || (version !== null && matches(ifMatch, version))) return null
  return problem(
    412,
    'configuration-changed',
    'The configuration changed since you read it',
    version === null
      ? 'If-Match names a version, but the firm has no configuration. Nothing was changed; send it without If-Match.'
      : `The stored version is ${version}, not the one in If-Match. Nothing was changed; read it again and repeat your change on it.`,
  )
}

/** `*` is any version that there is; a weak tag never matches. */
function matches(header: string, version: number): boolean {
  const tags = header.split(',').map(tag => tag.trim())
  return tags.includes('*') || tags.includes(`"${version}"`)
}
