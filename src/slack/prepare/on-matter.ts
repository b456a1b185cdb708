import type { JsonObject } from '../../lib/json.ts'
import type { Wanted } from '../speech/matter-name.ts'
import { chooseMatter } from './choose.ts'
import { type Meant, matterMeant, titleOf, withoutName } from './matters.ts'
import { type Acting, type Prepared, Question } from './prepared.ts'

export interface OnMatter {
  readonly fields: JsonObject
  /** A note without the name that only said which matter it is for. */
  cleaned(note: string, name: string): string
}

function noMatter({ names, certain }: Wanted): string {
  const looked = names.map(name => `“${name}”`).join(', ')
  if (certain)
    return `No matter fits ${looked}. Write its number, or the client’s name; \`matter ${names[0]}\` searches.`
  const where = names.length === 0 ? '' : ` I looked for a client called ${looked.replace(/, ([^,]*)$/, ' or $1')}.`
  return `Which matter?${where} Write its number, or put the client’s name in front with a colon: \`Alvarez: …\`.`
}

async function meantBy(wanted: Wanted, { search, chosen }: Acting): Promise<Meant> {
  if (chosen?.matter === undefined || chosen.matter === null) return matterMeant(wanted, search)
  const { name, matter } = chosen
  const found = (await search(name)).find(one => one.id === matter)
  return found ? { kind: 'one', matter: found, name } : { kind: 'none' }
}

/**
 * Goes on with the matter that is meant. Several fit: the person chooses. None: a sentence back, unless the command does without one.
 */
export async function onMatter(
  wanted: Wanted,
  deps: Acting,
  go: (matter: OnMatter, name: string) => Prepared,
  without?: () => Prepared,
): Promise<Prepared> {
  if (deps.chosen?.matter === null && without) return without()
  const meant = await meantBy(wanted, deps)
  if (meant.kind === 'several') return chooseMatter(meant.matters, meant.name, deps.run, without !== undefined)
  if (meant.kind === 'none') {
    if (without && !wanted.certain) return without()
    throw new Question(noMatter(wanted))
  }
  const { matter, name } = meant
  const fields = { matter: matter.id, matter_title: titleOf(matter) }
  const cleaned = (note: string) => (wanted.certain ? note : withoutName(note, name, matter))
  return go({ fields, cleaned }, name)
}
