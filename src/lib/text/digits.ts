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
