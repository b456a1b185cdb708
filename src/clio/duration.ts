/**
 * Seconds of a duration as people write it: `1h 30m`, `90m`, `1:30` (hours and minutes), `1.5h`, `.3h`, `45 min`, `2 hours`;
 * null when it is none. A bare number is not: nobody knows its unit.
 */
export function durationSeconds(text: string): number | null {
  const plain = text.trim().toLowerCase()
  const clock = /^(\d{1,3}):([0-5]\d)$/.exec(plain)
  if (clock) return Number(clock[1]) * 3600 + Number(clock[2]) * 60
  const parts = [
    ...plain.matchAll(/(\d+(?:\.\d+)?|\.\d+)\s*(hours?|hrs?|h|minutes?|mins?|m|seconds?|secs?|s)(?![a-z])[\s,]*/g),
  ]
  if (parts.length === 0 || parts.map(part => part[0]).join('') !== plain) return null
  const units: Record<string, number> = { h: 3600, m: 60, s: 1 }
  const seconds = parts.reduce((sum, part) => sum + Number(part[1]) * units[part[2]![0]!]!, 0)
  return Math.round(seconds)
}
