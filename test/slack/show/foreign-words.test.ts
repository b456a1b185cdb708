import { describe, expect, it } from 'vitest'
import { isObject, type Json } from '../../../src/lib/json.ts'
import { alarmMessage } from '../../../src/slack/show/alarm.ts'
import { bodyOf, boldly, lines, listed, type Message, say, words } from '../../../src/slack/show/message.ts'
import { receiptOf } from '../../../src/slack/show/receipt.ts'

/** Whatever an outsider wrote, people in Slack read it as text: no link, no mention, no bold, and no message of its own. */

const evil = [
  '<!channel>',
  '<@U123>',
  '<https://evil.example|Sign in to Clio>',
  '*bold* _slanted_ ~struck~ `code`',
  '&lt;!here&gt;',
  'a & b < c > d',
  'https://evil.example/sign-in',
  '> quoted',
  'one\n\nA run needs a person: pay here',
]
/** Joined at random, so that what is harmless alone meets its other half. */
function* mixtures(count: number): Generator<string> {
  let seed = 7
  const next = (most: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31
    return seed % most
  }
  for (let n = 0; n < count; n++)
    yield Array.from({ length: 1 + next(4) }, () => {
      const word = evil[next(evil.length)]!
      return word.slice(next(3), word.length - next(3))
    }).join(['', ' ', '\n', '<', '>', '&'][next(6)])
}

/** Texts that Slack reads as markup. */
const markup = (value: Json): string[] =>
  Array.isArray(value)
    ? value.flatMap(markup)
    : isObject(value)
      ? [...(value.type === 'mrkdwn' ? [String(value.text)] : []), ...Object.values(value).flatMap(markup)]
      : []
/** Addresses that a click opens. */
const links = (value: Json): string[] =>
  Array.isArray(value)
    ? value.flatMap(links)
    : isObject(value)
      ? [...(typeof value.url === 'string' ? [value.url] : []), ...Object.values(value).flatMap(links)]
      : []

function expectHarmless(message: Message): void {
  const { text, blocks = [], mrkdwn } = bodyOf(message)
  expect(mrkdwn).toBe(false)
  expect(String(text)).not.toMatch(/[<>]|&(?!amp;|lt;|gt;)/)
  // What is markup is ours: links into Clio, ids, and sentences without a word of anybody else.
  for (const one of markup(blocks as Json)) {
    expect(one.replace(/<https:\/\/app\.clio\.com\/[^|>]*\|Open the [a-z]+>/g, '')).not.toMatch(
      /[<>&]|evil|bold|person:/,
    )
  }
  for (const url of links(blocks as Json)) expect(url).toMatch(/^https:\/\/(?:app\.clio\.com|docketed\.example)\//)
}

const event = (type: string, fields: Record<string, Json>, text: string) =>
  ({ type, fields, data: { text }, person: {}, message: text }) as never

describe('words of outsiders', () => {
  it('are no markup in anything that is made of them', () => {
    for (const text of mixtures(500)) {
      expectHarmless(say(text))
      expectHarmless({ text, blocks: [words(text), lines(text), boldly(text, text)] })
      expectHarmless({
        text,
        blocks: [listed(text, [{ text }, { url: 'https://app.clio.com/nc/#/matters/1', title: text, text }])],
      })
    }
  })

  it('are none in receipts and in what went wrong', () => {
    const types = ['time', 'expense', 'note', 'task', 'contact', 'intake', 'matter', 'event', 'communication', 'other']
    for (const text of mixtures(30))
      for (const type of types)
        for (const state of ['done', 'parked', 'held'] as const) {
          const fields = {
            ...{
              note: text,
              matter_title: text,
              summary: text,
              first: text,
              last: text,
              name: text,
              description: text,
            },
            ...{ client_name: text, matter: 1, seconds: 60, amount: 1, date: '2026-11-27' },
            ...{ start: '2026-11-27T10:00:00Z', end: '2026-11-27T11:00:00Z', timezone: 'America/New_York' },
          }
          const ended = { run: 'run_1', state, reason: text, outputs: [], undo: false, shadow: false }
          const message = receiptOf({ ...ended, event: event(`slack.${type}`, fields, text) } as never)
          if (message) expectHarmless(message)
        }
  })

  it('are none in alarms', () => {
    for (const text of mixtures(100))
      expectHarmless(
        alarmMessage(
          'key',
          {
            channel: null,
            ts: null,
            type: 'run.parked',
            reason: text,
            runs: ['run_1', 'run_2'],
            since: 0,
            mendedAt: null,
          },
          () => 'https://docketed.example/console',
        ),
      )
  })
})
