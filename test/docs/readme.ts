import type { Source } from '../../src/model/source.ts'

/** docs/sources/README.md, from what the sources say of themselves. */

const cell = (text: string) => text.replaceAll('|', '\\|').replace(/\{\w+\}[^,;]*/g, found => `\`${found.trim()}\``)

function row(source: Source<unknown>): string {
  const { name, verifiedBy, keyedBy, types, signed, signs } = source
  const proof = signs ? 'if set up so' : signed ? 'yes' : 'no'
  const made = types.map(type => (type === '*' ? "the provider's" : `\`${type}\``)).join(', ')
  return `| [${name}](${name}.md) | ${cell(verifiedBy)} | ${proof} | ${cell(keyedBy)} | ${made} |`
}

export function readme(sources: ReadonlyMap<string, Source<unknown>>): string {
  const rows = [...sources.values()].sort((a, b) => (a.name < b.name ? -1 : 1)).map(row)
  return `# Sources

Who can send events in, what proves a request, and what makes two deliveries the same event. This page is made by
\`npm run docs\`; the pages behind it say what to click, what to write, and how to try it.

- *Signed*: the proof covers the body. Only then may a rule replace what stands in Clio (\`"existing": "replace"\`).
- A key of an id is valid for ever: the same delivery a year later makes nothing new. Answers as a key are valid for ten minutes.
- While an endpoint's secret is not set, it takes nothing in and answers 503, so that providers deliver again.
- Where a page stores a secret with \`PUT /api/firms/{firm}/secrets/{NAME}\`, \`npx docketed secret smith NAME\` does the same, read from the standard input, and so does *Settings* in the console.
- Menus move: where to click was not tried on a live account of every provider.

| source | verified by | signed | key | types of event |
|---|---|---|---|---|
${rows.join('\n')}

Zapier, Make, n8n, Google Ads, Cognito Forms, Fillout, Paperform, Wufoo, WPForms, Fluent Forms, Ninja Forms, Formidable, Forminator, Aircall, Adobe
Acrobat Sign, Smith.ai, Ruby, Squarespace, Framer, LawPay: [recipes for \`webhook\`](webhook.md#recipes).
`
}
