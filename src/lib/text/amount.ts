import { plainDigits } from './digits.ts'

const thousands: Readonly<Record<string, number>> = {
  k: 1e3,
  thousand: 1e3,
  m: 1e6,
  mm: 1e6,
  mio: 1e6,
  mn: 1e6,
  mln: 1e6,
  million: 1e6,
  millions: 1e6,
  b: 1e9,
  bn: 1e9,
  billion: 1e9,
}

const codes =
  'usd cad eur gbp aud nzd mxn chf zar inr sgd hkd jpy php ngn kes ils aed brl cny krw sek nok dkk pln rub try ars clp cop pen'
const words = String.raw`rs\.? kr\.? fr\.? sfr\.? (?:us\s)?dollars? bucks euros? pounds? pesos? d[oó]lares reais 円 元 원 zł kč ft руб\.?`
/** What stands around a number for its money: `$`, `US$`, `EUR`, `Rs.`, `dollars`. */
const money = `(?:\\p{L}{0,3}\\p{Sc}|${[codes, words].join(' ').replaceAll(' ', '|')})`
const around = new RegExp(`^\\s*(?:${money}\\s*){1,2}|\\s*${money}\\s*$`, 'giu')
const shape = /^(?:[-+]\s?)?([\d.,' ]{1,30}?)\s?(k|thousand|mio|mln|mn|mm|m|millions?|bn|billion|b)?\.?$/i

/**
 * An amount as people write it: `1250`, `$1,250.00`, `1.250,00 €`, `1'250.-`, `5k`, `1.5M`, `(50.00)` of an accountant. Null when it is none.
 * @param isMoney money is asked for, whatever stands beside the number
 */
export function amountIn(text: string, isMoney = false): number | null {
  if (text.length > 40) return null
  const signed = plainDigits(text)
    .replace(/[\u2010-\u2015\u2212]/g, '-')
    .replace(/[’٬]/g, "'")
    .replace(/٫/g, '.')
    .trim()
  const owed = /^\((.*)\)$/.exec(signed)
  // Minus stands before the money, behind it, or behind all: `-$50`, `$-50`, `50-`.
  const inner = owed?.[1] ?? signed
  const bare = inner
    .replace(around, '')
    .replace(new RegExp(`^-\\s?${money}\\s?`, 'iu'), '-')
    .replace(/(?:([.,])-{1,2}|\/-)$/, '$1')
  const behind = /^[\d.,' ]+-$/.test(bare)
  const plain = behind ? bare.slice(0, -1) : bare
  const [, digits = '', unit = ''] = shape.exec(plain) ?? []
  const number = numberIn(digits.replace(/[.,]$/, '').trim(), isMoney || bare !== inner)
  if (number === null) return null
  const worth = unit === '' ? number : Number((number * thousands[unit.toLowerCase()]!).toFixed(4))
  return owed || behind || plain.startsWith('-') ? -worth : worth
}

/** @param isMoney of which nobody writes thousandths: `1.250 €` */
function numberIn(digits: string, isMoney: boolean): number | null {
  const continental = /^(?:\d{1,3}(?:[. ]\d{3})+|\d+)(?:,\d{1,15})?$/.test(digits)
  const english = /^(?:\d{1,3}(?:[,' ]\d{3})+|\d{1,2}(?:,\d{2})+,\d{3}|\d+|(?=\.))(?:\.\d{1,15})?$/.test(digits)
  if (english && !(isMoney && continental && digits.includes('.'))) return Number(digits.replace(/[,' ]/g, ''))
  return continental ? Number(digits.replace(/[. ]/g, '').replace(',', '.')) : null
}
