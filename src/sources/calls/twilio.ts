import type * as z from 'zod/mini'
import type { JsonObject } from '../../lib/json.ts'
import { type InboundFile, nobody, type Person } from '../../model/event.ts'
import type { Source } from '../../model/source.ts'
import { readAnswers } from '../../reading/body/body.ts'
import { delivery } from '../../reading/delivery.ts'
import { idAt, notFrom, textAt } from '../../reading/payload.ts'
import { personOf } from '../../reading/person.ts'
import { signedUrlOptions } from '../proof/proofs.ts'
import { verdictOf } from '../proof/signature.ts'
import { verifyTwilio } from '../proof/specials.ts'
import { callerIn, numberIn } from './number.ts'

/** https://www.twilio.com/docs/messaging/guides/webhook-request: messages, calls and their changes of state. */

type Options = z.infer<typeof signedUrlOptions>

export const twilio: Source<Options> = {
  name: 'twilio',
  verifiedBy: 'HMAC-SHA1 in x-twilio-signature over the address and the sorted fields (or the hash of a JSON body)',
  keyedBy: 'MessageSid and MessageStatus, or CallSid and CallStatus; of a recording or transcription its own Sid',
  types: ['message.received', '*'],
  signed: true,
  options: signedUrlOptions,

  async verify(request, { options, secrets }) {
    return verdictOf(await verifyTwilio(request, secrets(options.secret), options.url ?? request.url.href))
  },

  async parse(request) {
    const read = await readAnswers(request)
    if (!read.ok) return read.problem
    const data = read.value
    const message = idAt(data, 'MessageSid') ?? idAt(data, 'SmsSid')
    const call = idAt(data, 'CallSid')
    const subject = message ?? call
    if (subject === null) return notFrom('Twilio')
    const about = message === null ? aboutCall(data) : { type: stateOf(data, 'Message'), key: stateOf(data, 'Message') }
    const made = await delivery({
      source: 'twilio',
      type: `${message ? 'message' : 'call'}.${about.type}`,
      id: `${subject}:${about.key}`,
      subject,
      data,
      fields: data,
      person: personIn(data),
      message: textAt(data, 'Body') ?? textAt(data, 'TranscriptionText'),
      files: mediaOf(data),
    })
    return [made]
  },

  /** 204: Twilio would read any body as instructions (TwiML), and JSON as an error. */
  respond: () => new Response(null, { status: 204 }),
}

/** `MediaUrl0`, `MediaContentType0` …; opening them takes the account's own credentials. */
function mediaOf(data: JsonObject): InboundFile[] {
  return Object.keys(data).flatMap(key => {
    const number = /^MediaUrl(\d{1,2})$/.exec(key)?.[1]
    const url = number === undefined ? null : textAt(data, key)
    if (!url?.startsWith('https://')) return []
    const type = textAt(data, `MediaContentType${number}`) ?? 'application/octet-stream'
    return [{ name: `media-${number}`, content_type: type, size: 0, url }]
  })
}

const stateOf = (data: JsonObject, of: 'Message' | 'Call'): string => idAt(data, `${of}Status`) ?? 'received'

/**
 * Recordings and transcriptions come after the call has ended, under its `CallSid` and often with its `CallStatus`: each is something of its
 * own. A call that was recorded as a whole tells so in its last status callback, which has a length.
 */
function aboutCall(data: JsonObject): { type: string; key: string } {
  const state = stateOf(data, 'Call')
  const transcription = idAt(data, 'TranscriptionSid')
  if (transcription !== null) return part('transcription', 'transcribed', transcription, 'TranscriptionStatus', data)
  const recording = idAt(data, 'RecordingSid')
  const status = idAt(data, 'CallDuration') ?? idAt(data, 'CallbackSource')
  if (recording === null || status !== null) return { type: state, key: state }
  return part('recording', 'recorded', recording, 'RecordingStatus', data)
}

/** What is finished is told by one event, with a status or without. */
function part(of: string, done: string, sid: string, status: string, data: JsonObject): { type: string; key: string } {
  const state = idAt(data, status) ?? idAt(data, 'TranscriptionEvent') ?? 'completed'
  // Words that come while people speak are numbered.
  const number = idAt(data, 'SequenceId') ?? ''
  const key = [of, sid, ...(state === 'completed' ? [] : [state, number])].join(':')
  return { type: state === 'completed' ? done : `${of}.${state}`, key }
}

/** The other side: who wrote or rang; whom the firm wrote to or rang. */
function personIn(data: JsonObject): Person {
  const sent = textAt(data, 'MessageStatus') ?? 'received'
  const outgoing = /^outbound/i.test(textAt(data, 'Direction') ?? '') || sent !== 'received'
  const phone = numberIn(textAt(data, outgoing ? 'To' : 'From'))
  // A name that somebody gave themselves on WhatsApp is one as people write it.
  const profile = textAt(data, 'ProfileName')
  const named = profile === null ? callerIn(textAt(data, 'CallerName')) : personOf({ name: profile })
  return { ...nobody(), first_name: named.first_name, last_name: named.last_name, company: named.company, phone }
}
