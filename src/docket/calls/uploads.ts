import { type Outside, putFile, type Target } from '../../clio/operations/documents.ts'
import type { Outcome, Upload } from '../../model/call.ts'
import { typeByName } from '../../reading/body/file-types.ts'
import { fetched } from './fetch-file.ts'
import type { KeptFiles, OpenFile } from './kept-files.ts'

export interface UploadsDeps {
  readonly files: Pick<KeptFiles, 'open'>
  readonly outside: Outside
}

/**
 * Brings files to Clio's storage, one at a time: of the six connections that an invocation may have open, each takes two, and a
 * vendor's file is held in memory. What is kept goes through as it is opened.
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
    const { outside } = this.#deps
    if (file.key === undefined) {
      const bytes = await fetched(file.url ?? '', typeByName(file.name) ?? file.content_type, outside)
      return 'kind' in bytes ? bytes : putFile(document, target, { body: bytes, size: bytes.length }, outside)
    }
    return this.#carryKept(run, document, file.key, target)
  }

  async #carryKept(run: string, document: string, key: string, target: Target) {
    let whole = true
    const spoilt = () => {
      whole = false
    }
    const content = await this.#deps.files.open(run, key, spoilt).catch(() => 'later' as const)
    if (content === 'later') return later
    if (content === null) return gone
    if (content === 'spoilt') return changed
    const outcome = await putFile(document, target, { ...content, body: ofLength(content) }, this.#deps.outside)
    // Storage takes no file that breaks off.
    return whole ? outcome : changed
  }
}

/** Storage wants to know how long it is. Where the runtime has no such streams, nobody counts. */
const ofLength = ({ body, size }: OpenFile): ReadableStream =>
  typeof FixedLengthStream === 'undefined' ? body : body.pipeThrough(new FixedLengthStream(size))

const refused = (status: number, message: string) => ({ kind: 'refused', status, why: 'invalid', message }) as const

const gone = refused(
  410,
  'The bytes of the file are not kept any more (they go when their run is done): bring the file to Clio by hand, then discard this run.',
)

const changed = refused(
  422,
  'The file that is kept is not the one that came: it was cut short or changed in the store. Nothing of it is in Clio. Ask the sender for it and bring it to Clio by hand, then discard this run.',
)

const later = { kind: 'unknown', status: null, message: 'The file that is kept could not be read.' } as const
