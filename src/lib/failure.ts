/** An exception in one line for the log: its class and the innermost frame, never its message, which may quote data (I5). */
export function failureLine(error: unknown): string {
  if (!(error instanceof Error)) return typeof error
  const frame = error.stack?.split('\n').find(line => /^\s{1,8}at /.test(line)) ?? ''
  return `${error.name} ${frame.trim()}`.trim()
}
