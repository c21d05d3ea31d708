import type { Served } from '../handler.ts'
import type { Listing } from '../listings.ts'
import type { HistoryPlan } from './plan.ts'
import type { HistoryRequest } from './request.ts'
import type { DateFormat, RowStyle } from './rows.ts'

/** A request for historical data that is being answered. */
export interface Query extends Served {
  readonly request: HistoryRequest
  readonly listing: Listing
  readonly plan: HistoryPlan
}

export const rowStyle = ({ request, plan }: Query): RowStyle => ({
  step: plan.step,
  shown: plan.shown,
  format: request.formatDate as DateFormat,
})
