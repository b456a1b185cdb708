import type { EndpointView } from '../../model/view/endpoint.ts'
import { type Asked, agreed, type Command, exit, Failed, paint, result, yes } from '../command.ts'
import { difference, extent } from '../difference.ts'
import { documentsAt } from '../documents.ts'
import { several } from '../several.ts'
import { ask, faultOf, firmPath, json, type Reach, stored, workerOf } from '../worker.ts'
import { type Judged, judge, tell } from './check.ts'

export const push: Command = {
  name: 'push',
  usage: '<file or folder> …',
  summary: 'saves documents, after showing what will change',
  words: [1, Number.POSITIVE_INFINITY],
  options: {
    yes,
    firm: { type: 'string', help: "the firm, where the file's name is not the firm's" },
    dry: { type: 'boolean', help: 'only shows' },
  },
  run: async asked => {
    const judged = judge(documentsAt(asked.words, asked.option('firm')))
    const faulty = judged.filter(({ errors }) => errors.length > 0)
    if (faulty.length > 0) {
      for (const one of faulty) tell(asked, one)
      throw new Failed(`Nothing was sent: ${faulty.length} of ${judged.length} documents cannot be saved.`, exit.bad)
    }
    const reach = workerOf(asked)
    const changed = await changedAmong(asked, reach, judged)
    const counts = `${changed.length} of ${judged.length} firms change`
    if (changed.length === 0) {
      result(asked, { changed: [], saved: [] }, () => asked.say(`Nothing changes: ${judged.length} as stored.`))
      return exit.good
    }
    if (!asked.flag('json')) show(asked, changed)
    const refused = await refusals(asked, reach, changed)
    if (refused.length > 0) {
      for (const { file, words } of refused) asked.note(`${file}: ${paint(asked, 'red', 'error')}: ${words}`)
      throw new Failed(`Nothing was saved: ${refused.length} of ${changed.length} would be refused.`, exit.bad)
    }
    const names = changed.map(({ firm }) => firm)
    if (asked.flag('dry')) {
      result(asked, { changed: names, saved: [] }, () => asked.say(`${counts}; nothing was saved.`))
      return exit.good
    }
    if (!(await agreed(asked, `${counts}. Save?`, 'Nothing was saved.'))) return exit.bad
    return save(asked, reach, changed, judged.length)
  },
}

interface Changed extends Judged {
  /** null: the firm has no document yet. */
  readonly before: { readonly text: string; readonly version: string | null } | null
}

async function changedAmong(asked: Asked, reach: Reach, judged: readonly Judged[]): Promise<Changed[]> {
  const told = (done: number) => asked.progress(`compared ${done} of ${judged.length}`)
  const compared = await several(judged, async one => ({ ...one, before: await stored(reach, one.firm) }), told)
  asked.progress('')
  return compared.filter(({ text, before }) => before?.text !== text)
}

/** So many firms are told of one by one. */
const few = 5

/** What keeps the endpoints of a firm from taking anything in: secrets that are not stored yet. */
async function tellFaults(asked: Asked, reach: Reach, firm: string): Promise<void> {
  const { endpoints } = await json<{ endpoints: EndpointView[] }>(reach, 'GET', firmPath(firm, '/endpoints'))
  for (const { name, secrets, faults } of endpoints) {
    const missing = secrets
      .filter(({ state }) => state === 'missing')
      .map(one => `npx docketed secret ${firm} ${one.name}`)
    if (faults.length === 0) continue
    asked.note(`${firm}: endpoint ${name}: ${[faults.join('; '), ...missing].join('\n  ')}`)
  }
}

/** A few documents whole; of many, how much of each changes. */
function show(asked: Asked, changed: readonly Changed[]): void {
  for (const { firm, file, text, before, warnings, errors } of changed) {
    if (before === null) asked.say(`${paint(asked, 'green', 'new')}      ${firm}`)
    else asked.say(`${paint(asked, 'yellow', 'changes')}  ${firm}  ${extent(before.text, text)}`)
    if (before !== null && changed.length <= few)
      for (const line of difference(asked, before.text, text)) asked.say(line)
    tell(asked, { firm, file, text, errors, warnings })
  }
}

interface Refused {
  readonly file: string
  readonly words: string
}

/** What the firms' own Dockets have against it, before the first is saved. */
async function refusals(asked: Asked, reach: Reach, changed: readonly Changed[]): Promise<Refused[]> {
  const told = (done: number) => asked.progress(`checked ${done} of ${changed.length}`)
  const answers = await several(changed, one => put(reach, one, '?dry=1'), told)
  asked.progress('')
  return answers.filter(one => one !== null)
}

/** null: it went well. With the version that was compared with, so that nobody's change is overwritten. */
async function put(reach: Reach, { firm, file, text, before }: Changed, query = ''): Promise<Refused | null> {
  const headers: Record<string, string> = before?.version ? { 'if-match': before.version } : {}
  const response = await ask(reach, 'PUT', firmPath(firm, `/config${query}`), text, headers)
  return response.ok ? null : { file, words: (await faultOf(response)).words }
}

async function save(asked: Asked, reach: Reach, changed: readonly Changed[], all: number): Promise<0 | 3> {
  const began = asked.now()
  const told = (done: number) => asked.progress(`saved ${done} of ${changed.length}`)
  const answers = await several(changed, one => put(reach, one), told)
  asked.progress('')
  const saved = changed.filter((_, at) => answers[at] === null)
  const refused = answers.filter(one => one !== null)
  for (const { file, words } of refused) asked.note(`${file}: ${paint(asked, 'red', 'error')}: ${words}`)
  const names = (of: readonly Changed[]) => of.map(({ firm }) => firm)
  result(asked, { changed: names(changed), saved: names(saved) }, () => {
    const seconds = ((asked.now() - began) / 1000).toFixed(1)
    asked.say(`${saved.length} saved, ${all - changed.length} as stored, ${refused.length} refused, in ${seconds} s.`)
  })
  if (saved.length <= few) for (const { firm } of saved) await tellFaults(asked, reach, firm)
  return refused.length > 0 ? exit.failed : exit.good
}
