import { download } from '../../../src/clio/operations/documents.ts'
import type { Json, JsonObject } from '../../../src/lib/json.ts'
import type { InboundFile } from '../../../src/model/event.ts'
import type { Firm } from '../clio.ts'
import { everything, idIn, type Operation } from './operation.ts'
import { carryOut } from './step.ts'

/** What is written down and kept: notes, communications, folders, documents. */

const about = (type: 'Matter' | 'Contact', key: string, name: string, zapier?: string): Operation[] =>
  everything({
    resource: 'notes',
    kind: `a ${type} note`,
    fields: 'id,type,subject,detail,date',
    list: { type },
    listed: record => record.type === type,
    create: {
      ...(zapier && { zapier }),
      with: { type, subject: 'From the website', detail: 'Please call me after five.', [key]: name },
      calls: [`GET ${key}s`, 'POST notes'],
      stands: firm => ({ type, subject: 'From the website', [key]: idIn(firm, `${key}s`, name) }),
    },
    update: {
      with: { detail: 'Called.' },
      calls: ['GET notes/#', 'PATCH notes/#'],
      stands: () => ({ subject: 'From the website', detail: 'Called.' }),
    },
  })

const communication = (type: string, kind: string): Operation[] =>
  everything({
    resource: 'communications',
    kind,
    fields: 'id,type,subject,body,date,matter{id,display_number}',
    list: { type },
    listed: record => record.type === type,
    create: {
      zapier: 'Create Communication',
      with: {
        type,
        subject: 'Custody',
        body: 'Asked for a consultation.',
        date: '2026-10-14',
        matter: '00001-Alvarez',
        senders: [{ name: 'Maria Alvarez', type: 'Contact' }],
        receivers: ['Ina Take'],
      },
      calls: ['GET matters', 'GET contacts', 'GET users', 'POST communications'],
      stands: firm => ({
        type,
        subject: 'Custody',
        matter: idIn(firm, 'matters', '00001-Alvarez'),
        senders: [{ ...idIn(firm, 'contacts', 'Maria Alvarez'), type: 'Contact' }],
        receivers: [{ ...idIn(firm, 'users', 'intake@smith.example'), type: 'User' }],
      }),
    },
    update: {
      with: { subject: 'Custody of two' },
      calls: ['GET communications/#', 'PATCH communications/#'],
      stands: () => ({ type, subject: 'Custody of two' }),
    },
  })

const folder = everything({
  resource: 'folders',
  fields: 'id,name,parent{id,name}',
  create: {
    zapier: 'Create Matter Folder',
    with: { name: 'Court', parent: '00001-Alvarez', document_category: 'Pleadings' },
    calls: ['GET matters', 'GET document_categories', 'POST folders'],
    stands: firm => ({
      name: 'Court',
      parent: { ...idIn(firm, 'matters', '00001-Alvarez'), type: 'Matter' },
      document_category: idIn(firm, 'document_categories', 'Pleadings'),
    }),
  },
  update: {
    with: { name: 'Court papers' },
    calls: ['GET folders/#', 'PATCH folders/#'],
    stands: () => ({ name: 'Court papers' }),
  },
})

// ---- documents: what may go wrong on the way is tried in documents.test.ts

const uploading = ['POST documents', 'PUT storage', 'PATCH documents/#']

/** A file of an event, as the Docket keeps it. */
function file(firm: Firm, text: string): InboundFile {
  const bytes = new TextEncoder().encode(text) as Uint8Array<ArrayBuffer>
  firm.kept.set('smith/a/0', bytes)
  return { name: 'passport.pdf', content_type: 'application/pdf', size: bytes.length, key: 'smith/a/0' }
}

const upload = async (firm: Firm, values: JsonObject, text: string): Promise<Json> =>
  (await carryOut(firm, { create: 'documents', with: { ...values, content: '{{ files[0] }}' } }, [file(firm, text)]))
    .id ?? null

const evidence: JsonObject = { parent: '00001-Alvarez', document_category: 'Evidence' }

const uploaded = async (firm: Firm): Promise<JsonObject> => ({
  record: await upload(firm, evidence, '%PDF-1'),
})

const versions = (firm: Firm, id: Json): unknown => {
  const { document_versions } = firm.record('documents', id)
  return (document_versions as JsonObject[]).map(({ size, fully_uploaded }) => ({ size, fully_uploaded }))
}

const document: readonly Operation[] = [
  {
    resource: 'documents',
    does: 'upload one to a matter',
    zapier: 'Upload Document',
    run: firm => upload(firm, evidence, '%PDF-1.7'),
    calls: ['GET matters', 'GET document_categories', ...uploading],
    effect: (firm, id) => ({
      seen: { ...firm.record('documents', id), versions: versions(firm, id) },
      is: {
        name: 'passport.pdf',
        parent: { ...idIn(firm, 'matters', '00001-Alvarez'), type: 'Matter' },
        document_category: idIn(firm, 'document_categories', 'Evidence'),
        versions: [{ size: 8, fully_uploaded: true }],
      },
    }),
  },
  {
    resource: 'documents',
    does: 'upload a new version',
    before: uploaded,
    run: (firm, { record = null }) => upload(firm, { parent: { id: record, type: 'Document' } }, '%PDF-1.7'),
    calls: uploading,
    effect: (firm, _id, { record = null }) => ({
      seen: versions(firm, record),
      is: [
        { size: 6, fully_uploaded: true },
        { size: 8, fully_uploaded: true },
      ],
    }),
  },
  {
    resource: 'documents',
    does: 'download one',
    before: uploaded,
    run: async (firm, { record }) => {
      const { body } = await download(String(record), firm.gateway)
      return new TextDecoder().decode(await new Response(body).arrayBuffer())
    },
    calls: ['GET documents/#/download', 'GET storage'],
    effect: (_firm, text) => ({ seen: text, is: '%PDF-1' }),
  },
  ...everything({
    resource: 'documents',
    before: uploaded,
    fields: 'id,name,latest_document_version{content_type,size},created_at',
    update: {
      with: { name: 'Passport', document_category: 'Correspondence' },
      calls: ['GET document_categories', 'GET documents/#', 'PATCH documents/#'],
      stands: firm => ({
        name: 'Passport',
        document_category: idIn(firm, 'document_categories', 'Correspondence'),
      }),
    },
    // Thirty days in the trash.
    deleted: { deleted_at: '2026-10-15T12:00:00Z' },
  }),
]

export const papers: readonly Operation[] = [
  ...about('Matter', 'matter', '00001-Alvarez', 'Create Matter Note'),
  ...about('Contact', 'contact', 'Maria Alvarez'),
  ...communication('PhoneCommunication', 'a phone call'),
  ...communication('EmailCommunication', 'an e-mail'),
  ...folder,
  ...document,
]
