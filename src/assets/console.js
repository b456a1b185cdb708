// The console's few conveniences. Every page works without them.

const typing = () => document.activeElement?.matches('input, textarea, select, [contenteditable]')

// ---- what is new appears by itself

const every = 4000
const live = () => [...document.querySelectorAll('[data-live]')]
/** What each part held when it came, before anything was added to it. */
const shown = new Map(live().map(part => [part, part.innerHTML]))

async function look() {
  if (
    document.hidden ||
    typing() ||
    document.querySelector('[data-live] details[open], [data-live] input:checked, dialog[open]')
  )
    return
  const answer = await fetch(location.href, { headers: { accept: 'text/html' }, redirect: 'error' }).catch(() => null)
  standing(answer)
  if (!answer?.ok) return
  const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html')
  for (const part of live()) {
    const found = fresh.querySelector(`[data-live="${part.dataset.live}"]`)
    if (!found || found.innerHTML === shown.get(part)) continue
    shown.set(part, found.innerHTML)
    const row = document.activeElement?.closest('[data-row]')?.dataset.row
    part.replaceChildren(...found.childNodes)
    if (navigator.clipboard) copiable()
    if (row !== undefined) rowNamed(row)?.querySelector('a')?.focus({ preventScroll: true })
  }
  const [here, there] = [document, fresh].map(page => page.querySelector('nav'))
  if (here && there && here.innerHTML !== there.innerHTML && !here.contains(document.activeElement))
    here.replaceWith(there)
}

let misses = 0
let old = null

/** What is shown stays, but whoever looks at it is told that nothing new comes: signed out, or twice without an answer. */
function standing(answer) {
  misses = answer?.ok ? 0 : misses + 1
  const out = answer?.status === 401
  if (misses === 0) {
    old?.remove()
    old = null
  } else if (old === null && (out || misses > 1)) {
    old = document.createElement('p')
    old.className = 'note bad'
    old.setAttribute('role', 'alert')
    old.innerHTML = `<strong>${out ? 'You are signed out' : 'The page could not be read again'}, so nothing new appears here.</strong> <a href="">Load it again</a>`
    document.querySelector('main').prepend(old)
  }
}

if (live().length > 0) setInterval(() => look().catch(() => {}), every)

// ---- what came of a form is the answer to it once: going back or loading it again asks for the page, and sends nothing anew

// A search that is led to (below) leaves no mark behind: a form takes the address that it stands at, and what it names would be typed into.
const sought = location.hash === '#q'
history.replaceState(history.state, '', sought ? location.pathname + location.search : location.href)
if (sought) document.querySelector('[data-search]')?.focus()

// ---- keys

const rowNamed = name => document.querySelector(`[data-row="${CSS.escape(name)}"]`)

function move(by) {
  const rows = [...document.querySelectorAll('[data-row]:has(a, summary)')]
  const at = rows.indexOf(document.activeElement?.closest('[data-row]'))
  const to = at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(Math.max(at + by, 0), rows.length - 1)
  rows[to]?.querySelector('a, summary').focus()
  rows[to]?.scrollIntoView({ block: 'nearest' })
}

/** The button of a key: that of the row one stands on, else the page's only one. */
function press(key) {
  const here = document.activeElement?.closest('[data-row]')?.querySelector(`[data-key="${key}"]`)
  const all = document.querySelectorAll(`[data-key="${key}"]`)
  const button = here ?? (all.length === 1 ? all[0] : null)
  button?.click()
  return button !== null
}

const keys = {
  '/': () => search(),
  j: () => move(1),
  k: () => move(-1),
  '?': () => help(),
  u: () => document.querySelector('[data-up]')?.click(),
  ...Object.fromEntries(['r', 'v', 'c'].map(key => [key, () => press(key)])),
  ...Object.fromEntries([1, 2, 3, 4, 5].map(n => [n, () => document.querySelectorAll('nav li a')[n - 1]?.click()])),
}

/** Here, or where the firm's runs are searched. */
function search() {
  const runs = document.querySelector('nav a[href$="/runs"]')
  const field = document.querySelector('[data-search]')
  if (field) field.focus()
  else if (runs) location.href = `${runs.href}#q`
}

const off = 'docketed.keys.off'

function help() {
  document.querySelector('dialog.keys')?.remove()
  const dialog = document.createElement('dialog')
  dialog.className = 'keys'
  dialog.setAttribute('aria-labelledby', 'keys')
  dialog.innerHTML = `<h2 id="keys">Keys</h2><dl>
<div><dt><kbd>/</kbd></dt><dd>search</dd></div>
<div><dt><kbd>1</kbd> – <kbd>5</kbd></dt><dd>the pages at the top</dd></div>
<div><dt><kbd>j</kbd> <kbd>k</kbd></dt><dd>next, previous</dd></div>
<div><dt><kbd>Enter</kbd></dt><dd>open</dd></div>
<div><dt><kbd>u</kbd></dt><dd>back to the list</dd></div>
<div><dt><kbd>v</kbd></dt><dd>reveal what a run says</dd></div>
<div><dt><kbd>r</kbd></dt><dd>resume</dd></div>
<div><dt><kbd>c</kbd></dt><dd>correct answers</dd></div>
<div><dt><kbd>?</kbd></dt><dd>these keys</dd></div></dl>
<p><label class="check"><input type="checkbox"> Leave single keys to the browser</label></p>
<form method="dialog"><button>Close</button></form>`
  const box = dialog.querySelector('input')
  box.checked = localStorage.getItem(off) !== null
  box.addEventListener('change', () => (box.checked ? localStorage.setItem(off, '1') : localStorage.removeItem(off)))
  document.body.append(dialog)
  dialog.showModal()
}

addEventListener('keydown', event => {
  const { key, ctrlKey, metaKey, altKey, isComposing } = event
  if (key === 'Escape' && typing()) document.activeElement.blur()
  if (ctrlKey || metaKey || altKey || isComposing || typing() || document.querySelector('dialog[open]')) return
  if (!Object.hasOwn(keys, key) || (localStorage.getItem(off) !== null && key !== '?')) return
  event.preventDefault()
  keys[key]()
})

// ---- a second press of a button is none

const awake = within => {
  for (const button of within.querySelectorAll('button:disabled:not(.copy)')) button.disabled = false
}

addEventListener('submit', ({ target }) => {
  if (target.method !== 'post') return
  if (target.action.endsWith('/sign-out')) sessionStorage.clear()
  // After the form is read: a disabled button is not sent.
  setTimeout(() => {
    for (const button of target.querySelectorAll('button')) button.disabled = true
  })
  // A file is no page: one stays, and may want another.
  if (target.elements.act?.value === 'export') setTimeout(() => awake(target), 3000)
})
addEventListener('pageshow', ({ persisted }) => {
  if (persisted) awake(document)
})

// ---- `npm start` prints an address that carries the token behind `#`, which no server is sent

const token = document.querySelector('[data-token]')
if (token && /^#token=./.test(location.hash) && ['127.0.0.1', 'localhost', '[::1]'].includes(location.hostname)) {
  token.value = decodeURIComponent(location.hash.slice('#token='.length))
  history.replaceState(null, '', location.pathname + location.search)
  token.form.querySelector('button').focus()
}

// ---- a configuration is checked as it is written; names are looked up when somebody asks

const written = document.querySelector('form[data-check]')
if (written) {
  let wait
  let latest = 0
  const glance = async () => {
    const asked = ++latest
    const form = new URLSearchParams(new FormData(written))
    form.set('act', 'glance')
    const answer = await fetch(written.action, { method: 'POST', body: form, redirect: 'error' })
    const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('[data-said]')
    if (fresh && asked === latest) document.querySelector('[data-said]').replaceChildren(...fresh.childNodes)
  }
  const { text, version } = written.elements
  written.addEventListener('input', () => {
    keep()
    clearTimeout(wait)
    wait = setTimeout(() => glance().catch(() => {}), 700)
  })

  // What was not saved is kept in this tab, with the version that it was written over: a session may have ended, or one went elsewhere.
  const place = `docketed.text ${location.pathname}`
  const keep = () => sessionStorage.setItem(place, JSON.stringify([text.value, version.value]))
  const [kept, over] = JSON.parse(sessionStorage.getItem(place) ?? '[]')
  const same = kept?.replace(/\s/g, '') === text.value.replace(/\s/g, '')
  if (same && over !== version.value) sessionStorage.removeItem(place)
  else if (!same && kept !== undefined) {
    const offer = document.createElement('p')
    offer.className = 'note warn'
    offer.innerHTML = 'What you wrote here before was not saved. <button type="button">Bring it back</button>'
    offer.querySelector('button').addEventListener('click', () => {
      text.value = kept
      version.value = over
      offer.remove()
      text.dispatchEvent(new Event('input', { bubbles: true }))
    })
    written.before(offer)
  }
}

// ---- a fault leads to its line, and the text says where one stands in it

const text = document.querySelector('textarea#text')
if (text) {
  const caret = document.querySelector('[data-caret]')
  const say = () => {
    const lines = text.value.slice(0, text.selectionStart).split('\n')
    caret.textContent = `Line ${lines.length}, column ${lines.at(-1).length + 1}`
  }
  for (const kind of ['focus', 'keyup', 'click', 'input', 'select']) text.addEventListener(kind, say)
  const lead = fault => {
    const [from, to] = fault.dataset.at.split(',').map(Number)
    text.focus({ preventScroll: true })
    text.setSelectionRange(from, to)
    const line = text.value.slice(0, from).split('\n').length
    text.scrollTop = (line - 6) * Number.parseFloat(getComputedStyle(text).lineHeight)
    text.scrollIntoView({ block: 'nearest' })
    say()
  }
  addEventListener('click', event => {
    const fault = event.target.closest?.('[data-at]')
    if (!fault) return
    event.preventDefault()
    lead(fault)
  })
  // Somebody comes from a run to mend what it stopped at: the first fault is marked, and one writes over it.
  const first = document.querySelector('.bad [data-at]')
  if (first && new URLSearchParams(location.search).has('run')) lead(first)
}

// ---- what is to be copied has a button; without a script it is selected whole

function copiable() {
  for (const button of document.querySelectorAll('.copy:disabled')) {
    button.disabled = false
    const one = button.parentElement.querySelector('[data-copy]')
    const value = one.value ?? one.textContent
    button.setAttribute(
      'aria-label',
      `Copy ${one.value === undefined ? value : one.labels[0].firstChild.textContent.trim()}`,
    )
    button.addEventListener('click', async () => {
      await navigator.clipboard.writeText(value)
      button.textContent = 'Copied'
      setTimeout(() => (button.textContent = 'Copy'), 2000)
    })
  }
}
if (navigator.clipboard) copiable()
