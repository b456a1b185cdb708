import { html } from 'hono/html'
import type { Problem } from '../lib/problem.ts'
import { brand, documentOf } from './parts/layout.ts'
import { wordsOf } from './parts/problem.ts'

/** A page of the console to go to after signing in; anything else becomes the first one. */
export function ownPath(asked: string | null): string {
  const here = 'https://console.invalid'
  const url = asked === null ? null : URL.parse(asked, here)
  const own = url?.origin === here && /^\/console(\/(?!sign-)|\?|$)/.test(url.pathname) && !/[\\\r\n]/.test(asked!)
  return own ? url.pathname + url.search : '/console'
}

/** Where one shows a token. @param to where one wanted to go */
export function signInPage(to: string, wrong: Problem | null, status = wrong?.status ?? 200): Response {
  const body = html`<div class="card sign-in">
${brand}
<h1>Sign in</h1>
${to === '/console' ? '' : html`<p>Then you go on to the page you asked for.</p>`}
${wrong === null ? '' : html`<p class="note bad" role="alert" id="wrong">${wordsOf(wrong)}</p>`}
<form method="post" action="/console/sign-in" class="stack">
<input type="hidden" name="to" value="${to}">
<label>Token <input type="password" name="token" required maxlength="512" autocomplete="current-password" autofocus data-token${
    wrong === null ? '' : html` aria-describedby="wrong" aria-invalid="true"`
  }></label>
<button class="primary">Sign in</button>
</form>
<p class="quiet">A token of your firm begins with <code>dkt_</code>; an admin of the firm makes one for you. You stay signed in for twelve hours, or until the token is removed.</p>
</div>`
  return documentOf({ title: 'Sign in', body, kind: 'plain', status })
}
