import { html } from 'hono/html'
import { type Where, whereIn } from '../../configuration/where.ts'
import type { Remark } from '../../lib/path.ts'
import { type Html, nothing } from './html.ts'

/** What is said of places in a document: where its text stands beside it, each with its line and column, which lead there. */
export function remarkList(remarks: readonly Remark[], text = ''): Html {
  return remarks.length === 0 ? nothing : html`<ul class="plain">${remarks.map(one => remark(one, text))}</ul>`
}

function remark({ path, message }: Remark, text: string): Html {
  // Of a text that is no JSON the check itself says where.
  const [said, line, column] = /^line (\d+), column (\d+): /.exec(message) ?? []
  const at = said === undefined ? whereIn(text, path) : standing(text, Number(line), Number(column))
  const place =
    at === null ? '' : html`<a href="#text" data-at="${at.from},${at.to}">Line ${at.line}, column ${at.column}</a>: `
  return html`<li>${place}${path === '' ? '' : html`<code>${path}</code> `}${message.slice(said?.length ?? 0)}</li>`
}

function standing(text: string, line: number, column: number): Where {
  const from = text.split('\n', line - 1).join('\n').length + (line > 1 ? 1 : 0) + column - 1
  return { line, column, from, to: from }
}
