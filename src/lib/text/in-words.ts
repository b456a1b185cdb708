import { isObject, type Json, type JsonObject } from '../json.ts'

/**
 * How people read an answer that is more than a text: lists with commas, of boxes those that are ticked, of a choice its label, a name and
 * a postal address in one; of anything else each part with its name.
 */
export function inWords(value: Json): string {
  if (Array.isArray(value)) return joined(value)
  return isObject(value) ? objectInWords(value) : String(value ?? '')
}

/** Records of Clio, which are no answer and read as nothing. */
export const areRecords = (value: Json): boolean => [value].flat().some(one => isObject(one) && 'id' in one)

const joined = (values: readonly Json[], by = ', '): string =>
  values
    .map(inWords)
    .filter(text => text.trim() !== '')
    .join(by)

const ofName = /^(?:prefix|title|first|middle|last|suffix|given|family)(?:[ _-]?name)?$/i
const ofAddress = /street|line|addr|city|town|suburb|state|province|region|county|zip|post|country/i

function objectInWords(value: JsonObject): string {
  const keys = Object.keys(value)
  const { label = value.value } = value
  if (label !== undefined && keys.length < 4) return inWords(label)
  if (keys.length > 0 && keys.every(key => typeof value[key] === 'boolean'))
    return keys.filter(key => value[key]).join(', ')
  if (keys.every(key => ofName.test(key))) return joined(Object.values(value), ' ')
  if (keys.every(key => ofAddress.test(key))) return joined(Object.values(value))
  return joined(keys.filter(key => inWords(value[key]!) !== '').map(key => `${key}: ${inWords(value[key]!)}`))
}
