import { inboundRoutes } from '../../../src/door/route.ts'
import type { JsonObject } from '../../../src/lib/json.ts'
import type { Claim } from '../../../src/model/docket-rpc.ts'
import type { Reply } from '../../../src/slack/reply.ts'
import type { Message } from '../../../src/slack/show/message.ts'
import { form, hook, interaction, pressed, sam, signed, signingSecret, slashFields } from '../../slack/requests.ts'
import { StandIn } from '../../slack/stand-in.ts'
import { World, type WorldOptions } from '../world.ts'
// What workerd's cryptography has, and Node's lacks.
import '../door.ts'

/** A firm that works from Slack: signed requests go through the real door to the real Docket, and on to a Clio on one clock. */

export const firmConfig = (more: JsonObject = {}): JsonObject => ({
  timezone: 'America/New_York',
  country: 'US',
  connection: '21fd90f9-5935-43cd-b6c8-bde9d915ca80',
  endpoints: {
    slack: { source: 'slack', secret: '$SLACK_SIGNING_SECRET', token: '$SLACK_BOT_TOKEN' },
    website: { source: 'form' },
  },
  rules: [],
  ...more,
})

export class Office extends World {
  readonly slack: StandIn
  readonly #app
  #views = 0

  constructor(config: JsonObject = firmConfig(), options: Partial<WorldOptions> = {}) {
    const slack = new StandIn()
    const { vendor = async () => new Response('nobody', { status: 502 }) } = options
    const env = { SLACK_SIGNING_SECRET: signingSecret, SLACK_BOT_TOKEN: 'xoxb-1', ...options.env }
    super({
      config,
      ...options,
      env,
      vendor: request => (new URL(request.url).host === 'slack.com' ? slack.fetch(request) : vendor(request)),
    })
    this.slack = slack
    this.#app = inboundRoutes({
      docket: () => ({
        claim: async (claim: Claim) => this.clerk.claim(claim),
        mirror: async () => this.clerk.ledger.configs.mirror(),
        suggest: async (text: string, endpoint: string, user: string) =>
          (await this.clerk.knows(endpoint, user)) ? this.clerk.suggest(text) : [],
      }),
      kv: { get: async () => null } as unknown as KVNamespace,
      env,
      fetch: slack.fetch,
      now: () => this.clock.now,
    } as unknown as Parameters<typeof inboundRoutes>[0])
  }

  async sends(body: string): Promise<Response> {
    const { headers } = signed(body, Math.floor(this.clock.now / 1000))
    return this.#app.request('https://docketed.example/in/smith/slack', { method: 'POST', headers, body })
  }

  types(text: string, more: Record<string, string> = {}): Promise<Response> {
    return this.sends(form(slashFields(text, more)))
  }

  presses(action: object, more: object = {}): Promise<Response> {
    return this.sends(interaction(pressed(action, more)))
  }

  /** Everything that follows from what was typed, and the last reply. */
  async says(text: string, more: Record<string, string> = {}): Promise<Message> {
    const before = this.replies.length
    await this.types(text, more)
    await this.clock.run({ until: this.clock.now + 20_000 })
    if (this.replies.length === before)
      throw new Error(`Nothing was said to “${text}”: ${JSON.stringify(this.runs().at(-1))}`)
    return this.replies.at(-1)!.message
  }

  /** A form is sent as it was filled in; what followed, and the last reply. */
  async fills(callback: string, values: Record<string, Record<string, unknown>>, more: object = {}): Promise<Message> {
    const view = {
      id: `V${++this.#views}`,
      hash: '156772938.1827394',
      callback_id: callback,
      private_metadata: JSON.stringify({ response_url: hook }),
      state: {
        values: Object.fromEntries(Object.entries(values).map(([block, value]) => [block, { [block]: value }])),
      },
      ...more,
    }
    const before = this.replies.length
    await this.sends(interaction({ type: 'view_submission', ...sam, view }))
    await this.clock.run({ until: this.clock.now + 20_000 })
    if (this.replies.length === before) throw new Error('Nothing was said to the form.')
    return this.replies.at(-1)!.message
  }

  get replies(): Reply[] {
    return this.told.filter(notice => notice.type === 'slack.reply').map(notice => notice.data as unknown as Reply)
  }

  records(resource: string): JsonObject[] {
    return this.sandbox
      .account('smith')
      .all(resource)
      .map(row => ({ id: row.id, ...row.data }))
  }

  idOf(resource: string, key: string, value: string): number {
    return this.records(resource).find(one => one[key] === value)!.id as number
  }
}
