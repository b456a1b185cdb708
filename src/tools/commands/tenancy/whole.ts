import {
  accessSync,
  constants,
  createWriteStream,
  existsSync,
  openAsBlob,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs'
import { rename } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Erasing, FirmHeld, Imported } from '../../../model/tenancy/firm.ts'
import { type Asked, agreed, type Command, exit, Failed, type Option, objectIn, result, yes } from '../../command.ts'
import { checked, firmPath, json, notOurs, type Reach, securely, workerOf } from '../../worker.ts'

/** A firm as a whole: exported, brought in, erased, moved to another deployment. */

/** Never an argument: those stand in the shell's history. @throws Failed */
function passphraseOf(asked: Asked): string {
  const passphrase = asked.env.EXPORT_PASSPHRASE
  if (passphrase) return passphrase
  throw new Failed(
    'Set EXPORT_PASSPHRASE: what the export is sealed to (`openssl rand -hex 24` makes one).',
    exit.usage,
  )
}

/** Bytes out and in: `ask` carries text only. @throws Failed */
async function carried(reach: Reach, method: string, path: string, headers: Record<string, string>, body?: Blob) {
  const init = { method, headers: { authorization: `Bearer ${reach.token}`, ...headers }, ...(body && { body }) }
  try {
    return await checked(await reach.fetch(`${reach.url}${path}`, init))
  } catch (cause) {
    if (cause instanceof Failed) throw cause
    throw new Failed(`Nothing answers at ${reach.url}. Is that the address of your Worker?`)
  }
}

/** Into a file that has its name only when it is whole. @returns its bytes */
async function exported(reach: Reach, firm: string, file: string, passphrase: string | null): Promise<number> {
  const sealed: Record<string, string> = passphrase === null ? {} : { 'export-passphrase': passphrase }
  const query = passphrase === null ? '?open=1' : ''
  const response = await carried(reach, 'GET', firmPath(firm, `/export${query}`), sealed)
  // As the Worker says of it: any other is a page of somebody else's.
  if (!response.headers.has('content-disposition')) notOurs(reach)
  const part = `${file}.part`
  try {
    await pipeline(Readable.from(response.body ?? []), createWriteStream(part, { mode: 0o600 }))
  } catch (cause) {
    rmSync(part, { force: true })
    if (cause instanceof Error && 'syscall' in cause) throw cause
    throw new Failed('The export broke off on its way, and nothing was written. Try again.')
  }
  await rename(part, file)
  return statSync(file).size
}

async function imported(reach: Reach, firm: string, file: string, passphrase: string | null, connection?: string) {
  const sealed: Record<string, string> = passphrase === null ? {} : { 'export-passphrase': passphrase }
  const query = connection === undefined ? '' : `?connection=${encodeURIComponent(connection)}`
  const path = firmPath(firm, `/import${query}`)
  return (await (await carried(reach, 'POST', path, sealed, await openAsBlob(file))).json()) as Imported
}

/** @param there options of the commands that reach the Worker which has it now */
function sayImported(asked: Asked, { firm, from, runs, secrets }: Imported, there = ''): void {
  const all = `${runs} run${runs === 1 ? '' : 's'}`
  asked.say(`${firm} is there, as ${from} was, with ${all}. It is held: nothing is sent before that is ended.`)
  if (secrets.length > 0)
    asked.say(`Store its secrets: ${secrets.map(name => `npx docketed secret ${firm} ${name}${there}`).join(', ')}`)
  asked.say(`Then let it go on nowhere else, and: npx docketed hold ${firm} --end${there}`)
}

const open: Option = { type: 'boolean', help: 'not sealed: everybody who gets the file can read it' }
const connection: Option = { type: 'string', help: 'another connection to Clio than it had' }

export const exportFirm: Command = {
  name: 'export',
  usage: '<firm> <file>',
  summary: 'all that is kept of a firm, into a file sealed to EXPORT_PASSPHRASE; secrets and tokens stay',
  words: [2, 2],
  options: { open, yes },
  run: async asked => {
    const [firm, file] = asked.words as [string, string]
    const reach = workerOf(asked)
    const passphrase = asked.flag('open') ? null : passphraseOf(asked)
    if (existsSync(file) && !(await agreed(asked, `Replace ${file}?`))) return exit.bad
    const bytes = await exported(reach, firm, file, passphrase)
    result(asked, { firm, file, bytes, sealed: passphrase !== null }, () => asked.say(`${file}: ${bytes} bytes.`))
    return exit.good
  },
}

const unlinked = (file: string) =>
  `${file} is no JSON such as {"links": [{"endpoint", "subject", "link", "resource", "id"}]}.`

const records = (count: number) => `${count} record${count === 1 ? '' : 's'}`

export const importFirm: Command = {
  name: 'import',
  usage: '<firm> <file>',
  summary: 'makes a firm of an export, held until it is resumed; with --links, tells a firm what another tool made',
  words: [2, 2],
  options: {
    connection,
    links: { type: 'boolean', help: 'the file holds {"links":[{endpoint, subject, link, resource, id}]}' },
    open,
    yes,
  },
  run: async asked => {
    const [firm, file] = asked.words as [string, string]
    const reach = workerOf(asked)
    if (asked.flag('links')) {
      const body = objectIn(readFileSync(file, 'utf8'), unlinked(file))
      if (!Array.isArray(body.links)) throw new Failed(unlinked(file), exit.usage)
      if (!(await agreed(asked, `Tell ${firm} of what another tool made, ${records(body.links.length)}?`)))
        return exit.bad
      const told = await json<{ links: number }>(reach, 'POST', firmPath(firm, '/links'), body)
      result(asked, told, () => asked.say(`${firm} knows of ${records(told.links)} that another tool made.`))
      return exit.good
    }
    const passphrase = asked.flag('open') ? null : passphraseOf(asked)
    // Says which file it is, as `openAsBlob` does not.
    accessSync(file, constants.R_OK)
    if (!(await agreed(asked, `Make firm ${firm} of ${file} at ${reach.url}?`))) return exit.bad
    const made = await imported(reach, firm, file, passphrase, asked.option('connection'))
    result(asked, made, () => sayImported(asked, made))
    return exit.good
  },
}

export const holdFirm: Command = {
  name: 'hold',
  usage: '<firm> [reason]',
  summary: 'nothing of a firm goes out any more, though events are accepted; with --end it goes on',
  words: [1, 2],
  options: { end: { type: 'boolean', help: 'lets it go on' }, yes },
  run: async asked => {
    const [firm, reason] = asked.words
    const reach = workerOf(asked)
    const end = asked.flag('end')
    const question = end
      ? `Let ${firm} go on at ${reach.url}? Where it came from elsewhere, it must be held there.`
      : `Hold ${firm} at ${reach.url}?`
    if (!(await agreed(asked, question))) return exit.bad
    const body = end || reason === undefined ? {} : { reason }
    const held = await json<FirmHeld>(reach, 'POST', firmPath(firm!, end ? '/resume' : '/hold'), body)
    result(asked, held, () => asked.say(end ? `${firm} goes on.` : `${firm} is held: ${held.reason}`))
    return exit.good
  },
}

export const eraseFirm: Command = {
  name: 'erase',
  usage: '<firm>',
  summary: 'erases a firm with all that is kept of it, for good; what stands in Clio stays',
  words: [1, 1],
  options: { yes },
  run: async asked => {
    const [firm] = asked.words
    const reach = workerOf(asked)
    const question = `Erase ${firm} at ${reach.url}, with everything that is kept of it, for good?`
    if (!(await agreed(asked, question))) return exit.bad
    const begun = await json<Erasing>(reach, 'DELETE', `${firmPath(firm!)}?confirm=${encodeURIComponent(firm!)}`)
    result(asked, begun, () => asked.say(`${firm} is being erased. It takes no more events.`))
    return exit.good
  },
}

export const moveFirm: Command = {
  name: 'move',
  usage: '<firm> <file>',
  summary: 'holds a firm here, exports it into the file, brings it in at --to, and says what is left to do',
  words: [2, 2],
  options: {
    to: { type: 'string', help: 'the address of the other Worker; its admin token in DOCKETED_TO_TOKEN' },
    connection,
    yes,
  },
  run: async asked => {
    const [firm, file] = asked.words as [string, string]
    const here = workerOf(asked)
    const [to, token] = [asked.option('to'), asked.env.DOCKETED_TO_TOKEN]
    if (!to || !token)
      throw new Failed('Give --to, the address of the other Worker, and set DOCKETED_TO_TOKEN.', exit.usage)
    const url = securely(to)
    const passphrase = passphraseOf(asked)
    const replacing = existsSync(file) ? `, replacing ${file}` : ''
    if (!(await agreed(asked, `Hold ${firm} at ${here.url} and bring it to ${url}${replacing}?`))) return exit.bad
    await json(here, 'POST', firmPath(firm, '/hold'), { reason: `The firm moves to ${url}.` })
    const held = (more: string) => (cause: Error) => {
      throw new Failed(
        `${cause.message}\n${firm} is not there, and stays held here${more} let it go on here: npx docketed hold ${firm} --end`,
      )
    }
    await exported(here, firm, file, passphrase).catch(held('. Move it again, or'))
    const there = { ...here, url, token }
    const made = await imported(there, firm, file, passphrase, asked.option('connection')).catch(
      held(`; its export is ${file}. Mend that and bring it in (npx docketed import ${firm} ${file} --url ${url}), or`),
    )
    result(asked, made, () => {
      sayImported(asked, made, ` --url ${url}`)
      asked.say(`Enter the new addresses at the senders: ${url}/in/${firm}/…`)
      asked.say(`Here it stays held. What still came here: npx docketed runs ${firm} --state accepted`)
      asked.say(`In the end: npx docketed erase ${firm}`)
    })
    return exit.good
  },
}
