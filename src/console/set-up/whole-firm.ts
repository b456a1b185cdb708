import { html } from 'hono/html'
import { isProblem, type Problem } from '../../lib/problem.ts'
import { act, type Html, hidden } from '../parts/html.ts'
import type { Shown, Visit } from '../visit.ts'

/** The firm as a whole: held, taken elsewhere, erased. */
export function wholeFirm({ firm, csrf, stats }: Visit): Html {
  const held = stats?.connection.state === 'held'
  return html`<div class="acts">${
    held
      ? act(csrf, { act: 'go-on' }, 'Let the firm go on')
      : html`<details class="sure"><summary>Hold the firm…</summary><form method="post">${hidden(csrf, { act: 'hold' })}<p>Nothing goes out to Clio until somebody lets it go on; what comes in is kept meanwhile.</p><label>Why<input name="reason" maxlength="500"></label><button>Hold ${firm}</button></form></details>`
  }
<details class="sure"><summary>Export…</summary><form method="post" autocomplete="off">${hidden(csrf, { act: 'export' })}<p>A file with all that is kept of the firm, but its secrets and tokens. It is sealed to a passphrase: keep that apart from the file.</p><label>Passphrase<input name="passphrase" type="password" required minlength="16" maxlength="256" autocomplete="new-password"></label><button>Export ${firm}</button></form></details>
<details class="sure"><summary>Erase…</summary><form method="post">${hidden(csrf, { act: 'erase' })}<p>Everything that is kept of the firm is removed, for good; new events are refused from now on. Records in Clio stay. Write the firm’s name to say that this is meant.</p><label>Name of the firm<input name="confirm" required autocomplete="off"></label><button class="danger">Erase ${firm}</button></form></details></div>`
}

/** null: it was something else that was asked. */
export async function actOnFirm(visit: Visit): Promise<Shown | Response | null> {
  const { form, firm } = visit
  const back = (done: object | Problem) =>
    isProblem(done) ? done : { to: `/console/${firm}/settings?did=saved#whole` }
  switch (form.get('act')) {
    case 'hold': {
      const reason = form.get('reason')?.trim() ?? ''
      return back(await visit.ask<object>('POST', '/hold', reason === '' ? {} : { reason }))
    }
    case 'go-on':
      return back(await visit.ask<object>('POST', '/resume', {}))
    case 'export': {
      const headers = { 'export-passphrase': form.get('passphrase') ?? '' }
      const file = await visit.raw('GET', `/firms/${firm}/export`, undefined, headers)
      if (file.ok) return file
      const { title, detail } = (await file.json()) as Problem
      return { code: 'not-exported', title, detail, status: file.status }
    }
    case 'erase': {
      const confirm = encodeURIComponent(form.get('confirm')?.trim() ?? '')
      const done = await visit.ask<object>('DELETE', `?confirm=${confirm}`)
      return isProblem(done) ? done : { to: '/console' }
    }
    default:
      return null
  }
}
