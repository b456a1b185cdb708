import { getLanguageService, TextDocument } from 'vscode-json-languageservice'
import { schemaAsset } from './schema.ts'

/** What an editor makes of a document: the language service that VS Code and many others have, with our schema. */

const uri = 'https://docketed.example/schema/config.json'
const service = getLanguageService({ schemaRequestService: async () => schemaAsset() })
service.configure({ schemas: [{ uri, fileMatch: ['*.jsonc'] }], validate: true, allowComments: true })

const opened = (text: string) => {
  const document = TextDocument.create('file:///firm.jsonc', 'jsonc', 1, text)
  return { document, parsed: service.parseJSONDocument(document) }
}

/** What it offers at the `|` in a text, without quotes. */
export async function offered(text: string): Promise<string[]> {
  const at = text.indexOf('|')
  const { document, parsed } = opened(text.slice(0, at) + text.slice(at + 1))
  const found = await service.doComplete(document, document.positionAt(at), parsed)
  return (found?.items ?? []).map(({ label }) => label.replace(/^"|"$/g, ''))
}

/** What it underlines: `line: message`. */
export async function underlined(text: string): Promise<string[]> {
  const { document, parsed } = opened(text)
  const settings = { comments: 'ignore', trailingCommas: 'ignore' } as const
  const found = await service.doValidation(document, parsed, settings)
  return found.map(({ range, message }) => `${range.start.line + 1}: ${message}`)
}

/** What it says of the word at the `|`. */
export async function hovered(text: string): Promise<string> {
  const at = text.indexOf('|')
  const { document, parsed } = opened(text.slice(0, at) + text.slice(at + 1))
  const found = await service.doHover(document, document.positionAt(at), parsed)
  return JSON.stringify(found?.contents ?? '')
}
