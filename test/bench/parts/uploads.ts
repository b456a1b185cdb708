import { randomBytes } from 'node:crypto'
import { request } from 'node:http'
import type { Json, JsonObject } from '../../../src/lib/json.ts'
import { firstConnection } from '../../../src/sandbox/maton/connections.ts'
import { configure, firm } from '../../e2e/firm.ts'
import { boundless, until } from '../../e2e/runtime.ts'
import { median } from '../figures.ts'
import { type Office, withOffice } from '../firm.ts'
import { atMost, type Part } from '../part.ts'
import { growth, startWorker, store, type Worker } from '../worker.ts'

/** What large files cost in memory: of an isolate's 128 MB, which it has for all that it does at once. */

const fileBytes = 25_000_000
const atOnce = 8
const MB = 1_000_000
const inMB = (bytes: number): string => `${(bytes / MB).toFixed(0)} MB`

const config = (matter: Json): JsonObject => ({
  timezone: 'America/New_York',
  country: 'US',
  connection: firstConnection,
  pace: boundless,
  endpoints: {
    website: { source: 'form', files: { types: ['application/pdf'] } },
    inbox: { source: 'form', files: { types: ['application/pdf'] } },
  },
  rules: [
    {
      name: 'papers',
      on: { endpoint: 'website', type: 'form.submitted' },
      steps: {
        papers: {
          each: 'files',
          create: 'documents',
          with: { parent: { id: matter, type: 'Matter' }, content: '{{ item }}' },
        },
      },
    },
  ],
})

/** Bytes that no two files share, in pieces as a browser sends them. */
const piece = randomBytes(1_048_576)

/** Posts a form with one file, as a browser does: its length told beforehand, nothing of it held here. */
function post(url: string, n: number, bytes: number): Promise<number> {
  const head = `--b\r\nContent-Disposition: form-data; name="name"\r\n\r\nPat ${n}\r\n--b\r\nContent-Disposition: form-data; name="paper"; filename="paper-${n}.pdf"\r\nContent-Type: application/pdf\r\n\r\n%PDF-1.7 ${n} `
  const tail = '\r\n--b--\r\n'
  return new Promise((resolve, reject) => {
    const sent = request(url, {
      method: 'POST',
      headers: {
        'content-type': 'multipart/form-data; boundary=b',
        'content-length': head.length + bytes + tail.length,
        'cf-connecting-ip': `203.0.113.${n % 250}`,
      },
    })
    sent.on('error', reject)
    sent.on('response', answer => {
      answer.resume()
      answer.on('end', () => resolve(answer.statusCode ?? 0))
    })
    const write = (left: number): void => {
      for (let rest = left; rest > 0; ) {
        const next = piece.subarray(0, Math.min(rest, piece.length))
        rest -= next.length
        if (!sent.write(next)) {
          sent.once('drain', () => write(rest))
          return
        }
      }
      sent.end(tail)
    }
    sent.write(head)
    write(bytes)
  })
}

let visitors = 0

async function postMany(url: string, bytes: number): Promise<void> {
  const statuses = await Promise.all(Array.from({ length: atOnce }, () => post(url, ++visitors, bytes)))
  if (statuses.some(status => status !== 202)) throw new Error(`Not all were taken: ${statuses.join(', ')}`)
}

/** Some small ones: what is made once is made by then. */
async function warm(url: string): Promise<void> {
  for (let n = 0; n < 3; n++) await postMany(url, 100_000)
}

async function takingIn(worker: Pick<Worker, 'memory'>, url: string): Promise<number> {
  await warm(url)
  return growth(worker, () => postMany(url, fileBytes))
}

/** The runtime's own R2 is part of the process, and takes memory of its own: what it takes when the same calls are made and nothing is held. */
async function floor(): Promise<number> {
  const worker = await startWorker('Miniflare', store)
  try {
    return await takingIn(worker, worker.url)
  } finally {
    await worker.close()
  }
}

/** A runtime keeps what it once had: each time it is another. */
const office = <T>(work: (office: Office) => Promise<T>): Promise<T> =>
  withOffice('Miniflare', { pace: boundless }, async office => {
    await configure(office, config(office.sandbox.account('smith').all('matters')[0]!.id))
    return work(office)
  })

/** An endpoint without a rule. */
const inbox = ({ website }: Office): string => website.replace('/website', '/inbox')
const ours = (office: Office): Promise<number> => takingIn(office, inbox(office))

async function handingOut({ url, adminToken, sandbox, memory }: Office): Promise<number> {
  const documents = sandbox.account('smith').all('documents')
  const headers = { authorization: `Bearer ${adminToken}` }
  return growth({ memory }, () =>
    Promise.all(
      documents.slice(0, atOnce).map(async ({ id }) => {
        const answer = await fetch(`${url}/api/firms/${firm}/clio/documents/${id}/download`, { headers })
        let size = 0
        for await (const piece of answer.body ?? []) size += piece.length
        if (size < fileBytes) throw new Error(`Document ${id} came with ${size} bytes.`)
      }),
    ),
  )
}

export const uploads: Part = {
  name: 'uploads',
  about: 'memory of the runtime while eight files of 25 MB come in, go to Clio, and come back',
  async run({ short, say }) {
    const [bares, takens]: [number[], number[]] = [[], []]
    for (let round = short ? 1 : 3; round > 0; round--) {
      bares.push(await floor())
      takens.push(await office(ours))
      say(`taken in: ${inMB(takens.at(-1)!)}; R2 alone, called the same way: ${inMB(bares.at(-1)!)}`)
    }
    const [bare, taken] = [median(bares), median(takens)]
    return office(async office => {
      const { sandbox } = office
      await warm(inbox(office))
      const whole = () =>
        JSON.stringify(sandbox.account('smith').all('documents')).split('"fully_uploaded":true').length - 1
      const brought = await growth(office, async () => {
        await postMany(office.website, fileBytes)
        await until(whole, made => made === atOnce, { seconds: 300 })
      })
      say(`taken in and brought to Clio: ${inMB(brought)}`)
      const handed = await handingOut(office)
      say(`handed out after that: ${inMB(handed)}`)
      return [
        {
          what: 'eight files of 25 MB come in at once: the memory of the Worker grows by',
          figure: inMB(taken - bare),
          ratio: `${inMB(taken)} with R2, ${inMB(bare)} R2 alone`,
          aim: atMost(taken - bare, 64 * MB, '64 MB'),
        },
        {
          what: 'eight come in and go to Clio: the memory of the runtime, R2 included, grows by',
          figure: inMB(brought),
        },
        { what: 'eight are downloaded at once, after that: it grows by', figure: inMB(handed) },
      ]
    })
  },
}
