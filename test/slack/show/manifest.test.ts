import { describe, expect, it } from 'vitest'
import { manifest } from '../../../src/slack/show/manifest.ts'
import { document, operator } from '../../api/app.ts'

/** What a firm pastes into Slack. */

const made = manifest({ url: 'https://docketed.example', firm: 'smith', endpoint: 'slack' })

describe('the manifest', () => {
  it('sends everything to the one address of the endpoint', () => {
    const address = 'https://docketed.example/in/smith/slack'
    expect(made.features.slash_commands[0]).toMatchObject({ command: '/clio', url: address, should_escape: true })
    expect(made.settings.interactivity).toEqual({
      is_enabled: true,
      request_url: address,
      message_menu_options_url: address,
    })
  })

  it('keeps to Slack’s limits', () => {
    const [command] = made.features.slash_commands
    expect(command!.command.length).toBeLessThanOrEqual(32)
    expect(command!.description.length).toBeLessThanOrEqual(2000)
    expect(command!.usage_hint.length).toBeLessThanOrEqual(1000)
    expect(made.display_information.name.length).toBeLessThanOrEqual(35)
    for (const { name, callback_id } of made.features.shortcuts) {
      expect(name.length).toBeLessThanOrEqual(24)
      expect(callback_id).toMatch(/^(file|entry|intake)$/)
    }
  })

  it('asks for no more than it uses', () => {
    expect(made.oauth_config.scopes.bot).toEqual([
      'commands',
      'chat:write',
      'chat:write.public',
      'users:read',
      'users:read.email',
    ])
  })
})

describe('GET /api/firms/{firm}/slack/manifest', () => {
  it('gives it for an endpoint that is there, at the address that was asked', async () => {
    const { call } = operator()
    const endpoints = { slack: { source: 'slack', secret: '$SLACK_SIGNING_SECRET' }, website: { source: 'form' } }
    await call('PUT', '/api/firms/slack-manifest/config', await document({ endpoints }))
    const response = await call(
      'GET',
      'https://docketed.example/api/firms/slack-manifest/slack/manifest?endpoint=slack&command=/docket',
    )
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({
      features: { slash_commands: [{ command: '/docket', url: 'https://docketed.example/in/slack-manifest/slack' }] },
    })
    for (const wrong of ['website', 'nobody', '__proto__'])
      expect((await call('GET', `/api/firms/slack-manifest/slack/manifest?endpoint=${wrong}`)).status).toBe(404)
    expect((await call('GET', '/api/firms/slack-manifest/slack/manifest?endpoint=slack&command=docket')).status).toBe(
      400,
    )
  })

  it('is the operator’s', async () => {
    const { stranger } = operator()
    expect((await stranger('GET', '/api/firms/smith/slack/manifest?endpoint=slack')).status).toBe(401)
  })
})
