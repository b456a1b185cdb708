import { splitName } from '../../reading/names.ts'
import { takeDuration } from './amounts.ts'
import { takeMatter, type Wanted } from './matter-name.ts'
import { email, type Text } from './text.ts'
import { dayInWords, impossible, instantOf, moments, takeMoment, today, type Wall } from './when.ts'

/** The commands about people, matters, appointments, and who one is. */
export type Given =
  | {
      readonly kind: 'contact'
      readonly first: string | null
      readonly last: string | null
      readonly company: string | null
      readonly email: string | null
      readonly phone: string | null
    }
  | {
      /** A new client and a pending matter, from the form. */
      readonly kind: 'newClient'
      readonly first: string | null
      readonly last: string | null
      readonly email: string | null
      readonly phone: string | null
      readonly description: string
    }
  | { readonly kind: 'find'; readonly query: string }
  | { readonly kind: 'open'; readonly client: string; readonly description: string }
  | {
      readonly kind: 'event'
      readonly summary: string
      /** ISO 8601 in UTC. */
      readonly start: string
      readonly end: string
      readonly matter: Wanted
    }
  | { readonly kind: 'link'; readonly email: string }
  | { readonly kind: 'code'; readonly code: string }

/** A plain sentence back: nothing is filed. */
export interface Asked {
  readonly question: string
}

export const ask = (question: string): Asked => ({ question })

const phone = /(?<!\w)(?:\+|00)?\(?\d[\d\s().-]{5,18}\d(?:\s?(?:x|ext\.?)\s?\d{1,6})?(?!\w)/i

/** With the word that says what it is: no part of the name. */
const mailed = new RegExp(`(?:(?<=\\s)e?-?mail:?\\s+)?(${email.source})`, 'iu')
const dialled = new RegExp(
  `(?:(?<=\\s)(?:(?:tele?(?:phone)?|phone|ph|cell(?:phone)?|mob(?:ile)?)(?: (?:number|no\\.?))?[.:]*|(?:work|home|office|direct|[tmpc]):)\\s*)?(${phone.source})`,
  'i',
)

export function readContact(text: Text): Given | Asked {
  text.take(/^(?:new|add|create)(?=\s)/i)
  const address = text.take(mailed)?.[1] ?? null
  const number = text.take(dialled)?.[1]?.trim() ?? null
  text.take(/(?<=\s)(?:https?:\/\/\S+|(?:[a-z\d-]+\.)+[a-z]{2,}(?:\/\S*)?)(?=\s|$)/)
  const firm = text.take(/(?:\bcompany:?\s+|\bat\s+|\()([^()]+?)\)?$/i)?.[1] ?? null
  const company = firm === null ? null : restored(firm, text)
  const whole = text.rest.replace(/[\s,;:]+$/, '')
  if (ofCompany.test(whole) && company === null && !/^company\s/i.test(whole))
    return { kind: 'contact', first: null, last: null, company: whole, email: address, phone: number }
  const name = text.rest
    .replace(/^([^,]+?)\s*,\s*([^,]+?)(?:\s*,\s*([^,\s]+))?$/, (_, before: string, after: string, more = '') =>
      behindName.test(after.trim()) ? `${before} ${after} ${more}` : `${after} ${before} ${more}`,
    )
    .replace(/[,;:<>]+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  if (/^company\s/i.test(name) || (name === '' && company !== null)) {
    const whole = name.replace(/^company\s+/i, '') || company
    return { kind: 'contact', first: null, last: null, company: whole, email: address, phone: number }
  }
  if (name === '')
    return ask('What is the person called? Write for example `contact Jane Roe jane@roe.example +1 212 555 0143`.')
  if (/\d|@/.test(name))
    return ask(
      `I cannot read “${name.slice(0, 60)}” as a name. Write for example \`contact Jane Roe jane@roe.example +1 212 555 0143\`.`,
    )
  const { first, last } = splitName(name)
  return { kind: 'contact', first, last, company, email: address, phone: number }
}

/** `Jr.`, `III`, `M.D.`: no given name stands behind a comma like that. */
const behindName = /^(?:jr|sr|ii|iii|iv|esq|md|m\.d|phd|ph\.d|cpa|jd|j\.d|dds|rn)\.?$/i

/** What only a company is called: its form in law stands at the end. */
const ofCompany =
  /(?:^|[\s,])(?:(?:llc|l\.l\.c|inc|incorporated|corp|corporation|ltd|limited|llp|l\.l\.p|pllc|p\.l\.l\.c|plc|company|gmbh|pty|s\.r\.l)\.?|p\.c\.|p\.a\.|s\.a\.|n\.a\.|co\.|& co\.?|pc)$/i

const restored = (part: string, text: Text) => part.replace(/[\ue000-\ue0ff]/g, mark => text.quoted(mark) ?? '').trim()

export function readMatter(text: Text): Given | Asked {
  const opening = text.take(/^(?:open|new|create|add)(?:\s+(?:a\s+)?matter)?(?=\s|$)(?:\s+for(?=\s))?/i)
  if (!opening) {
    text.take(/^(?:find|search|show|look ?up)(?=\s|$)/i)
    const query = text.rest
    return query === ''
      ? ask(
          'Which matter? Write `matter 00123` or `matter Roe` to find one, `matter open Jane Roe: Divorce` to open one.',
        )
      : { kind: 'find', query }
  }
  const quoted = /^[\ue000-\ue0ff]/.test(text.left) ? text.takeQuoted() : null
  const [before = '', ...after] = quoted === null ? text.rest.split(/\s*:\s+|\s+-\s+|\s*,\s+/) : [quoted, text.rest]
  const client = before.trim()
  const description = after
    .join(', ')
    .replace(/^[-:,]\s*/, '')
    .trim()
  if (client === '' || description === '')
    return ask('For whom, and what about? Write for example `matter open Jane Roe: Divorce`.')
  return { kind: 'open', client, description }
}

const hour = 3_600_000

export function readEvent(text: Text, wall: Wall): Given | Asked {
  const example = '`event tomorrow 3pm 45m 00123 Meeting with the client`'
  const length = takeDuration(text, false)
  if (length !== null && 'question' in length) return length
  const found = moments(text.left, wall, true)
  const [none] = impossible(text.left, wall)
  if (none) return ask(`There is no ${none.words}. When is it? Write for example ${example}.`)
  const moment = found.find(one => one.time !== null) ?? found[0]
  if (!moment) return ask(`When is it? Write for example ${example}.`)
  if (moment.vague) return ask(`At ${moment.time} in the morning, or in the afternoon? Write for example ${example}.`)
  if (moment.time === null) return ask(`At what time on ${dayInWords(moment.date)}? Write for example ${example}.`)
  const start = instantOf(moment.date, moment.time, wall)
  if (start < wall.now || moment.date < today(wall) || moment.passed)
    return ask(`That is past. When is it? Write for example ${example}.`)
  const until = moment.until && instantOf(moment.until.date, moment.until.time, wall)
  const end = until ?? start + (length === null ? hour : length.value * 1000)
  if (end <= start) return ask(`It would end before it begins. Write for example ${example}.`)
  takeMoment(text, moment)
  const matter = takeMatter(text)
  const summary = text.rest.replace(/^[-:,;]+\s*|\s*[-:,;]+$/g, '')
  return {
    kind: 'event',
    summary: summary === '' ? 'Meeting' : summary,
    start: new Date(start).toISOString(),
    end: new Date(end).toISOString(),
    matter,
  }
}

export function readLink(text: Text): Given | Asked {
  const code = text.take(/^\d{8}$/)
  if (code) return { kind: 'code', code: code[0] }
  const address = text.take(email)
  if (address) return { kind: 'link', email: address[0].toLowerCase() }
  return ask(
    'Who are you in Clio? Write `link` and the e-mail address that you log in to Clio with: `link me@firm.example`.',
  )
}
