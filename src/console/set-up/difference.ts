import { html } from 'hono/html'
import type { Html } from '../parts/html.ts'

/** Lines of which the longest common run is looked for; of more, all count as changed. */
const most = 600
/** Lines shown around a change. */
const around = 2

interface Line {
  readonly sign: ' ' | '+' | '-'
  readonly text: string
}

/** What was changed from one text to another, line by line. */
export function difference(before: string, after: string): Html {
  const lines = linesOf(before.split('\n'), after.split('\n'))
  const near = (at: number) => lines.slice(Math.max(0, at - around), at + around + 1).some(({ sign }) => sign !== ' ')
  const kept = lines.map((line, at) => (near(at) ? line : null))
  if (kept.every(line => line === null)) return html`<p class="empty">There is no difference.</p>`
  const shown = kept.filter((line, at) => line !== null || kept[at - 1] !== null)
  return html`<pre class="diff" tabindex="0"><code>${shown.map(line =>
    line === null
      ? html`⋯\n`
      : line.sign === ' '
        ? html`  ${line.text}\n`
        : line.sign === '+'
          ? html`<ins>+ ${line.text}</ins>\n`
          : html`<del>- ${line.text}</del>\n`,
  )}</code></pre>`
}

function linesOf(a: readonly string[], b: readonly string[]): Line[] {
  let from = 0
  while (from < a.length && from < b.length && a[from] === b[from]) from++
  let end = 0
  while (end < a.length - from && end < b.length - from && a.at(-1 - end) === b.at(-1 - end)) end++
  const same = (text: string): Line => ({ sign: ' ', text })
  const [x, y] = [a.slice(from, a.length - end), b.slice(from, b.length - end)]
  return [...a.slice(0, from).map(same), ...middle(x, y), ...a.slice(a.length - end).map(same)]
}

/** By the longest common subsequence. */
function middle(a: readonly string[], b: readonly string[]): Line[] {
  const gone = (text: string): Line => ({ sign: '-', text })
  const come = (text: string): Line => ({ sign: '+', text })
  if (a.length > most || b.length > most) return [...a.map(gone), ...b.map(come)]
  const length = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1))
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      length[i]![j] = a[i] === b[j] ? length[i + 1]![j + 1]! + 1 : Math.max(length[i + 1]![j]!, length[i]![j + 1]!)
  const lines: Line[] = []
  for (let [i, j] = [0, 0]; i < a.length || j < b.length; ) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push({ sign: ' ', text: a[i]! })
      i++
      j++
    } else if (j === b.length || (i < a.length && length[i + 1]![j]! >= length[i]![j + 1]!)) lines.push(gone(a[i++]!))
    else lines.push(come(b[j++]!))
  }
  return lines
}
