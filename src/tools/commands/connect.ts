import { applyEdits, modify } from 'jsonc-parser'
import { type Asked, type Command, exit, Failed } from '../command.ts'
import { firmNamed } from '../documents.ts'
import { ask, checked, firmPath, json, type Reach, stored, workerOf } from '../worker.ts'

export const connect: Command = {
  name: 'connect',
  usage: '<firm>',
  summary: "makes a connection to Clio, waits for the sign-in, and writes its id into the firm's document",
  words: [1, 1],
  options: {},
  run: async asked => {
    await connected(asked, workerOf(asked), firmNamed(asked.words[0]!))
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

async function connected(asked: Asked, reach: Reach, firm: string): Promise<void> {
  const before = await stored(reach, firm)
  const made = await json<Connection>(reach, 'POST', '/api/connections')
  if (made.url) {
    // The address carries a session token: it is for this pair of eyes and is kept nowhere.
    asked.say('Open this page, and sign in to Clio as the user in whose name records are to be filed:')
    asked.say(`\n  ${made.url}\n`)
  }
  await active(asked, reach, made)
  asked.say(`Connection ${made.id} is active.`)
  if (before === null) {
    asked.say(`Firm ${firm} has no configuration yet. Write into it:  "connection": "${made.id}"`)
    return
  }
  const options = { formattingOptions: { insertSpaces: true, tabSize: 2 } }
  const text = applyEdits(before.text, modify(before.text, ['connection'], made.id, options))
  await checked(await ask(reach, 'PUT', firmPath(firm, '/config'), text))
  asked.say(`It stands in the configuration of firm ${firm}, and is used from now on.`)
}

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
