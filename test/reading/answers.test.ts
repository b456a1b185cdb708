import { describe, expect, it } from 'vitest'
import type { Json } from '../../src/lib/json.ts'
import { submission } from '../../src/reading/answers.ts'

const filesOf = async (label: string, value: Json) => {
  const told = { source: 'webhook', id: null, time: null, data: null, answers: [{ label, value }] }
  return (await submission(told)).event.files.map(({ name }) => name)
}

it('the generation that a service keeps apart stays with the family name', async () => {
  const name = {
    label: 'Name',
    value: 'Victor Q Amsel Jr.',
    kind: 'name',
    parts: { first: 'Victor', last: 'Amsel' },
  } as const
  const { event } = await submission({ source: 'jotform', id: '1', time: null, data: null, answers: [name] })
  expect(event.person).toMatchObject({ first_name: 'Victor', last_name: 'Amsel Jr.' })
})

describe('files that stay with their service', () => {
  const [one, two] = ['https://a.example/u/r.pdf', 'https://a.example/u/s.jpg']

  it.each<[string, Json, string[]]>([
    ['an address', one, ['r.pdf']],
    ['a list', [one, two], ['r.pdf', 's.jpg']],
    ['the JSON text of a list', JSON.stringify([one, two]), ['r.pdf', 's.jpg']],
    ['addresses with commas', `${one}, ${two}`, ['r.pdf', 's.jpg']],
    ['addresses on lines', `${one}\n${two}`, ['r.pdf', 's.jpg']],
    ['text without an address', 'none yet', []],
  ])('come as %s', async (_, value, names) => {
    expect(await filesOf('Upload your documents', value)).toEqual(names)
  })

  it('are no links in an answer that asks for none', async () => {
    expect(await filesOf('Your website', `${one}, ${two}`)).toEqual([])
  })

  it('that cannot be read are named, so many and so much of each, and the rest counted', async () => {
    const answers = Array.from({ length: 25 }, (_, at) => ({
      label: `Upload ${at} ${'x'.repeat(500)}`,
      value: 'lease.pdf',
    }))
    const { event } = await submission({ source: 'form', id: null, time: null, data: null, answers })
    expect(event.unread).toHaveLength(21)
    expect(event.unread!.every(label => label.length <= 200)).toBe(true)
    expect(event.unread!.at(-1)).toBe('and 5 more')
  })
})
