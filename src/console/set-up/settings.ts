import { html } from 'hono/html'
import { isProblem } from '../../lib/problem.ts'
import type { AuditEntry, TokenView } from '../../model/access.ts'
import type { ChannelTest, ChannelView } from '../../model/view/channel.ts'
import type { SecretView } from '../../model/view/endpoint.ts'
import { flash } from '../parts/flash.ts'
import { act, type Html, hidden, nothing, sure, table } from '../parts/html.ts'
import { nameOf } from '../parts/layout.ts'
import { problemNote } from '../parts/problem.ts'
import { counted, when } from '../parts/time.ts'
import type { Page, Shown, Visit } from '../visit.ts'
import { type Acts, inPath, said, saved } from './acts.ts'
import { connect, connection } from './connections.ts'
import { people, peopleActs } from './people.ts'
import { firmActs, wholeFirm } from './whole-firm.ts'

/** `/console/{firm}/settings`: the connection, secrets, channels, tokens, and who did what. */

export const settingsPages: readonly Page[] = [
  { method: 'GET', path: '/console/:firm/settings', role: 'admin', nav: 'Settings', show: visit => show(visit) },
  { method: 'POST', path: '/console/:firm/settings', role: 'admin', show: perform },
]

const deedsMost = 25
interface Deeds {
  readonly entries: readonly AuditEntry[]
  readonly cursor: string | null
}

async function show(visit: Visit, came: Html = nothing, status = 200): Promise<Shown> {
  const { firm } = visit
  const stats = visit.stats!
  const secrets = await visit.ask<{ secrets: SecretView[] }>('GET', '/secrets')
  const channels = await visit.ask<{ channels: ChannelView[] }>('GET', '/channels')
  const tokens = await visit.ask<{ tokens: TokenView[] }>('GET', '/tokens')
  const before = visit.url.searchParams.get('before')
  const deeds = await visit.ask<Deeds>(
    'GET',
    `/audit?limit=${deedsMost}${before ? `&cursor=${encodeURIComponent(before)}` : ''}`,
  )
  const part = (id: string, title: string, of: Html) =>
    html`<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>${of}</section>`
  const body = html`<h1>Settings</h1>${flash(visit)}${came}
${part('connection', 'Clio', await connection(visit, stats))}
${part('secrets', 'Secrets', isProblem(secrets) ? problemNote(secrets) : secretList(secrets.secrets, visit))}
${part('channels', 'Channels', isProblem(channels) ? problemNote(channels) : channelList(channels.channels, visit))}
${part('tokens', 'Who gets in', isProblem(tokens) ? problemNote(tokens) : people(tokens.tokens, visit))}
${part('whole', 'The firm as a whole', wholeFirm(visit))}
${part('audit', 'Who did what', isProblem(deeds) ? problemNote(deeds) : audit(deeds, visit))}`
  return { title: `Settings · ${firm}`, body, status }
}

function secretList(secrets: readonly SecretView[], visit: Visit): Html {
  const { csrf } = visit
  const forget = (name: string) =>
    sure(
      csrf,
      { act: 'forget', name },
      'Forget…',
      html`<p>What it opens or signs is refused from then on.</p>`,
      `Forget ${name}`,
    )
  const rows = secrets.map(
    ({ name, storedAt, usedAt }) =>
      html`<tr data-row="${name}"><td><code>${name}</code></td><td>${storedAt === null ? html`<span class="chip parked">not stored here</span>` : html`stored ${when(storedAt, visit)}`}</td><td class="quiet">${usedAt.length === 0 ? 'nothing names it' : usedAt.join(', ')}</td><td>${storedAt === null ? '' : forget(name)}</td></tr>`,
  )
  const list =
    rows.length === 0
      ? html`<p class="empty">None is stored, and the configuration names none.</p>`
      : table('Secrets', ['Name', 'Stored', 'Used at', html`<span class="sr">Forget</span>`], rows)
  return html`${list}<form method="post" class="filters" autocomplete="off">${hidden(csrf, { act: 'store' })}
<label>Name<input name="name" required pattern="[A-Z][A-Z0-9_]*" placeholder="SLACK_SIGNING_SECRET"></label>
<label>Value<input name="value" type="password" required minlength="16" autocomplete="new-password"></label><button>Store the secret</button></form>
<p class="quiet">Nobody can read a secret again, not here either. Names are in capitals, as the configuration writes them behind a $.</p>`
}

function channelList(channels: readonly ChannelView[], visit: Visit): Html {
  if (channels.length === 0)
    return html`<p class="empty">The firm is told nowhere. Name a channel in the rules, and <code>alerts</code> for what needs a person.</p>`
  return html`${channels.map(({ name, kind, to, alerts, lastSuccessAt, lastError, failures, waiting }) => {
    const deaf =
      failures > 0 && lastError
        ? html`<p class="note bad">Not heard ${failures === 1 ? '' : html`${counted(failures, 'time')} in a row, last `}${when(lastError.at, visit)}. ${lastError.why}${waiting > 0 ? ` ${counted(waiting, 'notice')} wait.` : ''}</p>`
        : nothing
    return html`<article class="card" data-row="${name}"><div class="head"><h3>${name}</h3>${alerts ? html`<span class="chip">alarms go here</span>` : ''}</div>
<p class="quiet">${kind === null ? 'Nobody is behind this name.' : `${kind}: ${to}.`} ${lastSuccessAt === null ? 'Never heard yet.' : html`Heard last ${when(lastSuccessAt, visit)}.`}</p>${deaf}
<div class="acts">${act(visit.csrf, { act: 'tell', name }, 'Send a test')}</div></article>`
  })}`
}

/** What was done, in words; most codes say it themselves: `run.revealed`. */
const deedWords: Readonly<Record<string, string>> = {
  'clio.read': 'Clio was read:',
  'config.saved': 'Configuration saved:',
  'endpoint.catching': 'Catching began at',
  'endpoint.uncaught': 'Catching ended at',
  'firm.resumed': 'Firm goes on; it was held:',
  'record.asked': 'Record asked for:',
  'run.held': 'Legal hold began:',
  'run.released': 'Legal hold ended:',
}

const deedOf = (action: string): string =>
  deedWords[action] ?? action.charAt(0).toUpperCase() + action.slice(1).replace('.', ' ')

function audit({ entries, cursor }: Deeds, visit: Visit): Html {
  if (entries.length === 0) return html`<p class="empty">Nobody did anything yet.</p>`
  const rows = entries.map(
    ({ at, actor, action, run, detail }) =>
      html`<tr><td>${when(at, visit)}</td><td class="by">${nameOf(actor)}</td><td title="${action}">${deedOf(action)}${run === undefined ? '' : html` <a href="/console/${visit.firm}/runs/${run}">${run}</a>`} ${(detail ?? '').replace(/^tok_[\w-]+: /, '')}</td></tr>`,
  )
  return html`${table('Who did what, newest first', ['When', 'Who', 'What'], rows)}${cursor === null ? '' : html`<p class="pager"><a rel="next" href="?before=${cursor}#audit">Older</a></p>`}`
}

const acts: Acts = {
  store: visit => saved(visit, 'secrets', visit.ask('PUT', `/secrets/${inPath(visit, 'name')}`, said(visit, 'value'))),
  forget: visit => saved(visit, 'secrets', visit.ask('DELETE', `/secrets/${inPath(visit, 'name')}`)),
  tell: async visit => {
    const done = await visit.ask<ChannelTest>('POST', `/channels/${inPath(visit, 'name')}/test`)
    if (isProblem(done)) return done
    const name = said(visit, 'name')
    return {
      said: done.taken
        ? html`<p class="note good" role="status">${name} took the test message.</p>`
        : html`<p class="note bad" role="alert"><strong>${name} did not take it.</strong> ${done.said}</p>`,
    }
  },
  connect,
  ...peopleActs,
  ...firmActs,
}

async function perform(visit: Visit): Promise<Shown | Response> {
  const what = said(visit, 'act')
  const done = Object.hasOwn(acts, what) ? await acts[what]!(visit) : { said: nothing }
  if (isProblem(done)) return show(visit, problemNote(done), done.status)
  return 'said' in done ? show(visit, done.said) : done
}
