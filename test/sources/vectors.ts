import type { schemes } from '../../src/sources/proof/schemes.ts'
import callrail from './fixtures/callrail-post-call.body?raw'
import typeform from './fixtures/typeform-form-response.body?raw'

/** Signatures that vendors (or others, where said) have published, with the secret: the outside world's word on each row. */
export interface Vector {
  scheme: keyof typeof schemes
  published: string
  secret: string
  headers: Record<string, string>
  body: string
  /** When it was signed, in the scheme's own unit turned to ms; left out where the scheme has no time. */
  at?: number
  method?: string
  uri?: string
}

const docusign =
  '{"event":"envelope-sent","apiVersion":"v2.1","data":{"envelopeId":"11111111-2222-3333-4444-555555555555","status":"sent","emailSubject":"Please sign this document","userId":"99999999-8888-7777-6666-555555555555"}}'
const hubspotSecret = 'yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy'

export const vectors: Vector[] = [
  {
    scheme: 'slack',
    published: 'docs.slack.dev, verifying requests',
    secret: '8f742231b10e8888abcd99yyyzzz85a5',
    headers: {
      'X-Slack-Request-Timestamp': '1531420618',
      'X-Slack-Signature': 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
    },
    body: 'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c',
    at: 1531420618_000,
  },
  {
    scheme: 'standardWebhooks',
    published: 'standard-webhooks, tests of its libraries',
    secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    headers: {
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    },
    body: '{"test": 2432232314}',
    at: 1614265330_000,
  },
  {
    scheme: 'svix',
    published: 'docs.svix.com, the same example under its own headers',
    secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    headers: {
      'svix-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'svix-timestamp': '1614265330',
      'svix-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    },
    body: '{"test": 2432232314}',
    at: 1614265330_000,
  },
  {
    scheme: 'github',
    published: 'docs.github.com, validating webhook deliveries',
    secret: "It's a Secret to Everybody",
    headers: {
      'X-Hub-Signature-256': 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17',
    },
    body: 'Hello, World!',
  },
  {
    scheme: 'github',
    published: 'octokit/webhooks-methods.js, its tests',
    secret: 'mysecret',
    headers: {
      'X-Hub-Signature-256': 'sha256=4864d2759938a15468b5df9ade20bf161da9b4f737ea61794142f3484236bda3',
    },
    body: '{"foo":"bar"}',
  },
  {
    scheme: 'typeform',
    published: 'a public connector’s test, over the example of Typeform’s documentation',
    secret: '123456',
    headers: { 'Typeform-Signature': 'sha256=VsvwNrh0fT5VWF+05H3azXZXJyFkhHTtONMxIVm6PZ4=' },
    body: typeform,
  },
  {
    scheme: 'hubspotV3',
    published: 'hubspot-api-python, its tests',
    secret: hubspotSecret,
    headers: {
      'X-HubSpot-Request-Timestamp': '1693657560000',
      'X-HubSpot-Signature-v3': 'K36dawei4A+QBNolUOqo7s91KQDWQ5MXZ/QufNYuk/Y=',
    },
    body: "{'example_field':'example_value'}",
    at: 1693657560_000,
    uri: 'https://www.example.com/webhook_uri',
  },
  {
    scheme: 'hubspotV3',
    published: 'hubspot-api-ruby, its tests',
    secret: hubspotSecret,
    headers: {
      'X-HubSpot-Request-Timestamp': '1700000300000',
      'X-HubSpot-Signature-v3': 'RnbPH7+UMKVkbV32P8bz450N4M56aPmcru1+D3kSDtw=',
    },
    body: "{'example_field':'example_value'}",
    at: 1700000300_000,
    uri: 'https://www.example.com/webhook_uri',
  },
  {
    scheme: 'formstack',
    published: 'hookdeck/webhook-skills, captured from a live form',
    secret: 'test1',
    headers: { 'X-FS-Signature': 'sha256=30dff7f180b6d69eab397a5d51719474df490b730514c253e8b5832d3b51b970' },
    body: 'FormID=6606394&UniqueID=1500878955&HandshakeKey=test',
  },
  {
    scheme: 'callrail',
    published: 'apidocs.callrail.com, webhook security',
    secret: '072e77e426f92738a72fe23c4d1953b4',
    headers: { Signature: 'UZAHbUdfm3GqL7qzilGozGzWV64=' },
    body: callrail,
  },
  {
    scheme: 'square',
    published: 'Square’s SDK, its webhooks helper test',
    secret: 'asdf1234',
    headers: { 'x-square-hmacsha256-signature': '2kRE5qRU2tR+tBGlDwMEw2avJ7QM4ikPYD/PJ3bd9Og=' },
    body: '{"hello":"world"}',
    uri: 'https://example.com/webhook',
  },
  {
    scheme: 'docusign',
    published: 'a public Rust verifier (DocuSign publishes none)',
    secret: '6d5b9f8a-2c44-4a7e-9b31-3f0e1d2c5a9c',
    headers: { 'X-DocuSign-Signature-1': 'pIJlMnjy4GTTMVTa8IIpWiM4b8HmP+8qYoa3jPx/zCQ=' },
    body: docusign,
  },
  {
    scheme: 'docusign',
    published: 'the same, its second key',
    secret: '00000000-0000-0000-0000-000000000000',
    headers: { 'X-DocuSign-Signature-2': '/H+hDmayNt2QohkBOPy1SEdouGGRGialuyKO3JCoRHU=' },
    body: docusign,
  },
]
