import * as z from 'zod'

/** The hosted form of an endpoint, as a firm writes it: `GET /forms/{firm}/{endpoint}` shows it. */

const name = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,63}$/i, 'is the name of an answer: letters, digits and _, a letter first')
const words = z.string().trim().min(1).max(2000)

const field = z
  .strictObject({
    name: name.describe('What rules call the answer: fields.NAME.'),
    label: words,
    type: z
      .enum(['text', 'email', 'tel', 'date', 'number', 'textarea', 'select', 'radio', 'checkbox', 'file'])
      .default('text'),
    required: z.boolean().default(false),
    /** Of `select`, `radio` and `checkbox`; a checkbox without is a single one. */
    options: z.array(words).min(1).max(100).optional(),
    help: words.optional(),
    /** HTML's autofill word; guessed for the usual names. */
    autocomplete: z
      .string()
      .regex(/^[a-z -]+$/)
      .optional(),
    /** Of `file`: several may be chosen. */
    multiple: z.boolean().optional(),
  })
  .refine(({ type, options }) => (type !== 'select' && type !== 'radio') || options !== undefined, {
    path: ['options'],
    message: 'are needed: what may be chosen',
  })

export const formDefinition = z
  .strictObject({
    language: z.enum(['en', 'es', 'fr', 'de', 'pt']).default('en'),
    title: words,
    intro: words.optional(),
    fields: z.array(field).min(1).max(60),
    /** Text of a box that has to be ticked. */
    consent: words.optional(),
    submit: words.optional(),
    thanks: z.strictObject({ title: words, text: words }).optional(),
  })
  .refine(({ fields }) => new Set(fields.map(one => one.name)).size === fields.length, {
    path: ['fields'],
    message: 'has a name twice',
  })

export type FormDefinition = z.infer<typeof formDefinition>
export type FormField = FormDefinition['fields'][number]

/** Fields of ours in a hosted form: the one-time id, the trap, and when the page was made (base 36 of ms). */
export const oneTimeId = '_id'
export const trap = '_gotcha'
export const madeAt = '_at'
