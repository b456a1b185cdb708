/** An exception in one line for the log: its class and the innermost frame, never its message, which may quote data (I5). */
export function failureLine(error: unknown): string {
  if (!(error instanceof Error)) return typeof error
  const frame = /^\s+at .*$/m.exec(error.stack ?? '')?.[0].trim() ?? ''
  return `${error.name} ${frame}`.trim()
}
