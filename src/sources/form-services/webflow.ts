import * as z from 'zod/mini'
import type { JsonObject } from '../../lib/json.ts'
import type { Source } from '../../model/source.ts'
import { secretOption } from '../../platform/secrets.ts'
import { answersOf, submission } from '../../reading/answers.ts'
import { readJson } from '../../reading/body/body.ts'
import { isoTime, notFrom } from '../../reading/payload.ts'
import { schemeWords, sharedWords, signedBy, verifyShared } from '../proof/proofs.ts'
import { schemes } from '../proof/schemes.ts'

/**
 * https://developers.webflow.com/data/docs/working-with-webhooks. Signed are only webhooks that an app or a site token has
 * made; one made in the dashboard carries nothing, so a token in its address has to do.
 */

const options = z
  .strictObject({
    /** The key that Webflow signs with. */
    secret: z.optional(secretOption),
    /** Instead, a secret of ours in the address. */
    token: z.optional(secretOption),
  })
  .check(
    z.refine(given => (given.secret === undefined) !== (given.token === undefined), {
      message: "has either 'secret' (signed webhooks) or 'token' (webhooks made in the dashboard)",
    }),
  )
type Options = z.infer<typeof options>

const payload = z.object({
  triggerType: z.literal('form_submission'),
  payload: z.object({
    id: z.string().check(z.minLength(1), z.maxLength(255)),
    submittedAt: z.optional(z.string()),
    data: z.record(z.string(), z.json()),
  }),
})

const bySignature = signedBy(schemes.webflow)

export const webflow: Source<Options> = {
  name: 'webflow',
  verifiedBy: `${schemeWords(schemes.webflow)}; or, for webhooks made in the dashboard, ${sharedWords}`,
  keyedBy: 'payload.id',
  types: ['form.submitted'],
  signed: false,
  anybody: true,
  signs: given => given.secret !== undefined,
  options,

  verify(request, { options: given, ...endpoint }) {
    const { secret, token = [] } = given
    if (secret !== undefined) return bySignature(request, { ...endpoint, options: { secret } })
    return verifyShared(request, { ...endpoint, options: { secret: token } })
  },

  async parse(request) {
    const read = readJson(request)
    if (!read.ok) return read.problem
    const parsed = payload.safeParse(read.value)
    if (!parsed.success) return notFrom('Webflow')
    const { id, submittedAt, data } = parsed.data.payload
    const answers = answersOf(data as JsonObject)
    return [await submission({ source: 'webflow', id, time: isoTime(submittedAt), data: read.value, answers })]
  },

  /** Three failures end the webhook. */
  status: 200,
}
