import { html, raw } from 'hono/html'
import type { Json } from '../../lib/json.ts'
import { isObject } from '../../lib/json.ts'
import { contactName } from '../clio/quirks.ts'
import { valueAt } from '../clio/read/view.ts'
import { etagOf, type Row, type Store } from '../clio/store.ts'
import type { Sandbox } from '../sandbox.ts'

/** What now stands in the sandbox's Clio, as a page to look at. */

type Html = ReturnType<typeof html>

type Column = readonly [heading: string, cell: (row: Row, store: Store) => unknown]

const list = (value: Json | undefined) => (Array.isArray(value) ? value.filter(isObject) : [])

function nameOf(store: Store, reference: Json | undefined, resources: readonly string[]): unknown {
  if (!isObject(reference)) return ''
  for (const resource of resources) {
    const row = store.get(resource, reference.id)
    if (row) return resource === 'matters' ? row.data.display_number : (valueAt(store, row, 'name') ?? row.id)
  }
  return `#${reference.id}`
}

const named =
  (key: string, ...resources: readonly string[]): Column[1] =>
  (row, store) =>
    nameOf(store, row.data[key], resources)
const plain =
  (key: string): Column[1] =>
  row =>
    row.data[key]

function fieldValues(row: Row, store: Store): string {
  return list(valueAt(store, row, 'custom_field_values'))
    .map(
      ({ field_name, picklist_option, value }) =>
        `${field_name}: ${isObject(picklist_option) ? picklist_option.option : value}`,
    )
    .join('\n')
}

/** Resources that have a table of their own; every other one that the firm was not born with shows its texts. */
const tables: Readonly<Record<string, readonly [title: string, columns: readonly Column[]]>> = {
  contacts: [
    'Contacts',
    [
      ['Name', ({ data }) => contactName(data)],
      [
        'E-mail',
        ({ data }) =>
          list(data.email_addresses)
            .map(({ address }) => address)
            .join('\n'),
      ],
      [
        'Phone',
        ({ data }) =>
          list(data.phone_numbers)
            .map(({ number }) => number)
            .join('\n'),
      ],
      ['Fields', fieldValues],
    ],
  ],
  matters: [
    'Matters',
    [
      ['Number', plain('display_number')],
      ['Client', named('client', 'contacts')],
      ['Description', plain('description')],
      ['Practice area', named('practice_area', 'practice_areas')],
      ['Status', plain('status')],
      ['Fields', fieldValues],
    ],
  ],
  tasks: [
    'Tasks',
    [
      ['Task', plain('name')],
      ['Description', plain('description')],
      ['Assignee', named('assignee', 'users', 'contacts')],
      ['Due', plain('due_at')],
      ['Priority', plain('priority')],
      ['Matter', named('matter', 'matters')],
      ['Status', plain('status')],
    ],
  ],
  calendar_entries: [
    'Calendar',
    [
      ['Entry', plain('summary')],
      ['From', plain('start_at')],
      ['To', plain('end_at')],
      ['Calendar', named('calendar_owner', 'calendars')],
      ['Matter', named('matter', 'matters')],
      ['Place', plain('location')],
    ],
  ],
  notes: [
    'Notes',
    [
      ['Subject', plain('subject')],
      ['Text', plain('detail')],
      ['Matter', named('matter', 'matters')],
      ['Contact', named('contact', 'contacts')],
    ],
  ],
  activities: [
    'Activities',
    [
      ['Date', plain('date')],
      ['Type', plain('type')],
      ['Note', plain('note')],
      ['Seconds', plain('quantity')],
      ['Price', plain('price')],
      ['Matter', named('matter', 'matters')],
    ],
  ],
  communications: [
    'Communications',
    [
      ['Subject', plain('subject')],
      ['Text', plain('body')],
      ['Type', plain('type')],
      ['Matter', named('matter', 'matters')],
    ],
  ],
  documents: [
    'Documents',
    [
      ['Name', plain('name')],
      ['Bytes', (row, store) => valueAt(store, row, 'size')],
      ['Below', named('parent', 'matters', 'folders', 'contacts')],
    ],
  ],
}

/** What the firm was born with is of no interest when it is long. */
const quiet = new Set([
  'users',
  'calendars',
  'practice_areas',
  'matter_stages',
  'currencies',
  'groups',
  'task_types',
  'task_template_lists',
  'activity_descriptions',
  'expense_categories',
  'document_categories',
  'calendar_entry_event_types',
  'custom_fields',
])

const other: readonly Column[] = [['What', ({ data }) => JSON.stringify(data)]]

function table(title: string, columns: readonly Column[], rows: readonly Row[], store: Store): Html | '' {
  if (rows.length === 0) return ''
  const head = columns.map(([heading]) => html`<th scope="col">${heading}</th>`)
  const body = rows
    .toReversed()
    .slice(0, 100)
    .map(row => {
      const cells = columns.map(
        ([heading, cell]) => html`<td data-label="${heading}">${String(cell(row, store) ?? '')}</td>`,
      )

      return html`<tr id="${row.resource}-${row.id}" title="${row.id} ${etagOf(row)}"><td data-label="Id">${row.id}</td>${cells}</tr>\n`
    })
  return html`<section><h2>${title} <small>${rows.length}</small></h2>
<table><thead><tr><th scope="col">Id</th>${head}</tr></thead><tbody>${body}</tbody></table></section>`
}

function calls({ ledger }: Sandbox): Html {
  const rows = ledger.entries
    .slice(-25)
    .reverse()
    .map(({ at, method, path, status, trouble }) => {
      const told = status === null ? 'not carried out' : String(status)
      return html`<tr><td data-label="At">${new Date(at).toISOString().slice(11, 19)}</td><td data-label="Call">${method} ${path}</td><td data-label="Came to">${told}</td><td data-label="Trouble">${trouble ?? ''}</td></tr>\n`
    })
  if (rows.length === 0) return html`<section><h2>Last calls</h2><p>None yet.</p></section>`
  return html`<section><h2>Last calls <small>${ledger.entries.length}</small></h2>
<table><thead><tr><th scope="col">At</th><th scope="col">Call</th><th scope="col">Came to</th><th scope="col">Trouble</th></tr></thead><tbody>${rows}</tbody></table></section>`
}

const style = `
:root { color-scheme: light dark; font: 16px/1.45 system-ui, sans-serif; }
body { max-width: 75rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.4rem; margin: 0; } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; } small { font-weight: normal; opacity: .7; }
table { width: 100%; border-collapse: collapse; } th { text-align: left; font-weight: 600; }
th, td { padding: .4rem .6rem .4rem 0; border-bottom: 1px solid color-mix(in srgb, currentColor 20%, transparent); vertical-align: top; white-space: pre-line; overflow-wrap: anywhere; }
@media (max-width: 42rem) {
  thead { position: absolute; clip-path: inset(50%); } tr { display: block; padding: .5rem 0; border-bottom: 1px solid; }
  td { display: grid; grid-template-columns: 7rem 1fr; border: 0; padding: .1rem 0; } td:empty { display: none; } td::before { content: attr(data-label); opacity: .7; }
}`

/** The whole page. It fetches itself again every three seconds, while nobody selects text in it. */
export function page(sandbox: Sandbox, account = 'smith'): string {
  const store = sandbox.account(account)
  const known = Object.entries(tables).map(([resource, [title, columns]]) =>
    table(title, columns, store.all(resource), store),
  )
  const rest = store
    .resources()
    .filter(resource => !(resource in tables) && !quiet.has(resource))
    .map(resource => table(resource, other, store.all(resource), store))
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Clio sandbox: ${account}</title><style>${raw(style)}</style></head>
<body><header><h1>What stands in Clio</h1><p>A sandbox, account <strong>${account}</strong>. Newest first.</p></header>
<main>${known}${rest}${calls(sandbox)}</main>
<script>
setInterval(async () => {
  if (document.hidden || String(getSelection())) return
  const answer = await fetch(location.href).catch(() => null)
  if (!answer?.ok) return
  const main = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('main')
  if (main.innerHTML !== document.querySelector('main').innerHTML) document.querySelector('main').replaceWith(main)
}, 3000)
</script></body></html>`.toString()
}
