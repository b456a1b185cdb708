/** One record of a resource, as people call it: `calendar_entries` is a calendar entry. */
export const noun = (resource: string): string => nouns(resource).replace(/ies$/, 'y').replace(/s$/, '')

/** Several of them. */
export const nouns = (resource: string): string => resource.replaceAll('_', ' ')
