import { expect, it, vi } from 'vitest'
import { sources } from '../../../src/sources/index.ts'
import { openDoor } from '../../door/door.ts'
import { mac } from '../../door/requests.ts'
import body from './acme.body?raw'
import { acme } from './acme.ts'

/** A new provider is its file, its line in the registry, its fixture and its test: this is all of the last. */

it('takes a submission of Acme Forms in, once', async () => {
  vi.spyOn(console, 'warn').mockImplementation(() => {})
  const endpoints = { hook: { source: 'acme', secret: '$SECRET' } }
  const { docket, send } = await openDoor({
    endpoints,
    env: { SECRET: 'acme-key' },
    sources: new Map([...sources, [acme.name, acme]]),
  })
  const init = {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-acme-signature': mac('sha256', 'acme-key', body, 'hex') },
    body,
  }
  expect((await send('hook', init)).status).toBe(202)
  expect(await (await send('hook', init)).json()).toMatchObject({ duplicate: true })
  expect((await send('hook', { ...init, body: `${body} ` })).status).toBe(401)
  const person = { first_name: 'Dana', last_name: 'Whitfield', email: 'dana.whitfield@example.com' }
  expect(docket.claims[0]!.deliveries).toMatchObject([
    { key: { kind: 'given', value: 'A-1' }, event: { type: 'form.submitted', person } },
  ])
})
