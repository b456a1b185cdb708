import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { token, type, vendor } from './vendor.ts'

/** What is done with a firm as a whole, as it is typed. `move` and `erase` on the real runtime: test/e2e/move.test.ts. */

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'docketed-firms-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const EXPORT_PASSPHRASE = 'correct horse battery staple'
const known = { DOCKETED_URL: 'https://worker.example', DOCKETED_TOKEN: token }
const sealing = { env: { ...known, EXPORT_PASSPHRASE } }
const saying = (word: string) => {
  const asked: string[] = []
  const ask = async (question: string) => {
    asked.push(question)
    return word
  }
  return { asked, ask }
}
const write = (name: string, text: string) => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}

describe('firms', () => {
  it('lists all of them, however many pages they are, and what is not known as such', async () => {
    const of = vendor()
    for (let n = 0; n < 450; n++) of.documents.set(`firm-${String(n).padStart(3, '0')}`, { version: 1, text: '{}' })
    const { code, said, noted } = await type(of, 'firms')
    expect({ code, noted }).toEqual({ code: 0, noted: '450 firms.' })
    const lines = said.split('\n')
    expect(lines).toHaveLength(450)
    expect(lines.at(-1)).toBe('firm-449  open 2  parked 1  held ? (by-hand)  no event yet  (told 90 s ago)')
    expect(of.calls).toHaveLength(3)
    const later = (await type(of, 'firms', { now: () => 3 * 3_600_000 })).said
    expect(later.split('\n').at(-1)).toMatch(/\(told 3 h ago\)$/)
    const all = JSON.parse((await type(of, 'firms --json')).said) as { id: string }[]
    expect(new Set(all.map(({ id }) => id)).size).toBe(450)
  })
})

describe('hold', () => {
  it('asks, holds with the reason, and lets go on', async () => {
    const of = vendor()
    const no = saying('n')
    const refused = await type(of, ['hold', 'smith', 'Clio is tidied'], no)
    expect([refused.code, refused.noted, of.acts]).toEqual([1, 'Nothing was changed.', []])
    expect(no.asked).toEqual(['Hold smith at https://worker.example? [y/N] '])
    const held = await type(of, ['hold', 'smith', 'Clio is tidied', '--yes'])
    expect(held).toMatchObject({ code: 0, said: 'smith is held: Clio is tidied' })
    expect((await type(of, 'hold smith --yes')).said).toBe('smith is held: A person holds the firm.')
    const end = saying('y')
    expect((await type(of, 'hold smith --end', end)).said).toBe('smith goes on.')
    expect(end.asked[0]).toContain('it must be held there')
    expect(of.acts).toEqual([{ hold: 'Clio is tidied' }, { hold: null }, { resume: 'smith' }])
  })

  it('does nothing where nobody can be asked, or the name is none', async () => {
    const of = vendor()
    expect((await type(of, 'hold smith')).code).toBe(2)
    expect((await type(of, 'hold ../smith --yes')).noted).toContain("'../smith' is no name of a firm")
    expect(of.calls).toEqual([])
  })
})

describe('export', () => {
  it('writes a file that only its owner reads, sealed to the passphrase of the environment', async () => {
    const of = vendor()
    const file = join(folder, 'smith.docketed')
    const { code, said } = await type(of, `export smith ${file}`, sealing)
    expect({ code, said }).toEqual({ code: 0, said: `${file}: 16 bytes.` })
    expect(readFileSync(file, 'utf8')).toBe('all that is kept')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(existsSync(`${file}.part`)).toBe(false)
    expect(of.acts).toEqual([{ export: 'smith', passphrase: EXPORT_PASSPHRASE }])
  })

  it('is open only when that is said', async () => {
    const of = vendor()
    const file = join(folder, 'smith.ndjson')
    const unsaid = await type(of, `export smith ${file}`)
    expect([unsaid.code, unsaid.noted]).toEqual([2, expect.stringContaining('EXPORT_PASSPHRASE')])
    const { said } = await type(of, `export smith ${file} --open --json`)
    expect(JSON.parse(said)).toEqual({ firm: 'smith', file, bytes: 16, sealed: false })
    expect(of.acts).toEqual([{ export: 'smith', passphrase: null }])
  })

  it('replaces no file without a yes, and none at all when the Worker refuses', async () => {
    const of = vendor()
    const file = write('smith.docketed', 'of before')
    expect((await type(of, `export smith ${file}`, { ...sealing, ...saying('n') })).code).toBe(1)
    const weak = { env: { ...known, EXPORT_PASSPHRASE: 'short' } }
    expect(await type(of, `export smith ${file} --yes`, weak)).toMatchObject({
      code: 3,
      noted: expect.stringContaining('16 to 256'),
    })
    expect([of.acts, readFileSync(file, 'utf8')]).toEqual([[], 'of before'])
    expect((await type(of, `export smith ${file} --yes`, sealing)).code).toBe(0)
    expect(readFileSync(file, 'utf8')).toBe('all that is kept')
  })
})

/** Somebody whose export breaks off. */
const broken = () => {
  const of = vendor()
  const fetch: typeof of.fetch = async (input, init) => {
    const answer = await of.fetch(input, init)
    if (!String(input).includes('/export')) return answer
    const body = new ReadableStream({
      start: to => {
        to.enqueue(new TextEncoder().encode('half'))
        to.error(new TypeError('terminated'))
      },
    })
    return new Response(body, answer)
  }
  return { ...of, fetch }
}

describe('an export that breaks off', () => {
  it('leaves no file, and is told', async () => {
    const file = join(folder, 'smith.docketed')
    const { code, noted } = await type(broken(), `export smith ${file}`, sealing)
    expect([code, noted]).toEqual([3, expect.stringContaining('broke off')])
    expect([existsSync(file), existsSync(`${file}.part`)]).toEqual([false, false])
  })

  it('leaves a firm held that was to move, and says so', async () => {
    const env = { ...sealing.env, DOCKETED_TO_TOKEN: 'any' }
    const line = `move smith ${join(folder, 'x')} --to https://there.example --yes`
    const { code, noted } = await type(broken(), line, { env })
    expect([code, noted]).toEqual([3, expect.stringMatching(/broke off.*\n.*stays held here.*hold smith --end/)])
  })
})

describe('move', () => {
  it('replaces no file without a yes', async () => {
    const of = vendor()
    const file = write('smith.docketed', 'of before')
    const no = saying('n')
    const env = { ...sealing.env, DOCKETED_TO_TOKEN: 'any' }
    expect((await type(of, `move smith ${file} --to https://there.example`, { env, ...no })).code).toBe(1)
    expect(no.asked[0]).toContain(`replacing ${file}`)
    expect([of.acts, readFileSync(file, 'utf8')]).toEqual([[], 'of before'])
  })

  it('that the other Worker refuses says how the firm stands, and both ways on', async () => {
    const of = vendor()
    const file = join(folder, 'smith.docketed')
    const env = { ...sealing.env, DOCKETED_TO_TOKEN: 'not the other’s' }
    const { code, noted } = await type(of, `move smith ${file} --to https://there.example --yes`, { env })
    expect(code).toBe(3)
    expect(noted).toContain(`smith is not there, and stays held here; its export is ${file}.`)
    expect(noted).toContain(`npx docketed import smith ${file} --url https://there.example`)
    expect(noted).toContain('npx docketed hold smith --end')
  })
})

describe('import', () => {
  it('makes a firm of the file, and says what is left to do', async () => {
    const of = vendor()
    const file = write('smith.docketed', 'all that is kept')
    const line = `import jones ${file} --connection 21fd`
    const asks = saying('y')
    const { code, said } = await type(of, line, { ...sealing, ...asks })
    expect(code).toBe(0)
    expect(asks.asked).toEqual([`Make firm jones of ${file} at https://worker.example? [y/N] `])
    expect(said.split('\n')).toEqual([
      'jones is there, as smith was, with 7 runs. It is held: nothing is sent before that is ended.',
      'Store its secrets: npx docketed secret jones PARTNER, npx docketed secret jones SLACK',
      'Then let it go on nowhere else, and: npx docketed hold jones --end',
    ])
    const how = { passphrase: EXPORT_PASSPHRASE, connection: '21fd' }
    expect(of.acts).toEqual([{ import: 'jones', text: 'all that is kept', ...how }])
  })

  it('takes a file that is open, and says which file is not there', async () => {
    const of = vendor()
    const file = write('smith.ndjson', 'all that is kept')
    expect((await type(of, `import jones ${file} --open --yes`)).code).toBe(0)
    expect(of.acts).toMatchObject([{ passphrase: null, connection: null }])
    const absent = join(folder, 'absent.docketed')
    const { code, noted } = await type(of, `import jones ${absent} --open --yes`)
    expect({ code, noted }).toEqual({ code: 3, noted: `docketed: There is no file ${absent}.` })
  })

  it('with --links tells what another tool made', async () => {
    const of = vendor()
    const links = [{ endpoint: 'desk', subject: 'b-1', link: 'meeting', resource: 'calendar_entries', id: 991 }]
    const file = write('links.json', JSON.stringify({ links }))
    const asks = saying('y')
    expect(await type(of, `import smith ${file} --links`, asks)).toMatchObject({
      code: 0,
      said: 'smith knows of 1 record that another tool made.',
    })
    expect(asks.asked).toEqual(['Tell smith of what another tool made, 1 record? [y/N] '])
    expect(of.acts).toEqual([{ links }])
  })

  it('reads a file that an editor on Windows wrote', async () => {
    const of = vendor()
    const links = [{ endpoint: 'desk', subject: 'b-1', link: 'meeting', resource: 'calendar_entries', id: 991 }]
    const file = write('links.json', `\uFEFF${JSON.stringify({ links })}`)
    expect((await type(of, `import smith ${file} --links --yes`)).code).toBe(0)
  })

  it.each(['nonsense', '[]', '{"links": 7}', '{}'])('says what links look like in place of %j', async text => {
    const of = vendor()
    const file = write('links.json', text)
    const { code, noted } = await type(of, `import smith ${file} --links --yes`)
    expect({ code, noted }).toEqual({ code: 2, noted: expect.stringContaining(`${file} is no JSON such as`) })
    expect(of.acts).toEqual([])
  })
})
