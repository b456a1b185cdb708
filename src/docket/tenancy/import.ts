import { readJsonc } from '../../configuration/jsonc.ts'
import { isName } from '../../kv/names.ts'
import { concat, fromBase64 } from '../../lib/encoding.ts'
import { canonical, isObject, type Json, type JsonObject } from '../../lib/json.ts'
import { isProblem, type Problem, problem } from '../../lib/problem.ts'
import { EnvelopeError, envelopeMark, opened } from '../../platform/envelope.ts'
import type { FileStore } from '../../platform/file-store.ts'
import type { Keyring } from '../../platform/sealing.ts'
import type { Storage } from '../../platform/storage.ts'
import type { Carried } from '../ledger/transfer/dump.ts'
import { Load, LoadError } from '../ledger/transfer/load.ts'

export interface ImportDeps {
  readonly storage: Storage
  readonly keyring: Keyring
  readonly firm: string
  readonly files: Pick<FileStore, 'put'>
  now(): number
  /** The connection that the firm is to have, taken at the registry. @param there the one that it had */
  connection(there: string | null): Promise<string | Problem>
}

/** What came in. */
export interface Brought {
  readonly from: string
  readonly runs: number
  readonly secrets: string[]
  readonly connection: string
}

type Chunks = AsyncIterable<Uint8Array>

/** Rows that are written in one transaction, and characters of them. */
const rowsAtOnce = 200
const lettersAtOnce = 4_000_000
/** Characters of a line: a row of 2 MB, escaped. */
const lineMost = 16_000_000
/** Bytes of a file: those of one request come to 25 MiB, and are sealed. */
const fileMost = 32 * 1_048_576

/**
 * Makes a firm of an export, sealed or plain: held until a person lets it go on. What comes of a faulty one is removed by the caller.
 * @param passphrase null: none was given
 */
export async function bring(body: Chunks, passphrase: string | null, deps: ImportDeps): Promise<Brought | Problem> {
  const { firm, now, storage, keyring } = deps
  const load = new Load(storage, firm, keyring)
  let brought: (Brought & { at: string }) | null = null
  let runs = 0
  let lines = 0
  let ended = false
  let rows: Carried[] = []
  let letters = 0
  const files = new Files(deps)
  const flush = () => {
    if (rows.length > 0) load.add(rows)
    rows = []
    letters = 0
  }
  try {
    for await (const text of linesIn(await plain(body, passphrase))) {
      const line = parsed(text)
      if (ended) throw new LoadError('The export goes on behind its end.')
      if (brought === null) {
        const head = headIn(line)
        const connection = await deps.connection(head.connection)
        if (isProblem(connection)) return connection
        brought = { from: head.firm, runs: 0, secrets: head.secrets, connection, at: head.at }
        load.begin(head, { code: 'importing', since: now(), reason: 'The firm is being brought here.' })
      } else if (typeof line.table === 'string' && isObject(line.row)) {
        if (line.table === 'runs') runs++
        rows.push({ table: line.table, row: line.table === 'configs' ? shown(line.row) : line.row })
        letters += text.length
        if (rows.length >= rowsAtOnce || letters >= lettersAtOnce) flush()
      } else if (line.end === true) {
        if (line.lines !== lines) throw new LoadError('The export has lost a part of itself.')
        ended = true
      } else await files.take(line, brought.from)
      lines++
    }
    await files.end()
    if (brought === null || !ended) throw new LoadError('The export is cut off: it does not end as one does.')
    flush()
    const { at, ...rest } = brought
    const reason = `The firm was brought here as it was on ${at}. Store its secrets, let it go on nowhere else, and then let it go on here: what may have been done since is looked for in Clio before anything is sent.`
    load.end({ code: 'imported', since: now(), reason, unknownSince: Date.parse(at) })
    return { ...rest, runs }
  } catch (error) {
    if (error instanceof EnvelopeError || error instanceof LoadError) return unreadable(error.message)
    // The platform's words for a stream that is no gzip, or a row that SQLite does not take.
    console.warn(`Firm ${firm}: an export could not be brought in: ${error instanceof Error ? error.name : 'fault'}`)
    return unreadable('It is damaged, or holds what no ledger of a firm holds.')
  }
}

/** What people read of a configuration is what is carried out, whatever the file says. */
function shown(config: JsonObject): JsonObject {
  const read = readJsonc(String(config.text))
  const document = JSON.parse(String(config.document)) as Json
  const same = read.ok && canonical(read.value) === canonical(document)
  return same ? config : { ...config, text: JSON.stringify(document, null, 2) }
}

/** The bytes of files: a line that names one, then its bytes. One at a time stands in memory. */
class Files {
  readonly #deps: ImportDeps
  #key: string | null = null
  #size = 0
  #left = 0
  #parts: Uint8Array<ArrayBuffer>[] = []

  constructor(deps: ImportDeps) {
    this.#deps = deps
  }

  async take(line: JsonObject, from: string): Promise<void> {
    if (typeof line.file === 'string' && typeof line.size === 'number') {
      await this.end()
      if (!line.file.startsWith(`${from}/`)) throw new LoadError('The export holds a file that is not the firm’s.')
      this.#key = `${this.#deps.firm}/${line.file.slice(from.length + 1)}`
      this.#size = line.size
      this.#left = Math.min(line.size, fileMost)
      return
    }
    const bytes = typeof line.bytes === 'string' ? fromBase64(line.bytes) : null
    if (bytes === null || this.#key === null) throw new LoadError('The export holds a line that is none of one.')
    this.#left -= bytes.length
    if (this.#left < 0) throw new LoadError('A file of the export is longer than it says, or than any of one.')
    this.#parts.push(bytes)
  }

  async end(): Promise<void> {
    if (this.#key === null) return
    const bytes = concat(...this.#parts)
    if (bytes.length !== this.#size) throw new LoadError('A file of the export is not whole.')
    await this.#deps.files.put(this.#key, bytes).catch(() => {
      throw new LoadError('Its files cannot be stored: there is no bucket for them here (R2), or it does not answer.')
    })
    this.#key = null
    this.#parts = []
  }
}

function headIn(line: JsonObject) {
  const { docketed, format, firm, schema, match, at, connection, secrets } = line
  const key = typeof match === 'string' ? fromBase64(match) : null
  if (docketed !== 'firm' || format !== 1 || key?.length !== 32 || !isName(String(firm)))
    throw new LoadError('This is no export of a firm, or one of a newer version.')
  return {
    firm: String(firm),
    schema: Number(schema),
    match: key,
    at: String(at),
    connection: typeof connection === 'string' ? connection : null,
    secrets: Array.isArray(secrets) ? secrets.map(String) : [],
  }
}

function parsed(text: string): JsonObject {
  let value: Json = null
  try {
    value = JSON.parse(text) as Json
  } catch {
    // Said below.
  }
  if (!isObject(value)) throw new LoadError('A line of the export is not JSON.')
  return value
}

/** What begins like a sealed export is opened. */
async function plain(body: Chunks, passphrase: string | null): Promise<Chunks> {
  const chunks = body[Symbol.asyncIterator]()
  let head = new Uint8Array()
  while (head.length < envelopeMark.length) {
    const { value, done } = await chunks.next()
    if (done) break
    head = concat(head, value)
  }
  const whole = (async function* () {
    yield head
    for (;;) {
      const { value, done } = await chunks.next()
      if (done) return
      yield value
    }
  })()
  if (!new TextDecoder().decode(head.subarray(0, envelopeMark.length)).startsWith(envelopeMark)) return whole
  if (passphrase === null) throw new EnvelopeError('It is sealed: send the passphrase in the header Export-Passphrase.')
  return opened(whole, passphrase)
}

async function* linesIn(chunks: Chunks): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of chunks) {
    // What has come of a line is looked through once, however small the pieces are.
    const [end, ...lines] = decoder.decode(chunk, { stream: true }).split('\n')
    rest += end
    for (const line of lines) {
      if (rest !== '') yield rest
      rest = line
    }
    if (rest.length > lineMost) throw new LoadError('A line of the export is longer than any of one.')
  }
  if (rest !== '') yield rest
}

const unreadable = (why: string) =>
  problem(422, 'export-unreadable', 'The export cannot be read', `${why} Nothing was kept of it.`)
