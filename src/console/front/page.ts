import { html } from 'hono/html'
import type { Html } from '../parts/html.ts'

/** What the front page says to a stranger, and the form of the demonstration. */

export interface FrontPage {
  /** Where the form posts to; null: no form. */
  readonly action: string | null
  /** Sent along once, so that a second press of the button is the same event. */
  readonly id: string
  /** The address of the Clio that stands in for the real one. */
  readonly sandbox: string | null
}

/** Names that the demonstration firm has in its Clio. */
const matterTypes = [
  'Family Law',
  'Personal Injury',
  'Estate Planning',
  'Immigration',
  'Real Estate',
  'Employment',
  'Criminal',
]
const referrals = ['Google', 'Friend or family', 'Advertisement', 'Other']

export function frontBody(given: FrontPage): Html {
  return html`<img src="/icon.svg" alt="" width="48" height="48">
<h1>Docketed</h1>
<p class="lead">Website forms, Slack commands, bookings and webhooks become records in Clio Manage, each exactly once.</p>
<p>What comes in is written on the law firm’s docket first, and then carried out in Clio. What needs a person waits in the console, with the reason and what to do.</p>
<p><a class="button" href="/console">Open the console</a></p>
${given.action === null ? '' : form(given.action, given.id, given.sandbox)}
<footer>
<ul>
<li><a href="/healthz">Health</a></li>
<li><a href="/schema/config.json">Schema of a configuration</a></li>
${given.sandbox === null ? '' : html`<li><a href="${given.sandbox}">The sandbox Clio</a></li>`}
</ul>
</footer>`
}

/** After the demonstration's form. @param run where the console shows what became of it */
export const thanksBody = (run: string, sandbox: string): Html => html`<h1>Thank you</h1>
<p class="lead">Your message has arrived. We will be in touch.</p>
<p>A visitor reads no further. This is a demonstration, so look behind it.</p>
<p class="acts"><a class="button primary" href="${run}">What became of it</a> <a class="button" href="${sandbox}">The sandbox Clio</a> <a class="button" href="/">Send another</a></p>`

const form = (action: string, id: string, sandbox: string | null) => html`
<h2 id="intake">New client</h2>
<p>This is the form of a demonstration firm. Send it, and its rule makes a contact, a matter and a task${
  sandbox === null ? '' : html` in <a href="${sandbox}">the sandbox Clio</a>`
}. Press the button twice: there will be one of each.</p>
<form method="post" action="${action}" aria-labelledby="intake" class="stack">
<input type="hidden" name="_id" value="${id}">
<div class="trap" aria-hidden="true"><label>Leave this empty <input name="_gotcha" tabindex="-1" autocomplete="off"></label></div>
<div class="pair">
<label>First name <input name="first_name" autocomplete="given-name" required maxlength="100"></label>
<label>Last name <input name="last_name" autocomplete="family-name" required maxlength="100"></label>
</div>
<div class="pair">
<label>E-mail <input name="email" type="email" autocomplete="email" required maxlength="200"></label>
<label>Phone (optional) <input name="phone" type="tel" autocomplete="tel" maxlength="40"></label>
</div>
<label>What is it about? <select name="matter_type" required>
<option value="">Choose one</option>
${options(matterTypes)}
</select></label>
<label>Opposing party (optional) <input name="opposing_party" autocomplete="off" maxlength="200"></label>
<label>How did you find us? (optional) <select name="referral">
<option value="">Choose one</option>
${options(referrals)}
</select></label>
<label>Message <textarea name="message" rows="5" required maxlength="5000"></textarea></label>
<button type="submit" class="primary">Send</button>
</form>`

const options = (names: readonly string[]) => names.map(name => html`<option>${name}</option>`)
