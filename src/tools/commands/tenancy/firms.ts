import type { FirmSummary, FirmsPage } from '../../../model/registry-rpc.ts'
import { type Command, exit, result } from '../../command.ts'
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

export const firms: Command = {
  name: 'firms',
  usage: '',
  summary: 'all firms: runs that are open, parked and held, and the last event',
  words: [0, 0],
  options: {},
  run: async asked => {
    const all = await allFirms(workerOf(asked))
    result(asked, all, () => {
      for (const { id, open, parked, held, lastEventAt } of all) {
        const counts = `open ${open ?? '?'}  parked ${parked ?? '?'}  held ${held ?? '?'}`
        asked.say(`${id.padEnd(24)}  ${counts}  ${lastEventAt === null ? 'no event yet' : `last ${lastEventAt}`}`)
      }
      asked.note(`${all.length} firm${all.length === 1 ? '' : 's'}.`)
    })
    return exit.good
  },
}
