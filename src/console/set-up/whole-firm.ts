import { html } from 'hono/html'
import { isProblem } from '../../lib/problem.ts'
import { isPassphrase } from '../../platform/envelope.ts'
import { act, type Html, sure } from '../parts/html.ts'
import { problemOf } from '../parts/problem.ts'
import type { Visit } from '../visit.ts'
import { type Acts, inPath, said, saved } from './acts.ts'

/** The firm as a whole: held, taken elsewhere, erased. */
export function wholeFirm({ firm, csrf, stats }: Visit): Html {
  const held = stats?.connection.state === 'held'
  const hold = () =>
    sure(
      csrf,
      { act: 'hold' },
      'Hold the firm…',
      html`<p>Nothing goes out to Clio until somebody lets it go on; what comes in is kept meanwhile.</p><label>Why<input name="reason" maxlength="500"></label>`,
      `Hold ${firm}`,
      {},
    )
  const take = sure(
    csrf,
    { act: 'export' },
    'Export…',
    html`<p>A file with all that is kept of the firm, but its secrets and tokens. It is sealed to a passphrase: keep that apart from the file.</p><label>Passphrase<input name="passphrase" type="password" required minlength="16" maxlength="256" autocomplete="new-password"></label>`,
    `Export ${firm}`,
    {},
  )
  const erase = sure(
    csrf,
    { act: 'erase' },
    'Erase…',
    html`<p>Everything that is kept of the firm is removed, for good; new events are refused from now on. Records in Clio stay. Write the firm’s name to say that this is meant.</p><label>Name of the firm<input name="confirm" required autocomplete="off"></label>`,
    `Erase ${firm}`,
  )
  return html`<div class="acts">${held ? act(csrf, { act: 'go-on' }, 'Let the firm go on') : hold()}${take}${erase}</div>`
}

export const firmActs: Acts = {
  hold: visit => {
    const reason = said(visit, 'reason')
    return saved(visit, 'whole', visit.ask('POST', '/hold', reason === '' ? {} : { reason }))
  },
  'go-on': visit => saved(visit, 'whole', visit.ask('POST', '/resume', {})),
  export: async ({ firm, form, raw }) => {
    const passphrase = form.get('passphrase') ?? ''
    // What no header can carry is as good as none.
    const headers = { 'export-passphrase': isPassphrase(passphrase) ? passphrase : '' }
    const file = await raw('GET', `/firms/${firm}/export`, undefined, headers)
    return file.ok ? file : problemOf(file)
  },
  erase: async visit => {
    const done = await visit.ask<object>('DELETE', `?confirm=${inPath(visit, 'confirm')}`)
    return isProblem(done) ? done : { to: '/console' }
  },
}
