import { html } from 'hono/html'
import type { PreviewCall, PreviewWarning } from '../../model/docket-rpc.ts'
import type { Html } from '../parts/html.ts'
import { remarkList } from '../parts/remarks.ts'

/** The calls that an event would make, and what there is to say of them. @param text that the remarks are about, where it stands beside them */
export function calls(made: readonly PreviewCall[], warnings: readonly PreviewWarning[], text = ''): Html {
  return html`${remarkList(warnings, text)}
${made.length === 0 ? html`<p class="quiet">No call would be made.</p>` : html`<ol class="steps">${made.map(call)}</ol>`}`
}

function call({ step, method, path, query, body, note }: PreviewCall): Html {
  const sent = body ?? query
  return html`<li class="call"><strong>${step}</strong> <code>${method} ${path}</code>${note === undefined ? '' : html` <span class="quiet">${note}</span>`}${
    sent === undefined ? '' : html`<pre tabindex="0"><code>${JSON.stringify(sent, null, 2)}</code></pre>`
  }</li>`
}
