import { type Asked, type Colour, type Command, exit, Failed, paint, result } from '../command.ts'
import { caller } from '../doctor/clinic.ts'
import { examine, type Finding } from '../doctor/examine.ts'
import { securely } from '../worker.ts'

export const doctor: Command = {
  name: 'doctor',
  usage: '<connection>',
  summary: "tries what is assumed of Maton and Clio on the firm's account; with MATON_API_KEY",
  words: [1, 1],
  options: {
    write: { type: 'boolean', help: 'also on records that it makes and removes again' },
    gateway: { type: 'string', help: 'another gateway; else CLIO_GATEWAY_URL, else https://gateway.maton.ai/clio' },
  },
  run: async asked => {
    const key = asked.env.MATON_API_KEY
    if (!key) throw new Failed('Set MATON_API_KEY: the calls go through the gateway, not through a Worker.', exit.usage)
    const given = asked.option('gateway') ?? asked.env.CLIO_GATEWAY_URL ?? 'https://gateway.maton.ai/clio'
    const url = securely(given)
    const { fetch, sleep, now } = asked
    const call = caller({ url, key, connection: asked.words[0]!, fetch })
    const me = await call('GET', 'users/who_am_i').catch(() => null)
    if (me?.status !== 200)
      throw new Failed(`Clio cannot be reached through ${url}: ${me ? `answer ${me.status}` : 'no answer'}.`)
    const told = (name: string) => asked.progress(`trying ${name} …`)
    const examined = await examine({ call, sleep, now }, asked.flag('write'), told)
    asked.progress('')
    result(asked, examined, () => report(asked, examined.findings, examined.left))
    const well = examined.left.length === 0 && examined.findings.every(({ outcome }) => outcome !== 'differs')
    return well ? exit.good : exit.bad
  },
}

const colours: Readonly<Record<Finding['outcome'], Colour>> = { holds: 'green', differs: 'red', untried: 'yellow' }

/** To be pasted into an issue: it names no client, no key and no connection. */
function report(asked: Asked, findings: readonly Finding[], left: readonly string[]): void {
  const of = (outcome: Finding['outcome']) => findings.filter(one => one.outcome === outcome)
  for (const { name, outcome, assumed, tried, found, follows } of findings) {
    asked.say(`${paint(asked, colours[outcome], outcome.padEnd(8))} ${name}: ${assumed}`)
    if (outcome === 'holds') continue
    asked.say(`           tried: ${tried}`)
    asked.say(`           found: ${found}`)
    if (outcome === 'differs') asked.say(`           so:    ${follows}`)
  }
  asked.say(`\n${of('holds').length} hold, ${of('differs').length} differ, ${of('untried').length} could not be tried.`)
  if (left.length > 0) asked.say(`Remove by hand in Clio: ${left.join(', ')}.`)
  if (of('differs').length > 0) asked.say('Paste this into an issue: it names nobody.')
  if (!asked.flag('write')) asked.say('Reads only. With --write, more is tried on records that are made and removed.')
}
