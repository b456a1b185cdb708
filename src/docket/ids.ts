const digits = '0123456789abcdefghjkmnpqrstvwxyz'

/** `run_` and 20 letters (100 random bits) of Crockford's base 32: no two look alike, and no id tells how many there are. */
export function runId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(20))
  return `run_${Array.from(bytes, byte => digits[byte % 32]).join('')}`
}
