import { describe, expect, it } from 'vitest'
import { isResponseUrl, postReply, type Reply } from '../../src/slack/reply.ts'
import { hook } from './requests.ts'
import { StandIn } from './stand-in.ts'

/** Answers go to Slack, and to nobody else. */

const origin = 'https://hooks.slack.com'
const reply = (more: Partial<Reply> = {}): Reply => ({
  url: hook,
  user: 'USAM',
  replace: true,
  message: { text: 'Done.' },
  ...more,
})

function outbox(status = 200) {
  const asked: string[] = []
  const bodies: unknown[] = []
  const written: unknown[] = []
  const fetched: typeof fetch = async (input, init) => {
    asked.push(String(input))
    bodies.push(JSON.parse(String(init?.body)))
    return new Response('ok', { status })
  }
  const write = async (body: object) => {
    written.push(body)
    return { ok: true }
  }
  return { asked, bodies, written, deps: { fetch: fetched, hooksOrigin: origin, timeout: 1000, write } }
}

describe('a reply', () => {
  it('takes the place of what was said before, and only its reader sees it', async () => {
    const { bodies, deps } = outbox()
    expect(await postReply(reply(), deps)).toBe(true)
    expect(bodies).toEqual([{ response_type: 'ephemeral', replace_original: true, text: 'Done.', mrkdwn: false }])
  })

  it.each([
    'https://evil.example/x',
    'https://hooks.slack.com@evil.example/x',
    'http://hooks.slack.com/x',
    'file:///etc/passwd',
    '',
  ])('is never sent to %s', async url => {
    const { asked, deps } = outbox()
    expect(await postReply(reply({ url }), deps)).toBe(true)
    expect(asked).toEqual([])
  })

  it.each([
    [500, false],
    [429, false],
    [404, true],
    [410, true],
  ])('that Slack answers with %i is given up: %s', async (status, over) => {
    expect(await postReply(reply(), outbox(status).deps)).toBe(over)
  })

  it('is tried again when Slack cannot be reached', async () => {
    const { deps } = outbox()
    const slack = new StandIn()
    slack.silent = true
    expect(await postReply(reply(), { ...deps, fetch: slack.fetch })).toBe(false)
  })

  it('without an address is a direct message', async () => {
    const { asked, written, deps } = outbox()
    expect(await postReply(reply({ url: null }), deps)).toBe(true)
    expect([asked, written]).toEqual([[], [{ channel: 'USAM', text: 'Done.', mrkdwn: false }]])
  })

  it('goes to the origin that is configured, whole', () => {
    expect(isResponseUrl('http://127.0.0.1:9000/x', 'http://127.0.0.1:9000')).toBe(true)
    expect(isResponseUrl('http://127.0.0.1:9001/x', 'http://127.0.0.1:9000')).toBe(false)
    expect(isResponseUrl(null, origin)).toBe(false)
  })
})
