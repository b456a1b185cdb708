import * as z from 'zod/mini'
import { cron } from '../../lib/time/cron.ts'
import type { Source } from '../../model/source.ts'
import { notFound } from '../../reading/refusals.ts'

/** The clock as a source: nobody delivers to it, the Docket brings its events forth when their time has come. */

const options = z.strictObject({
  cron: cron,
})

export const schedule: Source<z.infer<typeof options>> = {
  name: 'schedule',
  verifiedBy: 'nothing: no request is accepted, the clock itself brings its events forth',
  keyedBy: 'the moment',
  types: ['schedule.tick', 'schedule.missed'],
  signed: true,
  options,

  async verify() {
    return { ok: false, problem: notFound, why: 'it is a clock, to which nothing is delivered' }
  },

  async parse() {
    return notFound
  },
}
