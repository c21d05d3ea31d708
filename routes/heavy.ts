import type { Asked, Operation } from '../openapi/operation.ts'
import { DAY_MS } from '../src/market/time.ts'

/** Ranges up to a month are usual. */
const USUAL_MS = 31 * DAY_MS

/** Whether a request costs more than others: a whole table, a long range, or an operation that says so. */
export function isHeavy({ rate, method }: Operation, { format, query }: Asked<Operation>): boolean {
  if (rate === 'heavy') return true
  if (method !== 'get') return false
  const { from, to } = query as { readonly from?: unknown; readonly to?: unknown }
  const isLong =
    typeof from === 'string' && typeof to === 'string' && Date.parse(to) - Date.parse(from) > USUAL_MS
  return format !== 'json' || isLong
}
