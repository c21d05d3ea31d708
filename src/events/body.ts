import { isoInstant } from '../market/time.ts'
import type { TradingEvent } from '../ports/events.ts'

/** An event as others are told it, in the order of its fields. */
export const eventBody = ({ id, type, time, sequence, data }: TradingEvent) => ({
  id,
  type,
  time: isoInstant(time),
  sequence,
  data,
})
