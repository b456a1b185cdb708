import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { firstConnection } from '../../../src/sandbox/maton/connections.ts'
import { freePort } from '../../../src/sandbox/run/local.ts'
import { serveSandbox } from '../../../src/sandbox/run/serve.ts'
import { answers } from '../../e2e/firm.ts'
import { boundless } from '../../e2e/runtime.ts'
import { load } from '../load.ts'
import { docketed } from './docketed.ts'
import { nodeRed } from './node-red.ts'
import { install, type Peer } from './peer.ts'
import { restate } from './restate.ts'

/**
 * `node test/bench/peers/peers.ts [name …]`: the same form, the same twenty deliveries and the same kill for others and for us, on this
 * machine, against the same Clio, which takes three seconds for a contact. See README.md beside this file.
 */

const all: readonly Peer[] = [docketed, nodeRed, restate]
const wanted = process.argv.slice(2).map(name => name.toLowerCase())
const peers = wanted.length === 0 ? all : all.filter(({ name }) => wanted.includes(name.toLowerCase()))
const slow = 3000
const visitors = 60

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

const form = (n: number) => new URLSearchParams(answers(n)).toString()
const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

interface Found {
  readonly acked: string
  readonly twenty: string
  readonly killed: string
}

async function tried(peer: Peer): Promise<Found> {
  const folder = await mkdtemp(join(tmpdir(), 'docketed-peers-'))
  const clio = await serveSandbox({ limit: boundless })
  const { sandbox } = clio
  const port = (await freePort(30_000 + Math.floor(Math.random() * 2000)))!
  const headers = { authorization: `Bearer ${sandbox.key}`, 'maton-connection': firstConnection }
  const place = {
    folder,
    port,
    headers,
    contacts: `${clio.url}/clio/api/v4/contacts.json`,
    clio: { url: clio.url, key: sandbox.key },
  }
  const post = async (url: string, n: number, id: string) => {
    const known = peer.idHeader === null ? {} : { [peer.idHeader]: id }
    const type = { 'content-type': 'application/x-www-form-urlencoded' }
    const answer = await fetch(url, { method: 'POST', headers: { ...type, ...known }, body: form(n) }).catch(() => null)
    await answer?.arrayBuffer().catch(() => null)
    return answer?.ok === true
  }
  /** How often each visitor from `from` on stands in Clio. */
  const counts = (from: number, to: number) => {
    const names = sandbox
      .account('smith')
      .all('contacts')
      .map(({ data }) => String(data.last_name))
    return Array.from({ length: to - from }, (_, n) => names.filter(name => name === `Doe${from + n}`).length)
  }
  /** Waits until no contact came for a while. */
  const quiet = async () => {
    const made = () => sandbox.account('smith').all('contacts').length
    for (let [before, since] = [made(), Date.now()]; Date.now() - since < 20_000; await pause(250))
      if (made() !== before || sandbox.ledger.inFlight > 0) [before, since] = [made(), Date.now()]
  }
  try {
    await install(peer, folder)
    let running = await peer.start(place)
    const measured = await load({ url: running.form, body: n => form(10_000 + n), seconds: 5, most: 1500 })
    if (measured.failed > 0)
      throw new Error(`${peer.name} did not take ${measured.failed} of ${measured.requests} forms.`)
    await quiet()

    sandbox.trouble.add({ method: 'POST', path: '^contacts', action: { do: 'slow', ms: slow } })
    await Promise.all(Array.from({ length: 20 }, () => post(running.form, 1000, 'delivery-1000')))
    await quiet()
    const twenty = counts(1000, 1001)[0]!

    const began = sandbox.ledger.entries.length
    const acked = await Promise.all(Array.from({ length: visitors }, (_, n) => post(running.form, n, `visitor-${n}`)))
    await pause(1500)
    await running.kill()
    await pause(500)
    running = await peer.start(place)
    await quiet()
    const made = counts(0, visitors).filter((_, n) => acked[n])
    const [lost, more] = [made.filter(count => count === 0).length, made.filter(count => count > 1).length]
    const calls = sandbox.ledger.entries.slice(began).filter(({ method }) => method === 'POST').length
    await running.kill()
    return {
      acked: `${measured.perSecond.toFixed(0)}/s`,
      twenty: `${twenty} contact${twenty === 1 ? '' : 's'}`,
      killed: `of ${made.length} acknowledged: ${lost} lost, ${more} made more than once; ${calls} calls that make a contact`,
    }
  } finally {
    await clio.close()
    await rm(folder, { recursive: true, force: true })
  }
}

console.log(
  `| | acknowledged | twenty deliveries of one form | kill -9 with ${visitors} under way, then a restart |\n|---|---|---|---|`,
)
for (const peer of peers) {
  const { acked, twenty, killed } = await tried(peer)
  console.log(`| ${[peer.name, ...peer.packages].join(', ')} | ${acked} | ${twenty} | ${killed} |`)
}
console.log(
  `\n${new Date().toISOString().slice(0, 10)}, ${availableParallelism()} × ${cpus()[0]?.model.trim()}, Node ${process.version}`,
)
process.exit(0)
