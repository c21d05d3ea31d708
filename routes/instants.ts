import { FIRST_INSTANT, LAST_INSTANT } from '../openapi/fields.ts'
import { type EpochMs, isoInstant, parseInstant, type TimeRange } from '../src/market/time.ts'

interface Ends {
  readonly from?: string | undefined
  readonly to?: string | undefined
}

/** A range as the contract writes it, which has been checked, as instants. An open end reaches as far as may be. */
export const rangeOf = ({ from = FIRST_INSTANT, to = LAST_INSTANT }: Ends): TimeRange => ({
  from: parseInstant(from),
  to: parseInstant(to),
})

export const instantOrNull = (at: EpochMs | null): string | null => (at === null ? null : isoInstant(at))
