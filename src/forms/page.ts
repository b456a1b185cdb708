import { html, raw } from 'hono/html'
import { type Captcha, captchas } from '../sources/own-form/captcha.ts'
import { type FormDefinition, type FormField, madeAt, oneTimeId, trap } from '../sources/own-form/form-definition.ts'
import { visitorWords } from '../sources/own-form/words.ts'
import { type Texts, texts } from './texts.ts'

type Html = ReturnType<typeof html>

/** Autofill words for the names that forms use; https://html.spec.whatwg.org/#autofill */
const autofill: Readonly<Record<string, string>> = {
  first_name: 'given-name',
  last_name: 'family-name',
  name: 'name',
  full_name: 'name',
  email: 'email',
  phone: 'tel',
  company: 'organization',
  street: 'street-address',
  city: 'address-level2',
  postal_code: 'postal-code',
  country: 'country-name',
}

export interface Shown {
  readonly definition: FormDefinition
  /** Where it posts to. */
  readonly action: string
  /** One-time id of this page: whatever is posted from it twice is one submission. */
  readonly id: string
  /** Where it goes afterwards. */
  readonly thanks: string
  readonly captcha?: Captcha | undefined
  /** ms since the epoch. */
  readonly now: number
}

/** The page of a hosted form: works without JavaScript; the script only shows progress and keeps a second click off. */
export function formPage({ definition, action, thanks, id, now, captcha }: Shown): Html {
  const said = texts[definition.language]
  const files = definition.fields.some(field => field.type === 'file')
  const hidden = (name: string, value: string) => html`<input type="hidden" name="${name}" value="${value}">`
  const main = html`<h1>${definition.title}</h1>
${definition.intro ? html`<p>${definition.intro}</p>` : ''}
<form method="post" action="${action}"${files ? raw(' enctype="multipart/form-data"') : ''}>
${hidden(oneTimeId, id)}${hidden(madeAt, now.toString(36))}
<div class="trap" aria-hidden="true"><label>${said.trap} <input name="${trap}" tabindex="-1" autocomplete="off"></label></div>
${definition.fields.map(field => html`${fieldHtml(field, said)}\n`)}
${definition.consent ? consentHtml(definition.consent) : ''}
${captcha?.sitekey ? html`<div class="${captchas[captcha.kind].widget}" data-sitekey="${captcha.sitekey}"></div>` : ''}
<p class="status" role="status"></p>
<progress max="1" value="0" hidden aria-label="${said.sending}"></progress>
<button type="submit" data-door="${action}" data-thanks="${thanks}" data-sending="${said.sending}" data-failed="${said.failed}">${definition.submit ?? said.submit}</button>
</form>`
  const scripts = html`<script src="/forms/form.js" defer></script>
${captcha?.sitekey ? html`<script src="${captchas[captcha.kind].script}" async defer></script>` : ''}`
  return page(definition.language, definition.title, main, scripts)
}

/** @param head what else stands in it */
const page = (language: string, title: string, main: Html, head: Html): Html => html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>${title}</title>
<link rel="stylesheet" href="/forms/form.css">
${head}
</head>
<body>
<main>
${main}
</main>
</body>
</html>
`

function consentHtml(text: string): Html {
  return html`<div class="field choice"><input type="checkbox" id="f-consent" name="consent" value="yes" required><label for="f-consent">${text}</label></div>`
}

function fieldHtml(field: FormField, said: Texts): Html {
  const id = `f-${field.name}`
  const described = field.help ? html` aria-describedby="${id}-help"` : ''
  const help = field.help ? html`<p class="help" id="${id}-help">${field.help}</p>` : ''
  const mark = field.required ? '' : html` <span class="mark">(${said.optional})</span>`
  const required = field.required ? ' required' : ''
  const several = field.type === 'radio' || (field.type === 'checkbox' && field.options !== undefined)
  if (several) return groupHtml(field, id, described, help, mark)
  if (field.type === 'checkbox') {
    return html`<div class="field choice"><input type="checkbox" id="${id}" name="${field.name}" value="yes"${required}${described}><label for="${id}">${field.label}${mark}</label>${help}</div>`
  }
  const complete = field.autocomplete ?? autofill[field.name]
  const common = html`id="${id}" name="${field.name}"${required}${described}${complete ? html` autocomplete="${complete}"` : ''}`
  return html`<div class="field"><label for="${id}">${field.label}${mark}</label>${help}${control(field, common, said)}</div>`
}

function control(field: FormField, common: Html, said: Texts): Html {
  switch (field.type) {
    case 'textarea':
      return html`<textarea ${common} rows="6"></textarea>`
    case 'select': {
      const choices = (field.options ?? []).map(option => html`<option>${option}</option>`)
      return html`<select ${common}><option value="">${said.choose}</option>${choices}</select>`
    }
    case 'file':
      return html`<input type="file" ${common}${field.multiple ? ' multiple' : ''}>`
    default:
      return html`<input type="${field.type}" ${common}>`
  }
}

/** Radios, or boxes of which several may be ticked: a group with its question as the legend. */
function groupHtml(field: FormField, id: string, described: Html | '', help: Html | '', mark: Html | ''): Html {
  const required = field.required && field.type === 'radio' ? ' required' : ''
  const choices = (field.options ?? []).map((option, at) => {
    return html`<div class="choice"><input type="${field.type}" id="${id}-${at}" name="${field.name}" value="${option}"${required}><label for="${id}-${at}">${option}</label></div>`
  })
  return html`<fieldset class="field"${described}><legend>${field.label}${mark}</legend>${help}${choices}</fieldset>`
}

/** The page after it was sent. A reload of it sends nothing. */
export function thanksPage(definition: FormDefinition): Html {
  const { title, text } = definition.thanks ?? visitorWords[definition.language].thanks
  return page(
    definition.language,
    title,
    html`<h1>${title}</h1>
<p>${text}</p>`,
    html`<meta name="robots" content="noindex">`,
  )
}
