import { html } from 'hono/html'

/** A piece of a page. `html` escapes everything that is filled in. */
export type Html = ReturnType<typeof html>

export const nothing = html``

/** A button that does something: it is a form, so it works without a script. @param fields hidden ones besides */
export function act(
  csrf: string,
  fields: Readonly<Record<string, string>>,
  label: string | Html,
  { action, kind = '', key }: { action?: string; kind?: '' | 'primary' | 'danger'; key?: string } = {},
): Html {
  return html`<form method="post"${action === undefined ? '' : html` action="${action}"`}>${hidden(csrf, fields)}<button${kind === '' ? '' : html` class="${kind}"`}${
    key === undefined ? '' : html` data-key="${key}" aria-keyshortcuts="${key}"`
  }>${label}</button></form>`
}

/** The hidden fields of a form. */
export function hidden(csrf: string, fields: Readonly<Record<string, string>> = {}): Html {
  return html`${Object.entries({ csrf, ...fields }).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}`
}
