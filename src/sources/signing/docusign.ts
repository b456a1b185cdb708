import { isObject, type Json, type JsonObject } from '../../lib/json.ts'
import type { Delivery, InboundFile } from '../../model/event.ts'
import { safeName } from '../../reading/body/uploads.ts'
import { at, textAt } from '../../reading/payload.ts'
import { schemes } from '../proof/schemes.ts'
import type { Vendor } from '../vendor.ts'
import { signerOf } from './signer.ts'

/**
 * https://developers.docusign.com/platform/webhooks/connect/ (JSON SIM). Recipients and documents come only when the Connect
 * configuration includes them; a document's PDF stands in the event as base64.
 */
export const docusign: Vendor = {
  name: 'docusign',
  provider: 'DocuSign Connect',
  schemes: [schemes.docusign],
  status: 200,
  key: ['data.envelopeId', 'event', 'generatedDateTime'],
  type: ['event'],
  subject: 'data.envelopeId',
  time: 'generatedDateTime',
  fields: 'data',
  // With its text and its bytes a body stands in memory three times, of which a Worker has 128 MB.
  maxBytes: 16 * 1_048_576,
  person: item => signerOf(at(item, 'data.envelopeSummary.recipients.signers'), sender(item)),
  taken: documentsOf,
}

const sender = (item: JsonObject) => textAt(item, 'data.envelopeSummary.sender.email')

const path = ['data', 'envelopeSummary', 'envelopeDocuments']

/** The documents as files, and the event without their bytes. */
function documentsOf(item: JsonObject): { item: JsonObject; files: InboundFile[]; contents: Delivery['contents'] } {
  const documents = at(item, path.join('.'))
  if (!Array.isArray(documents)) return { item, files: [], contents: [] }
  const read = documents.map(one => ({ one, bytes: bytesOf(one) }))
  const good = read.flatMap(({ one, bytes }) => (bytes ? [{ one, bytes }] : []))
  return {
    item: replaced(
      item,
      path,
      read.map(({ one, bytes }) => (bytes ? without(one) : one)),
    ),
    files: good.map(({ one, bytes }) => ({ name: nameOf(one), content_type: 'application/pdf', size: bytes.length })),
    contents: good.map(({ bytes }) => bytes),
  }
}

function bytesOf(document: Json) {
  const text = isObject(document) ? document.PDFBytes : null
  return typeof text === 'string' && text !== '' ? decoded(text) : null
}

/** Megabytes at once: without the second spelling that strict reading costs. */
function decoded(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    const binary = atob(text)
    const bytes = new Uint8Array(binary.length)
    for (let at = 0; at < binary.length; at++) bytes[at] = binary.charCodeAt(at)
    return bytes
  } catch {
    return null
  }
}

function without(document: Json): Json {
  if (!isObject(document)) return document
  const { PDFBytes: _, ...rest } = document
  return rest
}

/** Whatever a document was uploaded as, what comes is a PDF. */
function nameOf(document: Json): string {
  const name = textAt(document, 'documentId') === 'certificate' ? 'Certificate of completion' : textAt(document, 'name')
  return safeName(`${(name ?? 'Document').replace(/\.(?:pdf|docx?|rtf|txt|html?)$/i, '')}.pdf`)
}

function replaced(value: JsonObject, [key = '', ...more]: readonly string[], put: Json): JsonObject {
  const inner = value[key]
  return { ...value, [key]: more.length === 0 || !isObject(inner) ? put : replaced(inner, more, put) }
}
