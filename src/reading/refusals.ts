import { type Problem, problem } from '../lib/problem.ts'

/** What the door says no with, whatever the source. 4xx is the sender's to mend, 503 is ours: providers deliver again. */

const soon = { headers: { 'retry-after': '5' } }

export const notFound = problem(
  404,
  'endpoint-not-found',
  'No such endpoint',
  'Nothing listens at this address. Compare it with the endpoint names in the configuration of the firm: /in/{firm}/{endpoint}.',
)

export const method = (allow: string) =>
  problem(
    405,
    'method-not-allowed',
    'The method is not allowed here',
    'Events come in with POST; GET is only for the handshake of a provider that makes one.',
    { headers: { allow } },
  )

const tooLarge = (maxBytes: number) =>
  problem(
    413,
    'too-large',
    'The body is too large',
    `This endpoint takes at most ${maxBytes} bytes. Nothing was recorded; send less.`,
  )

/** Bytes of an event that a row of the Docket has room for, beside what else stands in it. @source Durable Objects: a row is 2 MB (2026-11) */
export const storedMost = 1_900_000

export const tooMuch = problem(
  413,
  'answers-too-long',
  'The answers are too long',
  `One event has room for ${storedMost} bytes, in which a long answer stands up to three times: about 600,000 characters altogether. Nothing was recorded; send less, or send long texts as files.`,
)

const cut = problem(
  400,
  'body-cut',
  'The body ended too early',
  'The connection broke before the whole body had come. Nothing was recorded; send it again.',
)

/** Why a body was not read to its end. */
export function unread(why: 'too-large' | 'too-much' | 'cut', maxBytes: number): Problem {
  return why === 'too-large' ? tooLarge(maxBytes) : why === 'too-much' ? tooMuch : cut
}

export const conflict = (run: string) =>
  problem(
    422,
    'idempotency-conflict',
    'The key was used for something else',
    `The header Idempotency-Key is that of run ${run}, whose answers were different. Send a changed form with a new key.`,
  )

export const unusable = problem(
  503,
  'endpoint-unusable',
  'The endpoint cannot be used',
  'The configuration of this endpoint does not fit this version of Docketed. The operator saves it again; deliver again after that.',
  { headers: { 'retry-after': '300' } },
)

export const changing = problem(
  503,
  'configuration-changing',
  'The configuration is being changed',
  'The configuration of the firm changed while the request was read. Nothing was recorded; send it again.',
  soon,
)

export const gone = problem(
  410,
  'firm-erasing',
  'Nothing is taken here any more',
  'This address takes no more messages. Nothing was recorded; remove the address where it is entered.',
)

export const unreachable = problem(
  503,
  'docket-unreachable',
  'The event could not be recorded',
  'The docket of the firm cannot be reached just now. Nothing was acknowledged; send it again.',
  soon,
)

export const unkept = problem(
  503,
  'files-not-kept',
  'The files could not be kept',
  'The files that came with the form could not be stored just now. Nothing was acknowledged; send the form again.',
  soon,
)

export const failed = problem(
  500,
  'internal',
  'The request could not be handled',
  'Docketed failed on this request, which is our fault. Nothing was acknowledged; send it again.',
)

export const tooMany = problem(
  429,
  'too-many-requests',
  'Too many messages at once',
  'Many messages came from this address within a minute. Nothing is lost if you wait a minute and send it again.',
  { headers: { 'retry-after': '60' } },
)

export const tooMuchAtOnce = problem(
  429,
  'too-much-at-once',
  'Too many large messages at once',
  'Many large messages came in within a minute. Nothing was recorded; send it again in a minute, or without files.',
  { headers: { 'retry-after': '60' } },
)

/** @param now ms since the epoch; the day is over at midnight, UTC */
export const dayFull = (now: number) =>
  problem(
    429,
    'day-full',
    'No more large messages today',
    'As many large messages came in today as may. Nothing was recorded; send it without files, or tomorrow.',
    { headers: { 'retry-after': String(Math.ceil((86_400_000 - (now % 86_400_000)) / 1000)) } },
  )

/** What a code of the door's counts means, for the firm: nothing of what was sent. */
export function whyRefused(code: string): string {
  return Object.hasOwn(why, code) ? why[code]! : 'The request could not be read, or did not fit the endpoint.'
}

const why: Readonly<Record<string, string>> = {
  'endpoint-not-found': 'Somebody sent to an endpoint that the configuration does not have.',
  'endpoint-unusable': 'The configuration of the endpoint does not fit this version; save it again.',
  'too-large': 'The body was larger than the endpoint takes.',
  'answers-too-long': 'The answers were more than one event has room for.',
  'body-cut': 'The connection broke before the whole body had come.',
  'method-not-allowed': 'Events come in with POST.',
  'too-many-requests': 'An address sent more in a minute than one may.',
  'too-much-at-once': 'The endpoint took as many large messages as it takes in a minute.',
  'day-full': 'As many bytes came in today as may; small messages still come through.',
  'idempotency-conflict': 'A key was used again for other content.',
  signature:
    'The signature was not made with this endpoint’s secret, or is too old: compare the secret with the one that the provider shows.',
  secret: 'The request did not carry this endpoint’s secret: set the same one at the sender.',
  'secret-missing': 'The endpoint’s secret is not set. Store it; what was refused comes again by itself.',
  'secret-malformed': 'The endpoint’s secret is not in the form that the provider shows. Store it again.',
  'secret-weak': 'The endpoint’s secret is too short to be safe. Make a longer one, and set it at the sender too.',
  origin: 'The page that the form stands on is not among the endpoint’s `origins`.',
  sender: 'The mail is from nobody whom the endpoint’s `senders` names, or its sender is not proved.',
  'content-type': 'The body was of a type that the endpoint does not read.',
  'malformed-body': 'The body was not what its type says.',
  'unexpected-payload': 'The body was not what this provider sends. Is it the right source?',
  'files-not-accepted': 'Files came with it, and the endpoint takes none: set `files`.',
  'file-type': 'A file was of a type that the endpoint’s `files` does not list.',
  'files-too-large': 'Its files were larger than the endpoint’s `files` lets in.',
  'too-many-files': 'It had more files than the endpoint’s `files` lets in.',
}
