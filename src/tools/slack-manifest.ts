import { isCommand, manifest } from '../slack/show/manifest.ts'

/**
 * `npm run slack:manifest -- https://your.worker firm endpoint [/command] [--org]`: prints the app manifest of a firm's Slack app.
 * It holds no secret.
 */

const usage = 'npm run slack:manifest -- https://your.worker firm endpoint [/clio] [--org]'

/** The manifest as text, or what is wrong with the arguments. */
export function manifestFor(args: readonly string[]): { readonly text: string } | { readonly wrong: string } {
  const [address, firm, endpoint, command = '/clio'] = args.filter(arg => !arg.startsWith('--'))
  const url = URL.parse(address ?? '')
  if (!firm || !endpoint || !url) return { wrong: `Write: ${usage}` }
  if (url.protocol !== 'https:') return { wrong: `Slack sends only to https: not ${url.protocol}//. Write: ${usage}` }
  if (!isCommand(command))
    return { wrong: `“${command}” is no command: a slash, then at most 31 small letters, digits, - and _.` }
  const made = manifest({ url: url.origin, firm, endpoint, command, org: args.includes('--org') })
  return { text: JSON.stringify(made, null, 2) }
}

if (import.meta.main) {
  const made = manifestFor(process.argv.slice(2))
  if ('wrong' in made) {
    console.error(made.wrong)
    process.exitCode = 1
  } else console.log(made.text)
}
