import type { Json, JsonObject } from '../../lib/json.ts'
import { isObject } from '../../lib/json.ts'
import { invalid, notFound, Refusal } from '../http.ts'
import type { Context, Quirk } from './quirk.ts'
import { type Row, type Store, stamp } from './store.ts'

/** Documents: made in three steps (create, PUT to storage, mark as uploaded), versions, a trash instead of deletion. */

/** An upload URL is good for eight hours. */
export const uploadLifetime = 8 * 3_600_000

const items = (value: Json | undefined): JsonObject[] => (Array.isArray(value) ? value.filter(isObject) : [])

function latestVersion(row: Row): JsonObject | undefined {
  return items(row.data.document_versions).at(-1)
}

function newVersion(data: JsonObject, number: number, { store, origin, user }: Context): JsonObject {
  const id = store.nextId()
  const uuid = `00000000-0000-4000-8000-${String(id).padStart(12, '0')}`
  const filename = data.filename ?? data.name ?? null
  const at = stamp(store.now())
  return {
    id,
    uuid,
    etag: `"${id}-0001"`,
    version_number: number,
    filename,
    content_type: data.content_type ?? 'application/octet-stream',
    size: null,
    fully_uploaded: false,
    created_at: at,
    updated_at: at,
    received_at: data.received_at ?? null,
    creator: user ? { id: user.id } : null,
    put_url: `${origin}/_storage/${store.name}/${uuid}?expires=${store.now() + uploadLifetime}`,
    put_headers: [
      { name: 'Content-Type', value: data.content_type ?? 'application/octet-stream' },
      { name: 'x-amz-server-side-encryption', value: 'AES256' },
    ],
    multiparts: [],
  }
}

/** Whoever asks gets an address that is good for eight hours from now, as long as the bytes are not there. */
function signedAnew(version: JsonObject | undefined, store: Store): Json {
  if (!version || version.fully_uploaded === true) return version ?? null
  const url = String(version.put_url).replace(/expires=\d+$/, `expires=${store.now() + uploadLifetime}`)
  return { ...version, put_url: url }
}

/** A parent of type Document means a new version of it, not a new document. */
function insert(data: JsonObject, context: Context): Row {
  const { store } = context
  const { filename: _filename, content_type: _type, multiparts: _parts, ...kept } = data
  const parent = isObject(data.parent) ? data.parent : {}
  const existing = parent.type === 'Document' ? store.get('documents', parent.id) : undefined
  if (existing) {
    const versions = items(existing.data.document_versions)
    const version = { ...newVersion(data, versions.length + 1, context), document_id: existing.id }
    return store.replace(existing, { ...existing.data, document_versions: [...versions, version] })
  }
  const id = store.nextId()
  const version = { ...newVersion(data, 1, context), document_id: id }
  return store.insert('documents', { ...kept, type: 'Document', document_versions: [version], deleted_at: null }, id)
}

function complete(after: JsonObject, _before: JsonObject | null, { store }: Context): JsonObject {
  const { uuid, fully_uploaded: uploaded, restore, copy_version: _copy, multiparts: _parts, ...kept } = after
  if (restore === true) kept.deleted_at = null
  if (uploaded !== true) return kept
  const versions = items(kept.document_versions)
  const version = versions.find(candidate => candidate.uuid === uuid)
  if (!version) throw notFound('Document version')
  const upload = store.uploads.get(String(uuid))
  if (!upload) throw new Refusal(422, 'UploadNotFoundError', 'The upload was not found in storage.')
  const done = { ...version, fully_uploaded: true, size: upload.bytes.length, updated_at: stamp(store.now()) }
  return { ...kept, document_versions: versions.map(each => (each === version ? done : each)) }
}

function remove(row: Row, { store }: Context): boolean {
  if (row.data.deleted_at) throw notFound('Document')
  if (row.data.locked === true) throw new Refusal(409, 'Conflict', 'The document is locked.')
  store.replace(row, { ...row.data, deleted_at: stamp(store.now()) })
  return true
}

/** The matter or contact above a document, through its folders. */
function owner(type: string): (row: Row, store: Store) => Json {
  return function ownerOf(row: Row, store: Store): Json {
    const { parent } = row.data
    if (!isObject(parent)) return null
    if (parent.type === type) return { id: parent.id ?? null }
    const folder = store.get('folders', parent.id)
    return folder ? ownerOf(folder, store) : null
  }
}

const ofLatest =
  (key: string) =>
  (row: Row): Json =>
    latestVersion(row)?.[key] ?? null

export const documentQuirk: Quirk = {
  insert,
  complete,
  remove,
  derived: {
    latest_document_version: (row, store) => signedAnew(latestVersion(row), store),
    filename: ofLatest('filename'),
    content_type: ofLatest('content_type'),
    size: ofLatest('size'),
    matter: owner('Matter'),
    contact: owner('Contact'),
  },
}

/** The upload id to send a download to. Throws 404 while nothing is uploaded. */
export function downloadable(row: Row, version: Json | undefined): string {
  const versions = items(row.data.document_versions).filter(each => each.fully_uploaded === true)
  const wanted = version === undefined ? versions.at(-1) : versions.find(each => String(each.id) === String(version))
  if (!wanted) throw notFound('Document version')
  if (row.data.deleted_at) throw invalid('The document is in the trash.')
  return String(wanted.uuid)
}
