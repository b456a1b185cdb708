import { isCommand, manifest } from '../../slack/show/manifest.ts'
import { type Command, exit, Failed } from '../command.ts'
import { firmNamed } from '../documents.ts'
import { addressOf } from '../worker.ts'

export const slackManifest: Command = {
  name: 'slack-manifest',
  usage: '<firm> <endpoint> [/command]',
  summary: "prints the manifest of a firm's Slack app; it holds no secret",
  words: [2, 3],
  options: { org: { type: 'boolean', help: 'for an Enterprise Grid organisation' } },
  run: async asked => {
    const [firm, endpoint, command = '/clio'] = asked.words
    const url = new URL(addressOf(asked))
    if (url.protocol !== 'https:')
      throw new Failed(
        `Slack sends only to https addresses, and ${url.origin} is none: give the Worker’s public one with --url (from your own machine, a tunnel’s).`,
        exit.usage,
      )
    if (!isCommand(command))
      throw new Failed(
        `“${command}” is no command: a slash, then at most 31 small letters, digits, - and _.`,
        exit.usage,
      )
    const of = { url: url.origin, firm: firmNamed(firm!), endpoint: endpoint!, command, org: asked.flag('org') }
    asked.say(JSON.stringify(manifest(of), null, 2))
    return exit.good
  },
}
