import { readFileSync, writeFileSync } from 'node:fs'
import { applyEdits, modify } from 'jsonc-parser'
import { type Asked, type Command, exit, Failed } from '../command.ts'
import { firmNamed } from '../documents.ts'
import { ask, checked, firmPath, json, type Reach, stored, workerOf } from '../worker.ts'

export const connect: Command = {
  name: 'connect',
  usage: '<firm> [file]',
  summary:
    "makes a connection to Clio, waits for the sign-in, and writes its id into the firm's document: the stored one, and the file",
  words: [1, 2],
  options: {},
  run: async asked => {
    const [firm, file] = asked.words
    await connected(asked, workerOf(asked), firmNamed(firm!), file)
    return exit.good
  },
}

const pollEvery = 2000
/** ms that somebody has to sign in. */
const patience = 15 * 60_000
const frames = ['|', '/', '-', '\\']

interface Connection {
  readonly id: string
  readonly status: string
  readonly url: string | null
}

async function connected(asked: Asked, reach: Reach, firm: string, file: string | undefined): Promise<void> {
  // Read first: a file that is not there is told before somebody signs in.
  const own = file === undefined ? null : readFileSync(file, 'utf8')
  const before = await stored(reach, firm)
  const made = await json<Connection>(reach, 'POST', '/api/connections')
  if (made.url) {
    // The address carries a session token: it is for this pair of eyes and is kept nowhere.
    asked.say('Open this page, and sign in to Clio as the user in whose name records are to be filed:')
    asked.say(`\n  ${made.url}\n`)
  }
  await active(asked, reach, made)
  asked.say(`Connection ${made.id} is active.`)
  if (file !== undefined && own !== null) {
    writeFileSync(file, withConnection(own, made.id))
    asked.say(`It stands in ${file}.`)
  }
  if (before !== null) {
    await checked(await ask(reach, 'PUT', firmPath(firm, '/config'), withConnection(before.text, made.id)))
    asked.say(`It stands in the configuration of firm ${firm}, and is used from now on.`)
  } else if (file !== undefined) {
    asked.say(`Firm ${firm} is not stored yet:  npx docketed push ${file}`)
  } else {
    asked.say(`Firm ${firm} is not stored yet. Write into its document, and push it:  "connection": "${made.id}"`)
  }
}

const withConnection = (text: string, id: string): string =>
  applyEdits(text, modify(text, ['connection'], id, { formattingOptions: { insertSpaces: true, tabSize: 2 } }))

async function active(asked: Asked, reach: Reach, made: Connection): Promise<void> {
  let turn = 0
  for (let waited = 0; waited < patience; waited += pollEvery) {
    const now = await json<Connection>(reach, 'GET', `/api/connections/${encodeURIComponent(made.id)}`)
    asked.progress('')
    if (now.status === 'ACTIVE') return
    if (now.status === 'FAILED') throw new Failed('Signing in failed. Run this again for a new page.')
    for (let part = 0; part < pollEvery; part += 500) {
      asked.progress(`${frames[turn++ % 4]} waiting for the sign-in …`)
      await asked.sleep(500)
    }
  }
  throw new Failed(`Nobody signed in within ${patience / 60_000} minutes. Run this again for a new page.`)
}
