import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { token, type, vendor } from './vendor.ts'

/** The operator's way to a connection: the real API and the sandbox's control plane; a person who signs in, or does not. */

/** Somebody opens the page that was printed. */
async function run(config: string | null, signsIn: 'after a while' | 'never', admin = token, file = '') {
  const of = vendor()
  if (config !== null) of.documents.set('smith', { version: 1, text: config })
  let slept = 0
  const ended = await type(of, `connect smith ${file}`.trim(), {
    env: { DOCKETED_URL: 'https://worker.example', DOCKETED_TOKEN: admin },
    sleep: async () => {
      slept += 1
      if (signsIn === 'never' || slept !== 6) return
      const pending = of.sandbox.connections.all().find(each => each.status === 'PENDING')!
      of.sandbox.connections.activate(pending, 'smith')
    },
  })
  const id = of.sandbox.connections.all().at(-1)!.id
  return { ...ended, id, stored: of.documents.get('smith')?.text ?? null }
}

const firm = (connection: string) =>
  `{\n  // Smith & Partners\n  "timezone": "America/New_York",\n  "country": "US",\n  "endpoints": {},\n  "rules": []${connection}\n}`

it('shows the page, waits, and writes the id into the configuration, whose comments stay', async () => {
  const old = '21fd90f9-5935-43cd-b6c8-bde9d915ca80'
  const { code, id, said, stored, progress } = await run(firm(`,\n  "connection": "${old}"`), 'after a while')
  expect(code).toBe(0)
  expect(said).toMatch(/session_token=/)
  expect(progress.length).toBeGreaterThan(6)
  expect(id).not.toBe(old)
  expect(stored).toBe(firm(`,\n  "connection": "${id}"`))
})

it('adds the key where there is none', async () => {
  const { id, stored } = await run(firm(''), 'after a while')
  expect(stored).toContain(`"connection": "${id}"`)
  expect(stored).toContain('Smith & Partners')
})

it('tells what to write when the firm has no configuration yet', async () => {
  const { id, said, stored } = await run(null, 'after a while')
  expect(stored).toBeNull()
  expect(said.split('\n').at(-1)).toContain(`"connection": "${id}"`)
})

it('writes it into the file too, and says to push what is not stored yet', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'docketed-connect-'))
  const file = join(folder, 'smith.jsonc')
  writeFileSync(file, firm(''))
  const first = await run(null, 'after a while', token, file)
  expect(readFileSync(file, 'utf8')).toContain(`"connection": "${first.id}"`)
  expect(first.said.split('\n').at(-1)).toContain(`npx docketed push ${file}`)
  const again = await run(firm(''), 'after a while', token, file)
  for (const text of [readFileSync(file, 'utf8'), again.stored]) expect(text).toContain(`"connection": "${again.id}"`)
  rmSync(folder, { recursive: true })
  const missing = await run(null, 'never', token, file)
  expect([missing.code, missing.said]).toEqual([3, ''])
})

it('gives up after a quarter of an hour, and says what to do', async () => {
  const { code, noted } = await run(firm(''), 'never')
  expect(code).toBe(3)
  expect(noted).toMatch(/Nobody signed in within 15 minutes. Run this again/)
})

it('says in words that the token is wrong', async () => {
  const { code, noted } = await run(firm(''), 'never', 'mistaken')
  expect(code).toBe(3)
  expect(noted).not.toContain('mistaken')
})
