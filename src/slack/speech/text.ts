/** A command's text, from which one piece after another is taken until only the words that people meant as words are left. */

/** Stands for a quoted piece, so that nothing in it is read as a number or a date. */
const firstMark = 0xe000
const marks = /[\ue000-\ue0ff]/g

export class Text {
  #left: string
  readonly #quoted: string[] = []

  constructor(raw: string) {
    const plain = plainText(raw).replace(/[\ue000-\uf8ff]/g, '')
    this.#left = tidy(
      plain.replace(/"([^"]*)"/g, (_, inner: string) => {
        if (inner.trim() === '' || this.#quoted.length > 0xff) return ' '
        this.#quoted.push(tidy(inner))
        return ` ${String.fromCharCode(firstMark + this.#quoted.length - 1)} `
      }),
    )
  }

  /** What is left, with quoted pieces as they were (without their quotes). */
  get rest(): string {
    return tidy(this.#left.replace(marks, mark => this.quoted(mark) ?? ''))
  }

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
    return mark.length === 1 ? (this.#quoted[mark.charCodeAt(0) - firstMark] ?? null) : null
  }

  /** The first quoted piece; null when there is none. */
  takeQuoted(): string | null {
    const mark = this.take(/[\ue000-\ue0ff]/)
    return mark && this.quoted(mark[0])
  }
}

const tidy = (text: string) => text.replace(/\s+/g, ' ').trim()

/**
 * What the person typed: Slack escapes `&`, `<` and `>` and wraps addresses, and phones write curly quotes.
 * @source https://docs.slack.dev/messaging/formatting-message-text
 */
export function plainText(raw: string): string {
  return raw
    .replace(/<(?:mailto:|tel:|https?:\/\/)[^|>]*\|([^>]*)>/g, '$1')
    .replace(/<(?:mailto:|tel:)([^|>]*)>/g, '$1')
    .replace(/<(https?:\/\/[^|>]*)>/g, '$1')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .replace(/[“”„«»]/g, '"')
    .replace(/[‘’]/g, "'")
    .replace(/[–—]/g, '-')
    .replace(/\u00a0/g, ' ')
}

/** A Slack user (`id`), or somebody by the name or e-mail address that was typed. */
export type Who = { readonly id: string } | { readonly name: string }

/** `<@U012ABCDEF|sam>`, `@sam` or `sam@firm.example`, with the word before it that only leads to it. */
export function takeWho(text: Text): Who | null {
  const lead = '(?:\\b(?:assigned? to|to|for)\\s+)?'
  const mention = text.take(new RegExp(`${lead}<@([A-Z0-9]+)(?:\\|[^>]*)?>`, 'i'))
  if (mention) return { id: mention[1]! }
  const named = text.take(new RegExp(`${lead}(?<![\\w.])@([\\p{L}][\\p{L}\\d._-]*)`, 'iu'))
  if (named) return { name: named[1]!.replace(/[.,;:]+$/, '') }
  const address = text.take(new RegExp(`${lead}${email.source}`, 'iu'))
  return address ? { name: address[0].split(/\s+/).at(-1)! } : null
}

export const email = /[\p{L}\d._%+-]+@[\p{L}\d-]+(?:\.[\p{L}\d-]+)+/u
