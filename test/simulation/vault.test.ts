import { describe, expect, it } from 'vitest'
import { webVault } from '../../src/docket/index/vault.ts'
import { nodeVault } from './vault.ts'
import { dataKey } from './world.ts'

/** The simulator's vault and the Docket's are one: what either sealed the other opens. */

const [web, node] = [webVault(dataKey, 'smith'), nodeVault(dataKey, 'smith')]

describe('the two vaults', () => {
  it.each(['emails:ann@x.example', 'phones:+12125550100', '', 'é 你好 🎉'])('hash %j alike', async text => {
    expect(await web.hash(text)).toBe(await node.hash(text))
  })

  it.each([
    [web, node],
    [node, web],
  ])('open what the other sealed', async (one, other) => {
    const sealed = await one.seal('17', '{"type":"Person","é":"你好"}')
    expect(await other.open('17', sealed)).toBe('{"type":"Person","é":"你好"}')
    expect(await other.open('18', sealed)).toBeNull()
  })

  it('open nothing of another firm or key', async () => {
    const sealed = await node.seal('17', 'x')
    expect(await webVault(dataKey, 'jones').open('17', sealed)).toBeNull()
    expect(await webVault(Buffer.alloc(32).toString('base64'), 'smith').open('17', sealed)).toBeNull()
  })
})
