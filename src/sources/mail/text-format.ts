import { htmlText } from './html.ts'

/**
 * Stands in the bundle for `text-format.js` of postal-mime (wrangler.toml), which is 2 KiB gzipped: how a part in HTML reads where the one
 * before is text, and the other way round. Attached mails stay attachments, so no heads are written for them.
 */

export const htmlToText = htmlText

export const textToHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replace(/\r?\n/g, '<br>\n')

export const formatTextHeader = (): string => ''
export const formatHtmlHeader = (): string => ''
