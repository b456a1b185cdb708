/**
 * Seconds of a duration as people write it: `1h 30m`, `90m`, `1:30` and `1h30` (hours and minutes), `1.5h`, `.3h`, `45 min`,
 * `2 hours`; null when it is none. A bare number is none: nobody knows its unit.
 */
export function durationSeconds(text: string): number | null {
  const plain = text.trim().toLowerCase()
  const clock = /^(\d{1,3})(?::|h)([0-5]\d)$/.exec(plain)
  if (clock) return Number(clock[1]) * 3600 + Number(clock[2]) * 60
  const parts = [
    ...plain.matchAll(
      /(\d{1,9}(?:\.\d{1,9})?|\.\d{1,9})\s{0,9}(hours?|hrs?|h|minutes?|mins?|m|seconds?|secs?|s)(?![a-z])[\s,]*/g,
    ),
  ]
  if (parts.length === 0 || parts.map(part => part[0]).join('') !== plain) return null
  const units = new Map([
    ['h', 3600],
    ['m', 60],
    ['s', 1],
  ])
  let seconds = 0
  for (const [, amount, unit] of parts) {
    const each = units.get(unit![0]!)
    // Each unit once: “2h 2h” is a slip.
    if (each === undefined) return null
    units.delete(unit![0]!)
    seconds += Number(amount) * each
  }
  return Math.round(seconds)
}
