import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { lend } from '../../src/tools/deploy/lend.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'docketed-lend-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('a file with secrets', () => {
  it('is its owner’s alone, whatever stood there before, and gone when the work is done or fails', async () => {
    const file = join(folder, 'secrets.json')
    writeFileSync(file, 'old', { mode: 0o644 })
    expect(await lend(file, 'new', async name => statSync(name).mode & 0o777)).toBe(0o600)
    expect(existsSync(file)).toBe(false)
    await expect(lend(file, 'new', () => Promise.reject(new Error('refused')))).rejects.toThrow('refused')
    expect(existsSync(file)).toBe(false)
  })

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('is gone when %s ends the work', async signal => {
    const file = join(folder, 'secrets.json')
    const module = join(import.meta.dirname, '../../src/tools/deploy/lend.ts')
    const work = `const { lend } = await import(${JSON.stringify(module)})
      await lend(${JSON.stringify(file)}, 'x', () => new Promise(() => { setInterval(() => {}, 1000); console.log('lent') }))`
    const child = spawn(process.execPath, ['--input-type=module', '-e', work], { stdio: ['ignore', 'pipe', 'inherit'] })
    await new Promise(resolve => child.stdout.once('data', resolve))
    expect(existsSync(file)).toBe(true)
    child.kill(signal)
    await new Promise(resolve => child.once('exit', resolve))
    expect(existsSync(file)).toBe(false)
  })
})
