/** A command's text, from which one piece after another is taken until only the words that people meant as words are left. */

/** Stands for a quoted piece, so that nothing in it is read as a number or a date. */
const firstMark = 0xe000
const marks = /[\ue000-\ue0ff]/g
/** Stands for a person or a channel that Slack made markup of. */
const firstReference = 0xe200
const references = /[\ue200-\ue2ff]/g

const reference = /<([@#!])([^<>|]{1,255})(?:\|([^<>]*))?>/g

/** A reference of Slack's, and the words that people read for it. */
interface Reference {
  /** The Slack user; null of a channel or a group. */
  readonly user: string | null
  readonly words: string
}

export class Text {
  #left: string
  readonly #quoted: string[] = []
  readonly #references: Reference[] = []

  constructor(raw: string) {
    const plain = plainText(this.#referred(raw.replace(/[\ue000-\uf8ff]/g, '')))
    this.#left = tidy(
      plain.replace(/"([^"]*)"/g, (_, inner: string) => {
        if (inner.trim() === '' || this.#quoted.length > 0xff) return ' '
        this.#quoted.push(tidy(inner))
        return ` ${String.fromCharCode(firstMark + this.#quoted.length - 1)} `
      }),
    )
  }

  /**
   * Markup of Slack's, each piece one character.
   * @source https://docs.slack.dev/messaging/formatting-message-text: users, channels, groups, dates
   */
  #referred(raw: string): string {
    return raw.replace(reference, (_, sign: string, id: string, label = '') => {
      // A day is read as one, not named.
      if (sign === '!' && id.startsWith('date^')) return label
      if (this.#references.length > 0xff) return ' '
      this.#references.push({ user: sign === '@' ? id : null, words: wordsOf(sign, id, label.trim()) })
      return String.fromCharCode(firstReference + this.#references.length - 1)
    })
  }

  #reference = (mark: string): Reference | undefined => this.#references[mark.charCodeAt(0) - firstReference]

  /** What is left, with quoted pieces as they were (without their quotes), and people by their names. */
  get rest(): string {
    return this.#readable(this.#left.replace(references, mark => this.#reference(mark)?.words ?? ''))
  }

  /** The same without people and channels: only words that were typed. */
  get typed(): string {
    return this.#readable(this.#left.replace(references, ' '))
  }

  #readable = (text: string): string => tidy(text.replace(marks, mark => this.quoted(mark) ?? ''))

  /** What is left, each quoted piece one character of the private use area. */
  get left(): string {
    return this.#left
  }

  /** Takes the first match out; null when there is none. */
  take(pattern: RegExp): RegExpExecArray | null {
    const found = pattern.exec(this.#left)
    if (found) this.cut(found.index, found.index + found[0].length)
    return found
  }

  /** Takes a stretch of `left` out. */
  cut(from: number, to: number): void {
    this.#left = tidy(`${this.#left.slice(0, from)} ${this.#left.slice(to)}`)
  }

  /** The piece that a character of `left` stands for; null when it stands for none. */
  quoted(mark: string): string | null {
    const inner = mark.length === 1 ? this.#quoted[mark.charCodeAt(0) - firstMark] : undefined
    return inner?.replace(references, each => this.#reference(each)?.words ?? '') ?? null
  }

  /** Takes the first person out whom Slack made markup of, together with the words that lead to them. */
  takeUser(lead: string): string | null {
    for (const { index, 0: mark } of this.#left.matchAll(references)) {
      const user = this.#reference(mark)?.user ?? null
      if (user === null) continue
      const before = new RegExp(`${lead}$`, 'i').exec(this.#left.slice(0, index))
      this.cut(index - (before?.[0].length ?? 0), index + 1)
      return user
    }
    return null
  }

  /** The first quoted piece; null when there is none. */
  takeQuoted(): string | null {
    const mark = this.take(/[\ue000-\ue0ff]/)
    return mark && this.quoted(mark[0])
  }
}

/** `sam`, `#smith-v-roe`, `@here`; a user whom Slack does not name keeps the id, until somebody has looked it up. */
function wordsOf(sign: string, id: string, label: string): string {
  if (sign === '@') return label === '' ? `<@${id}>` : label.replace(/^@/, '')
  if (sign === '#') return label === '' ? 'a channel' : `#${label.replace(/^#/, '')}`
  return label === '' ? (/^(?:here|channel|everyone)$/.test(id) ? `@${id}` : '') : label
}

const tidy = (text: string) => text.replace(/\s+/g, ' ').trim()

/**
 * What the person typed: Slack escapes `&`, `<` and `>` and wraps addresses, and phones write curly quotes.
 * @source https://docs.slack.dev/messaging/formatting-message-text
 */
export function plainText(raw: string): string {
  return raw
    .replace(reference, (_, sign: string, id: string, label = '') => wordsOf(sign, id, label.trim()))
    .replace(/<(?:mailto:|tel:|https?:\/\/)[^|>]*\|([^>]*)>/g, '$1')
    .replace(/<(?:mailto:|tel:)([^|>]*)>/g, '$1')
    .replace(/<(https?:\/\/[^|>]*)>/g, '$1')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .replace(/[“”„«»]/g, '"')
    .replace(/[‘’]/g, "'")
    .replace(/[‐‑‒–—−]/g, '-')
    .replace(/[\u200b\u2060\ufeff]/g, '')
    .replace(/\u00a0/g, ' ')
}

/** A Slack user (`id`), or somebody by the name or e-mail address that was typed. */
export type Who = { readonly id: string } | { readonly name: string }

/** `<@U012ABCDEF|sam>`, `@sam` or `sam@firm.example`, with the word before it that only leads to it. */
export function takeWho(text: Text): Who | null {
  const lead = '(?:\\b(?:assigned? to|to|for)\\s+)?'
  const mention = text.takeUser(lead)
  if (mention !== null) return { id: mention }
  const named = text.take(new RegExp(`${lead}(?<![\\w.])@([\\p{L}][\\p{L}\\d._-]*)`, 'iu'))
  if (named) return { name: named[1]!.replace(/[.,;:]+$/, '') }
  const address = text.take(new RegExp(`${lead}${email.source}`, 'iu'))
  return address ? { name: address[0].split(/\s+/).at(-1)! } : null
}

export const email = /[\p{L}\d._%+-]+@[\p{L}\d-]+(?:\.[\p{L}\d-]+)+/u
