/** Stands in the bundle for what libraries bring and nothing here calls (wrangler.toml): other apps under a Hono one, bodies read by Hono, attachments of mail as text. */

const leftOut = (): never => {
  throw new Error('This is left out of the bundle.')
}

export const createMountedRequest = leftOut
export const parseBody = leftOut
export const base64ArrayBuffer = leftOut
