import type { EndpointView } from '../../model/view/endpoint.ts'
import { sources } from '../../sources/index.ts'

/** Where to send an endpoint's events, and what to know before that address is given to a provider. */
export interface Addressed {
  /** Behind the origin; null: nothing is sent to it. */
  readonly path: string | null
  readonly url: string | null
  /** Sentences for whoever sets it up. */
  readonly hints: readonly string[]
}

export function addressed(
  { name, source: sourceName, verifiedBy }: EndpointView,
  firm: string,
  origin: string,
): Addressed {
  const path = `/in/${firm}/${name}`
  switch (sourceName) {
    case 'schedule':
      return { path: null, url: null, hints: ['Nothing is sent to it: the clock makes its events.'] }
    case 'email':
      return {
        path: null,
        url: null,
        hints: [
          `Mail for it goes to ${firm}.${name}@ the domain whose mail the Worker gets, or to anything+${firm}.${name}@ that domain.`,
        ],
      }
  }
  const source = sources.get(sourceName)
  const hints = [
    ...(sourceName === 'form'
      ? [`Its hosted form, once the configuration gives it “form”: ${origin}/forms/${firm}/${name}`]
      : []),
    ...(verifiedBy.includes('last part of the address')
      ? [`A sender that can set no header puts the secret behind the address: ${origin}${path}/{secret}`]
      : []),
    ...(source?.subscribing
      ? ['The provider is subscribed to by itself, once its secrets or its connection are there.']
      : []),
    ...(source?.handshake && !source.subscribing && sourceName !== 'form'
      ? ['Where the provider tries the address first, it is answered by itself, once the secret is set.']
      : []),
  ]
  return { path, url: `${origin}${path}`, hints }
}
