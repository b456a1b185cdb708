import { html } from 'hono/html'
import { isProblem, type Problem } from '../../lib/problem.ts'
import type { Preview, RunSummary, RunView } from '../../model/docket-rpc.ts'
import { flash } from '../parts/flash.ts'
import { forAll } from '../parts/for-all.ts'
import { type Html, hidden, nothing, table } from '../parts/html.ts'
import { problemNote, problemOf } from '../parts/problem.ts'
import { remarkList } from '../parts/remarks.ts'
import { short, when } from '../parts/time.ts'
import { chip } from '../parts/words.ts'
import type { Page, Shown, Visit } from '../visit.ts'
import { calls } from './calls.ts'
import { difference } from './difference.ts'
import { ruleFor, withRule } from './new-rule.ts'

/** `/console/{firm}/rules`: the configuration, and beside it what is wrong with it and what it would do. */

export const rulesPages: readonly Page[] = [
  { method: 'GET', path: '/console/:firm/rules', role: 'admin', nav: 'Rules', unconfigured: true, show: read },
  { method: 'POST', path: '/console/:firm/rules', role: 'admin', unconfigured: true, show: perform },
]

/** Past events to choose from. */
const eventsMost = 30

/** What stands on the page. */
interface Edited {
  readonly text: string
  /** The version that it was opened at; empty: none is stored. */
  readonly version: string
  readonly run: string
  readonly said: Html
}

const empty = `{
  "timezone": "America/New_York",
  "country": "US",
  "endpoints": {
    "website": { "source": "form" }
  },
  "rules": []
}
`

async function read(visit: Visit): Promise<Shown> {
  const query = visit.url.searchParams
  const wanted = /^\d{1,9}$/.exec(query.get('version') ?? '')?.[0]
  const stored = await textOf(visit)
  if (isProblem(stored)) return stored
  const run = query.get('run') ?? ''
  const endpoint = query.get('endpoint')
  if (endpoint !== null) {
    const begun = withRule(stored.text, ruleFor(endpoint, query.get('type') ?? '', query.getAll('take')))
    const said =
      begun === null
        ? noRules
        : html`<p class="note" role="status">A rule for ${endpoint} stands at the end of the text. Change it as you like, check it, then save.</p>`
    return page(visit, { ...stored, text: begun ?? stored.text, run, said })
  }
  if (wanted === undefined || wanted === stored.version) {
    // Somebody comes from a run to mend what it stopped at.
    const said = run === '' ? nothing : await checked(visit, { ...stored, run }, { names: true, masked: true })
    return page(visit, { ...stored, run, said })
  }
  const older = await textOf(visit, wanted)
  if (isProblem(older)) return older
  const said = html`<section class="card" aria-labelledby="diff"><h2 id="diff">From version ${stored.version} back to ${wanted}</h2>${difference(stored.text, older.text)}
<p class="quiet">The text is that of version ${wanted}. Save it, and it is the newest one.</p></section>`
  return page(visit, { text: older.text, version: stored.version, run, said })
}

const noRules = html`<p class="note bad" role="alert">The text has no list of rules that one more could stand in.</p>`

async function textOf(visit: Visit, version?: string): Promise<{ text: string; version: string } | Problem> {
  const answer = await visit.raw(
    'GET',
    `/firms/${visit.firm}/config${version === undefined ? '' : `?version=${version}`}`,
  )
  if (answer.status === 404 && version === undefined) return { text: empty, version: '' }
  if (answer.ok)
    return {
      text: inLines((await answer.text()).replaceAll('\r\n', '\n')),
      version: answer.headers.get('x-config-version') ?? '',
    }
  return problemOf(answer)
}

/** A program sends it in one line; people read it in many. */
function inLines(text: string): string {
  if (text.trim().includes('\n')) return text
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}

async function perform(visit: Visit): Promise<Shown> {
  const { form, firm } = visit
  const text = (form.get('text') ?? '').replaceAll('\r\n', '\n')
  const edited = { text, version: form.get('version') ?? '', run: form.get('run') ?? '' }
  const what = form.get('act') ?? ''
  if (what.startsWith('save')) {
    const saved = await saveAs(visit, edited)
    if (isProblem(saved)) return page(visit, { ...edited, said: problemNote(saved, text) }, saved.status)
    return what === 'save' ? { to: `/console/${firm}/rules?did=saved` } : goOn(visit, edited.run, what === 'save-all')
  }
  return page(visit, {
    ...edited,
    said: await checked(visit, edited, { names: form.get('act') !== 'glance', masked: false }),
  })
}

async function saveAs(visit: Visit, { text, version }: Omit<Edited, 'said'>): Promise<object | Problem> {
  const headers = version === '' ? {} : { 'if-match': `"${version}"` }
  const answer = await visit.raw('PUT', `/firms/${visit.firm}/config?names=1`, text, headers)
  return answer.ok ? {} : problemOf(answer)
}

/** The rules are mended: the run that was looked at goes on, and with it all that are parked for the same reason. */
async function goOn(visit: Visit, id: string, all: boolean): Promise<Shown> {
  const { firm, ask } = visit
  if (all) return forAll(visit, 'resume')
  const gone = await ask<RunSummary>('POST', `/runs/${encodeURIComponent(id)}/resume`, {})
  return isProblem(gone) ? gone : { to: `/console/${firm}/runs/${gone.id}?did=resume` }
}

/**
 * Its faults, and the calls that the chosen event would make.
 * @param how `names`: those that it writes are looked up in Clio. `masked`: it is shown at an address, so what is said of people is not
 */
async function checked(
  visit: Visit,
  { text, run }: Omit<Edited, 'said'>,
  { names, masked }: { readonly names: boolean; readonly masked: boolean },
): Promise<Html> {
  const found = await visit.ask<{ warnings: { path: string; message: string }[] }>(
    'PUT',
    `/config?dry=1${names ? '&names=1' : ''}`,
    text,
  )
  if (isProblem(found)) return problemNote(found, text)
  const looked = names ? ' Every name that it writes is there in Clio.' : ''
  const fine = html`<p class="note good" role="status"><strong>Nothing is wrong.</strong>${looked}</p>${remarkList(found.warnings, text)}`
  if (run === '') return fine
  const preview = await visit.ask<Preview>('POST', '/preview', { run, config: text, names, masked })
  if (isProblem(preview)) return html`${fine}${problemNote(preview)}`
  return html`${fine}<h2>What the event would do ${chip(preview.state)}</h2>${calls(preview.calls, preview.warnings, text)}`
}

async function page(visit: Visit, { text, version, run, said }: Edited, status = 200): Promise<Shown> {
  const { firm, csrf, stats } = visit
  const runs = stats === null ? [] : await visit.ask<{ runs: RunSummary[] }>('GET', `/runs?limit=${eventsMost}`)
  const newest = isProblem(runs) || Array.isArray(runs) ? [] : runs.runs
  const asked = run === '' ? null : await visit.ask<RunView>('GET', `/runs/${encodeURIComponent(run)}`)
  const chosen = asked === null || isProblem(asked) ? null : asked
  // It may be older than those to choose from.
  const past = chosen === null || newest.some(({ id }) => id === run) ? newest : [chosen, ...newest]
  const saves = saveButtons(visit, chosen)
  const option = ({ id, endpoint, type, acceptedAt }: RunSummary) =>
    html`<option value="${id}"${id === run ? html` selected` : ''}>${endpoint} · ${type} · ${short(acceptedAt, visit)}</option>`
  const body = html`<h1>Rules</h1>${flash(visit)}
<form method="post" action="/console/${firm}/rules" class="beside" data-check>${hidden(csrf, { version })}
<label class="text">The configuration${version === '' ? '' : ` (version ${version})`}<textarea name="text" id="text" rows="36" spellcheck="false" wrap="off" class="code">${text}</textarea><output class="quiet" data-caret></output></label>
<div><label>Try it on an event<select name="run"><option value="">none</option>${past.map(option)}</select></label>
<div class="acts"><button name="act" value="check">Check</button>${saves}</div>
<div data-said aria-live="polite">${said}</div>
<p class="quiet">Checking looks up in Clio the names that the rules write. Nothing is changed before you save.</p></div></form>
${await versions(visit)}`
  return { title: `Rules · ${firm}`, body, status }
}

/** Whoever comes from a parked run sends it on with the same button. */
function saveButtons({ stats }: Visit, run: RunView | null): Html {
  const plain = (kind: string) => html`<button name="act" value="save"${kind && html` class="${kind}"`}>Save</button>`
  if (run?.state !== 'parked' || run.reasonCode === null) return plain('primary')
  const same = stats?.reasons[run.reasonCode] ?? 0
  const all =
    same > 1
      ? html`<input type="hidden" name="code" value="${run.reasonCode}"><button name="act" value="save-all" class="primary">Save and resume all ${same}</button>`
      : ''
  return html`${all}<button name="act" value="save-resume"${same > 1 ? '' : html` class="primary"`}>Save and resume the run</button>${plain('')}`
}

async function versions(visit: Visit): Promise<Html> {
  const { firm, stats } = visit
  if (stats?.version == null) return nothing
  const found = await visit.ask<{ versions: { version: number; at: string; actor: string | null }[] }>(
    'GET',
    '/config/versions',
  )
  if (isProblem(found)) return nothing
  const rows = found.versions.map(
    ({ version, at, actor }) =>
      html`<tr><td>${version === stats.version ? html`<strong>${version}, in force</strong>` : html`<a href="/console/${firm}/rules?version=${version}">${version}: difference, and back to it</a>`}</td><td>${when(at, visit)}</td><td>${actor ?? ''}</td></tr>`,
  )
  return html`<section aria-labelledby="versions"><h2 id="versions">Versions</h2>${table('Versions, newest first', ['Version', 'Saved', 'By'], rows)}</section>`
}
