import type { RunKind } from '../../model/docket-rpc.ts'
import { type InboundEvent, joinedType, ourselves } from '../../model/event.ts'
import { sources } from '../../sources/index.ts'
import { isSpoken } from '../conversation/conversation.ts'

/** What a run of this event is of; settled when it is claimed. */
export function kindOf(event: InboundEvent): RunKind {
  if (event.source === ourselves && event.type === joinedType) return 'joining'
  if (isSpoken(event)) return 'spoken'
  if (sources.get(event.source)?.following?.types.includes(event.type)) return 'notice'
  return 'event'
}
