import { until } from '../../e2e/runtime.ts'
import { duration, median, share, times } from '../figures.ts'
import { form, type Office, withOffice } from '../firm.ts'
import { load, steady } from '../load.ts'
import { atMost, type Part, type Row } from '../part.ts'
import { office, standIn } from '../slack.ts'
import type { Worker } from '../worker.ts'

/** Whether somebody who asks is ever kept waiting: behind a backlog, after a flood, while Clio is slow. */

const clioPace = { requests: 50, seconds: 60 }

export const behind: Part = {
  name: 'behind',
  about: '90 s of 100 events a second behind a backlog of 500, at the pace of Clio',
  run: ({ short, say }) =>
    withOffice('Miniflare', { pace: clioPace }, async worker => {
      await accepted(worker, 500)
      const seconds = short ? 70 : 90
      const before = worker.cpu()
      const found = await steady({ url: worker.website, body: n => form(10_000 + n), perSecond: 100, seconds })
      if (found.failed > 0) throw new Error(`${found.failed} of ${found.requests} were not acknowledged.`)
      say(`seconds without an answer: ${found.silent.join(' ') || 'none'}`)
      const ratio = found.slow / found.median
      const aim = {
        text: 'p99 ≤ 6 × p50, most ≤ 2 s',
        met: ratio <= 6 && found.most <= 2000,
      }
      return [
        {
          what: `acks for ${seconds} s behind a backlog of 500 (Miniflare)`,
          figure: `p50 ${duration(found.median)}, p99 ${duration(found.slow)}, most ${duration(found.most)}`,
          ratio: `p99 ${times(ratio)} p50; ${found.silent.length} s silent`,
          aim,
        },
        ...spent('processor time an accepted event, steady', before, worker, found.requests),
      ]
    }),
}

export const flood: Part = {
  name: 'flood',
  about: '200 forms at once, then a Slack command every second',
  async run({ short, say }) {
    const slack = await standIn()
    const seconds = short ? 15 : 30
    try {
      return await withOffice(
        'Miniflare',
        { pace: clioPace, config: office(clioPace), vars: slack.vars },
        async worker => {
          // Both ways have been gone once.
          await accepted(worker, 1, 5000)
          await slack.typed(worker.url, 1000)
          const bird = canary(worker)
          const before = worker.cpu()
          const began = performance.now()
          await accepted(worker, 200)
          const taken = performance.now() - began
          const acks: number[] = []
          for (let n = 0; n < seconds; n++) {
            const next = new Promise(resolve => setTimeout(resolve, 1000))
            acks.push(await slack.typed(worker.url, n))
            await next
          }
          const silence = await bird.stop()
          say(`200 forms were taken in ${duration(taken)}; commands: ${acks.map(ms => ms.toFixed(0)).join(' ')} ms`)
          const most = Math.max(...acks)
          const aim = atMost(most, 1000, '1 s')
          return [
            {
              what: 'a Slack command each second after 200 forms at once (Miniflare)',
              figure: `p50 ${duration(median(acks))}, most ${duration(most)}`,
              aim,
            },
            {
              what: 'a page that is not there, asked for meanwhile',
              figure: `most ${duration(silence)}`,
            },
            ...spent(
              `processor time an accepted event, ${seconds} s after the flood`,
              before,
              worker,
              200 + seconds,
              20,
            ),
          ]
        },
      )
    } finally {
      slack.close()
    }
  },
}

/** Clio takes so long for everything. */
const slow = 10_000

export const slowClio: Part = {
  name: 'slow-clio',
  about: 'Slack commands while Clio takes ten seconds for everything and 500 runs wait',
  async run({ short }) {
    const slack = await standIn()
    try {
      return await withOffice(
        'wrangler dev',
        { pace: clioPace, config: office(clioPace), vars: slack.vars },
        async worker => {
          worker.sandbox.trouble.add({ action: { do: 'slow', ms: slow } })
          await accepted(worker, 500)
          const acks: number[] = []
          const first = performance.now()
          for (let n = 0; n < (short ? 20 : 100); n++) acks.push(await slack.typed(worker.url, n))
          const figure = `p50 ${duration(median(acks))}, p99 ${duration(share(acks, 0.99))}, most ${duration(Math.max(...acks))}`
          const receipts = () => slack.replies.length
          await until(receipts, count => count > 0, { seconds: 120 })
          const receipt = duration(performance.now() - first)
          return [
            { what: 'Slack commands, 500 runs waiting, Clio taking 10 s (wrangler dev)', figure },
            { what: 'the first receipt there, of up to three calls', figure: receipt },
          ]
        },
      )
    } finally {
      slack.close()
    }
  },
}

/** 400 ms, as Clio often is. */
export const usualClio: Part = {
  name: 'usual-clio',
  about: 'an event every 100 ms over two windows of the pace, backlog 300, Clio taking 400 ms',
  run: ({ short, say }) =>
    withOffice('Miniflare', { pace: clioPace }, async worker => {
      worker.sandbox.trouble.add({ action: { do: 'slow', ms: 400 } })
      await accepted(worker, 300)
      const seconds = short ? 70 : 100
      const found = await steady({ url: worker.website, body: n => form(10_000 + n), perSecond: 10, seconds })
      say(`seconds without an answer: ${found.silent.join(' ') || 'none'}`)
      const aim = atMost(found.most, 2000, '2 s')
      return [
        {
          what: `an event every 100 ms, backlog 300, Clio taking 400 ms, ${seconds} s (Miniflare)`,
          figure: `p50 ${duration(found.median)}, p99 ${duration(found.slow)}, most ${duration(found.most)}`,
          aim,
        },
      ]
    }),
}

/** Asks every quarter of a second for a page that is not there, which needs the Worker alone, until it is told to stop. */
function canary({ url }: Worker): { stop(): Promise<number> } {
  let longest = 0
  const asked = async () => {
    const began = performance.now()
    await fetch(`${url}/no-such-page`).then(answer => answer.arrayBuffer())
    longest = Math.max(longest, performance.now() - began)
  }
  const all: Promise<void>[] = []
  const timer = setInterval(() => all.push(asked()), 250)
  return {
    /** @returns ms of the longest answer */
    async stop() {
      clearInterval(timer)
      await Promise.all(all)
      return longest
    },
  }
}

export const large: Part = {
  name: 'large',
  about: '60 forms of 640 KiB, and whether somebody else is answered meanwhile',
  run: ({ short }) =>
    withOffice('Miniflare', { pace: clioPace }, async worker => {
      await accepted(worker, 1, 5000)
      const padding = `&padding=${'x'.repeat(640 * 1024)}`
      const bird = canary(worker)
      const before = worker.cpu()
      const { failed } = await load({
        url: worker.website,
        body: n => form(n) + padding,
        seconds: 120,
        most: 60,
        connections: 10,
      })
      if (failed > 0) throw new Error(`${failed} of 60 were not acknowledged.`)
      await new Promise(resolve => setTimeout(resolve, short ? 5_000 : 20_000))
      const silence = await bird.stop()
      return [
        {
          what: 'a page that is not there, asked for beside 60 forms of 640 KiB (Miniflare)',
          figure: `most ${duration(silence)}`,
          aim: atMost(silence, 2000, '2 s'),
        },
        ...spent('processor time an accepted form of 640 KiB', before, worker, 60),
      ]
    }),
}

async function accepted({ website }: Office, count: number, from = 0): Promise<void> {
  const { failed } = await load({ url: website, body: n => form(from + n), seconds: 120, most: count })
  if (failed > 0) throw new Error(`${failed} of ${count} were not acknowledged.`)
}

/** @param most ms, what it is meant to be */
function spent(what: string, before: number | null, worker: Office, events: number, most?: number): Row[] {
  const after = worker.cpu()
  if (before === null || after === null) return []
  const ms = ((after - before) * 1000) / events
  const row = { what, figure: duration(ms), ratio: `${(after - before).toFixed(1)} s in all` }
  return [most === undefined ? row : { ...row, aim: atMost(ms, most, `${most} ms`) }]
}
