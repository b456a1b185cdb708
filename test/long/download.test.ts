import { randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { type Office, withOffice } from '../bench/firm.ts'
import { growth } from '../bench/worker.ts'
import { firm } from '../e2e/firm.ts'
import { boundless } from '../e2e/runtime.ts'

const MB = 1_000_000
const fileBytes = 25 * MB

/** A document that stands in Clio. @returns its id */
function stands({ sandbox }: Office, bytes: number): string {
  const store = sandbox.account('smith')
  const uuid = `00000000-0000-4000-9000-${String(store.nextId()).padStart(12, '0')}`
  store.uploads.set(uuid, { headers: {}, bytes: randomBytes(bytes) })
  const version = { id: store.nextId(), uuid, version_number: 1, fully_uploaded: true, size: bytes }
  const data = { type: 'Document', name: 'large.bin', document_versions: [version], deleted_at: null }
  return String(store.insert('documents', data).id)
}

/** Nothing of it is held here. @returns how many bytes came */
async function downloaded({ url, adminToken }: Office, id: string): Promise<number> {
  const headers = { authorization: `Bearer ${adminToken}` }
  const answer = await fetch(`${url}/api/firms/${firm}/clio/documents/${id}/download`, { headers })
  let size = 0
  for await (const piece of answer.body ?? []) size += piece.length
  return size
}

it(
  'a document of 25 MB goes through the Worker and leaves its memory flat, eight times over',
  { timeout: 300_000 },
  () =>
    withOffice('Miniflare', { pace: boundless }, async office => {
      const [small, large] = [stands(office, MB), stands(office, fileBytes)]
      for (let n = 0; n < 5; n++) await downloaded(office, small)
      const grown: number[] = []
      for (let n = 0; n < 8; n++)
        grown.push(await growth(office, async () => expect(await downloaded(office, large)).toBe(fileBytes)))
      console.log(`The runtime grew by ${grown.map(bytes => (bytes / MB).toFixed(1)).join(', ')} MB.`)
      // Whoever held the file would grow by it each time, or at the first.
      expect(Math.max(...grown)).toBeLessThan(fileBytes / 2)
      expect(grown.reduce((sum, one) => sum + one, 0)).toBeLessThan(fileBytes)
    }),
)
