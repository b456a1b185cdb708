import { describe, expect, test } from 'vitest'
import { likeness, mentions, searchWord } from '../../../src/clio/people/same-name.ts'
import type { Json, JsonObject } from '../../../src/lib/json.ts'
import type { Intent } from '../../../src/model/intent.ts'
import { type Firm, startFirm } from '../clio.ts'

/** Are the parties known to the firm? What is overlooked nobody ever sees, what is found a person looks at. */

describe('the same party', () => {
  test.each([
    // The same words: case, accents, punctuation and order aside.
    ['Robert Lee', 'Robert Lee'],
    ['robert lee', 'ROBERT LEE'],
    ['Lee, Robert', 'Robert Lee'],
    ['José Núñez', 'Jose Nunez'],
    ["Ann O'Brien", 'Ann O’Brien'],
    ["Ann O'Brien", 'Ann OBrien'],
    ['Mary-Ann Evans', 'Mary Ann Evans'],
    ['Maryann Evans', 'Mary Ann Evans'],
    ['Ian Mac Donald', 'Ian MacDonald'],
    // Titles, and which of a family it is, are beside the name.
    ['Dr. Robert Lee', 'Robert Lee'],
    ['Robert Lee Jr.', 'Robert Lee, Sr.'],
    ['Robert Lee, Esq.', 'Mr Robert Lee'],
    // Middle names and initials.
    ['Robert Lee', 'Robert Edward Lee'],
    ['Robert E. Lee', 'Robert Lee'],
    ['R. Lee', 'Robert Lee'],
    ['Robert E. Lee', 'Robert Edward Lee'],
    // What people are called.
    ['Bob Lee', 'Robert Lee'],
    ['Robert Lee', 'Bobby Lee'],
    ['Bill Gates', 'William Gates'],
    ['Liz Taylor', 'Elizabeth Taylor'],
    ['Peggy Mitchell', 'Margaret Mitchell'],
    ['Mohammed Ali', 'Muhammad Ali'],
    // One letter wrong, in a word that is long enough for it.
    ['Maria Alvarez', 'Maria Alvares'],
    ['Jon Smyth', 'John Smith'],
    ['Ann Petersen', 'Ann Peterson'],
    ['Ann Hernandez', 'Ann Hernadnez'],
    ['Ann Philips', 'Ann Phillips'],
    ['Ann Stephens', 'Ann Stephen'],
    // A last name is all that somebody knew.
    ['Okafor', 'John Okafor'],
    ['John Okafor', 'okafor'],
    // Companies, whatever their legal form.
    ['Acme Inc.', 'ACME, LLC'],
    ['Acme Holdings', 'Acme Holdings Ltd'],
    ['Acme Holdings', 'Acme Holdings International'],
    ['Smith & Sons', 'Smith and Sons Co.'],
    ['The Harbor Company', 'Harbor'],
    ['Harbour Freight Partners LLP', 'Harbor Freight Partners'],
  ])('%s is %s', (a, b) => {
    expect(likeness(a, b)).not.toBeNull()
    expect(likeness(b, a)).not.toBeNull()
  })

  test.each([
    ['Robert Lee', 'Robert Ray'],
    ['Robert Lee', 'Ann Lee'],
    ['Bob Lee', 'Bill Lee'],
    // Short words have many neighbours.
    ['Ann Lee', 'Ann Lea'],
    ['Jan Lee', 'Ian Lee'],
    // Two words wrong are two other words.
    ['Marta Smyth', 'Maria Smith'],
    ['Ann Alvarez', 'Ann Alverrez'],
    // Initials alone are nobody.
    ['R. L.', 'Robert Lee'],
    ['J. Smyth', 'John Smith'],
    // A first name alone is nobody, nor is a letter.
    ['Robert', 'Robert Lee'],
    ['L', 'Robert Lee'],
    ['Acme', 'Acme Holdings'],
    ['Acme Holdings', 'Zenith Holdings'],
    ['Inc', 'Acme Inc'],
    ['', 'Robert Lee'],
    ['???', 'Robert Lee'],
  ])('%s is not %s', (a, b) => {
    expect(likeness(a, b)).toBeNull()
    expect(likeness(b, a)).toBeNull()
  })

  test('a company goes by its first word', () => {
    expect(likeness('Acme', 'Acme Holdings', true)).toBe('the same first word')
  })

  test.each([
    ['Robert Lee', 'Lee, Robert', 'the same name'],
    ['Bob Lee', 'Robert Lee', 'the same name with a nickname'],
    ['R Lee', 'Robert Lee', 'the same name with an initial'],
    ['Maria Alvares', 'Maria Alvarez', 'nearly the same name'],
    ['Okafor', 'John Okafor', 'the same last name'],
  ])('of %s and %s it is told why: %s', (a, b, why) => expect(likeness(a, b)).toBe(why))
})

describe('a text speaks of a party', () => {
  test.each([
    ['Alvarez v. Lee: custody', 'Lee', true],
    ['Divorce from Carlos Alvarez', 'Carlos Alvarez', true],
    ['Divorce (Alvarez, Carlos)', 'Carlos Alvarez', true],
    ['Divorce from Carlos M. Alvarez', 'Carlos Alvarez', true],
    ['Divorce from Bob Lee', 'Robert Lee', true],
    ['Claim against ACME, Inc.', 'Acme LLC', true],
    ['Claim against Acme Holdings', 'Acme Holdings Ltd', true],
    ['Carlos Smith against Maria Alvarez', 'Carlos Alvarez', false],
    ['Leeway', 'Lee', false],
    ['Divorce', 'Carlos Alvarez', false],
    ['A claim', 'A', false],
    ['', 'Carlos Alvarez', false],
  ])('“%s” of %s: %s', (text, name, does) => expect(mentions(text, name)).toBe(does))
})

test.each([
  ['Robert Lee', 'Lee'],
  ['Lee, Robert', 'Lee'],
  ['Robert Lee Jr.', 'Lee'],
  ['José Núñez', 'Núñez'],
  ['Acme Inc.', 'Acme'],
  ['Wei Xu', 'Wei'],
  ['', ''],
])('%s is searched by “%s”', (name, word) => expect(searchWord(name)).toBe(word))

describe('check_conflicts', () => {
  const check = (...parties: Json[]): Intent => ({ verb: 'check_conflicts', parties })
  const names = (output: JsonObject): Json[] => (output.matches as JsonObject[]).map(match => match.name ?? null)
  const queries = (firm: Firm): string[] => firm.reads.map(({ path, query }) => `${path} ${query?.query}`)

  test('finds a contact and the matter it is the client of', async () => {
    const firm = startFirm()
    const id = firm.idOf('contacts', 'John Okafor')
    expect(await firm.done(check('Jon Okafor'))).toEqual({
      found: true,
      matches: [
        { who: 'Jon Okafor', kind: 'contact', id, name: 'John Okafor', why: 'the same name with a nickname' },
        {
          who: 'Jon Okafor',
          kind: 'matter',
          id: expect.any(Number),
          name: '00002-Okafor · John Okafor',
          why: 'its client has the same name with a nickname',
        },
      ],
    })
  })

  test('finds a matter by its description', async () => {
    const firm = startFirm()
    await firm.create('matters', { client: 'John Okafor', description: 'Okafor v. Zenith Holdings' })
    expect(await firm.done(check('Zenith Holdings LLC'))).toMatchObject({
      matches: [{ kind: 'matter', name: expect.stringContaining('John Okafor'), why: 'its description' }],
    })
  })

  test('finds an e-mail address and a telephone, however it is written', async () => {
    const firm = startFirm()
    const output = await firm.done(check('MARIA.ALVAREZ@mail.example', '+1 212 555 0143'))
    expect(output.matches).toMatchObject([
      { name: 'Maria Alvarez', why: 'the same e-mail address' },
      { name: 'Maria Alvarez', why: 'the same phone number' },
    ])
  })

  test('finds a company whatever its legal form', async () => {
    expect(names(await startFirm().done(check('Harbor Freight Partners, LLP')))).toEqual(['Harbor Freight Partners'])
  })

  test('takes lists, lines, semicolons and people; nobody is nobody; each party once', async () => {
    const firm = startFirm()
    const output = await firm.done(
      check(
        ['Zoe Quux; Yan Corge\nZOE QUUX', null, '', 'n/a', 'None', '-', 'unknown', '?'],
        { first_name: 'Maria', last_name: 'Alvarez', email: null, phone: null, company: 'Grault LLC' },
        true,
      ),
    )
    expect(names(output)).toContain('Maria Alvarez')
    expect(queries(firm).filter(query => query.startsWith('matters'))).toEqual([
      'matters Quux',
      'matters Corge',
      'matters Alvarez',
      'matters Grault',
    ])
  })

  test('costs two calls for each party while contacts have to be searched, one for an address', async () => {
    const firm = startFirm()
    expect(await firm.done(check('Zoe Quux', 'zoe@quux.example', '(212) 555-0111'))).toEqual({
      found: false,
      matches: [],
    })
    expect(queries(firm)).toEqual(['contacts Quux', 'matters Quux', 'contacts zoe@quux.example', 'contacts 555-0111'])
  })

  test('leaves out what the run itself made or found, and the other matters of its client', async () => {
    const firm = startFirm()
    const own = firm.idOf('contacts', 'John Okafor')
    const clio = { ...firm.clio, mine: (resource: string) => new Set(resource === 'contacts' ? [String(own)] : []) }
    Object.assign(firm.clio, clio)
    expect(await firm.done(check('John Okafor'))).toEqual({ found: false, matches: [] })
  })

  test('tells the first twenty', async () => {
    const firm = startFirm()
    for (let n = 0; n < 25; n++) await firm.create('contacts', { type: 'Person', first_name: 'Zoe', last_name: 'Quux' })
    const output = await firm.done(check('Zoe Quux'))
    expect(output.matches).toHaveLength(20)
  })

  test('of more than twenty parties a person is asked, before any call', async () => {
    const firm = startFirm()
    const parties = Array.from({ length: 21 }, (_, n) => `Zoe Quux${n}`)
    expect(await firm.parked(check(...parties))).toContain('names 21')
    expect(firm.reads).toEqual([])
  })

  test('of nobody finds nobody, and asks nothing', async () => {
    const firm = startFirm()
    expect(await firm.done(check())).toEqual({ found: false, matches: [] })
    expect(firm.reads).toEqual([])
  })
})
