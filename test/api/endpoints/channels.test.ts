import { beforeAll, describe, expect, it } from 'vitest'
import type { ChannelTest, ChannelView } from '../../../src/model/view/channel.ts'
import { document, operator, problemOf } from '../app.ts'

const { call } = operator()
const firm = 'heard'
const at = (path: string) => `/api/firms/${firm}/${path}`

beforeAll(async () => {
  const slack = { source: 'slack', secret: '$SLACK_SECRET', token: '$SLACK_TOKEN' }
  const configuration = await document({
    endpoints: { website: { source: 'form' }, slack },
    channels: {
      office: { url: 'https://office.example/hooks/a-secret-path', secret: '$HOOK' },
      unset: { url: 'https://office.example/hooks/other', secret: '$NOT_SET' },
    },
    alerts: 'alarms',
    rules: [{ name: 'tell', on: { endpoint: 'website' }, steps: { tell: { notify: '#intake', text: 'New' } } }],
  })
  expect((await call('PUT', at('config'), configuration)).status).toBe(200)
  for (const name of ['HOOK', 'SLACK_SECRET', 'SLACK_TOKEN'])
    expect((await call('PUT', at(`secrets/${name}`), 'a-secret-of-twenty-two-characters')).status).toBe(204)
})

const listed = async () => {
  const { channels } = (await (await call('GET', at('channels'))).json()) as { channels: ChannelView[] }
  return new Map(channels.map(one => [one.name, one]))
}
const tested = async (name: string) =>
  (await call('POST', at(`channels/${encodeURIComponent(name)}/test`))).json() as Promise<ChannelTest>

describe('the channels of a firm', () => {
  it('are those that it defines, where alarms go, and those that a step tells', async () => {
    const channels = await listed()
    expect([...channels.keys()]).toEqual(['office', 'unset', 'alarms', '#intake'])
    expect(channels.get('alarms')).toMatchObject({ kind: 'slack', to: 'alarms', alerts: true, lastSuccessAt: null })
  })

  it('show no address that lets whoever knows it write there', async () => {
    expect((await listed()).get('office')).toMatchObject({ kind: 'webhook', to: 'office.example', waiting: 0 })
    expect(await (await call('GET', at('channels'))).text()).not.toContain('a-secret-path')
  })
})

describe('a test message', () => {
  it('is taken where somebody is, and the channel is known to be well', async () => {
    expect(await tested('#intake')).toEqual({ taken: true, code: null, said: 'It was taken.' })
    expect((await listed()).get('#intake')).toMatchObject({
      lastSuccessAt: expect.any(String),
      lastError: null,
      failures: 0,
    })
  })

  it('that nobody takes says in words what was answered, and the channel is known to be deaf', async () => {
    const { taken, code, said } = await tested('office')
    expect([taken, code, said]).toEqual([
      false,
      expect.stringMatching(/^http-4\d\d$/),
      expect.stringMatching(/answered 4/),
    ])
    await tested('office')
    expect((await listed()).get('office')).toMatchObject({ lastSuccessAt: null, failures: 2, lastError: { code } })
    expect(await tested('unset')).toMatchObject({ taken: false, code: 'secret-missing' })
  })

  it('to a channel that there is not is refused with the nearest', async () => {
    const refused = await call('POST', at('channels/offise/test'))
    expect([refused.status, (await problemOf(refused)).detail]).toEqual([404, expect.stringContaining("'office'")])
  })
})
