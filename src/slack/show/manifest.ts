/**
 * The app as Slack is told of it: paste it at https://api.slack.com/apps, *Create New App*, *From a manifest*.
 * @source https://docs.slack.dev/reference/app-manifest
 */
export interface ManifestOptions {
  /** Of the Worker, without a slash at its end. */
  readonly url: string
  readonly firm: string
  readonly endpoint: string
  /** The slash command: at most 32 characters, a slash first. @default `/clio` */
  readonly command?: string
  /** An app of a whole Enterprise Grid organisation. @default false */
  readonly org?: boolean
}

export const isCommand = (name: string): boolean => /^\/[a-z0-9][a-z0-9_-]{0,30}$/.test(name)

export function manifest({ url, firm, endpoint, command = '/clio', org = false }: ManifestOptions) {
  const address = `${url}/in/${firm}/${endpoint}`
  return {
    _metadata: { major_version: 2, minor_version: 1 },
    display_information: {
      name: 'Docketed',
      description: 'Time, expenses, tasks and notes in Clio, from where you talk',
      background_color: '#1f2937',
    },
    features: {
      bot_user: { display_name: 'Docketed', always_online: true },
      shortcuts: [
        {
          name: 'File to Clio',
          type: 'message',
          callback_id: 'file',
          description: 'As a note, a task or a communication',
        },
        { name: 'Enter in Clio', type: 'global', callback_id: 'entry', description: 'Time, a task or a note' },
        { name: 'New client', type: 'global', callback_id: 'intake', description: 'A contact and a pending matter' },
      ],
      slash_commands: [
        {
          command,
          url: address,
          description: 'File in Clio; without words, a form',
          usage_hint: 'time 1.5h 00123 call | expense 45.20 00123 fee | task … | note … | help',
          // People and channels come as ids: that is how a task finds whom it is for.
          should_escape: true,
        },
      ],
    },
    oauth_config: {
      scopes: {
        // commands: the command and the shortcuts. chat:write(.public): alarms and receipts. users:read(.email): who is who.
        bot: ['commands', 'chat:write', 'chat:write.public', 'users:read', 'users:read.email'],
      },
    },
    settings: {
      interactivity: { is_enabled: true, request_url: address, message_menu_options_url: address },
      org_deploy_enabled: org,
      socket_mode_enabled: false,
      token_rotation_enabled: false,
    },
  }
}
