import { html } from 'hono/html'
import { type Problem, problem } from '../../lib/problem.ts'
import { type Caller, includes } from '../../model/access.ts'
import type { Page, Visit } from '../visit.ts'
import type { Html } from './html.ts'
import { brand } from './layout.ts'
import { remarkList } from './remarks.ts'

/** What went wrong, for people at a page and not for programs. */

/** The API's words speak of headers and bodies: these are for whoever sits before the page. */
const plain: Readonly<Record<string, string>> = {
  'not-found': 'The address may be mistyped, or what it showed is gone.',
  'passphrase-weak': 'It has 16 to 256 letters, digits and signs, without accents.',
  'no-such-version': 'It is no longer kept.',
  'unknown-firm': 'It has no configuration yet.',
  'not-confirmed': 'That is not the name of the firm. Nothing was changed.',
  'docket-unreachable':
    'The docket of the firm did not answer. Load the page again; what you did shows there if it was done.',
  'registry-unreachable': 'The list of firms did not answer. Load the page again.',
  'no-seat': 'Cloudflare Access knows you, but you have no role at this firm. Ask an admin of the firm for a seat.',
  unauthorized: 'This token is not known. Copy it again, or ask an admin of your firm for a new one.',
  'lasting-effects': 'Part of it stays, whatever is undone.',
  'bad-mend': 'Nothing was changed.',
  'configuration-changed':
    'Somebody else saved the configuration since you opened it. Nothing was changed: open it again and repeat your change.',
  'event-gone': 'Its retention time has passed, so what it said is no longer kept.',
}

/** What only leads to the places that are named below says nothing. */
export const wordsOf = ({ code, detail }: Problem): string => plain[code] ?? (detail.includes("'errors'") ? '' : detail)

/** @param text of a document that stands beside it: its faults are told as it is written */
export function problemNote(what: Problem, text?: string): Html {
  return html`<div class="note bad" role="${text === undefined ? 'alert' : 'status'}"><strong>${what.title}.</strong> ${wordsOf(what)}${remarkList(what.errors ?? [], text)}</div>`
}

/** The refusal that an answer of the API tells. */
export async function problemOf(answer: Response): Promise<Problem> {
  const { type, title, detail, errors } = (await answer.json()) as Problem & { type: string }
  return problem(answer.status, type.slice(type.lastIndexOf(':') + 1), title, detail, errors && { errors })
}

export function problemBody(what: Problem, visit: Visit | null): Html {
  const back = visit === null || visit.firm === '' ? '/console' : `/console/${visit.firm}`
  const here = visit !== null && visit.url.pathname === back
  return html`${visit === null ? brand : ''}<h1>${what.title}</h1>
<p>${wordsOf(what)}</p>
${remarkList(what.errors ?? [])}
<p>${what.code === 'unknown-firm' && includes(visit!.caller.role, 'admin') ? html`<a href="${back}/rules">Write one</a>` : here ? html`<a href="">Load the page again</a>` : html`<a href="${back}">${visit === null || visit.firm === '' ? 'To the console' : `Overview of ${visit.firm}`}</a>`}</p>`
}

export const noPage = problem(404, 'not-found', 'There is no page here', '')

export const forged = problem(
  403,
  'stale-form',
  'This form is out of date',
  'You signed in anew since the page was loaded, or it was sent from somewhere else. Nothing was changed: go back, load the page again and repeat it.',
)

export const elsewhere = problem(
  403,
  'origin',
  'Not signed in',
  'The form was sent from another website. Sign in here.',
)

export const ended = problem(
  401,
  'session-ended',
  'Not signed in',
  'Your session has ended, and nothing was changed. Sign in, and repeat what you did.',
)

export const noKey = problem(
  503,
  'data-key-not-set',
  'The console is shut',
  'The Worker has no usable DATA_KEY. Make one with `openssl rand -base64 32` and set it with `wrangler secret put DATA_KEY`.',
)

export const broken = problem(
  500,
  'internal',
  'The page could not be shown',
  'Docketed failed on it, which is our fault. The log of the Worker says where. Load the page again; if it fails again, what it shows is also in the API.',
)

export const notForRole = ({ role }: Caller, page: Page): Problem =>
  problem(
    403,
    'role',
    'Your role does not allow this',
    `This is for the role ${page.role}; you are signed in as ${role}. Nothing was changed. Ask an admin of the firm for a token with that role.`,
  )
