import { describe, expect, it } from 'vitest'
import { Places, placeIn } from '../../src/door/places.ts'
import type { Mirror } from '../../src/model/docket-rpc.ts'
import { sources } from '../../src/sources/index.ts'

/** What an isolate remembers of an endpoint, for half a minute. */

const now = Date.UTC(2026, 10, 26)
const mirror = (endpoints: object, version = 7): Mirror => ({
  version,
  document: { endpoints } as Mirror['document'],
  secrets: {},
})
const place = (endpoints: object, name = 'website') => placeIn(mirror(endpoints), 'smith', name, {}, sources)

describe('a place', () => {
  it('is kept for half a minute, under its firm and name', async () => {
    const places = new Places()
    const found = await place({ website: { source: 'form' } })
    places.put('smith', 'website', found, now)
    expect(places.get('smith', 'website', now + 29_999)).toBe(found)
    expect(places.get('smith', 'website', now + 30_000)).toBeNull()
    expect(places.get('jones', 'website', now)).toBeNull()
    expect(places.get('smith', 'other', now)).toBeNull()
  })

  it('carries the version that it was found in, which a claim names', async () => {
    expect(await place({ website: { source: 'form' } })).toMatchObject({ version: 7 })
    expect(await placeIn(null, 'smith', 'website', {}, sources)).toMatchObject({ version: 0, located: 'unknown' })
  })

  it.each([
    ['is not there', {}],
    ['cannot be used', { website: { source: 'abolished' } }],
    ['lacks a secret', { website: { source: 'calendly', secret: '$MISSING' } }],
  ])('that %s is asked for each time', async (_, endpoints) => {
    const places = new Places()
    places.put('smith', 'website', await place(endpoints), now)
    expect(places.get('smith', 'website', now)).toBeNull()
  })

  it('gives way to others when there are very many', async () => {
    const places = new Places()
    const found = await place({ website: { source: 'form' } })
    for (let n = 0; n < 600; n++) places.put(`firm-${n}`, 'website', found, now)
    expect(places.get('firm-0', 'website', now)).toBeNull()
    expect(places.get('firm-599', 'website', now)).toBe(found)
  })
})
