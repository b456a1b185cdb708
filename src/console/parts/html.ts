import { html } from 'hono/html'

/** A piece of a page. `html` escapes everything that is filled in. */
export type Html = ReturnType<typeof html>

export const nothing = html``

interface Asking {
  /** Left out: the address that it stands at. */
  readonly action?: string
  readonly kind?: '' | 'primary' | 'danger'
  /** That presses it. */
  readonly key?: string
}

/** A button that does something: it is a form, so it works without a script. @param fields hidden ones besides */
export function act(
  csrf: string,
  fields: Readonly<Record<string, string>>,
  label: string,
  { action, kind = '', key }: Asking = {},
  before: Html = nothing,
): Html {
  return html`<form method="post"${action === undefined ? '' : html` action="${action}"`}>${hidden(csrf, fields)}${before}<button${kind === '' ? '' : html` class="${kind}"`}${
    key === undefined ? '' : html` data-key="${key}" aria-keyshortcuts="${key}"`
  }>${label}</button></form>`
}

/** What wants a second look before it is done. @param what it does, or asks */
export function sure(
  csrf: string,
  fields: Readonly<Record<string, string>>,
  summary: string | Html,
  what: Html,
  label: string,
  asking: Asking = { kind: 'danger' },
): Html {
  return html`<details class="sure"><summary>${summary}</summary>${act(csrf, fields, label, asking, what)}</details>`
}

/** A table; on a phone each row is a card. */
export function table(caption: string, heads: readonly (string | Html)[], rows: readonly Html[], kind = ''): Html {
  return html`<table class="rows ${kind}"><caption class="sr">${caption}</caption><thead><tr>${heads.map(head => html`<th scope="col">${head}</th>`)}</tr></thead><tbody>${rows}</tbody></table>`
}

/** The hidden fields of a form. */
export function hidden(csrf: string, fields: Readonly<Record<string, string>> = {}): Html {
  return html`${Object.entries({ csrf, ...fields }).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}`
}
