import * as z from 'zod/mini'

/** The hosted form of an endpoint, as a firm writes it: `GET /forms/{firm}/{endpoint}` shows it. */

const name = z
  .string()
  .check(z.regex(/^[a-z][a-z0-9_]{0,63}$/i, 'must be the name of an answer: letters, digits and _, a letter first'))
const words = z.string().check(z.trim(), z.minLength(1), z.maxLength(2000))

const field = z
  .strictObject({
    name: name,
    label: words,
    type: z._default(
      z.enum(['text', 'email', 'tel', 'date', 'number', 'textarea', 'select', 'radio', 'checkbox', 'file']),
      'text',
    ),
    required: z._default(z.boolean(), false),
    /** Of `select`, `radio` and `checkbox`; a checkbox without is a single one. */
    options: z.optional(z.array(words).check(z.minLength(1), z.maxLength(100))),
    help: z.optional(words),
    /** HTML's autofill word; guessed for the usual names. */
    autocomplete: z.optional(z.string().check(z.regex(/^[a-z -]+$/))),
    /** Of `file`: several may be chosen. */
    multiple: z.optional(z.boolean()),
  })
  .check(
    z.refine(({ type, options }) => (type !== 'select' && type !== 'radio') || options !== undefined, {
      path: ['options'],
      message: 'are needed: what may be chosen',
    }),
  )

export const formDefinition = z
  .strictObject({
    language: z._default(z.enum(['en', 'es', 'fr', 'de', 'pt']), 'en'),
    title: words,
    intro: z.optional(words),
    fields: z.array(field).check(z.minLength(1), z.maxLength(60)),
    /** Text of a box that has to be ticked. */
    consent: z.optional(words),
    submit: z.optional(words),
    thanks: z.optional(z.strictObject({ title: words, text: words })),
  })
  .check(
    z.refine(({ fields }) => new Set(fields.map(one => one.name)).size === fields.length, {
      path: ['fields'],
      message: 'has a name twice',
    }),
  )

export type FormDefinition = z.infer<typeof formDefinition>
export type FormField = FormDefinition['fields'][number]

/** Fields of ours in a hosted form: the one-time id, the trap, and when the page was made (base 36 of ms). */
export const oneTimeId = '_id'
export const trap = '_gotcha'
export const madeAt = '_at'
