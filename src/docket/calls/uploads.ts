import { type Outside, putFile, type Target } from '../../clio/operations/documents.ts'
import type { Outcome, Upload } from '../../model/call.ts'
import type { FileStore } from '../../platform/file-store.ts'
import { fetched } from './fetch-file.ts'
import type { KeptFiles } from './kept-files.ts'

export interface UploadsDeps {
  readonly files: Pick<KeptFiles, 'holds'>
  readonly store: Pick<FileStore, 'get'>
  readonly outside: Outside
}

/**
 * Brings files to Clio's storage, one at a time: of the six connections that an invocation may have open, each takes two, and a
 * vendor's file is held in memory.
 */
export class Uploads {
  readonly #deps: UploadsDeps
  #last: Promise<unknown> = Promise.resolve()

  constructor(deps: UploadsDeps) {
    this.#deps = deps
  }

  /** @param begin called when its turn has come, before anything goes out; what it throws is thrown */
  bring(run: string, upload: Upload, target: Target, begin: () => void): Promise<Outcome> {
    const mine = this.#last.then(() => {
      begin()
      return this.#carry(run, upload, target)
    })
    this.#last = mine.catch(() => {})
    return mine
  }

  async #carry(run: string, { document, version, file }: Upload, target: Target): Promise<Outcome> {
    if (version !== null && version !== target.uuid)
      return refused(
        409,
        `Another version of document ${document} was begun since: replay the event, or discard this run.`,
      )
    const content = await this.#open(run, file).catch(() => later)
    if ('kind' in content) return content
    return putFile(document, target, content, this.#deps.outside)
  }

  async #open(run: string, { key, url = '' }: Upload['file']) {
    const { files, store, outside } = this.#deps
    if (key === undefined) {
      const bytes = await fetched(url, outside)
      return bytes instanceof Uint8Array ? { body: bytes, size: bytes.length } : bytes
    }
    return (files.holds(run, key) ? await store.get(key) : null) ?? gone
  }
}

const refused = (status: number, message: string) => ({ kind: 'refused', status, why: 'invalid', message }) as const

const gone = refused(
  410,
  'The bytes of the file are not kept any more (they go when their run is done): bring the file to Clio by hand, then discard this run.',
)

const later = { kind: 'unknown', status: null, message: 'The file that is kept could not be read.' } as const
