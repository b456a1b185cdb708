import { describe, expect, it } from 'vitest'
import { type Listing, tools } from '../../src/agents/mcp.ts'
import { toolsAsset, toolsMade } from './agents/tools.ts'
import { said } from './agents/words.ts'

/** What agents are told of the tools: an asset that is made of them. */

describe('src/assets/tools.json', () => {
  const listing = JSON.parse(toolsAsset()) as Listing

  it('is what `npm run docs` makes', () => {
    expect(toolsAsset()).toBe(toolsMade())
  })

  it('has words for every tool, and for none that there is not', () => {
    expect(Object.keys(said).sort()).toEqual(tools.map(({ name }) => name).sort())
  })

  it('has no words for an argument that a tool does not take', () => {
    for (const { name, inputSchema } of listing.tools)
      expect(Object.keys(inputSchema.properties as object)).toEqual(
        expect.arrayContaining(Object.keys(said[name]!.takes ?? {})),
      )
  })

  it('asks people before what cannot be taken back', () => {
    const destructive = listing.tools.filter(
      ({ annotations }) => (annotations as { destructiveHint?: boolean }).destructiveHint,
    )
    expect(destructive.map(({ name }) => name)).toEqual(['discard_run', 'undo_run', 'clio_write'])
  })
})
