import { html } from 'hono/html'
import { isProblem } from '../../lib/problem.ts'
import { agentMays, firmRoles, type TokenView } from '../../model/access.ts'
import { copyField } from '../parts/copy.ts'
import { type Html, hidden, sure, table } from '../parts/html.ts'
import { when } from '../parts/time.ts'
import type { Visit } from '../visit.ts'
import { type Acts, inPath, said, saved } from './acts.ts'

/** Who gets in: tokens, and the seats of people whom Cloudflare Access knows. */
export function people(tokens: readonly TokenView[], visit: Visit): Html {
  const { csrf } = visit
  const roles = html`<label>Role<select name="role">${firmRoles.map(role => html`<option>${role}</option>`)}</select></label>`
  const agents = agentMays.map(may => html`<option value="${may}">${agentWords[may]}</option>`)
  return html`${list(tokens, visit)}
<form method="post" class="filters">${hidden(csrf, { act: 'token' })}<label>Whose token<input name="name" required maxlength="64"></label>${roles}
<label>Used by<select name="agent"><option value="">a person or a script</option>${agents}</select></label><button>Make a token</button></form>
<form method="post" class="filters">${hidden(csrf, { act: 'seat' })}<label>E-mail address<input name="email" type="email" required maxlength="254" autocomplete="off"></label>${roles}<button>Give a seat</button></form>
<p class="quiet">A token is shown once. A seat needs none: it is for who comes in through Cloudflare Access. A viewer sees no client’s words; an operator reveals, resumes and undoes; an admin also changes rules, secrets and who gets in.</p>`
}

const agentWords = {
  read: 'an AI agent that reads',
  propose: 'an AI agent whose writes wait for a person',
  write: 'an AI agent that writes',
} as const

function list(tokens: readonly TokenView[], visit: Visit): Html {
  if (tokens.length === 0) return html`<p class="empty">There is no token and no seat: only the vendor gets in.</p>`
  const rows = tokens.map(({ id, name, role, email, agent, createdAt, lastUsedAt }) => {
    const [kind, ends] = email === undefined ? ['token', 'Revoke'] : ['seat', 'Take away']
    const end = sure(
      visit.csrf,
      { act: 'revoke', id },
      html`${ends}<span class="sr"> the ${kind} of ${name}</span>…`,
      html`<p>Whoever uses it is shut out at once.</p>`,
      `${ends} the ${kind} of ${name}`,
    )
    return html`<tr data-row="${id}"><td>${name} <span class="quiet">${kind}</span></td><td class="by">${role}${agent === undefined ? '' : html`, <span class="quiet">${agentWords[agent]}</span>`}</td><td class="quiet">made ${when(createdAt, visit)}, ${lastUsedAt === null ? 'never used' : html`used ${when(lastUsedAt, visit)}`}</td><td>${end}</td></tr>`
  })
  return table('Tokens and seats', ['Name', 'Role', 'Use', html`<span class="sr">Revoke</span>`], rows)
}

const shownOnce = ({ name, role, token }: TokenView & { token: string }): Html =>
  html`<section class="note good" role="status"><p><strong>The token of ${name}, ${role}.</strong> It is shown this once: copy it now.</p>${copyField('Token', token)}</section>`

export const peopleActs: Acts = {
  token: async visit => {
    const agent = said(visit, 'agent')
    const body = { name: said(visit, 'name'), role: said(visit, 'role'), ...(agent !== '' && { agent }) }
    const made = await visit.ask<TokenView & { token: string }>('POST', '/tokens', body)
    return isProblem(made) ? made : { said: shownOnce(made) }
  },
  seat: visit =>
    saved(visit, 'tokens', visit.ask('POST', '/tokens', { email: said(visit, 'email'), role: said(visit, 'role') })),
  revoke: visit => saved(visit, 'tokens', visit.ask('DELETE', `/tokens/${inPath(visit, 'id')}`)),
}
