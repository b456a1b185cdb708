import type { Claim, RunKind } from '../../model/docket-rpc.ts'
import { type Delivery, type InboundEvent, joinedType, ourselves } from '../../model/event.ts'
import { sources } from '../../sources/index.ts'
import { isSpoken } from '../conversation/conversation.ts'
import type { NewRun } from '../ledger/run/stored-run.ts'
import { isAsked } from './asked.ts'

/** What a run of this event is of; settled when it is claimed. */
export function kindOf(event: InboundEvent): RunKind {
  if (event.source === ourselves && event.type === joinedType) return 'joining'
  if (isAsked(event)) return 'asked'
  if (isSpoken(event)) return 'spoken'
  if (sources.get(event.source)?.following?.types.includes(event.type)) return 'notice'
  return 'event'
}

/** The run of a delivery. */
export function newRun(delivery: Delivery, claim: Omit<Claim, 'deliveries'>, id: string): NewRun {
  const given = delivery.key.kind === 'given'
  return {
    id,
    kind: kindOf(delivery.event),
    endpoint: claim.endpoint,
    key: given ? delivery.key.value : null,
    content: given ? delivery.content : delivery.key.value,
    event: delivery.event,
    version: claim.version,
    interactive: claim.interactive,
    strict: delivery.strict,
    spam: delivery.spam ?? null,
    replayOf: null,
  }
}
