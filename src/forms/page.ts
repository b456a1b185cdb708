import { type Captcha, captchas } from '../sources/own-form/captcha.ts'
import { type FormDefinition, type FormField, madeAt, oneTimeId, trap } from '../sources/own-form/form-definition.ts'
import { escapeHtml } from '../sources/own-form/page.ts'
import { script } from './script.ts'
import { style } from './style.ts'
import { type Texts, texts } from './texts.ts'

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
  readonly nonce: string
}

/** The page of a hosted form: works without JavaScript; the script only shows progress and keeps a second click off. */
export function formPage({ definition, action, thanks, id, now, nonce, captcha }: Shown): string {
  const said = texts[definition.language]
  const files = definition.fields.some(field => field.type === 'file')
  const hidden = (name: string, value: string) => `<input type="hidden" name="${name}" value="${escapeHtml(value)}">`
  return `<!doctype html>
<html lang="${definition.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>${escapeHtml(definition.title)}</title>
<style nonce="${nonce}">${style}</style>
</head>
<body>
<main>
<h1>${escapeHtml(definition.title)}</h1>
${definition.intro ? `<p>${escapeHtml(definition.intro)}</p>` : ''}
<form method="post" action="${escapeHtml(action)}"${files ? ' enctype="multipart/form-data"' : ''} data-thanks="${escapeHtml(thanks)}" data-sending="${escapeHtml(said.sending)}" data-failed="${escapeHtml(said.failed)}">
${hidden(oneTimeId, id)}${hidden(madeAt, now.toString(36))}
<div class="trap" aria-hidden="true"><label>${said.trap} <input name="${trap}" tabindex="-1" autocomplete="off"></label></div>
${definition.fields.map(field => fieldHtml(field, said)).join('\n')}
${definition.consent ? consentHtml(definition.consent) : ''}
${captcha?.sitekey ? `<div class="${captchas[captcha.kind].widget}" data-sitekey="${escapeHtml(captcha.sitekey)}"></div>` : ''}
<p class="status" role="status"></p>
<progress max="1" value="0" hidden aria-label="${escapeHtml(said.sending)}"></progress>
<button type="submit">${escapeHtml(definition.submit ?? said.submit)}</button>
</form>
</main>
<script nonce="${nonce}">${script}</script>
${captcha?.sitekey ? `<script nonce="${nonce}" src="${captchas[captcha.kind].script}" async defer></script>` : ''}
</body>
</html>
`
}

function consentHtml(text: string): string {
  return `<div class="field choice"><input type="checkbox" id="f-consent" name="consent" value="yes" required><label for="f-consent">${escapeHtml(text)}</label></div>`
}

function fieldHtml(field: FormField, said: Texts): string {
  const id = `f-${field.name}`
  const described = field.help ? ` aria-describedby="${id}-help"` : ''
  const help = field.help ? `<p class="help" id="${id}-help">${escapeHtml(field.help)}</p>` : ''
  const mark = field.required ? '' : ` <span class="mark">(${said.optional})</span>`
  const required = field.required ? ' required' : ''
  const several = field.type === 'radio' || (field.type === 'checkbox' && field.options !== undefined)
  if (several) return groupHtml(field, id, described, help, mark)
  if (field.type === 'checkbox') {
    return `<div class="field choice"><input type="checkbox" id="${id}" name="${field.name}" value="yes"${required}${described}><label for="${id}">${escapeHtml(field.label)}${mark}</label>${help}</div>`
  }
  const complete = field.autocomplete ?? autofill[field.name]
  const common = `id="${id}" name="${field.name}"${required}${described}${complete ? ` autocomplete="${complete}"` : ''}`
  return `<div class="field"><label for="${id}">${escapeHtml(field.label)}${mark}</label>${help}${control(field, common, said)}</div>`
}

function control(field: FormField, common: string, said: Texts): string {
  switch (field.type) {
    case 'textarea':
      return `<textarea ${common} rows="6"></textarea>`
    case 'select': {
      const choices = (field.options ?? []).map(option => `<option>${escapeHtml(option)}</option>`).join('')
      return `<select ${common}><option value="">${escapeHtml(said.choose)}</option>${choices}</select>`
    }
    case 'file':
      return `<input type="file" ${common}${field.multiple ? ' multiple' : ''}>`
    default:
      return `<input type="${field.type}" ${common}>`
  }
}

/** Radios, or boxes of which several may be ticked: a group with its question as the legend. */
function groupHtml(field: FormField, id: string, described: string, help: string, mark: string): string {
  const required = field.required && field.type === 'radio' ? ' required' : ''
  const choices = (field.options ?? []).map((option, at) => {
    const value = escapeHtml(option)
    return `<div class="choice"><input type="${field.type}" id="${id}-${at}" name="${field.name}" value="${value}"${required}><label for="${id}-${at}">${value}</label></div>`
  })
  return `<fieldset class="field"${described}><legend>${escapeHtml(field.label)}${mark}</legend>${help}${choices.join('')}</fieldset>`
}

/** The page after it was sent. A reload of it sends nothing. */
export function thanksPage(definition: FormDefinition, nonce: string): string {
  const { title, text } = definition.thanks ?? texts[definition.language].thanks
  return `<!doctype html>
<html lang="${definition.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<meta name="robots" content="noindex">
<title>${escapeHtml(title)}</title>
<style nonce="${nonce}">${style}</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
<p>${escapeHtml(text)}</p>
</main>
</body>
</html>
`
}
