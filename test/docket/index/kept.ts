import { env, runInDurableObject } from 'cloudflare:test'
import { type Configuration, readConfiguration } from '../../../src/configuration/configuration.ts'
import type { IndexDeps } from '../../../src/docket/index/contacts.ts'
import { Ledger } from '../../../src/docket/ledger/ledger.ts'
import type { JsonObject } from '../../../src/lib/json.ts'
import { keyringOf } from '../../../src/platform/sealing.ts'
import { Answers, noon } from './clio.ts'

/** The indexes on the storage and the cryptography that they really stand on. */

const dataKey = 'ZG9ja2V0ZWQtdGVzdC1kYXRhLWtleS0zMi1ieXRlcyE='

export interface Firm extends Answers {
  readonly ledger: Ledger
  deps(): IndexDeps
  rows(query: string): Record<string, unknown>[]
  configure(document: JsonObject): void
}

/** Runs within a firm's Docket of its own, with no Clio but what the test answers. */
export function within(name: string, document: JsonObject, work: (firm: Firm) => Promise<void>): Promise<void> {
  return runInDurableObject(env.DOCKET.get(env.DOCKET.idFromName(name)), async (_docket, { storage }) => {
    const access = { sql: storage.sql, transactionSync: <T>(run: () => T): T => storage.transactionSync(run) }
    const ledger = new Ledger(access, { firm: name, keyring: keyringOf({ DATA_KEY: dataKey }) })
    ledger.putConfig('{}', {}, noon)
    ledger.meta.set('connection', 'one')
    const answers = new Answers()
    let configuration = configurationOf(document)
    const firm: Firm = Object.assign(answers, {
      ledger,
      deps: (): IndexDeps => ({
        ledger,
        hash: text => ledger.seals.hash('index', text),
        now: () => answers.now,
        newest: () => configuration,
        call: (call, own) => answers.call(call, own),
      }),
      rows: (query: string) => storage.sql.exec(query).toArray(),
      configure: (other: JsonObject) => {
        configuration = configurationOf(other)
      },
    })
    await work(firm)
  })
}

function configurationOf(document: JsonObject): Configuration {
  const reading = readConfiguration(JSON.stringify(document))
  if (!reading.ok) throw new Error(`The test's own configuration is refused: ${JSON.stringify(reading)}`)
  return reading.configuration
}
