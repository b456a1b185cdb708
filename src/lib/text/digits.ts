/** Noughts of the digits that forms bring beside our own: Arabic, Persian, Devanagari. */
const noughts = [0x660, 0x6f0, 0x966]

/** The same text with digits of other scripts as 0 to 9, full-width ones and their signs too. */
export function plainDigits(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[\u0660-\u0669\u06f0-\u06f9\u0966-\u096f]/g, digit =>
      String(noughts.map(nought => digit.charCodeAt(0) - nought).find(value => value >= 0 && value <= 9)),
    )
}

/** Digits that stand where somebody had to write some: `000-000-0000`, `555 555 5555`, `1234567890`. */
export function isNobodys(digits: string): boolean {
  const own = digits.replace(/^1(?=\d{10}$)/, '')
  return (
    /^0+$/.test(own) ||
    /^(\d)\1{8,}$/.test(own) ||
    ['1234567890', '0123456789', '123456789', '9876543210', '12345'].includes(own)
  )
}

const keys = ['abc', 'def', 'ghi', 'jkl', 'mno', 'pqrs', 'tuv', 'wxyz']
const free = /^\s*\+?(?:1[-. ]?)?\(?(?:800|833|844|855|866|877|888|900)\)?[-. ]?([a-z\d][a-z\d.\- ]{5,20})$/i
const local = /^\s*\+?(?:1[-. ]?)?\(?[2-9]\d\d\)?[-. ]\s?([A-Z\d]{3}[-. ]?[A-Z\d]{4})\s*$/

/** A number that is written in the letters of a telephone's keys, in digits: `1-800-FLOWERS`, `212-555-LAWS`. Null for any other text. */
export function lettersDialled(text: string): string | null {
  const rest = (free.exec(text) ?? local.exec(text))?.[1]
  // `800 main street` is where somebody lives.
  const isStreet = rest !== undefined && /[a-z] +[a-z]/.test(rest)
  if (rest === undefined || isStreet || !/[a-z]{3}/i.test(rest) || rest.replace(/[^a-z\d]/gi, '').length < 7)
    return null
  const dialled = rest
    .replace(/[^a-z\d]/gi, '')
    .slice(0, 7)
    .replace(/[a-z]/gi, letter => String(keys.findIndex(key => key.includes(letter.toLowerCase())) + 2))
  return text.slice(0, text.lastIndexOf(rest)).replace(/[^\d+]/g, '') + dialled
}
