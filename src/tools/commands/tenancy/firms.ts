import type { FirmSummary, FirmsPage } from '../../../model/registry-rpc.ts'
import { type Asked, type Command, exit, result } from '../../command.ts'
import { json, type Reach, workerOf } from '../../worker.ts'

/** Every firm of the deployment, page by page. */
export async function allFirms(reach: Reach): Promise<FirmSummary[]> {
  const firms: FirmSummary[] = []
  let cursor: string | null = null
  do {
    const after: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`
    const page: FirmsPage = await json(reach, 'GET', `/api/firms?limit=200${after}`)
    firms.push(...page.firms)
    cursor = page.cursor
  } while (cursor !== null)
  return firms
}

/** A firm tells at most once a minute, and a silent one seldom: the line says how old it is. */
function ageOf(asked: Asked, asOf: string | null): string {
  if (asOf === null) return '  (it has not told anything yet)'
  const seconds = Math.max(0, Math.round((asked.now() - Date.parse(asOf)) / 1000))
  if (seconds < 120) return `  (told ${seconds} s ago)`
  return `  (told ${seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`} ago)`
}

export const firms: Command = {
  name: 'firms',
  usage: '',
  summary: 'all firms: runs that are open, parked and held, and the last event',
  words: [0, 0],
  options: {},
  run: async asked => {
    const all = await allFirms(workerOf(asked))
    result(asked, all, () => {
      const width = Math.max(0, ...all.map(({ id }) => id.length))
      for (const { id, open, parked, held, hold, lastEventAt, asOf } of all) {
        const counts = `open ${open ?? '?'}  parked ${parked ?? '?'}  held ${held ?? '?'}${hold ? ` (${hold})` : ''}`
        const last = lastEventAt === null ? 'no event yet' : `last ${lastEventAt}`
        asked.say(`${id.padEnd(width)}  ${counts}  ${last}${ageOf(asked, asOf)}`)
      }
      asked.note(`${all.length} firm${all.length === 1 ? '' : 's'}.`)
    })
    return exit.good
  },
}
